"""The preview of a file and the list of files, as rows to take away."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from registry.access.loaders import find_widest_place
from registry.imports.report import RowNote, RowOutcome, RowReport, ZDifference
from registry.imports.report_table import report_list, uploads_list
from registry.models import Upload, UploadStep, Village
from tests.factories import make_cadre, make_user, make_village

pytestmark = pytest.mark.django_db

ROWS = [
    RowReport(
        2,
        RowOutcome.MEASURED,
        "measured",
        "Pengukuran baru.",
        name="Ani",
        nik="33010***********",
        place="Kesugihan Kidul",
        measured_on=date(2024, 8, 5),
        born=date(2022, 3, 14),
        sex="P",
        weight_kg=Decimal("11.40"),
        lenhei_cm=Decimal("84"),
        child_id=UUID(int=1),
        notes=(RowNote("born_turned", "Tanggal dibalik."), RowNote("comma", "Koma dibaca.")),
        differences=(ZDifference("waz", -1.5, -2.31), ZDifference("haz", 0.2, None)),
    ),
    RowReport(3, RowOutcome.MEASURED, "measured", "Pengukuran baru.", name="Ani", child_id=UUID(int=1)),
    RowReport(4, RowOutcome.REFUSED, "no_name", "Nama kosong."),
]


@pytest.fixture
def village() -> Village:
    return make_village()


def make_upload() -> Upload:
    return Upload.objects.create(
        user=make_user(), file_name="juni.xlsx", sha256=hashlib.sha256(b"").hexdigest()
    )


def test_a_row_has_all_that_the_preview_says_of_it(village: Village) -> None:
    upload = make_upload()
    found = report_list(upload, ROWS, village)
    row = dict(zip((c.heading for c in found.columns), found.rows[0], strict=True))
    assert row == {
        "Baris": 2,
        "Hasil": "Pengukuran baru",
        "Kode": "measured",
        "Nama anak": "Ani",
        "NIK": "33010***********",
        "Isi baris": "P, lahir 14 Maret 2022, 11,4 kg, 84 cm",
        "Tempat": "Kesugihan Kidul",
        "Tanggal ukur": date(2024, 8, 5),
        "Keterangan": "Pengukuran baru.",
        "Catatan": "Tanggal dibalik. Koma dibaca.",
        "Beda z-score": "BB/U: di berkas −1,50, dihitung ulang −2,31.; "
        "TB/U: di berkas 0,20, dihitung ulang –.",
    }
    assert found.file_stem == f"import-{upload.pk}"
    assert ("Berkas", "juni.xlsx") in found.about


def test_children_are_counted_once_and_rows_without_a_name_are_nobody(village: Village) -> None:
    found = report_list(make_upload(), ROWS, village)
    assert found.subjects is not None
    assert (found.subjects.place, found.subjects.children, len(found.rows)) == (village, 1, 3)


def test_the_outcome_it_was_filtered_by_is_told(village: Village) -> None:
    found = report_list(make_upload(), ROWS[2:], village, "refused", "Ditolak")
    assert found.filtered_by == "refused"
    assert ("Hasil", "Ditolak") in found.about


def test_the_files_of_a_user_with_their_moments_as_local_time() -> None:
    upload = make_upload()
    upload.step = UploadStep.CHECKED
    upload.created_at = datetime(2024, 8, 5, 2, 3, 4, tzinfo=UTC)
    found = uploads_list([upload])
    assert found.rows == [
        ("juni.xlsx", "Belum disimpan", datetime.fromisoformat("2024-08-05 09:03"), *[None] * 4)
    ]
    assert found.subjects is None
    upload.committed_at = upload.taken_back_at = upload.created_at
    assert uploads_list([upload]).rows[0][1] == "Ditarik kembali"


def test_the_widest_place_of_somebody(village: Village) -> None:
    assert find_widest_place(make_cadre(village)) == village
    assert find_widest_place(make_user()) is None
