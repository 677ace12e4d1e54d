"""Which dates a row is read with, or why not: a table of cases, each worked out by hand.

The birth is given as written, the visit is on 12 June 2024 where a case does not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from registry.growth.cells.dates import Order, Orders
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows, preview
from registry.imports.report import Report
from registry.models import BirthDateBasis, Child, User
from tests.imports.files import HEADER, csv_file, row, sample, sheet_bytes

pytestmark = pytest.mark.django_db

Line = Mapping[str, str]
VISIT = "2024-06-12"
NAMES = ("AAKO", "BUKO", "CIKO", "DENU", "EKKO", "FULO")

APRIL = "2 Tahun - 2 Bulan - 7 Hari"  # on 12 June 2024, of who was born on 5 April 2022
MAY = "2 Tahun - 1 Bulan - 8 Hari"  # and on 4 May
ASKED = "date_order"
AGAINST = "date_against_column"
MISTYPED = "year_mistyped"


def nik(born: str) -> str:
    """Return the NIK of a girl born that ISO day."""
    day = date.fromisoformat(born)
    return f"330102{day.day + 40}{day:%m%y}0001"


def line(born: str, visit: str = VISIT, *, age: str = "", of: str = "") -> Line:
    """Return a line with that age and the NIK ``of`` who was born then."""
    return {
        "Tgl Lahir": born,
        "Tanggal Pengukuran": visit,
        "Usia Saat Ukur": age,
        "NIK": nik(of) if of else "",
    }


def file_of(lines: Sequence[Line]) -> bytes:
    return csv_file(*({**row(), "Nama": name, **one} for name, one in zip(NAMES, lines, strict=False)))


def outcomes(report: Report, *, visits: bool = False) -> list[str]:
    """Return the birth or the day measured of each row that is taken, and the code of any other."""
    return [f"{r.measured_on if visits else r.born}" if r.enrols else r.code for r in report.rows]


BIRTHS: Mapping[str, tuple[Sequence[Line], Sequence[str]]] = {
    # --- text and its proofs
    "nothing proves": ([line("04/05/2022"), line("06/07/2022")], [ASKED, ASKED]),
    "both orders are one day": ([line("05/05/2022")], ["2022-05-05"]),
    "a day above 12 proves": ([line("03/14/2022"), line("04/05/2022")], ["2022-03-14", "2022-04-05"]),
    "a NIK proves": ([line("04/05/2022", of="2022-05-04"), line("06/07/2022")], ["2022-05-04", "2022-07-06"]),
    "29 February with the day first": (
        [line("29/02/2020"), line("04/05/2022")],
        ["2020-02-29", "2022-05-04"],
    ),
    "29 February with the month first": (
        [line("02/29/2020"), line("04/05/2022")],
        ["2020-02-29", "2022-04-05"],
    ),
    "29 February of no leap year": ([line("29/02/2022")], ["birth_date_unreadable"]),
    "an age to the day proves": (
        [line("04/05/2022", age=MAY), line("06/07/2022")],
        ["2022-05-04", "2022-07-06"],
    ),
    "an age in years and months proves": (
        [line("04/05/2022", age="2 Tahun - 1 Bulan"), line("06/07/2022")],
        ["2022-05-04", "2022-07-06"],
    ),
    "an age in months proves": (
        [line("04/05/2022", age="25 bln"), line("06/07/2022")],
        ["2022-05-04", "2022-07-06"],
    ),
    "a bare number of months proves": (
        [line("04/05/2022", age="26"), line("06/07/2022")],
        ["2022-04-05", "2022-06-07"],
    ),
    "a bare number that may be years proves nothing": ([line("04/05/2022", age="2")], [ASKED]),
    "a birth before its visit proves nothing": ([line("2024-05-10", "06/05/2024")], [ASKED]),
    "nor do two": ([line("2024-05-10", "06/05/2024"), line("2024-05-12", "06/05/2024")], [ASKED] * 2),
    # --- what contradicts
    "one NIK against one day above 12: no order": (
        [line("25/03/2022"), line("04/08/2022", of="2022-04-08"), line("05/07/2022")],
        ["2022-03-25", "2022-04-08", ASKED],
    ),
    "one NIK against two days above 12 is asked about": (
        [line("25/03/2022"), line("26/04/2022"), line("04/08/2022", of="2022-04-08"), line("05/07/2022")],
        ["2022-03-25", "2022-04-26", AGAINST, "2022-07-05"],
    ),
    "and so are a NIK and an age": (
        [line("25/03/2022"), line("26/04/2022"), line("04/05/2022", of="2022-04-05", age=APRIL)],
        ["2022-03-25", "2022-04-26", AGAINST],
    ),
    "and one of three NIK": (
        [
            *(line("04/05/2022", of="2022-05-04"), line("06/07/2022", of="2022-07-06")),
            *(line("08/09/2022", of="2022-08-09"), line("10/11/2022")),
        ],
        ["2022-05-04", "2022-07-06", AGAINST, "2022-11-10"],
    ),
    "two against two: no order": (
        [
            *(line("25/03/2022"), line("26/03/2022"), line("04/08/2022", of="2022-04-08")),
            *(line("06/07/2022", of="2022-06-07"), line("08/09/2022")),
        ],
        ["2022-03-25", "2022-03-26", "2022-04-08", "2022-06-07", ASKED],
    ),
    "days above 12 in both orders": (
        [line("25/03/2022"), line("03/26/2022"), line("04/05/2022")],
        ["2022-03-25", "2022-03-26", ASKED],
    ),
    "the NIK of another child says nothing": (
        [line("04/05/2022", of="2021-11-30"), line("25/03/2022")],
        ["2022-05-04", "2022-03-25"],
    ),
    "beside it an age reads its own row alone": (
        [line("04/05/2022", of="2021-11-30", age=MAY), line("06/07/2022")],
        ["2022-05-04", ASKED],
    ),
    "a NIK and an age of different readings": ([line("04/05/2022", of="2022-05-04", age=APRIL)], [ASKED]),
    "ages that count the running month say nothing": (
        [line("2022-03-20", age="27 bulan"), line("04/05/2022", age="26 bulan")],
        ["2022-03-20", ASKED],
    ),
    "ages of another day say nothing": (
        [
            *(line("2022-03-14", age="30 bulan"), line("2022-04-15", age="29 bulan")),
            line("04/05/2022", age="26 bulan"),
        ],
        ["2022-03-14", "2022-04-15", ASKED],
    ),
    # --- stored dates
    "a date of a program is itself": ([line("2022-05-04"), line("44685")], ["2022-05-04", "2022-05-04"]),
    "one NIK says turned, one says it stands": (
        [line("2022-05-04", of="2022-04-05"), line("2022-06-11", of="2022-06-11"), line("2022-02-10")],
        [AGAINST, "2022-06-11", "2022-02-10"],
    ),
    "a day above 12 was not turned": (
        [line("44685", of="2022-04-05"), line("2022-03-14")],
        [AGAINST, "2022-03-14"],
    ),
    "with the time of day": (
        [line("2022-05-04 00:00:00", of="2022-04-05"), line("2022-03-14")],
        [AGAINST, "2022-03-14"],
    ),
    "alone in its file": ([line("2022-05-04", of="2022-04-05")], [AGAINST]),
    "two NIK say turned, none that it stands": (
        [line("2022-05-04", of="2022-04-05"), line("2022-06-11", of="2022-11-06"), line("2022-02-10")],
        ["2022-04-05", "2022-11-06", "2022-10-02"],
    ),
    "one NIK says turned, nothing else says anything": (
        [line("2022-05-04", of="2022-04-05"), line("2022-06-11")],
        [ASKED, ASKED],
    ),
    "a NIK says turned and the age that it stands": (
        [line("2022-05-04", of="2022-04-05", age=MAY), line("2022-03-14")],
        ["2022-05-04", "2022-03-14"],
    ),
    "beside text of one order": (
        [line("25/03/2022"), line("2022-04-08"), line("2022-02-09")],
        ["2022-03-25", ASKED, ASKED],
    ),
    "beside text of one order, one proven turned": (
        [line("25/03/2022"), line("2022-04-08", of="2022-08-04"), line("2022-02-09")],
        ["2022-03-25", "2022-08-04", "2022-09-02"],
    ),
    "beside text and a day above 12": (
        [line("25/03/2022"), line("2022-04-08"), line("2022-06-17")],
        ["2022-03-25", "2022-04-08", "2022-06-17"],
    ),
    "an estimate says nothing of the visit": (  # on 6 May 25 months from 15 March, on 5 June 26
        [line("Maret 2022", "2024-05-06", age="2 Tahun 2 Bulan"), line("2022-04-05", age=APRIL)],
        ["2022-03-15", "2022-04-05"],
    ),
    # --- a visit before the birth, and a mistyped year
    "a visit before the birth": (
        [line("17/06/2022", "20/06/2024"), line("12/05/2023", "11/05/2023", of="2023-05-12")],
        ["2022-06-17", "before_birth"],
    ),
    "the year of birth is mistyped": (
        [line("2022-04-05", age=APRIL), line("2020-05-04", age=MAY)],
        ["2022-04-05", MISTYPED],
    ),
    "the year of the visit is mistyped": (
        [line("2022-04-05", age=APRIL), line("2022-05-04", "2025-06-12", age="2 Tahun 1 Bulan")],
        ["2022-04-05", MISTYPED],
    ),
    "the visit of a mistyped year is before the birth": (
        [line("2022-04-05", age=APRIL), line("2022-05-04", "2021-06-12", age=MAY)],
        ["2022-04-05", MISTYPED],
    ),
    "born on 29 February, the year is mistyped": (
        [line("2022-04-05", age=APRIL), line("2020-02-29", "2022-05-30", age="1 Tahun 3 Bulan 1 Hari")],
        ["2022-04-05", MISTYPED],
    ),
    "NIK and age say another year than the birth": (
        [line("2021-05-04", of="2022-05-04", age=MAY)],
        [MISTYPED],
    ),
    "the NIK says another year and the age does not": (
        [line("2022-05-04", of="2021-05-04", age=MAY)],
        ["2022-05-04"],
    ),
    "eleven months are no year": (
        [line("2022-04-05", age=APRIL), line("2021-06-04", age=MAY)],
        ["2022-04-05", "2021-06-04"],
    ),
    "most ages are of another day": (
        [line("2022-04-05", age="9 bulan"), line("2020-05-04", age=MAY)],
        ["2022-04-05", "2020-05-04"],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), BIRTHS.values(), ids=BIRTHS.keys())
def test_the_birth_of_each_row(officer: User, lines: Sequence[Line], expected: Sequence[str]) -> None:
    assert outcomes(preview(file_of(lines), officer)) == expected


VISITS: Mapping[str, tuple[Sequence[Line], Sequence[str]]] = {
    "an age proves": (
        [line("2022-04-05", "06/12/2024", age=APRIL), line("2022-03-14", "06/11/2024")],
        ["2024-06-12", "2024-06-11"],
    ),
    "against two days above 12": (
        [
            *(line("2022-03-14", "25/06/2024"), line("2022-03-14", "26/06/2024")),
            *(line("2022-04-05", "06/12/2024", age=APRIL), line("2022-03-14", "06/11/2024")),
        ],
        ["2024-06-25", "2024-06-26", AGAINST, "2024-11-06"],
    ),
    "an age in months says that a stored day was turned": (
        [line("2022-03-14", "2024-12-06", age="2 Tahun - 2 Bulan"), line("2022-03-15", "2024-06-20")],
        [AGAINST, "2024-06-20"],
    ),
    "two ages to the day say so": (
        [line("2022-04-05", "2024-12-06", age=APRIL), line("2022-05-04", "2024-12-06", age=MAY)],
        ["2024-06-12", "2024-06-12"],
    ),
    "two ages in months are of another day in many a file": (
        [line("2022-03-14", "2024-12-06", age="26 bulan"), line("2022-04-20", "2024-12-06", age="25 bulan")],
        [ASKED, ASKED],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), VISITS.values(), ids=VISITS.keys())
def test_the_visit_of_each_row(officer: User, lines: Sequence[Line], expected: Sequence[str]) -> None:
    assert outcomes(preview(file_of(lines), officer), visits=True) == expected


def test_visits_before_the_birth_are_refused_and_never_read_in_the_other_order(officer: User) -> None:
    report = preview(sample("13"), officer)
    assert outcomes(report) == ["2023-06-17", "2023-06-18", "before_birth", "before_birth"]
    assert outcomes(report, visits=True)[:2] == ["2025-08-20", "2025-08-20"]


def test_one_row_with_the_month_first_turns_no_other(officer: User) -> None:
    import_rows(sample("14"), officer)
    born = Child.objects.order_by("pk").values_list("name", "birth_date")
    assert dict(born) == {
        "UJI URUTAN SATU": date(2025, 2, 5),
        "UJI URUTAN DUA": date(2025, 2, 25),
        "UJI URUTAN TIGA": date(2025, 2, 5),
        "UJI URUTAN EMPAT": date(2025, 2, 5),
    }


def test_a_row_against_its_column_is_told_what_the_cell_and_its_evidence_say(officer: User) -> None:
    lines = [line("25/03/2022"), line("26/04/2022"), line("04/08/2022", of="2022-04-08")]
    answer = preview(file_of(lines), officer).rows[2]
    assert (answer.outcome, answer.notes) == ("ask", ())
    assert answer.sentence == (
        "Tanggal lahir “04/08/2022” berarti 4 Agustus 2022 seperti kolomnya, tetapi menurut NIK atau "
        "umurnya 8 April 2022. Betulkan yang salah di berkas asal, atau lewati baris ini."
    )


def test_an_answer_reads_the_rows_that_nothing_speaks_against(officer: User) -> None:
    lines = [line("04/05/2022"), line("06/07/2022", of="2022-06-07"), line("08/09/2022", of="2021-01-30")]
    answers = ImportAnswers(orders=Orders(Order.DAY_FIRST, None))
    assert outcomes(preview(file_of(lines), officer, answers=answers)) == [
        "2022-05-04",
        AGAINST,
        "2022-09-08",
    ]


def test_a_mistyped_year_is_told_with_both_dates_and_the_age(officer: User) -> None:
    lines = [line("2022-04-05", age=APRIL), line("2020-05-04", age=MAY)]
    answer = preview(file_of(lines), officer).rows[1]
    assert (answer.outcome, answer.sentence) == (
        "refused",
        "Umur di berkas (2 Tahun - 1 Bulan - 8 Hari) berbeda 2 tahun dari tanggalnya: lahir 4 Mei 2020, "
        "diukur 12 Juni 2024. Betulkan tahun yang salah ketik di berkas asal.",
    )


@pytest.mark.parametrize(
    ("age", "notes"),
    [
        ("2 Tahun - 2 Bulan - 10 Hari", []),  # three days more than on 12 June
        ("2 Tahun - 2 Bulan - 4 Hari", []),
        ("2 Tahun - 2 Bulan - 11 Hari", ["age_differs"]),
        ("25 bulan", ["age_differs"]),  # until 4 May and 7 days more
        ("25", []),  # a bare number is often that of the day of the export
    ],
)
def test_an_age_that_differs_by_up_to_three_days_is_not_noted(
    officer: User, age: str, notes: Sequence[str]
) -> None:
    [answer] = preview(file_of([line("2022-04-05", age=age)]), officer).rows
    assert [note.code for note in answer.notes] == notes


def with_ages(*ages: tuple[str, str], born: str, heading: Sequence[str]) -> bytes:
    """Return a list whose age stands in columns of its own."""
    header = [*(name for name in HEADER if name != "Usia Saat Ukur"), *heading]
    lines = [{**row(), "Nama": name, "Tgl Lahir": born} for name in NAMES]
    return sheet_bytes(
        [
            header,
            *(
                [one.get(name, "") for name in header[:-2]] + list(age)
                for one, age in zip(lines, ages, strict=False)
            ),
        ]
    )


@pytest.mark.parametrize("heading", [("umur_tahun", "umur_bulan"), ("Usia (thn)", "Usia (bln)")])
@pytest.mark.parametrize("age", [("2", "1"), ("2", "25")])
def test_an_age_in_a_column_of_years_and_one_of_months_proves_an_order(
    officer: User, heading: Sequence[str], age: tuple[str, str]
) -> None:
    report = preview(with_ages(age, ("", ""), born="04/05/2022", heading=heading), officer)
    assert outcomes(report) == ["2022-05-04", "2022-05-04"]
    assert report.columns_not_read == ()


@pytest.mark.parametrize("age", [("2", ""), ("", "25"), ("1", "25")])
def test_columns_of_years_and_months_that_do_not_say_both_say_nothing(
    officer: User, age: tuple[str, str]
) -> None:
    content = with_ages(age, born="04/05/2022", heading=("umur_tahun", "umur_bulan"))
    assert outcomes(preview(content, officer)) == [ASKED]


def test_without_a_birth_date_the_two_columns_make_an_estimate(officer: User) -> None:
    """On 12 June 2024, 25 months: born from 13 April to 12 May 2022."""
    content = with_ages(("2", "1"), born="", heading=("umur_tahun", "umur_bulan"))
    import_rows(content, officer)
    child = Child.objects.get()
    assert (child.birth_date, child.birth_date_basis) == (date(2022, 4, 27), BirthDateBasis.AGE)
