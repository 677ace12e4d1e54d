"""Birth dates of which a file knows the month or an age alone, as the day that stands for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from registry.growth.cells.ages import WrittenAge
from registry.growth.cells.date_evidence import RowEvidence
from registry.growth.cells.dates import DateCell, Order, WrittenDate
from registry.growth.cells.month_names import month_named
from registry.growth.cells.text import Cell, figures_of
from registry.growth.estimated_birth import birth_date_at_age, birth_date_in_month
from registry.models import BirthDateBasis

_MONTH_FIRST = re.compile(r"(\d{1,2}|[A-Za-z]{3,9})[-/ .]+(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-/ .]+(\d{1,2}|[A-Za-z]{3,9})[-/ .]*", re.ASCII)


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
        elif written is None and row.age:
            found, basis = _birth_date_of_age(row.age, day), BirthDateBasis.AGE
        else:
            continue
        dates[i], bases[i] = WrittenDate(found, found), basis
    return dates, bases


def _day_of(written: DateCell, order: Order | None) -> date | None:
    if not isinstance(written, WrittenDate):
        return None
    if len(written.meanings) == 1:
        return written.meanings[0]
    return written.read(order) if order and written.year_first is None else None


def _birth_date_of_age(age: WrittenAge, day: date) -> date:
    middle = birth_date_at_age(age.months, day)
    return middle if age.days is None else middle + timedelta(days=15 - age.days)
