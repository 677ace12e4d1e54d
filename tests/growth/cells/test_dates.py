"""A date is read in one order only when something proves it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine

from registry.growth.cells.ages import WrittenAge, age_of, day_of_age, days_off, fits_age
from registry.growth.cells.date_evidence import (
    DatesAgainstColumn,
    DecidedDates,
    RowDates,
    RowEvidence,
    decide_dates,
    open_beside_text,
    orders_of,
)
from registry.growth.cells.dates import Order, Orders, WrittenDate, written_column, written_date
from registry.growth.cells.text import Cell

NO_ORDER = Orders(None, None)


def dated(born: Cell, measured: Cell, age: str = "", nik: str = "") -> RowDates:
    first, second = written_date(born), written_date(measured)
    assert first is not None
    assert second is not None
    return RowDates(first, second, RowEvidence(nik, age_of(age)))


@pytest.mark.parametrize(
    "cell",
    ["2024-06-12", "2024-06-12\u00a0", "2024/6/12", "2024-06-12 00:00:00", 45455, 45455.0, "45455",
     datetime.fromisoformat("2024-06-12T07:30"), date(2024, 6, 12), "12 Juni 2024", "12-Jun-24",
     "'2024-06-12", "'45455"],
)  # fmt: skip
def test_a_sure_date_has_one_meaning(cell: Cell) -> None:
    written = written_date(cell)
    assert written is not None
    assert written.meanings == (date(2024, 6, 12),)
    assert written.forces is None


def test_a_date_with_slashes_has_two_meanings() -> None:
    assert written_date("6/12/2024") == WrittenDate(date(2024, 12, 6), date(2024, 6, 12))


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("14/3/2022", Order.DAY_FIRST),
        ("'14/3/2022", Order.DAY_FIRST),
        ("3/14/2022", Order.MONTH_FIRST),
        ("3/4/2022", None),
    ],
)
def test_a_day_above_twelve_proves_the_order(cell: str, order: Order | None) -> None:
    written = written_date(cell)
    assert written is not None
    assert written.forces is order


def test_a_year_of_two_digits_may_come_first_as_soon_as_it_has_begun() -> None:
    """In a worker that has met the text before New Year, too."""
    with time_machine.travel("2026-12-31T16:59:00Z"):  # 23:59 in Cilacap
        assert written_date("27-01-03") == WrittenDate(date(2003, 1, 27), None)
        with pytest.raises(ValueError, match="30-02-27"):
            written_date("30-02-27")
    with time_machine.travel("2026-12-31T17:00:00Z"):
        assert written_date("27-01-03") == WrittenDate(date(2003, 1, 27), None, date(2027, 1, 3))


@pytest.mark.parametrize("cell", ["kemarin", "31/31/2024", "2024-02-30", "12", 999999, "12 Foo 2024"])
def test_what_is_no_date_is_an_error(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r".+"):
        written_date(cell)


def test_an_empty_cell_is_no_date_and_no_error() -> None:
    assert written_date(" -\u00a0") is None


def test_the_day_of_an_age_in_words() -> None:
    assert age_of("2 Tahun - 2 Bulan - 29 Hari") == WrittenAge(26, 29)
    assert day_of_age(date(2022, 3, 14), 26, 29) == date(2024, 6, 12)
    assert day_of_age(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert age_of("5 bulan 12 hari") == WrittenAge(5, 12)
    assert age_of("26 bulan") == WrittenAge(26)


def test_past_the_end_of_the_calendar_no_age_fits() -> None:
    assert not fits_age(WrittenAge(26), date(9998, 3, 14), date(2024, 6, 12))


@pytest.mark.parametrize(
    ("age", "days"),
    [
        ("2 Tahun - 2 Bulan - 29 Hari", 0),
        ("2 thn 2 bln 28 hr", 1),
        ("2 thn 3 bln 0 hr", -2),
        ("2 Tahun 2 Bulan", 0),
        ("26 bulan", 0),
        ("25 bln", 30),
        ("27 bulan", -2),
        ("26", 0),
        ("31", -124),  # until 14 October
        ("2", 0),  # years, most likely
        ("2 tahun", 0),
        ("kira-kira dua", 0),
    ],
)
def test_an_age_is_held_against_the_dates(age: str, days: int) -> None:
    """A small number without a word counts years, most likely, and says nothing."""
    read = age_of(age)
    assert (days_off(read, date(2022, 3, 14), date(2024, 6, 12)) if read else 0) == days


def test_an_age_in_months() -> None:
    assert [age_of(age) for age in ("26 bulan", "2 Tahun - 2 Bulan")] == [WrittenAge(26)] * 2
    assert [age_of(age) for age in ("26", "'26", 26.0)] == [WrittenAge(26, in_words=False)] * 3
    assert [age_of(age) for age in ("2 tahun", "821", "5", "99999 bulan", "")] == [None] * 5
    assert fits_age(WrittenAge(26), date(2022, 3, 14), date(2024, 6, 12))
    assert not fits_age(WrittenAge(26), date(2022, 3, 14), date(2024, 12, 6))


def test_one_day_above_twelve_proves_its_whole_column() -> None:
    rows = [dated("3/14/2022", "2024-06-12"), dated("9/1/2023", "2024-06-12")]
    assert orders_of(rows) == Orders(Order.MONTH_FIRST, None)
    assert decide_dates(rows[1], orders_of(rows)) == DecidedDates(date(2023, 9, 1), date(2024, 6, 12))


def test_the_age_in_words_proves_a_column_without_a_day_above_twelve() -> None:
    proven = dated("2022-03-14", "6/12/2024", "2 Tahun - 2 Bulan - 29 Hari")
    silent = dated("2022-03-14", "7/12/2024")
    orders = orders_of([proven, silent])
    assert orders.measured is Order.MONTH_FIRST
    assert decide_dates(silent, orders) == DecidedDates(date(2022, 3, 14), date(2024, 7, 12))


def test_the_nik_proves_a_birth_date() -> None:
    row = dated("1/9/2023", "2024-06-12", nik="3301024109230002")
    assert decide_dates(row, NO_ORDER) == DecidedDates(date(2023, 9, 1), date(2024, 6, 12))


def test_without_any_proof_nothing_is_guessed() -> None:
    rows = [dated("2022-03-14", "6/12/2024"), dated("2022-03-14", "7/12/2024")]
    assert orders_of(rows) == NO_ORDER
    assert decide_dates(rows[0], NO_ORDER) is None


def test_a_date_that_is_the_same_in_both_orders_needs_no_proof() -> None:
    assert decide_dates(dated("5/5/2023", "6/6/2024"), NO_ORDER) == DecidedDates(
        date(2023, 5, 5), date(2024, 6, 6)
    )


def test_a_column_written_in_both_orders_is_read_only_where_a_row_proves_itself() -> None:
    rows = [
        dated("14/3/2022", "2024-06-12"),
        dated("3/15/2022", "2024-06-12"),
        dated("4/5/2022", "2024-06-12"),
        dated("4/5/2022", "2024-06-12", "2 Tahun - 1 Bulan - 8 Hari"),
    ]
    orders = orders_of(rows)
    assert orders.born is None
    assert [decide_dates(row, orders) for row in rows] == [
        DecidedDates(date(2022, 3, 14), date(2024, 6, 12)),
        DecidedDates(date(2022, 3, 15), date(2024, 6, 12)),
        None,
        DecidedDates(date(2022, 5, 4), date(2024, 6, 12)),
    ]


APRIL = "2 Tahun - 2 Bulan - 7 Hari"  # of 5 April, written 4/5/2022 where the month comes first
JUNE = "2 Tahun - 0 Bulan - 5 Hari"  # of 7 June


def test_one_row_against_two_others_is_asked_about_and_leaves_its_column() -> None:
    rows = [
        dated("14/3/2022", "2024-06-12"),
        dated("15/3/2022", "2024-06-12"),
        dated("4/5/2022", "2024-06-12", APRIL),
        dated("6/7/2022", "2024-06-12"),
    ]
    orders = orders_of(rows)
    assert orders.born is Order.DAY_FIRST
    assert decide_dates(rows[2], orders) == DatesAgainstColumn(0, date(2022, 5, 4), date(2022, 4, 5))
    assert decide_dates(rows[3], orders) == DecidedDates(date(2022, 7, 6), date(2024, 6, 12))


def test_one_proof_against_one_leaves_no_order() -> None:
    rows = [
        dated("14/3/2022", "2024-06-12"),
        dated("4/5/2022", "2024-06-12", APRIL),
        dated("6/7/2022", "2024-06-12"),
    ]
    orders = orders_of(rows)
    assert orders.born is None
    assert decide_dates(rows[1], orders) == DecidedDates(date(2022, 4, 5), date(2024, 6, 12))
    assert decide_dates(rows[2], orders) is None


def test_two_rows_that_prove_the_other_order_make_a_column_unsure() -> None:
    rows = [
        dated("14/3/2022", "2024-06-12"),
        dated("4/5/2022", "2024-06-12", APRIL),
        dated("6/7/2022", "2024-06-12", JUNE),
        dated("8/9/2022", "2024-06-12"),
    ]
    orders = orders_of(rows)
    assert orders.born is None
    assert decide_dates(rows[2], orders) == DecidedDates(date(2022, 6, 7), date(2024, 6, 12))
    assert decide_dates(rows[3], orders) is None


def test_as_many_rows_that_prove_the_order_of_the_days_do_not_keep_it() -> None:
    rows = [
        dated("14/3/2022", "2024-06-12"),
        dated("4/5/2022", "2024-06-12", APRIL),
        dated("6/7/2022", "2024-06-12", JUNE),
        dated("5/4/2022", "2024-06-12", APRIL),
        dated("7/6/2022", "2024-06-12", JUNE),
    ]
    assert orders_of(rows).born is None


@pytest.mark.parametrize("age", ["", "2 Tahun - 2 Bulan - 6 Hari"])
def test_neither_a_nik_nor_a_nik_and_an_age_overrule_the_days_above_twelve(age: str) -> None:
    sure = [dated("25/03/2022", "14/06/2024"), dated("26/03/2022", "14/06/2024")]
    row = dated("04/08/2022", "14/06/2024", age, "3301094804220001")
    decided = decide_dates(row, orders_of([*sure, row]))
    assert decided == DatesAgainstColumn(0, date(2022, 8, 4), date(2022, 4, 8))


def test_the_proof_of_a_row_does_not_overrule_an_answer() -> None:
    row = dated("4/5/2022", "2024-06-12", "2 Tahun - 2 Bulan - 7 Hari")
    decided = decide_dates(row, Orders(Order.DAY_FIRST, None))
    assert decided == DatesAgainstColumn(0, date(2022, 5, 4), date(2022, 4, 5))


def test_a_column_half_turned_by_excel_is_open_in_the_half_it_turned() -> None:
    cells: list[Cell] = ["13/04/2024", date(2024, 5, 4), "2024-06-06"]
    assert open_beside_text(written_column(cells)) == [
        WrittenDate(date(2024, 4, 13), None),
        WrittenDate(date(2024, 4, 5), date(2024, 5, 4)),
        WrittenDate(date(2024, 6, 6), date(2024, 6, 6)),
    ]


def test_a_day_above_twelve_shows_that_no_program_has_turned_the_dates_beside_the_text() -> None:
    column = written_column(["13/04/2024", date(2024, 5, 4), date(2024, 6, 20)])
    assert open_beside_text(column) == column


def test_a_measurement_before_birth_is_left_to_the_rules_of_the_register() -> None:
    assert decide_dates(dated("2024-06-12", "2024-06-11"), NO_ORDER) == DecidedDates(
        date(2024, 6, 12), date(2024, 6, 11)
    )
