"""A column whose readable dates a spreadsheet program may have turned: read by proof, else asked about."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import pytest

from registry.growth.cells.ages import age_of
from registry.growth.cells.date_evidence import (
    DatesAgainstColumn,
    DecidedDates,
    RowDates,
    RowEvidence,
    decide_dates,
    open_beside_text,
    orders_of,
)
from registry.growth.cells.dates import Order, Orders, WrittenDate, written_column
from registry.growth.cells.text import Cell

# Of five girls: born, measured. Days above 12 stay text in a program that takes the other order.
GIRLS = [
    (date(2022, 3, 14), date(2024, 6, 12)),
    (date(2022, 5, 4), date(2024, 6, 13)),
    (date(2023, 2, 9), date(2024, 6, 11)),
    (date(2022, 11, 25), date(2024, 6, 20)),
    (date(2023, 7, 8), date(2024, 7, 5)),
]
DAY_TEXT: list[Cell] = [
    *(date(2024, 12, 6), "13/6/2024", date(2024, 11, 6), "20/6/2024", date(2024, 5, 7)),
]
"""The days measured, written with the day first and opened where the month comes first."""


def nik(born: date) -> str:
    return f"330102{born.day + 40:02d}{born:%m%y}0001"


def age(born: date, measured: date) -> str:
    months = (measured.year - born.year) * 12 + measured.month - born.month - (measured.day < born.day)
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    since = date(year, month + 1, min(born.day, monthrange(year, month + 1)[1]))
    return f"{months // 12} Tahun - {months % 12} Bulan - {(measured - since).days} Hari"


def opened(day: date, written: Order, program: Order) -> Cell:
    """What a program of one order keeps of a date that was written in another: a date where it can."""
    first, second = (day.day, day.month) if written is Order.DAY_FIRST else (day.month, day.day)
    as_day, as_month = (first, second) if program is Order.DAY_FIRST else (second, first)
    return date(day.year, as_month, as_day) if as_month <= 12 else f"{first}/{second}/{day.year}"


def read(
    born: Sequence[Cell], measured: Sequence[Cell], niks: Sequence[str], ages: Sequence[str]
) -> tuple[list[DecidedDates | None], Orders]:
    columns = (*(open_beside_text(written_column(cells)) for cells in (born, measured)), niks, ages)
    rows = [
        RowDates(b, m, RowEvidence(n, age_of(a)))
        for b, m, n, a in zip(*columns, strict=True)
        if isinstance(b, WrittenDate) and isinstance(m, WrittenDate)
    ]
    orders = orders_of(rows)
    return [_require_sure(decide_dates(row, orders)) for row in rows], orders


def _require_sure(dates: DecidedDates | DatesAgainstColumn | None) -> DecidedDates | None:
    assert not isinstance(dates, DatesAgainstColumn)
    return dates


@pytest.mark.parametrize("written", list(Order))
@pytest.mark.parametrize("program", list(Order))
def test_with_nik_and_age_every_date_is_what_was_written_whoever_opened_the_file(
    written: Order, program: Order
) -> None:
    born = [opened(b, written, program) for b, _m in GIRLS]
    measured = [opened(m, written, program) for _b, m in GIRLS]
    found, _orders = read(born, measured, [nik(b) for b, _m in GIRLS], [age(b, m) for b, m in GIRLS])
    assert [(d.born, d.measured) for d in found if d] == GIRLS


@pytest.mark.parametrize("written", list(Order))
def test_the_niks_of_some_rows_prove_the_birth_dates_of_the_others(written: Order) -> None:
    other = Order.MONTH_FIRST if written is Order.DAY_FIRST else Order.DAY_FIRST
    born = [opened(b, written, other) for b, _m in GIRLS]
    niks = ["", "", nik(GIRLS[2][0]), "", ""]
    found, orders = read(born, [m for _b, m in GIRLS], niks, [""] * 5)
    assert orders.born is written
    assert [d.born for d in found if d] == [b for b, _m in GIRLS]


def test_text_proves_nothing_of_the_dates_beside_it() -> None:
    """Turned, or right with two typed by hand: nothing in the column tells, so it is asked about."""
    born = [b for b, _m in GIRLS]
    found, orders = read(born, DAY_TEXT, [""] * 5, [""] * 5)
    assert orders.measured is None
    assert [d.measured if d else None for d in found] == [
        None,
        date(2024, 6, 13),
        None,
        date(2024, 6, 20),
        None,
    ]


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        (Order.DAY_FIRST, [date(2024, 6, 12), date(2024, 6, 11), date(2024, 7, 5)]),
        (Order.MONTH_FIRST, [date(2024, 12, 6), date(2024, 11, 6), date(2024, 5, 7)]),
    ],
)
def test_the_answer_reads_all_of_them(answer: Order, days: list[date]) -> None:
    column = [w for w in open_beside_text(written_column(DAY_TEXT)) if isinstance(w, WrittenDate)]
    rows = [RowDates(WrittenDate(b, b), w) for (b, _m), w in zip(GIRLS, column, strict=True)]
    found = [_require_sure(decide_dates(row, Orders(None, answer))) for row in rows]
    assert [d.measured for d in found if d] == [
        *(days[0], date(2024, 6, 13), days[1], date(2024, 6, 20), days[2]),
    ]


def test_right_dates_are_not_turned_by_one_that_was_typed_by_hand() -> None:
    """A program that had turned them would have left 20 June as text."""
    days: list[Cell] = [date(2024, 6, 12), date(2024, 6, 20), date(2024, 7, 5), "13/6/2024"]
    born = [b for b, _m in GIRLS[:4]]
    found, _orders = read(born, days, [""] * 4, [""] * 4)
    assert [d.measured if d else None for d in found] == [
        date(2024, 6, 12),
        date(2024, 6, 20),
        date(2024, 7, 5),
        date(2024, 6, 13),
    ]


def test_true_dates_alone_are_sure() -> None:
    days: list[Cell] = [date(2024, 6, 12), date(2024, 7, 5), "2024-06-13", "12 Juni 2024"]
    assert all(len(w.meanings) == 1 for w in written_column(days) if isinstance(w, WrittenDate))
