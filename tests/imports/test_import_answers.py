"""``manage.py import_file`` answers what the page of a file asks, and is held to what was looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.imports import workflow
from registry.imports.answers import LEAVE_OUT
from registry.models import Child, ChildStatus, Measurement, Role, RowChoice, RowDecision, Upload, User
from registry.places.load import load_places
from tests.factories import make_user
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    load_places()
    return make_user(Role.ADMIN)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "balita.csv"


def run(file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report."""
    out = StringIO()
    try:
        call_command("import_file", str(file), "--json", *options, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        return int(ended.code or 0), json.loads(out.getvalue())
    except CommandError as refused:
        return refused.returncode, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


# Only the year is beyond doubt: 5 April or 4 May, 6 December or 12 June.
UNPROVEN = row(Tgl_Lahir="05/04/2022", Tanggal_Pengukuran="06/12/2024")


@pytest.mark.parametrize(
    ("dates", "born", "measured"),
    [
        ("dmy", date(2022, 4, 5), date(2024, 12, 6)),
        ("mdy", date(2022, 5, 4), date(2024, 6, 12)),
        ("born=dmy,measured=mdy", date(2022, 4, 5), date(2024, 6, 12)),
    ],
)
def test_the_order_of_dates_is_answered(
    admin: User, file: Path, dates: str, born: date, measured: date
) -> None:
    file.write_bytes(csv_file(UNPROVEN))
    code, found = run(file, "--commit")
    assert (code, found["committed"], found["ask"]) == (1, False, 1)
    assert set(found["questions"]) == {"born_order", "measured_order"}
    code, found = run(file, "--commit", "--dates", dates)
    assert (code, found["committed"], found["questions"]) == (0, True, [])
    assert (Child.objects.get().birth_date, Measurement.objects.get().measured_on) == (born, measured)


@pytest.fixture
def without_day(file: Path) -> Path:
    file.write_bytes(csv_file(row(), header=["Nama", "JK", "Tgl Lahir", "Berat", "Tinggi", "NIK"]))
    return file


def test_the_day_of_all_rows_is_answered(admin: User, without_day: Path) -> None:
    here = ("--commit", "--village", "33.01.02.2016")
    code, found = run(without_day, *here)
    assert (code, found["committed"], found["questions"]) == (1, False, ["measured_on"])
    code, found = run(without_day, *here, "--measured-on", "2024-06-12")
    assert (code, found["committed"], found["questions"]) == (0, True, [])
    assert Measurement.objects.get().measured_on == date(2024, 6, 12)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--measured-on", "12/06/2024"), "date_unknown"),
        (("--measured-on", "2999-01-01"), "day_in_future"),
        (("--dates", "ymd"), "dates_unknown"),
        (("--dates", "seen=dmy"), "dates_unknown"),
        (("--dates", "born"), "dates_unknown"),
    ],
)
def test_an_answer_that_is_none_is_refused(
    admin: User, without_day: Path, options: tuple[str, str], error: str
) -> None:
    code, found = run(without_day, *options)
    assert (code, found["error"]) == (2, error)


@pytest.fixture
def asked(admin: User, file: Path) -> Path:
    """A child of the register, and a row that may be of it: row 2 of the file."""
    file.write_bytes(csv_file(row(NIK="3301025403220001")))
    assert run(file, "--commit")[0] == 0
    again = row(NIK="3301025403220002", Berat="11.9", Tanggal_Pengukuran="2024-07-12")
    file.write_bytes(csv_file(again))
    return file


def test_the_dry_run_says_what_a_file_of_decisions_may_answer(asked: Path) -> None:
    code, found = run(asked)
    child = Child.objects.get()
    [answer] = found["details"]
    assert code == 1
    assert answer["candidates"] == [
        {
            "child": str(child.pk),
            "name": "SITI CONTOH",
            "birth_date": "2022-03-14",
            "village": "Kesugihan Kidul",
        }
    ]
    assert answer["choices"] == [f"same {child.pk}", "new", "skip"]


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(
    ("decision", "children", "measurements", "choice"),
    [
        ("same CHILD", 1, 2, RowChoice.SAME_AS),
        ("new", 2, 2, RowChoice.NEW),
        ("skip", 1, 1, RowChoice.SKIP),
    ],
)
def test_decisions_of_a_file_are_taken_and_kept_as_the_page_keeps_them(
    asked: Path, form: str, decision: str, children: int, measurements: int, choice: RowChoice
) -> None:
    said = decision.replace("CHILD", str(Child.objects.get().pk))
    decide = decisions(asked, form, {"row": "2", "decision": said})
    code, found = run(asked, "--decide", str(decide))
    assert (code, found["committed"], found["ask"]) == (0, False, 0)
    assert not RowDecision.objects.exists()  # a check writes nothing
    for _ in range(2):  # again it finds all of it there
        assert run(asked, "--decide", str(decide), "--commit")[0] == 0
        assert (Child.objects.count(), Measurement.objects.count()) == (children, measurements)
        kept = RowDecision.objects.get()
        assert (kept.choice, kept.user) == (choice, User.objects.get())


def decisions(file: Path, form: str, *lines: Mapping[str, str]) -> Path:
    """Lines of a file of decisions beside ``file``."""
    decide = file.parent / f"keputusan.{form}"
    if form == "json":
        decide.write_text(json.dumps(lines))
    else:
        cells = [[line.get(name, "") for name in ("row", "sheet", "decision")] for line in lines]
        decide.write_text("\n".join(map(";".join, [["row", "sheet", "decision"], *cells])))
    return decide


def test_a_child_moves_by_decision(admin: User, file: Path) -> None:
    file.write_bytes(csv_file(row(NIK="3301025403220001")))
    run(file, "--commit")
    child = Child.objects.get()
    there = {"NIK": "3301025403220001", "Desa/Kel": "KESUGIHAN", "Tanggal_Pengukuran": "2024-07-12"}
    file.write_bytes(csv_file(row(**there)))
    choices = run(file)[1]["details"][0]["choices"]
    assert choices == [f"moved {child.pk}", f"same {child.pk}", "new", "skip"]
    decide = decisions(file, "csv", {"row": "2", "decision": choices[0]})
    assert run(file, "--commit", "--decide", str(decide))[0] == 0
    child.refresh_from_db()
    assert child.village.name == "Kesugihan"


@pytest.mark.parametrize(("words", "status"), [("left", ChildStatus.MOVED), ("died", ChildStatus.DIED)])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_child_is_closed_by_decision_on_the_day_that_it_names(
    admin: User, file: Path, words: str, status: ChildStatus, form: str
) -> None:
    file.write_bytes(csv_file(row()))
    run(file, "--commit")
    child = Child.objects.get()
    file.write_bytes(csv_file(row(Berat="PINDAH", Tinggi="", Tanggal_Pengukuran="2024-07-12")))
    code, found = run(file)
    choices = found["details"][0]["choices"]
    assert (code, found["details"][0]["code"]) == (1, "asks_moving")
    assert choices == [f"left {child.pk} 2024-07-12", f"died {child.pk} 2024-07-12", "skip"]
    decide = decisions(file, form, {"row": "2", "decision": f"{words} {child.pk} 2024-07-15"})
    for _ in range(2):
        assert run(file, "--commit", "--decide", str(decide))[0] == 0
        child.refresh_from_db()
        assert (child.status, child.status_date) == (status, date(2024, 7, 15))


def test_a_day_of_leaving_that_cannot_be_leaves_the_row_open(admin: User, file: Path) -> None:
    file.write_bytes(csv_file(row()))
    run(file, "--commit")
    left = f"left {Child.objects.get().pk}"
    file.write_bytes(csv_file(row(Berat="PINDAH", Tinggi="", Tanggal_Pengukuran="")))
    assert run(file)[1]["details"][0]["choices"][0] == f"{left} YYYY-MM-DD"
    decide = decisions(file, "csv", {"row": "2", "decision": f"{left} 2024-06-11"})  # weighed the day after
    code, found = run(file, "--commit", "--decide", str(decide))
    assert (code, found["committed"]) == (1, False)
    assert "12 Juni 2024" in found["details"][0]["sentence"]


def test_who_a_row_is_of_stays_decided_where_it_says_next_that_the_child_left(
    admin: User, file: Path
) -> None:
    file.write_bytes(csv_file(row()))
    run(file, "--commit")
    child = Child.objects.get()
    file.write_bytes(csv_file(row(Nama="SITI CONTOR", Berat="PINDAH", Tinggi="")))
    for decision, code in ((f"same {child.pk}", 1), (f"left {child.pk} 2024-07-15", 0)):
        decide = decisions(file, "csv", {"row": "2", "decision": decision})
        assert run(file, "--commit", "--decide", str(decide))[0] == code
    child.refresh_from_db()
    assert child.status == ChildStatus.MOVED


def test_what_was_decided_can_be_decided_otherwise(asked: Path) -> None:
    for decision in ("skip", f"same {Child.objects.get().pk}"):
        decide = decisions(asked, "csv", {"row": "2", "decision": decision})
        assert run(asked, "--decide", str(decide), "--commit")[0] == 0
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 2)
    assert RowDecision.objects.get().choice == RowChoice.SAME_AS


@pytest.mark.parametrize(
    "line",
    [
        {"row": "3", "decision": "new"},  # no such row
        {"row": "2", "decision": "same 00000000-0000-4000-8000-000000000000"},  # none it may be
        {"row": "2", "decision": "moved CHILD"},  # it lives where the file says
        {"row": "2", "decision": "same"},
        {"row": "2", "decision": "same siti"},
        {"row": "2", "decision": "left CHILD"},  # on no day
        {"row": "2", "decision": "left CHILD kemarin"},
        {"row": "2", "decision": "same CHILD 2024-06-12"},
        {"row": "2", "decision": "left CHILD 2024-06-12"},  # the row does not say so
        {"row": "2", "decision": "left CHILD 2024 06 12"},
        {"row": "2", "decision": "nanti"},
        {"row": "2", "sheet": "Mei", "decision": "new"},
        {"row": "", "decision": "new"},
        {"row": "2", "decision": ""},
    ],
)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_wrong_line_of_decisions_is_named_and_nothing_is_written(
    asked: Path, line: dict[str, str], form: str
) -> None:
    wrong = {name: text.replace("CHILD", str(Child.objects.get().pk)) for name, text in line.items()}
    decide = decisions(asked, form, wrong)
    code, found = run(asked, "--decide", str(decide), "--commit")
    assert (code, found["error"]) == (2, "decision_wrong")
    number = 2 if form == "csv" else 1
    assert found["sentence"].startswith(f"Berkas keputusan, baris {number}: ")
    assert not RowDecision.objects.exists()
    assert Measurement.objects.count() == 1


def test_a_row_is_decided_once(asked: Path) -> None:
    decide = decisions(asked, "csv", *[{"row": "2", "decision": said} for said in ("skip", "new")])
    assert run(asked, "--decide", str(decide))[1]["sentence"].startswith("Berkas keputusan, baris 3: ")


@pytest.mark.parametrize("content", ["", "[1]", '{"row": 2', "baris;keputusan\n2;new\n", "\x00\x01"])
def test_what_is_no_file_of_decisions_is_refused(asked: Path, content: str) -> None:
    decide = asked.parent / "keputusan.txt"
    decide.write_text(content)
    assert run(asked, "--decide", str(decide))[0] == 2


def test_it_writes_only_what_the_check_has_shown(admin: User, file: Path) -> None:
    """Another weight in the file, and another child in the register, are not what was looked at."""
    file.write_bytes(csv_file(row()))
    token = run(file)[1]["token"]
    file.write_bytes(csv_file(row(Berat="11.6")))
    code, found = run(file, "--commit", "--reviewed", token)
    assert (code, found["error"]) == (2, "changed_since_check")
    assert not Upload.objects.exists()
    file.write_bytes(csv_file(row()))
    code, found = run(file, "--commit", "--reviewed", token)
    assert (code, found["committed"], found["token"]) == (0, True, token)
    code, found = run(file, "--commit", "--reviewed", token)  # the child is there now
    assert (code, found["error"]) == (2, "changed_since_check")


def test_other_answers_and_decisions_are_another_check(asked: Path) -> None:
    token = run(asked)[1]["token"]
    assert run(asked)[1]["token"] == token
    assert run(asked, "--dates", "mdy")[1]["token"] != token
    decide = decisions(asked, "csv", {"row": "2", "decision": "skip"})
    assert run(asked, "--decide", str(decide))[1]["token"] != token


def test_a_decision_of_the_page_holds_for_the_command(asked: Path) -> None:
    upload = workflow.create_upload(by=User.objects.get(), file_name="a.csv", content=asked.read_bytes())
    workflow.check(upload)
    [row_of_it] = workflow.preview(upload).rows
    workflow.save_decision(by=upload.user, keys=row_of_it.keys, decision=LEAVE_OUT)
    assert run(asked)[0] == 0


def test_nothing_that_is_new_is_nothing_committed(admin: User, file: Path) -> None:
    file.write_bytes(csv_file(row()))
    assert run(file, "--commit")[1]["committed"] is True
    assert run(file, "--commit")[1]["committed"] is False


def test_a_person_is_told_the_token(admin: User, file: Path) -> None:
    file.write_bytes(csv_file(row()))
    token = run(file)[1]["token"]
    out = StringIO()
    call_command("import_file", str(file), stdout=out)
    assert f"--commit --reviewed {token}" in out.getvalue()
