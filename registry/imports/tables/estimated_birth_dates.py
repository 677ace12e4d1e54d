"""Birth dates of which a file knows the month or an age alone, as the day that stands for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from registry.growth.cells.dates import DateCell, Order, WrittenDate, month_named
from registry.growth.cells.text import Cell, figures_of
from registry.growth.estimated_birth import birth_date_at_age, birth_date_in_month
from registry.imports.tables.day_month_swap import RowEvidence
from registry.models import BirthDateBasis

_MONTH_FIRST = re.compile(r"(\d{1,2}|[A-Za-z]{3,9})[-/ .]+(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-/ .]+(\d{1,2}|[A-Za-z]{3,9})[-/ .]*", re.ASCII)
_SURELY_MONTHS = 6
"""A number without a word counts months from here on: nobody under five has so many years."""


def first_of_month(cell: Cell) -> date | None:
    """Return the first day of the month of ``Maret 2023``, ``03/2023`` or ``2023-03``; None for others."""
    text = figures_of(cell)
    if match := _MONTH_FIRST.fullmatch(text):
        month, year = match[1], match[2]
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month = match[1], match[2]
    else:
        return None
    number = int(month) if month.isdigit() else month_named(month)
    try:
        return date(int(year), number or 0, 1)
    except ValueError:
        return None


def estimate_birth_dates(
    cells: Sequence[Cell],
    born: Sequence[DateCell],
    measured: Sequence[DateCell],
    evidence: Sequence[RowEvidence],
    order: Order | None,
) -> tuple[list[DateCell], list[BirthDateBasis]]:
    """Return the column ``born`` with estimates where it says no day, and how each birth date is known.

    ``cells`` is the column as written; ``order`` that of the days measured, None where nothing proves one.
    """
    dates, bases = list(born), [BirthDateBasis.DAY] * len(born)
    for i, (cell, written, seen, row) in enumerate(zip(cells, born, measured, evidence, strict=True)):
        day = _day_of(seen, order)
        if isinstance(written, WrittenDate) or day is None:
            continue
        if first := first_of_month(cell):
            found, basis = birth_date_in_month(first, day), BirthDateBasis.MONTH
        elif written is None and (at_age := _birth_date_of_age(row, day)):
            found, basis = at_age, BirthDateBasis.AGE
        else:
            continue
        dates[i], bases[i] = WrittenDate(found, found, fixed=True), basis
    return dates, bases


def _day_of(written: DateCell, order: Order | None) -> date | None:
    if not isinstance(written, WrittenDate):
        return None
    if len(written.meanings) == 1:
        return written.meanings[0]
    return written.read(order) if order and written.year_first is None else None


def _birth_date_of_age(row: RowEvidence, day: date) -> date | None:
    if row.age is not None:
        years, months, days = row.age
        whole = birth_date_at_age(years * 12 + months, day) + timedelta(days=15)
        return whole - timedelta(days=days)
    is_sure = row.months is not None and (row.says_months or row.months >= _SURELY_MONTHS)
    return birth_date_at_age(row.months, day) if row.months is not None and is_sure else None
