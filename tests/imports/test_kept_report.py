"""What a check has found, as it is kept beside its file."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from registry.db.batches import CHUNK
from registry.imports.answers import RowKeys
from registry.imports.report import (
    Candidate,
    Question,
    QuestionKind,
    Report,
    RowNote,
    RowOutcome,
    RowReport,
    ZDifference,
)
from registry.imports.report_storage import ReportOutdated, seal_report, unseal_report
from registry.imports.tables.unread_columns import UnreadColumn
from registry.models import Child, Upload
from registry.nik import InvalidToken, seal_bytes
from tests.imports.files import csv_file, row
from tests.imports.test_views import hand_in, text

pytestmark = pytest.mark.both_databases

CHILD, OTHER = UUID(int=7, version=4), UUID(int=8, version=4)
FULL = RowReport(
    number=12,
    outcome=RowOutcome.DOUBTFUL,
    code="measured_doubtful",
    sentence="Anak “baru”,\nlahir di Kesugihan.",
    name="SITI CONTOH",
    nik="33010***********",
    place="Karangreja, Kec. Cipari",
    place_code="3301012001",
    measured_on=date(2024, 6, 12),
    born=date(2022, 3, 14),
    sex="P",
    weight_kg=Decimal("11.400"),
    lenhei_cm=Decimal("84.5"),
    child_id=CHILD,
    notes=(RowNote("rounded", "Dicatat 11,4 kg.", repaired=True), RowNote("doubts", "Jarang.")),
    differences=(ZDifference("haz", -2.1, -2.35), ZDifference("whz", 0.4, None)),
    keys=RowKeys("a" * 64, "b" * 64, 2),
    said="P, lahir 14 Maret 2022",
    candidates=(Candidate(OTHER, "SITI", date(2022, 3, 14), "Kesugihan", "IBU AMINAH", "***"),),
    sheet="Lembar 1",
)
BARE = RowReport(number=3, outcome=RowOutcome.SKIPPED, code="total", sentence="")
REPORT = Report(
    layout="eppgbm-2024",
    sheet="Lembar 1",
    rows=[FULL, BARE],
    others=("Lembar 2",),
    questions=(
        Question(QuestionKind.BORN_ORDER, "03/04/2022", date(2022, 4, 3), date(2022, 3, 4)),
        Question(QuestionKind.MEASURED_ON),
    ),
    enrols=False,
    columns_not_read=(UnreadColumn("AB", "KPSP", 12, ("sesuai", "meragukan")),),
    measures_missing=("lenhei",),
    sheets=("Lembar 1", "Lembar 3"),
    sheets_left_notes=("Lembar tersembunyi Lembar 2 memuat anak; tidak dibaca.",),
    sheet_notes=("Lembar 1: Desa Menganti, dari judul lembar.",),
    village_for=("Lembar 3",),
)


def test_the_example_has_something_in_every_field() -> None:
    assert all(getattr(FULL, f.name) != getattr(BARE, f.name) for f in fields(RowReport))


def test_a_report_comes_back_field_by_field() -> None:
    found = unseal_report(seal_report(REPORT))
    assert found == REPORT
    assert str(found.rows[0].weight_kg) == "11.400"
    assert isinstance(found.rows[0].outcome, RowOutcome)


def test_a_long_report_comes_back_in_its_order() -> None:
    long = replace(REPORT, rows=[replace(FULL, number=number) for number in range(2 * CHUNK + 8)])
    assert unseal_report(seal_report(long)) == long


def test_a_report_without_rows() -> None:
    empty = replace(REPORT, rows=[])
    assert unseal_report(seal_report(empty)) == empty


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    sealed = seal_report(REPORT)
    assert b"SITI" not in sealed
    with pytest.raises(InvalidToken):
        unseal_report(sealed[:-4] + b"abcd")


def test_a_nik_that_an_older_report_shows_with_ten_digits_is_masked_further() -> None:
    older = replace(FULL, nik="330102******0001", notes=(RowNote("n", "NIK 330102******0009, di berkas"),))
    [row] = unseal_report(seal_report(replace(REPORT, rows=[older]))).rows
    assert (row.nik, row.notes[0].sentence) == ("33010***********", "NIK 33010***********, di berkas")


def stored(*lines: object) -> bytes:
    return seal_bytes(zlib.compress(b"\n".join(json.dumps(line).encode() for line in lines)))


def test_fields_are_kept_by_name_so_that_one_may_come_or_go() -> None:
    row = {"number": 3, "outcome": "skipped", "code": "total", "sentence": "", "gone": 1}
    whole = {"layout": "eppgbm-2024", "sheet": "", "rows": [], "gone": {}}
    assert unseal_report(stored(whole, [row])) == Report("eppgbm-2024", "", [BARE])


def test_one_that_is_kept_by_position_is_outdated() -> None:
    with pytest.raises(ReportOutdated):
        unseal_report(
            stored({"layout": "eppgbm-2024", "sheet": "", "rows": []}, [[3, "skipped", "total", ""]])
        )


@pytest.mark.django_db
def test_a_file_with_an_outdated_report_is_checked_again(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    older = stored({"layout": "eppgbm-2024", "sheet": "", "rows": []}, [[2, "new_child", "new_child", ""]])
    Upload.objects.update(report_sealed=older)
    page = browser.get(address)
    assert page.status_code == 409
    assert "Hasil pemeriksaan ini tidak berlaku lagi. Periksa lagi, lalu simpan." in text(page.content)
    browser.post(f"{address}commit/", {"mark": Upload.objects.get().summary["mark"]})
    assert not Child.objects.exists()
    browser.post(f"{address}check/")
    assert "Simpan 1 baris" in text(browser.get(address).content)


@pytest.mark.django_db
def test_the_rows_that_an_older_import_has_left_go_by_their_numbers(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", Berat="seratus")))
    browser.post(f"{address}commit/")
    Upload.objects.update(report_sealed=stored({"layout": "", "sheet": "", "rows": []}, [[3, "refused"]]))
    assert "Baris 3 (not_a_number)" in text(browser.get(address).content)
