"""Dates as the field's files hold them: what a cell may mean, alone and in its column.

``6/12/2024`` is two dates; which of them is meant is for ``date_evidence``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from registry.growth.cells.month_names import month_named
from registry.growth.cells.text import Cell, figures_of

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d.*)?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: \d.*)?", re.ASCII)
_MONTH_NAMED = re.compile(
    r"(?:[A-Za-z']{4,6}, ?)?(\d{1,2})[-/ .]+([A-Za-z]{3,9})[-/ .,]+(\d{4}|\d{2})(?: \d.*)?", re.ASCII
)
_SHORT_YEAR = re.compile(r"\d{2}[-/.]\d{1,2}[-/.]\d{2}(?: \d.*)?", re.ASCII)
_ELSEWHERE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$", re.ASCII)  # a time of day by another clock than ours
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)

LOCAL = ZoneInfo("Asia/Jakarta")
"""Dates are local: of western Indonesia."""

SERIAL_ZERO = date(1899, 12, 30)  # of the 1900 system, which counts a 29 February 1900 that never was
_EARLIEST_YEAR = 2012  # of two digits: who was born before it was five when e-PPGBM began
_LAST_MONTH = 12
_FEW = 10  # times as many others: a slip, and no other way to write
DAYS = range(32874, 73051)  # 1990 to 2099: no other number of five digits is taken for a date


class Order(StrEnum):
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"

    @property
    def other(self) -> Order:
        return Order.MONTH_FIRST if self is Order.DAY_FIRST else Order.DAY_FIRST


@dataclass(frozen=True, slots=True)
class Orders:
    """The order each column is proven to be written in; None where nothing proves one."""

    born: Order | None
    measured: Order | None


@dataclass(slots=True, unsafe_hash=True)
class WrittenDate:
    """A date as written: what it is with the day first and with the month first, where that is a date.

    ``year_first``: what ``22-03-08`` is besides, until its column shows where the years stand. ``stored``:
    the date that stands in the cell as a true date, in ISO or as a serial number. A program may have made it
    by taking the day for the month; it is two days only once :meth:`open` says so. ``needs_answer``: so
    little says it was turned that only somebody's answer decides.
    """

    day_first: date | None
    month_first: date | None
    year_first: date | None = None
    stored: date | None = field(default=None, compare=False)
    needs_answer: bool = field(default=False, compare=False)
    meanings: tuple[date, ...] = field(init=False, compare=False)  # kept, for it is asked many times a row

    def __post_init__(self) -> None:
        days: tuple[date | None, ...] = (self.day_first, self.month_first, self.year_first)
        self.meanings = tuple(dict.fromkeys(day for day in days if day is not None))

    @property
    def forces(self) -> Order | None:
        """Return the order that this date alone proves."""
        if self.year_first is not None:
            return None
        if self.day_first and self.month_first is None:
            return Order.DAY_FIRST
        if self.month_first and self.day_first is None:
            return Order.MONTH_FIRST
        return None

    @property
    def turned(self) -> date | None:
        """Return what a stored date was if a program has taken the day for the month."""
        day = self.stored
        if day is None or day.day > _LAST_MONTH or day.day == day.month:
            return None
        return date(day.year, day.day, day.month)

    def read(self, order: Order) -> date | None:
        return self.day_first if order == Order.DAY_FIRST else self.month_first

    def open(self, *, day_first: bool, needs_answer: bool = False) -> WrittenDate:
        """Return a stored date as one that may be turned, from a text that had the day or the month first.

        A day above 12 cannot be: it speaks against the order of the text.
        """
        day, turned = self.stored, self.turned
        if day is None or day.day == day.month:
            return self
        first, second = (turned, day) if day_first else (day, turned)
        return WrittenDate(first, second, stored=day, needs_answer=needs_answer)


DateCell = WrittenDate | ValueError | None
"""A cell of a column of dates: what it may mean, why it means nothing, or None where it is empty."""


def written_date(cell: Cell) -> WrittenDate | None:
    """Return the date or dates of a cell, None when it is empty. Raises ValueError for what is no date."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _stored_date(cell)
    text = figures_of(cell)
    if not text:
        return None
    written = _written_text(text)
    if written.year_first and not _is_likely(written.year_first):
        written = replace(written, year_first=None)
        if not written.meanings:
            raise ValueError(text)
    return written


@lru_cache(maxsize=8192)
def _written_text(text: str) -> WrittenDate:
    """Return the date of a text. Cached, since a column repeats its days; it does not ask for today."""
    if match := _YEAR_FIRST.fullmatch(text):
        if _ELSEWHERE.search(text, 11):  # 2022-03-13T17:00Z is the 14th here
            return _stored_date(datetime.fromisoformat(text).astimezone(LOCAL).date())
        return _stored_date(date(int(match[1]), int(match[2]), int(match[3])))
    if match := _MONTH_NAMED.fullmatch(text):
        day = date(_year(match[3]), month_named(match[2]) or 0, int(match[1]))
        return WrittenDate(day, day)
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in DAYS:
        return _stored_date(SERIAL_ZERO + timedelta(days=int(match[1])))
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), _year(match[3])
        both = WrittenDate(_date(year, second, first), _date(year, first, second), _year_first(match))
        if both.meanings:
            return both
    raise ValueError(text)


def _year_first(match: re.Match[str]) -> date | None:
    """Return what ``22-03-08`` is when its year comes first."""
    if len(match[1]) != 2 or len(match[3]) != 2:
        return None
    return _date(_year(match[1]), int(match[2]), int(match[3]))


def _is_likely(day: date) -> bool:
    """Say whether a year of two digits may be that of a child."""
    return _EARLIEST_YEAR <= day.year <= datetime.now(LOCAL).year


def _stored_date(day: date) -> WrittenDate:
    return WrittenDate(day, day, stored=day)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_column(cells: Sequence[Cell]) -> list[DateCell]:
    """Return the dates of a column, an error in place of what is no date."""
    return _place_years(cells, [_try(cell) for cell in cells])


def _place_years(cells: Sequence[Cell], column: list[DateCell]) -> list[DateCell]:
    """Return ``column`` with years of two digits where the column as a whole has them, first or last.

    Some dates can only be read one way: 05-06-24 is of 2024, and 22-03-31 of 2022 since 2031 is to come.
    """
    unplaced = [w for w in column if isinstance(w, WrittenDate) and w.year_first]
    if not unplaced:
        return column
    first = {w for w in unplaced if not any(d and _is_likely(d) for d in (w.day_first, w.month_first))}
    short = [
        (cell, w.year_first)
        for cell, w in zip(cells, column, strict=True)
        if isinstance(cell, str) and isinstance(w, WrittenDate) and _SHORT_YEAR.fullmatch(figures_of(cell))
    ]
    last = sum(year_first is None for _cell, year_first in short)
    if len(first) > 1 and not last:
        return [
            WrittenDate(w.year_first, w.year_first) if isinstance(w, WrittenDate) and w.year_first else w
            for w in column
        ]
    # Nobody puts slashes behind a year of two digits, unless the column says so.
    if last > _FEW * len(first) or not (first or any("-" in cell for cell, _year in short)):
        return [
            replace(w, year_first=None)
            if isinstance(w, WrittenDate) and w.year_first and w not in first
            else w
            for w in column
        ]
    return column


def _try(cell: Cell) -> DateCell:
    try:
        return written_date(cell)
    except ValueError as error:
        return error


def sure_day(cell: Cell) -> date | None:
    """Return the date of a cell that is one beyond doubt, else None."""
    try:
        written = written_date(cell)
    except ValueError:
        return None
    return written.meanings[0] if written and len(written.meanings) == 1 else None
