"""A column a month: each month of a row is a measurement of its own, on a day that somebody answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client

from registry.errors import Invalid
from registry.growth.cells.column_names import field_of, month_of_title
from registry.growth.cells.dates import written_date
from registry.growth.cells.month_names import MONTHS, NamedMonth
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows, preview
from registry.imports.readers.read_file import Sheet
from registry.imports.report import Report
from registry.imports.report_storage import seal_report, unseal_report
from registry.imports.tables.find_tables import find_tables
from registry.models import Measurement, Upload, User
from tests.imports.files import SAMPLES, sample
from tests.imports.test_import_command import run
from tests.imports.test_sheets import book
from tests.imports.test_views import hand_in, text

pytestmark = pytest.mark.django_db

FILE = next(SAMPLES.glob("16*"))
DAYS = tuple(date(2025, month, 12) for month in (1, 2, 3))
WHO = ["Nama Anak", "JK", "Tgl Lahir", "Nama Ibu", "Kec", "Desa"]
SITI = ["SITI", "P", "2024-03-14", "IBU", "KESUGIHAN", "MENGANTI"]


def rows_of(report: Report) -> list[tuple[str, int, str]]:
    return [(row.sheet, row.number, row.code) for row in report.rows]


def stored() -> list[tuple[str, date, float, float]]:
    found = Measurement.objects.order_by("child__name", "measured_on").select_related("child")
    return [(m.child.name, m.measured_on, float(m.weight_kg or 0), float(m.lenhei_cm or 0)) for m in found]


ALL_STORED = [
    ("UJI BULAN DUA", DAYS[0], 8.8, 76.5),
    ("UJI BULAN DUA", DAYS[2], 9.2, 78.9),
    ("UJI BULAN SATU", DAYS[0], 9.1, 78),
    ("UJI BULAN SATU", DAYS[1], 9.3, 79),
    ("UJI BULAN SATU", DAYS[2], 9.7, 80.2),
]


# --- Titles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "field", "month"),
    [
        ("BB Jan", "weight", NamedMonth(None, 1)),
        ("TB Pebruari", "lenhei", NamedMonth(None, 2)),
        ("BB Mei 2024", "weight", NamedMonth(2024, 5)),
        ("BB Agt-24", "weight", NamedMonth(2024, 8)),
        ("2023 Desember TB (cm)", "lenhei", NamedMonth(2023, 12)),
        ("OKTOBER BERAT BADAN", "weight", NamedMonth(None, 10)),
        ("LILA Sept", "muac", NamedMonth(None, 9)),
        ("Tgl Juni 2024", "measured_on", NamedMonth(2024, 6)),
        ("Jan", None, None),
        ("Imunisasi Jan", None, None),
        ("BB Jan Feb", None, None),
        ("BB bulan lalu", None, None),
        ("Nama Mei", None, None),
        ("BB", "weight", None),
    ],
)
def test_a_title_says_what_was_measured_and_in_which_month(
    title: str, field: str | None, month: NamedMonth | None
) -> None:
    assert (field_of(title), month_of_title(title)) == (field, month)


def test_dates_know_every_name_of_a_month_that_titles_know() -> None:
    assert len(MONTHS) == 43
    for name, number in MONTHS.items():
        written = written_date(f"3 {name} 2024")
        assert written is not None and written.meanings == (date(2024, number, 3),)


def months_of(titles: Sequence[str], above: str = "", sheet: str = "") -> list[str]:
    width = len(titles)
    lines = [[above], [*WHO, *titles], [*SITI, *["9"] * width]]
    return [table.month.words if table.month else "" for table in find_tables([Sheet(sheet, lines)]).tables]


def test_a_year_is_taken_from_a_title_or_a_name_and_never_made_up() -> None:
    assert months_of(["BB Jan", "BB Feb"]) == ["Januari", "Februari"]
    assert months_of(["BB Jan", "BB Feb"], "DATA BALITA TAHUN 2024") == ["Januari 2024", "Februari 2024"]
    assert months_of(["BB Jan", "BB Feb"], "", "Balita 2024") == ["Januari 2024", "Februari 2024"]
    assert months_of(["BB Jan", "BB Feb"], "TAHUN 2024", "2023") == ["Januari 2024", "Februari 2024"]
    assert months_of(["BB Jan", "BB Feb"], "TAHUN 2023/2024") == ["Januari", "Februari"]
    assert months_of(["BB Des", "BB Jan"], "TAHUN 2024") == ["Desember", "Januari"]
    assert months_of(["BB Des 2023", "BB Jan"], "TAHUN 2024") == ["Desember 2023", "Januari 2024"]
    assert months_of(["BB", "TB", "BB Jan"]) == ["", "Januari"]


# --- Asked and answered -------------------------------------------------------------------------------------


def test_each_month_is_asked_and_nothing_is_stored_before(officer: User) -> None:
    report = import_rows(sample("16"), officer)
    assert rows_of(report) == [
        ("Januari", 2, "measured_on_missing"), ("Januari", 3, "measured_on_missing"),
        ("Februari", 2, "measured_on_missing"),
        ("Maret", 2, "measured_on_missing"), ("Maret", 3, "measured_on_missing"),
    ]  # fmt: skip
    assert report.rows[0].sentence == (
        "Tanggal pengukuran Januari tidak ada di berkas ini. Jawab pertanyaannya."
    )
    assert [q.month.words for q in report.questions if q.month] == ["Januari", "Februari", "Maret"]
    assert unseal_report(seal_report(report)).questions == report.questions
    assert (report.columns_not_read, report.measures_missing) == ((), ())
    assert report.sheet_notes == (
        "Kolom tiap bulan dibaca sebagai pengukuran sendiri: Januari, Februari, Maret.",
    )
    assert stored() == []


def test_the_days_that_are_answered_make_a_measurement_of_each_month(officer: User) -> None:
    report = import_rows(sample("16"), officer, answers=ImportAnswers(days=DAYS))
    assert [row.code for row in report.rows] == ["new_child", "new_child", "measured", "measured", "measured"]
    assert stored() == ALL_STORED
    again = preview(sample("16"), officer, answers=ImportAnswers(days=DAYS))
    assert {row.code for row in again.rows} == {"same"}


def test_merged_titles_are_read_as_flat_ones(officer: User) -> None:
    upper = ["Nama", "JK", "Tgl Lahir", "Kec", "Desa", "JANUARI", "", "FEBRUARI", ""]
    lower = ["", "", "", "", "", "BB", "TB", "BB", "TB"]
    child = ["SITI", "P", "2024-03-14", "KESUGIHAN", "MENGANTI", "9.1", "78", "9.3", "79"]
    content = book({"Balita 2025": [upper, lower, child]})
    import_rows(content, officer, answers=ImportAnswers(days=DAYS[:2]))
    assert stored() == [("SITI", DAYS[0], 9.1, 78), ("SITI", DAYS[1], 9.3, 79)]


def test_a_day_of_another_month_or_two_of_one_answer_nothing(officer: User) -> None:
    for days in ([date(2025, 4, 1)], [date(2025, 1, 12), date(2024, 1, 12)]):
        report = preview(sample("16"), officer, answers=ImportAnswers(days=tuple(days)))
        assert {row.code for row in report.rows} == {"measured_on_missing"}


def test_months_with_a_column_of_days_ask_nothing(officer: User) -> None:
    header = [*WHO, "Tgl Jan", "BB Jan", "Tgl Feb", "BB Feb", "TB Feb"]
    child = [*SITI, "2025-01-09", "9.1", "2025-02-11", "9.3", "79"]
    report = import_rows(csv_lines(header, child), officer)
    assert (report.questions, report.measures_missing) == ((), ())
    assert stored() == [("SITI", date(2025, 1, 9), 9.1, 0), ("SITI", date(2025, 2, 11), 9.3, 79)]


def csv_lines(*lines: Sequence[str]) -> bytes:
    return "\n".join(",".join(line) for line in lines).encode()


def test_one_month_beside_a_column_of_days_is_of_those_days(officer: User) -> None:
    header = [*WHO, "Tanggal Ukur", "BB Jan 2025", "TB Jan 2025"]
    report = import_rows(csv_lines(header, [*SITI, "2025-01-09", "9.1", "78"]), officer)
    assert report.questions == ()
    assert stored() == [("SITI", date(2025, 1, 9), 9.1, 78)]


def test_a_child_that_was_not_measured_in_any_month_is_said_once(officer: User) -> None:
    header = [*WHO, "BB Jan", "TB Jan", "BB Feb", "TB Feb"]
    lines = csv_lines(header, [*SITI, "", "", "", "-"], [*SITI, "", "", "9.3", "79"])
    report = preview(lines, officer, answers=ImportAnswers(days=DAYS[:2]))
    assert [(row.sheet, row.number) for row in report.rows] == [("Januari", 2), ("Februari", 3)]


def test_a_month_that_few_have_is_no_column_of_lost_decimals(officer: User) -> None:
    header = [*WHO, "BB Jan", "TB Jan", "BB Feb"]
    rows = [[*SITI, "9.1", "78.5", ""], [*SITI, "9.2", "79.5", ""], [*SITI, "9.3", "80", "9"]]
    for row, name in zip(rows, ("SITI", "RATNA", "BUNGA"), strict=True):
        row[0] = row[3] = name
    report = preview(csv_lines(header, *rows), officer, answers=ImportAnswers(days=DAYS[:2]))
    assert [row.code for row in report.rows] == ["new_child", "new_child", "new_child", "measured"]


@pytest.mark.parametrize(
    "titles",
    [
        ["Tanggal Ukur", "BB Jan", "TB Jan", "BB Feb"],
        ["Tanggal Ukur", "Berat", "BB 2"],
        ["BB 1", "TB 1", "BB 2", "TB 2"],
        ["BB 12 Jan 2025", "TB 12 Jan 2025"],
        ["BB Jan", "BB Jan"],
    ],
)
def test_measurements_that_no_title_tells_apart_are_refused(titles: list[str]) -> None:
    values = [f"{9 + i}.1" for i in range(len(titles))]
    if titles[0] == "Tanggal Ukur":
        values[0] = "2025-01-12"
    with pytest.raises(Invalid) as caught:
        find_tables([Sheet("", [[*WHO, *titles], [*SITI, *values]])])
    assert caught.value.code == "columns_repeated"


# --- On the page and from a script --------------------------------------------------------------------------


def test_the_page_asks_each_month_takes_one_and_names_those_left(browser: Client) -> None:
    address = hand_in(browser, sample("16"))
    page = text(browser.get(address).content)
    for month in ("Januari", "Februari", "Maret"):
        assert f"Tanggal pengukuran {month}" in page
    wrong = browser.post(f"{address}answers/", {"day-01": "2025-02-12", "day-02": "", "day-03": ""})
    page = text(browser.get(wrong["Location"]).content)
    assert "Tanggal ini bukan di Januari. Isi satu hari di bulan itu." in page
    browser.post(f"{address}answers/", {"day-01": "2025-01-12", "day-02": "", "day-03": ""})
    assert Upload.objects.get().answers["days"] == ["2025-01-12"]
    browser.post(f"{address}commit/")
    assert stored() == [ALL_STORED[0], ALL_STORED[2]]
    done = text(browser.get(address).content)
    assert "tanggal pengukurannya belum dijawab: Februari, Maret." in done


def test_an_answer_can_be_changed_beside_the_rows_and_taken_back(browser: Client) -> None:
    address = hand_in(browser, sample("16"))
    browser.post(f"{address}answers/", {"day-01": "2025-01-12", "day-02": "2025-02-12", "day-03": ""})
    changed = {"day-01": "2024-01-15", "was-day-01": "2025-01-12"}
    left = {"day-02": "2025-02-12", "was-day-02": "2025-02-12"}
    browser.post(f"{address}check/", changed | left)
    assert Upload.objects.get().answers["days"] == ["2024-01-15", "2025-02-12"]
    browser.post(f"{address}check/", {"day-02": "", "was-day-02": "2025-02-12"})
    assert Upload.objects.get().answers["days"] == ["2024-01-15"]


def test_the_command_says_the_months_left_and_ends_with_zero_once_all_are_answered(officer: User) -> None:
    user = ("--as", officer.username)
    code, printed = run(FILE, *user, "--commit", "--json")
    said = json.loads(printed)
    assert (code, said["committed"], said["questions"]) == (1, False, ["measured_on"])
    assert said["undated"] == ["Januari", "Februari", "Maret"]
    code, printed = run(FILE, *user, "--commit", "--measured-on", "2025-01-12")
    assert code == 1
    assert "tanggal pengukurannya belum dijawab: Februari, Maret." in printed
    days = ",".join(map(str, DAYS))
    code, printed = run(FILE, *user, "--commit", "--json", "--measured-on", days)
    assert (code, json.loads(printed)["undated"], json.loads(printed)["questions"]) == (0, [], [])
    assert stored() == ALL_STORED


def test_the_command_refuses_a_day_outside_the_months(officer: User, tmp_path: Path) -> None:
    options = ("--as", officer.username, "--commit", "--measured-on", "2025-01-12,2025-04-02")
    sentence = "2 April 2025 bukan di bulan yang ditanyakan berkas ini: Januari, Februari, Maret."
    with pytest.raises(CommandError, match=sentence) as caught:
        run(FILE, *options)
    assert caught.value.returncode == 2
    whole = tmp_path / "semua.csv"
    whole.write_bytes(csv_lines([*WHO, "Tanggal Ukur", "BB"], [*SITI, "2025-01-09", "9.1"]))
    with pytest.raises(CommandError, match="12 Januari 2025 bukan di bulan yang ditanyakan berkas ini: -"):
        run(whole, *options)
    assert stored() == []
