"""Rows that say their child has left or died: a person confirms it, and it can be taken back."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from registry.actions import record_measurement, revert_import
from registry.actions.observation import Observation
from registry.growth.cells.codes import absence_of
from registry.imports.answers import Decision, ImportAnswers, decisions_for, moved_child, same_child
from registry.imports.commit import import_rows, preview
from registry.imports.report import Report, RowReport
from registry.imports.workflow import import_at_once, save_decision
from registry.models import (
    ChangeLog,
    Child,
    ChildStatus,
    Measurement,
    RowChoice,
    RowDecision,
    Upload,
    User,
    Village,
)
from tests.actions.figures import wrong_figures
from tests.factories import make_child
from tests.imports.files import HEADER, csv_file, row, sample, table
from tests.imports.test_sheets import book
from tests.imports.test_views import hand_in, text
from tests.imports.views.test_answering import fields_of, page_of

LEFT_ROW = {"Tanggal Pengukuran": "", "Berat": "PINDAH", "Tinggi": ""}


@pytest.mark.parametrize(
    ("words", "absence"),
    [
        *((one, "left") for one in ("PINDAH", "pindah", "pindah keluar", "Pindah desa", "sdh pindah")),
        *((one, "left") for one in ("sudah pindah ke Brebes", "PINDAH (ikut ayah)")),
        *((one, "died") for one in ("MENINGGAL", "meninggal dunia", "alm", "Alm.", "wafat", "sdh meninggal")),
        *((one, None) for one in ("pindahan dari Brebes", "pindah dari Slarang", "pindah masuk")),
        *((one, None) for one in ("tidak pindah", "ibu meninggal", "ALMIRA")),
    ],
)
def test_words_that_say_that_a_child_has_left_or_died(words: str, absence: str | None) -> None:
    assert absence_of(words) == absence


@pytest.fixture
def siti(officer: User, home: Village) -> Child:
    return make_child(
        officer, home, name="SITI CONTOH", sex=2, birth_date=date(2022, 3, 14), parent_name="IBU AMINAH"
    )


def seen_on(officer: User, child: Child, day: date) -> None:
    seen = Observation(measured_on=day, weight_kg=Decimal(11))
    record_measurement(by=officer, id=uuid4(), child_id=child.pk, observation=seen)


def read_one(user: User, content: bytes) -> RowReport:
    return preview(content, user, answers=ImportAnswers(decisions=decisions_for(user))).rows[0]


def decide(user: User, asked: RowReport, choice: RowChoice, day: date | None) -> None:
    save_decision(by=user, keys=asked.keys, decision=Decision(choice, asked.candidates[0].child_id, day))


def take_in(user: User, content: bytes) -> Report:
    answers = ImportAnswers(decisions=decisions_for(user))
    return import_at_once(by=user, file_name="daftar.csv", content=content, answers=answers)


def state(child: Child) -> tuple[str, date | None]:
    child.refresh_from_db()
    return child.status, child.status_date


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "code", "day"),
    [
        (LEFT_ROW, "asks_moving", None),
        ({**LEFT_ROW, "Tanggal Pengukuran": "2024-06-12"}, "asks_moving", date(2024, 6, 12)),
        ({**LEFT_ROW, "Berat": "", "Tinggi": "alm"}, "asks_death", None),
        ({**LEFT_ROW, "Berat": "", "Keterangan": "sdh pindah"}, "asks_moving", None),
        ({**LEFT_ROW, "Berat": "", "Pindah": "ya"}, "asks_moving", None),
        ({"Pindah": "meninggal"}, "asks_death", date(2024, 6, 12)),
    ],
)
def test_a_row_that_says_so_asks_whether_its_child_is_gone(
    officer: User, siti: Child, cells: dict[str, str], code: str, day: date | None
) -> None:
    asked = read_one(officer, csv_file(row(**cells), header=[*HEADER, "Keterangan", "Pindah"]))
    assert (asked.outcome, asked.code, asked.measured_on) == ("ask", code, day)
    assert [one.child_id for one in asked.candidates] == [siti.pk]
    assert "SITI CONTOH" in asked.sentence


@pytest.mark.django_db
def test_values_beside_a_mark_are_said_not_to_be_taken(officer: User, siti: Child) -> None:
    content = csv_file(row(Pindah="ya"), header=[*HEADER, "Pindah"])
    asked = read_one(officer, content)
    assert [note.sentence for note in asked.notes] == [
        "Nilai ukur di baris ini tidak disimpan; kalau benar, catat di data anaknya."
    ]
    decide(officer, asked, RowChoice.LEFT, date(2024, 6, 20))
    [closed] = take_in(officer, content).rows
    assert (closed.code, closed.notes) == ("left_by_choice", asked.notes)
    assert not Measurement.objects.exists()


@pytest.mark.django_db
def test_a_remark_on_a_child_that_was_measured_is_said_and_not_taken(officer: User) -> None:
    content = csv_file(row(Keterangan="pindah"), header=[*HEADER, "Keterangan"])
    found = read_one(officer, content)
    assert found.code == "new_child"
    assert [note.sentence for note in found.notes] == [
        "Keterangan “pindah” tidak dicatat; kalau benar, catat di data anaknya."
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [
        (RowChoice.LEFT, ChildStatus.MOVED, "left_by_choice"),
        (RowChoice.DIED, ChildStatus.DIED, "died_by_choice"),
    ],
)
def test_the_answer_closes_the_child_and_taking_the_file_back_opens_it(
    officer: User, siti: Child, choice: RowChoice, status: ChildStatus, code: str
) -> None:
    seen_on(officer, siti, date(2024, 5, 3))
    content = csv_file(row(**LEFT_ROW))
    decide(officer, read_one(officer, content), choice, date(2024, 6, 20))
    report = take_in(officer, content)
    assert [(one.outcome, one.code) for one in report.rows] == [("completed", code)]
    assert (report.measurements_new, report.children_new, Measurement.objects.count()) == (0, 0, 1)
    assert state(siti) == (status, date(2024, 6, 20))
    log = ChangeLog.objects.get(subject_id=str(siti.pk), field="status")
    assert (log.values, log.by, log.reason) == (
        ("active", f"{status} 2024-06-20"),
        officer,
        "berkas daftar.csv",
    )
    assert wrong_figures() == []
    again = take_in(officer, content)
    assert [(one.outcome, one.code) for one in again.rows] == [("same", "departed_already")]

    first = Upload.objects.order_by("created_at").first()
    assert first is not None
    assert revert_import(by=officer, upload_id=first.pk).reopened == 1
    assert state(siti) == (ChildStatus.ACTIVE, None)
    assert wrong_figures() == []


@pytest.mark.django_db
def test_a_child_closed_by_hand_since_stays_closed_when_the_file_goes(officer: User, siti: Child) -> None:
    from registry.actions import close_child, reopen_child

    content = csv_file(row(**LEFT_ROW))
    decide(officer, read_one(officer, content), RowChoice.LEFT, date(2024, 6, 20))
    take_in(officer, content)
    reopen_child(by=officer, child_id=siti.pk)
    close_child(by=officer, child_id=siti.pk, status=ChildStatus.MOVED, on=date(2024, 6, 20))
    assert revert_import(by=officer, upload_id=Upload.objects.get().pk).reopened == 0
    assert state(siti) == (ChildStatus.MOVED, date(2024, 6, 20))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (None, "Tulis tanggal SITI CONTOH pindah atau meninggal."),
        (date(2024, 5, 2), "3 Mei 2024"),  # before the day it was measured last
        (date(9999, 1, 1), "Tanggal itu tidak boleh setelah hari ini ("),
    ],
)
def test_a_day_that_is_missing_or_cannot_be_is_asked_again(
    officer: User, siti: Child, day: date | None, sentence: str
) -> None:
    seen_on(officer, siti, date(2024, 5, 3))
    content = csv_file(row(**LEFT_ROW))
    decide(officer, read_one(officer, content), RowChoice.LEFT, day)
    [asked] = take_in(officer, content).rows
    assert (asked.outcome, asked.code) == ("ask", "asks_moving")
    assert sentence in asked.sentence
    assert state(siti) == (ChildStatus.ACTIVE, None)


@pytest.mark.django_db
def test_a_day_before_a_measurement_of_the_same_file_is_asked_again(officer: User, siti: Child) -> None:
    content = csv_file(row(), row(**LEFT_ROW))
    [_measured, asked] = preview(content, officer).rows
    decide(officer, asked, RowChoice.LEFT, date(2024, 6, 11))
    assert [one.code for one in take_in(officer, content).rows] == ["measured", "asks_moving"]
    assert state(siti) == (ChildStatus.ACTIVE, None)


@pytest.mark.django_db
def test_a_child_not_in_the_register_is_not_enrolled_to_be_closed(officer: User) -> None:
    report = import_rows(csv_file(row(**LEFT_ROW)), officer)
    assert [(one.outcome, one.code) for one in report.rows] == [("skipped", "departed_unknown")]
    assert "tidak ada di register" in report.rows[0].sentence
    assert not Child.objects.exists()
    both = preview(csv_file(row(), row(**LEFT_ROW)), officer)
    assert [(one.outcome, one.code) for one in both.rows][1] == ("refused", "departs_while_new")


@pytest.mark.django_db
def test_a_child_that_has_moved_within_the_kabupaten_is_not_closed(officer: User) -> None:
    slarang = Village.objects.get(name="Slarang")
    make_child(
        officer, slarang, name="SITI CONTOH", sex=2, birth_date=date(2022, 3, 14), nik="3301025403220001"
    )  # type: ignore[arg-type]
    found = read_one(officer, csv_file(row(**LEFT_ROW, NIK="3301025403220001")))
    assert (found.outcome, found.code) == ("same", "moved_within")
    assert "Slarang" in found.sentence


@pytest.mark.django_db
def test_a_decision_to_close_is_of_this_row_and_user_alone(officer: User, siti: Child, home: Village) -> None:
    content = csv_file(row(**LEFT_ROW))
    decide(officer, read_one(officer, content), RowChoice.LEFT, date(2024, 6, 20))
    stored = RowDecision.objects.get()
    assert (stored.choice, stored.child, stored.day) == ("left", siti.pk, date(2024, 6, 20))
    assert read_one(officer, csv_file(row())).code == "measured"
    from tests.factories import make_cadre

    assert decisions_for(make_cadre(home)) == {}


@pytest.mark.django_db
def test_the_sample_asks_who_has_left_only_of_children_it_knows(officer: User) -> None:
    assert [one.code for one in import_rows(sample("17"), officer).rows][3] == "departed_unknown"
    menganti = Village.objects.get(name="Menganti", kecamatan__name="Kesugihan")
    born, parents = date(2024, 1, 14), "BAPAK UJI / IBU UJI"
    make_child(officer, menganti, name="UJI PINDAH", sex=2, birth_date=born, parent_name=parents)
    assert [one.code for one in preview(sample("17"), officer).rows][3] == "asks_moving"


@pytest.mark.django_db
def test_a_child_is_closed_once_by_a_file(officer: User, siti: Child) -> None:
    content = csv_file(row(**LEFT_ROW), row(**LEFT_ROW, RT="9"))
    first, second = preview(content, officer).rows
    decide(officer, first, RowChoice.LEFT, date(2024, 6, 20))
    decide(officer, second, RowChoice.DIED, date(2024, 6, 21))
    report = take_in(officer, content)
    assert [(one.outcome, one.code) for one in report.rows] == [
        ("completed", "left_by_choice"),
        ("same", "same_in_file"),
    ]
    assert [one.number for one in report.rows_decided] == [2]
    assert state(siti) == (ChildStatus.MOVED, date(2024, 6, 20))


@pytest.mark.django_db
def test_a_child_that_the_same_file_moves_is_not_closed(officer: User, siti: Child) -> None:
    there = row(**{"Desa/Kel": "SLARANG"})
    content = csv_file(there, row(**LEFT_ROW))
    moved, asked = preview(content, officer).rows
    assert (moved.code, asked.code) == ("lives_elsewhere", "asks_moving")
    save_decision(by=officer, keys=moved.keys, decision=moved_child(siti.pk))
    decide(officer, asked, RowChoice.LEFT, date(2024, 6, 20))
    assert [(one.outcome, one.code) for one in take_in(officer, content).rows] == [
        ("measured", "measured"),
        ("refused", "departs_while_moving"),
    ]
    assert state(siti) == (ChildStatus.ACTIVE, None)
    assert wrong_figures() == []
    [_same, closed] = take_in(officer, content).rows
    assert closed.code == "left_by_choice"


@pytest.mark.django_db
def test_who_it_is_is_decided_before_whether_it_left(officer: User, siti: Child) -> None:
    content = csv_file(row(**LEFT_ROW, Nama="SITI CONTOR"))
    similar = read_one(officer, content)
    assert similar.code == "similar_child"
    save_decision(by=officer, keys=similar.keys, decision=same_child(siti.pk))
    decide(officer, read_one(officer, content), RowChoice.LEFT, date(2024, 6, 20))
    take_in(officer, content)
    assert state(siti) == (ChildStatus.MOVED, date(2024, 6, 20))


@pytest.mark.django_db
def test_a_row_of_one_of_several_sheets_asks_with_its_sheet(officer: User, siti: Child) -> None:
    content = book({"Mei": table([row()]), "Juni": table([row(**LEFT_ROW)])})
    [_measured, asked] = preview(content, officer).rows
    assert (asked.at, asked.code) == (("Juni", 2), "asks_moving")


# --- On the page --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_asks_with_the_rows_own_day_and_closes_the_child(browser: Client, siti: Child) -> None:
    address = hand_in(browser, csv_file(row(**{**LEFT_ROW, "Tanggal Pengukuran": "2024-06-12"})))
    page = page_of(browser, address)
    [field] = fields_of(page)
    assert "Ya, pindah keluar kabupaten sejak tanggal ini" in page
    assert "Anak lain, daftarkan baru" not in page
    assert re.search(rf'name="day-{field}" value="2024-06-12"', page)
    chosen = {
        field: f"left:{siti.pk}",
        f"was-{field}": "",
        f"day-{field}": "",
        f"was-day-{field}": "2024-06-12",
    }
    browser.post(f"{address}decisions/", {**chosen, "check": "1"})
    assert "Tulis tanggal SITI CONTOH pindah atau meninggal." in text(browser.get(address).content)
    day = {f"day-{field}": "2024-06-15", f"was-{field}": f"left:{siti.pk}"}
    browser.post(f"{address}decisions/", {**chosen, **day, "check": "1"})
    assert "Tercatat pindah keluar kabupaten pada 15 Juni 2024." in text(browser.get(address).content)
    decided = text(browser.get(f"{address}?outcome=decided").content)
    assert "anak yang dipilih, pindah keluar kabupaten, 15 Juni 2024." in decided
    assert "Sudah diputuskan (1)" in decided
    browser.post(f"{address}commit/")
    done = text(browser.get(address).content)
    assert "1 anak yang sudah terdaftar, 1 anak tercatat pindah keluar atau meninggal." in done
    assert state(siti) == (ChildStatus.MOVED, date(2024, 6, 15))
    browser.post(f"{address}take-back/")
    assert state(siti) == (ChildStatus.ACTIVE, None)
    assert "tidak lagi tercatat pindah keluar atau meninggal 1" in text(browser.get(address).content)


@pytest.mark.django_db
def test_a_decision_to_close_is_forgotten_on_the_page(browser: Client, siti: Child) -> None:
    content = csv_file(row(**LEFT_ROW))
    address = hand_in(browser, content)
    [field] = fields_of(page_of(browser, address))
    chosen = f"died:{siti.pk}"
    dated = {field: chosen, f"day-{field}": "2024-06-15"}
    browser.post(f"{address}decisions/", {**dated, f"was-{field}": "", "check": "1"})
    page = page_of(browser, address)
    assert f'name="was-{field}" value="{chosen}"' in page
    assert "Lupakan keputusan ini" in page
    browser.post(f"{address}decisions/", {field: "", f"was-{field}": chosen, "check": "1"})
    assert not RowDecision.objects.exists()
    assert "Baris 2: apa yang terjadi?" in page_of(browser, address)
