"""Columns of sure dates that a program has turned around, told by the NIK and age of their rows.

A program that takes the day for the month leaves true dates, or 2022-05-04 in an export, and nothing in such
a column looks odd. Only the rows tell: the NIK carries the birth date, the age leads from birth to the day
measured. One of them may be wrong itself, so one row turns nothing. Where more rows say so than speak
against it, the column becomes as open as a text with slashes, and ``proof`` goes on from there. A row whose
NIK and age to the day both say so is turned back alone, whatever the column says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import NamedTuple

from registry.growth.cells.ages import Age, fits_age, fits_months
from registry.growth.cells.date_order import RowDates, fits_nik
from registry.growth.cells.dates import DateCell, Order, WrittenDate, swapped_date

_PROOF = 2  # rows that say it alike


class RowEvidence(NamedTuple):
    """What a row says of itself beside its dates. ``months``: its age where that says no days.

    ``says_months``: a word says that they are months.
    """

    age: Age | None
    months: int | None
    nik: str
    says_months: bool = False


@dataclass
class _DateColumn:
    """A column of dates and what its rows say of it."""

    cells: Sequence[DateCell]
    turnable: int = 0  # sure dates that are another date when turned
    against: int = 0  # sure dates that cannot have been turned, and rows that say they were not
    heard: int = 0  # rows that say anything of a date that may be turned
    turned: int = 0  # rows that say they were
    roughly: int = 0  # the same by an age in months, which is computed on another day in many a file

    def __post_init__(self) -> None:
        for cell in self.cells:
            if isinstance(cell, WrittenDate) and (day := _sure(cell)):
                self.turnable += _is_turnable(day)
                self.against += day.day > 12

    @property
    def may_be_turned(self) -> bool:
        """If all rows that are still to be heard say so, more say so than speak against it."""
        return self.turned + self.roughly + self.turnable - self.heard > self.against

    def open_swapped(self) -> Sequence[DateCell]:
        """The column, its sure dates open where enough says that they were turned."""
        heard = self.turned or self.roughly >= _PROOF
        text = {cell.forces for cell in self.cells if isinstance(cell, WrittenDate)} - {None}
        alone = self.turnable < _PROOF and not text
        if not heard or alone or self.turned + self.roughly <= self.against:
            return self.cells
        day_first, doubted = Order.MONTH_FIRST not in text, self.turned < _PROOF
        return [
            swapped_date(day, day_first=day_first, doubted=doubted)
            if isinstance(cell, WrittenDate) and (day := _sure(cell)) and day.day != day.month
            else cell
            for cell in self.cells
        ]

    def hear(self, cell: WrittenDate, ways: set[date], *, exactly: bool) -> None:
        """What a row says of its cell: the only way it can be."""
        kept = _sure(cell)
        if kept is None or not _is_turnable(kept) or len(ways) != 1:
            return
        self.heard += 1
        if kept in ways:
            self.against += 1
        elif exactly:
            self.turned += 1
        else:
            self.roughly += 1


def open_swapped_dates(
    born: Sequence[DateCell], measured: Sequence[DateCell], said: Sequence[RowEvidence]
) -> tuple[Sequence[DateCell], Sequence[DateCell]]:
    """Both columns, with their dates open where the rows say that they were turned."""
    columns = _DateColumn(born), _DateColumn(measured)
    if _months_run(born, measured, said):
        said = [row._replace(months=None) for row in said]
    for b, m, row in zip(born, measured, said, strict=True):
        if not (columns[0].may_be_turned or columns[1].may_be_turned):  # at once in nearly every file
            break
        if isinstance(b, WrittenDate) and isinstance(m, WrittenDate):
            _hear_row(columns, b, m, row)
    both = list(columns[0].open_swapped()), list(columns[1].open_swapped())
    for i, days in _proven_twice(born, measured, said):
        for column, kept, day in zip(both, (born[i], measured[i]), days, strict=True):
            cell = column[i]
            if isinstance(kept, WrittenDate) and isinstance(cell, WrittenDate) and kept.meanings != (day,):
                column[i] = _swap_back(kept, day) if cell is kept or cell.doubted else cell
    return both


def _swap_back(kept: WrittenDate, day: date) -> WrittenDate:
    was = _sure(kept)
    return replace(kept, day_first=day, month_first=day, turned=was) if was else kept


def _proven_twice(
    born: Sequence[DateCell], measured: Sequence[DateCell], said: Sequence[RowEvidence]
) -> Iterator[tuple[int, tuple[date, date]]]:
    """The rows whose NIK is of their birth date turned, with the only dates that their age fits then."""
    for i, (b, m, row) in enumerate(zip(born, measured, said, strict=True)):
        if row.age is None or not (isinstance(b, WrittenDate) and isinstance(m, WrittenDate)):
            continue
        day = _sure(b)
        if day is None or not _is_turnable(day) or not row.nik:
            continue
        other = _other(day)
        if fits_nik(other, row.nik) and not any(fits_age(day, as_is, row.age) for as_is in m.meanings):
            fitting = [way for way in _ways(m) if fits_age(other, way, row.age)]
            if len(fitting) == 1:
                yield i, (other, fitting[0])


def _months_run(born: Sequence[DateCell], measured: Sequence[DateCell], said: Sequence[RowEvidence]) -> bool:
    """Return whether the ages in months count the month that runs, and say nothing of turned dates.

    They do where all are one more than the completed months of the dates as they stand, or all are one less.
    """
    rows = [
        (first, then, row.months)
        for b, m, row in zip(born, measured, said, strict=True)
        if row.months is not None
        and isinstance(b, WrittenDate)
        and isinstance(m, WrittenDate)
        and (first := _sure(b))
        and (then := _sure(m))
    ]
    return bool(rows) and any(
        all(fits_months(first, then, months - more) for first, then, months in rows) for more in (1, -1)
    )


def _hear_row(
    columns: tuple[_DateColumn, _DateColumn], born: WrittenDate, measured: WrittenDate, said: RowEvidence
) -> None:
    """What one row says; nothing where its age and NIK contradict each other, or all of its dates."""
    pairs = list(product(_ways(born), _ways(measured)))
    sayings = list(RowDates(born, measured, said.age, said.nik).sayings())
    exactly, months = bool(sayings), said.months
    if months is not None:
        sayings.append(lambda born, measured: fits_months(born, measured, months))
    if len(pairs) == 1 or not sayings:
        return
    pairs = [pair for pair in pairs if all(fits(*pair) for fits in sayings)]
    columns[0].hear(born, {pair[0] for pair in pairs}, exactly=exactly)
    columns[1].hear(measured, {pair[1] for pair in pairs}, exactly=exactly and said.age is not None)


def _ways(written: WrittenDate) -> tuple[date, ...]:
    """What a date may be, turned or not."""
    day = _sure(written)
    return (day, _other(day)) if day and _is_turnable(day) else written.meanings


def _sure(written: WrittenDate) -> date | None:
    """The date of a cell that has one, in figures."""
    day = written.day_first
    return day if day and day == written.month_first and not (written.fixed or written.year_first) else None


def _other(day: date) -> date:
    return date(day.year, day.day, day.month)


def _is_turnable(day: date) -> bool:
    return day.day <= 12 and day.day != day.month
