"""Whole files whose dates nothing in their own column explains: the rows tell, or somebody is asked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import pytest
import xlsxwriter

from registry.growth.cells.dates import Order, Orders
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows, preview
from registry.imports.report import QuestionKind
from registry.models import Child, Measurement, User
from tests.imports.files import HEADER, csv_file, row

pytestmark = pytest.mark.django_db

NAMES = ("AAKO", "BUKO", "CIKO", "DENU", "EKKO", "FULO", "GADA", "HIMA")


def girls(born: Sequence[object], niks: Sequence[str] = (), **same: str) -> list[dict[str, object]]:
    """A line for each birth date."""
    return [
        {**row(**same), "Nama": name, "Tgl Lahir": day, "NIK": nik}
        for name, day, nik in zip(NAMES, born, (*niks, *[""] * len(born)), strict=False)
    ]


def nik(born: str) -> str:
    """Of a girl born that ISO day."""
    day = date.fromisoformat(born)
    return f"330102{day.day + 40}{day:%m%y}0001"


def sheet(lines: Sequence[dict[str, object]]) -> bytes:
    """With true dates as Excel keeps them."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADER)
    for r, line in enumerate(lines, 1):
        for c, name in enumerate(HEADER):
            value = line.get(name, "")
            if isinstance(value, date):
                page.write_datetime(r, c, value)
            else:
                page.write(r, c, value)
    book.close()
    return content.getvalue()


def text(lines: Sequence[dict[str, object]]) -> bytes:
    return csv_file(*({name: str(value) for name, value in line.items()} for line in lines))


def births() -> list[str]:
    return [f"{child.birth_date}" for child in Child.objects.order_by("name")]


# --- One wrong birth date ---------------------------------------------------------------------------------

OPEN_DAY = {"Tanggal_Pengukuran": "06/05/2024"}
OLD = ["2022-03-14", "2022-01-20", "2023-01-20", "2021-11-20"]


@pytest.mark.parametrize(
    ("born", "said", "age"),
    [
        ("2024-05-10", nik("2024-04-10"), ""),  # its NIK says it is older
        ("2024-05-10", "", "0 Tahun - 1 Bulan - 26 Hari"),  # and so does its age
        ("2024-05-10", "", ""),  # nothing says that it is right
    ],
)
def test_one_row_whose_birth_date_may_be_wrong_decides_no_column(
    officer: User, born: str, said: str, age: str
) -> None:
    lines = girls([*OLD, born], ["", "", "", "", said], **OPEN_DAY)
    lines[4] |= {"Usia Saat Ukur": age, "Berat": "4.2", "Tinggi": "54"}
    report = preview(text(lines), officer)
    assert [r.code for r in report.rows[:4]] == ["date_order"] * 4
    assert [q.asks for q in report.questions] == [QuestionKind.MEASURED_ORDER]


def test_a_row_whose_own_nik_speaks_against_it_is_asked_about_too(officer: User) -> None:
    lines = girls(["2024-05-10"], [nik("2024-04-10")], **OPEN_DAY)
    assert [r.code for r in preview(text(lines), officer).rows] == ["date_order"]


def test_births_between_the_two_readings_decide_nothing(officer: User) -> None:
    """That a visit is after the birth may as well say that a birth date is wrong."""
    small = {"Berat": "4.2", "Tinggi": "54", "Cara Ukur": "Terlentang"}
    two = girls([*OLD, "2024-05-10", "2024-05-12"], **OPEN_DAY)
    confirmed = girls([*OLD, "2024-05-10"], ["", "", "", "", nik("2024-05-10")], **OPEN_DAY)
    for lines in (two, confirmed):
        for line in lines[4:]:
            line |= small
        assert {r.code for r in preview(text(lines), officer).rows} == {"date_order"}


def test_a_birth_after_its_measurement_bends_no_day_of_a_proven_column(officer: User) -> None:
    """Born on 10 May, measured on 6 May in a column with the month first: the birth date is wrong."""
    lines = girls(["2022-03-14", "2024-05-10"], **OPEN_DAY)
    lines[0]["Tanggal Pengukuran"] = "06/25/2024"
    lines[1]["Tanggal Pengukuran"] = "05/06/2024"
    [right, wrong] = preview(text(lines), officer).rows
    assert right.code == "new_child"
    assert (wrong.outcome, wrong.notes) == ("refused", ())


# --- Turned without a sign in the column ------------------------------------------------------------------

TURNED = ["2022-05-04", "2022-07-07", "2022-06-11", "2022-02-10"]
RIGHT = ["2022-04-05", "2022-07-07", "2022-11-06", "2022-10-02"]


@pytest.mark.parametrize("true", [True, False])
def test_birth_dates_that_every_nik_says_are_turned_are_turned_back_and_told(
    officer: User, true: bool
) -> None:
    lines = girls([date.fromisoformat(day) if true else day for day in TURNED], list(map(nik, RIGHT)))
    report = import_rows((sheet if true else text)(lines), officer)
    assert births() == RIGHT
    assert [[n.code for n in r.notes if n.repaired] for r in report.rows] == [
        ["date_turned"],
        [],
        ["date_turned"],
        ["date_turned"],
    ]
    assert report.rows[0].notes[0].sentence == (
        "Tanggal 2022-05-04 di berkas tertukar hari dan bulannya; dibaca 2022-04-05."
    )


def test_and_so_are_those_of_the_rows_without_a_nik(officer: User) -> None:
    niks = [nik(RIGHT[0]), "", nik(RIGHT[2]), ""]
    report = import_rows(text(girls(TURNED, niks)), officer)
    assert births() == RIGHT
    assert [n.code for n in report.rows[3].notes] == ["date_turned"]


@pytest.mark.parametrize(("day", "right"), [("14/03/2022", "2022-03-14"), ("03/14/2022", "2022-03-14")])
def test_iso_dates_beside_text_are_turned_back_as_their_niks_say(officer: User, day: str, right: str) -> None:
    lines = girls([day, "2022-05-04", "2022-08-07"], [nik(right), nik("2022-04-05"), nik("2022-07-08")])
    import_rows(text(lines), officer)
    assert births() == [right, "2022-04-05", "2022-07-08"]


def test_one_nik_is_no_proof_for_a_column_and_asked_about(officer: User) -> None:
    lines = girls(TURNED, [nik(RIGHT[0])])
    report = preview(text(lines), officer)
    assert [r.code for r in report.rows] == ["date_order", "new_child", "date_order", "date_order"]
    assert report.rows[0].sentence == (
        "Hari dan bulan tanggal 2022-05-04 mungkin tertukar, dan tidak ada yang memastikannya. Pilih "
        "urutan kolomnya, atau betulkan di berkas asal."
    )
    [question] = report.questions
    assert (question.asks, question.day_first, question.month_first) == (
        QuestionKind.BORN_ORDER,
        date(2022, 4, 5),
        date(2022, 5, 4),
    )


@pytest.mark.parametrize(
    ("answer", "codes", "born"),
    [
        (Order.DAY_FIRST, ["new_child"] * 4, RIGHT),
        (Order.MONTH_FIRST, ["date_against_column", *["new_child"] * 3], TURNED[1:]),
    ],
)
def test_the_answer_reads_them_but_where_the_nik_speaks_against_it(
    officer: User, answer: Order, codes: list[str], born: list[str]
) -> None:
    answers = ImportAnswers(orders=Orders(answer, None))
    report = import_rows(text(girls(TURNED, [nik(RIGHT[0])])), officer, answers=answers)
    assert [r.code for r in report.rows] == codes
    assert births() == born


def test_niks_that_differ_turn_nothing_where_as_many_speak_against_it(officer: User) -> None:
    """Two NIKs are swapped, one is right, and 14 March was never turned: somebody says what is wrong."""
    born = ["2022-05-04", "2022-06-11", "2022-02-10", "2022-03-14"]
    niks = [nik("2022-04-05"), nik("2022-11-06"), nik("2022-02-10"), ""]
    report = import_rows(text(girls(born, niks)), officer)
    assert births() == born[2:]
    assert [r.code for r in report.rows] == [*["date_against_column"] * 2, *["new_child"] * 2]


def test_a_row_alone_is_asked_about(officer: User) -> None:
    report = import_rows(text(girls(["2022-05-04"], [nik("2022-04-05")])), officer)
    assert births() == []
    assert [(r.outcome, r.code) for r in report.rows] == [("ask", "date_against_column")]


def test_where_some_rows_speak_against_it_the_silent_ones_are_asked_about(officer: User) -> None:
    born = ["2022-05-04", "2022-06-11", "2022-02-10", "2022-08-09"]
    niks = [nik("2022-04-05"), nik("2022-11-06"), nik("2022-02-10"), ""]
    report = preview(text(girls(born, niks)), officer)
    assert [r.code for r in report.rows] == ["new_child", "new_child", "new_child", "date_order"]


BORN = ["2022-03-14", "2022-03-15", "2022-04-20"]
AGES = ["2 Tahun - 2 Bulan - 29 Hari", "2 Thn 2 Bln 28 Hr", "2 tahun, 1 bulan, 23 hari"]


@pytest.mark.parametrize("true", [True, False])
def test_days_measured_that_every_age_says_are_turned_are_turned_back_and_told(
    officer: User, true: bool
) -> None:
    lines = girls(BORN)
    for line, age in zip(lines, AGES, strict=True):
        line |= {"Usia Saat Ukur": age, "Tanggal Pengukuran": date(2024, 12, 6) if true else "2024-12-06"}
    report = import_rows((sheet if true else text)(lines), officer)
    assert {m.measured_on for m in Measurement.objects.all()} == {date(2024, 6, 12)}
    assert [[n.code for n in r.notes if n.repaired] for r in report.rows] == [["date_turned"]] * 3


@pytest.mark.parametrize(
    "ages", [["26 bulan", "26 bln", "25"], ["2 tahun 2 bulan", "2 th 2 bl", "2 thn 1 bln"]]
)
def test_ages_in_months_turn_nothing_and_are_asked_about(officer: User, ages: list[str]) -> None:
    """In many files the age in months is that of the day of the export."""
    lines = girls(BORN, Tanggal_Pengukuran="2024-12-06")
    for line, age in zip(lines, ages, strict=True):
        line["Usia Saat Ukur"] = age
    assert [r.code for r in preview(text(lines), officer).rows] == ["date_order"] * 3


def test_ages_that_fit_the_days_as_they_stand_ask_nothing(officer: User) -> None:
    lines = girls(BORN, Tanggal_Pengukuran="2024-12-06")
    for line, age in zip(lines, ["32 bulan", "32", "2 tahun 7 bulan"], strict=True):
        line["Usia Saat Ukur"] = age
    assert {r.code for r in preview(text(lines), officer).rows} == {"new_child"}


@pytest.mark.parametrize("more", [1, -1])
def test_months_that_run_say_nothing_of_turned_dates(officer: User, more: int) -> None:
    """Born on 4 May and 3 May, in the 26th and 14th month: completed months of the dates turned."""
    born = ["2022-05-04", "2023-05-03", "2022-06-05", "2022-03-14"]
    completed = [25, 13, 24, 26]
    lines = girls(born, Tanggal_Pengukuran="2024-06-12")
    for line, months in zip(lines, completed, strict=True):
        line["Usia Saat Ukur"] = f"{months + more}"
    import_rows(text(lines), officer)
    assert births() == born


# --- Half turned ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("general", [True, False])
def test_each_date_that_is_turned_back_is_told(officer: User, general: bool) -> None:
    """A true date, or the number that Excel keeps of it in a column without a format."""
    first, second = (44685, 44750) if general else (date(2022, 5, 4), date(2022, 7, 8))
    born = ["14/03/2022", first, second, "20/06/2022"]
    report = import_rows(sheet(girls(born, ["", nik("2022-04-05")])), officer)
    assert births() == ["2022-03-14", "2022-04-05", "2022-08-07", "2022-06-20"]
    assert [[n.sentence for n in r.notes if n.repaired] for r in report.rows] == [
        [],
        ["Tanggal 2022-05-04 di berkas tertukar hari dan bulannya; dibaca 2022-04-05."],
        ["Tanggal 2022-07-08 di berkas tertukar hari dan bulannya; dibaca 2022-08-07."],
        [],
    ]


def test_one_nik_bends_no_column_that_days_above_twelve_prove(officer: User) -> None:
    """The NIK of the last says 8 April; nobody else is asked because of it."""
    born = ["25/03/2022", "26/04/2022", "04/08/2022", "05/07/2022"]
    report = import_rows(text(girls(born, ["", "", nik("2022-04-08")])), officer)
    assert births() == ["2022-03-25", "2022-04-26", "2022-07-05"]
    assert [r.code for r in report.rows] == ["new_child", "new_child", "date_against_column", "new_child"]
    assert [q.asks for q in report.questions] == []


TEXT_AND_TRUE = ["25/03/2022", "30/01/2022", date(2022, 4, 8), date(2022, 2, 9)]


def measured_then(born: Sequence[object], day: object, niks: Sequence[str] = ()) -> bytes:
    return sheet([line | {"Tanggal Pengukuran": day} for line in girls(born, niks)])


def test_a_program_that_turned_one_column_may_have_turned_the_other(officer: User) -> None:
    niks = ["", "", nik("2022-08-04"), nik("2022-09-02")]
    report = preview(measured_then(TEXT_AND_TRUE, date(2024, 5, 6), niks), officer)
    assert [r.code for r in report.rows] == ["date_order"] * 4
    [question] = report.questions
    assert (question.asks, question.day_first, question.month_first) == (
        QuestionKind.MEASURED_ORDER,
        date(2024, 6, 5),
        date(2024, 5, 6),
    )


def test_and_the_answer_reads_it(officer: User) -> None:
    niks = ["", "", nik("2022-08-04"), nik("2022-09-02")]
    content = measured_then(TEXT_AND_TRUE, date(2024, 5, 6), niks)
    import_rows(content, officer, answers=ImportAnswers(orders=Orders(None, Order.DAY_FIRST)))
    assert {m.measured_on for m in Measurement.objects.all()} == {date(2024, 6, 5)}
    assert births() == ["2022-03-25", "2022-01-30", "2022-08-04", "2022-09-02"]


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (TEXT_AND_TRUE, date(2024, 5, 20)),  # no program of that order makes such a date
        (TEXT_AND_TRUE, "2024-05-06"),
        ([*TEXT_AND_TRUE[2:], "2022-03-25"], date(2024, 5, 6)),  # text that every program reads
        ([*TEXT_AND_TRUE[2:], date(2022, 3, 25)], date(2024, 5, 6)),
    ],
)
def test_but_not_where_nothing_shows_it(officer: User, born: Sequence[object], day: object) -> None:
    report = preview(measured_then(born, day), officer)
    assert QuestionKind.MEASURED_ORDER not in [q.asks for q in report.questions]


HALF = ["2022-03-25", "2022-01-30", "2022-06-17", "2022-04-08", "2022-02-09"]
HALF_RIGHT = ["2022-03-25", "2022-01-30", "2022-06-17", "2022-08-04", "2022-09-02"]
HALF_AGES = [
    "2 Tahun - 2 Bulan - 20 Hari",
    "2 Tahun - 4 Bulan - 15 Hari",
    "1 Tahun - 11 Bulan - 28 Hari",
    "1 Tahun - 10 Bulan - 10 Hari",
    "1 Tahun - 9 Bulan - 12 Hari",
]


@pytest.mark.parametrize("ages", [HALF_AGES, [""] * 5])
@pytest.mark.parametrize("rows", [[0, 1, 2, 3, 4], [0, 3], [3]])
def test_a_row_with_proofs_against_its_column_is_asked_about(
    officer: User, rows: list[int], ages: list[str]
) -> None:
    lines = girls(HALF, list(map(nik, HALF_RIGHT)), Tanggal_Pengukuran="2024-06-14")
    for line, age in zip(lines, ages, strict=True):
        line["Usia Saat Ukur"] = age
    report = import_rows(text([lines[i] for i in rows]), officer)
    assert births() == [HALF[i] for i in rows if HALF[i] == HALF_RIGHT[i]]
    assert [r.code for r in report.rows] == [
        "new_child" if HALF[i] == HALF_RIGHT[i] else "date_against_column" for i in rows
    ]


# --- Years of two digits ----------------------------------------------------------------------------------


def both(born: str, measured: str, said: str = "", age: str = "") -> dict[str, object]:
    [line] = girls([born], [said], Tanggal_Pengukuran=measured, Usia_Saat_Ukur=age)
    return line


def test_a_year_of_two_digits_in_front_is_never_taken_for_a_day(officer: User) -> None:
    for born, measured in (("22-03-08", "24-06-12"), ("22-03-24", "2024-06-12"), ("2022-04-20", "22-06-24")):
        [answer] = preview(text([both(born, measured)]), officer).rows
        assert (answer.outcome, answer.code) == ("refused", "year_order")
        assert f"“{measured if born.startswith('2022') else born}”" in answer.sentence


def test_the_nik_or_the_age_of_the_row_proves_where_its_year_stands(officer: User) -> None:
    by_nik = both("22-03-08", "2024-06-12", nik("2022-03-08"))
    by_age = both("2022-03-14", "24-06-12", age="2 Tahun - 2 Bulan - 29 Hari")
    born_later = both("2022-03-15", "24-06-12")
    lines = [by_nik, by_age | {"Nama": "BUKO"}, born_later | {"Nama": "CIKO"}]
    import_rows(text(lines), officer)
    assert births() == ["2022-03-08", "2022-03-14", "2022-03-15"]
    assert {m.measured_on for m in Measurement.objects.all()} == {date(2024, 6, 12)}


def test_days_that_no_year_can_be_prove_the_years_of_their_column(officer: User) -> None:
    """In 22-03-31 and 22-04-08 the last two digits are of no child's year."""
    import_rows(text(girls(["22-03-31", "22-04-08", "22-03-24"])), officer)
    assert births() == ["2022-03-31", "2022-04-08", "2022-03-24"]


@pytest.mark.parametrize(
    "born", [["08-03-22", "22-03-24", "30-04-22"], ["08/03/22", "22/03/24", "30/04/22"], ["22/03/24"]]
)
def test_a_year_of_two_digits_behind_is_read_as_ever(officer: User, born: list[str]) -> None:
    import_rows(text(girls(born)), officer)
    assert births() == [f"20{day[6:]}-{day[3:5]}-{day[:2]}" for day in born]


# --- Dates with more around them --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Rabu, 12 Juni 2024", "2024-06-12"),
        ("12 Juni 2024 07:30", "2024-06-12"),
        ("2024-06-12T07:30:00+07:00", "2024-06-12"),
        ("2024-06-11T17:00:00Z", "2024-06-12"),  # midnight here, as programs that count in London write it
        ("2024-06-11T17:00:00.000Z", "2024-06-12"),
    ],
)
def test_a_time_or_the_day_of_the_week_beside_a_date_is_no_hindrance(
    officer: User, written: str, day: str
) -> None:
    import_rows(text(girls(["2022-03-14"], Tanggal_Pengukuran=written)), officer)
    assert f"{Measurement.objects.get().measured_on}" == day
