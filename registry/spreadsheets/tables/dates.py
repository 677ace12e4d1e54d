"""Dates as the field's files hold them, and in which order a column writes day and month.

``6/12/2024`` is two dates. A column is read in one order only when something proves it: a day above 12, or
rows whose age in words or NIK fit one order and not the other. What nothing proves is not read at all.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import product

from registry.nik import is_whole
from registry.spreadsheets.read import Cell
from registry.spreadsheets.tables.cells import words_of

AGE_TOLERANCE_DAYS = 3
"""Programs borrow days from months of 28 to 31 days differently; day and month swapped is 29 days or more."""

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d.*)?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: \d.*)?", re.ASCII)
_MONTH_NAMED = re.compile(r"(\d{1,2})[-/ .]+([A-Za-z]{3,9})[-/ .,]+(\d{4}|\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_AGE = re.compile(r"(\d+)\s*Tahun\s*-?\s*(\d+)\s*Bulan\s*-?\s*(\d+)\s*Hari", re.IGNORECASE | re.ASCII)

_SERIAL_ZERO = date(1899, 12, 30)  # of the 1900 system, which counts a 29 February 1900 that never was
_SERIALS = range(32874, 73051)  # 1990 to 2099: no other number of five digits is taken for a date
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("jan",),
            ("feb", "peb"),
            ("mar",),
            ("apr",),
            ("mei", "may"),
            ("jun",),
            ("jul",),
            ("agu", "ags", "agt", "aug"),
            ("sep",),
            ("okt", "oct"),
            ("nov", "nop"),
            ("des", "dec"),
        ),
        start=1,
    )
    for name in names
}


class Order(StrEnum):
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: what it is with the day first and with the month first, where that is a date."""

    day_first: date | None
    month_first: date | None
    turned: bool = field(default=False, compare=False)  # a true date that a program may have turned around

    @property
    def meanings(self) -> tuple[date, ...]:
        if self.day_first is not None and self.day_first == self.month_first:
            return (self.day_first,)
        return tuple(dict.fromkeys(day for day in (self.day_first, self.month_first) if day is not None))

    @property
    def forces(self) -> Order | None:
        """The order that this date alone proves."""
        if self.day_first and self.month_first is None:
            return Order.DAY_FIRST
        if self.month_first and self.day_first is None:
            return Order.MONTH_FIRST
        return None

    def read(self, order: Order) -> date | None:
        return self.day_first if order == Order.DAY_FIRST else self.month_first


DateCell = Written | ValueError | None
"""A cell of a column of dates: what it may mean, why it means nothing, or None where it is empty."""


def written_date(cell: Cell) -> Written | None:
    """The date or dates of a cell, None when it is empty. Raises ValueError for what is no date."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return Written(cell, cell)
    text = words_of(cell)
    return _written_text(text) if text else None


@lru_cache(maxsize=8192)
def _written_text(text: str) -> Written:
    """Kept, since a column says the same days again and again."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _sure(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_NAMED.fullmatch(text):
        return _sure(_year(match[3]), month_named(match[2]) or 0, int(match[1]))
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in _SERIALS:
        return _sure_day(_SERIAL_ZERO + timedelta(days=int(match[1])))
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), _year(match[3])
        both = Written(_date(year, second, first), _date(year, first, second))
        if both.meanings:
            return both
    raise ValueError(text)


def month_named(name: str) -> int | None:
    """The number of a month by its name in Indonesian or English, cut or not."""
    return _MONTHS.get(name[:3].lower())


def _sure(year: int, month: int, day: int) -> Written:
    return _sure_day(date(year, month, day))


def _sure_day(day: date) -> Written:
    return Written(day, day)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_column(cells: Sequence[Cell]) -> list[DateCell]:
    """The dates of a column, an error in place of what is no date.

    Where true dates stand beside text that reads in one order only, a spreadsheet program of the other order
    may have turned the readable half around: its dates are as open as the text they were made of. They may
    as well be right and the text typed by hand, so the text proves nothing of them (see ``orders_of``).
    """
    column = [_try(cell) for cell in cells]
    forced = {
        written.forces
        for cell, written in zip(cells, column, strict=True)
        if isinstance(cell, str) and isinstance(written, Written)
    } - {None}
    if not forced:
        return column
    day_first = Order.DAY_FIRST in forced
    return [
        _turned(cell, day_first=day_first) if isinstance(cell, date) else written
        for cell, written in zip(cells, column, strict=True)
    ]


def _turned(cell: date, *, day_first: bool) -> Written:
    """A true date, which is ``day_first`` text that was read with the month first, or the other way round.

    A day above 12 is none such: it speaks against the order of the text.
    """
    kept, other = date(cell.year, cell.month, cell.day), _date(cell.year, cell.day, cell.month)
    return Written(other, kept, turned=True) if day_first else Written(kept, other, turned=True)


def _try(cell: Cell) -> DateCell:
    try:
        return written_date(cell)
    except ValueError as error:
        return error


# --- Proof --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dated:
    """The two dates of a row and what the row has to prove them with."""

    born: Written
    measured: Written
    age: tuple[int, int, int] | None
    nik: str


@dataclass(frozen=True, slots=True)
class Orders:
    """The order each column is proven to be written in; None where nothing proves one."""

    born: Order | None
    measured: Order | None


def age_words(cell: Cell) -> tuple[int, int, int] | None:
    """Years, months and days of ``2 Tahun - 2 Bulan - 29 Hari``."""
    return _age_of(words_of(cell))


@lru_cache(maxsize=8192)
def _age_of(text: str) -> tuple[int, int, int] | None:
    match = _AGE.search(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def day_of_age(born: date, age: tuple[int, int, int]) -> date | None:
    """The day on which a child ``born`` then is ``age`` old; None past the end of the calendar."""
    years, months, days = age
    year, month = divmod(born.year * 12 + born.month - 1 + years * 12 + months, 12)
    try:
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(born.day, last)) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def orders_of(rows: Iterable[Dated]) -> Orders:
    """The order of each column that its days above 12 and the rows with a proof of their own agree on."""
    rows = list(rows)
    proven = [pair for row in rows if len(pair := _proven(row)) == 1]
    born = _order([row.born for row in rows], [(p.born, p.pair[0]) for [p] in proven])
    measured = _order([row.measured for row in rows], [(p.measured, p.pair[1]) for [p] in proven])
    return Orders(born, measured)


@dataclass(frozen=True, slots=True)
class _Pair:
    born: Written
    measured: Written
    pair: tuple[date, date]


def _order(column: Sequence[Written], proven: Sequence[tuple[Written, date]]) -> Order | None:
    """The one order that everything agrees on. Dates that may be turned need a proof of their own."""
    open_proven = [(written, day) for written, day in proven if len(written.meanings) > 1]
    orders = {order for written in column if (order := written.forces)}
    orders |= {order for written, day in open_proven for order in Order if written.read(order) == day}
    if len(orders) != 1:
        return None
    if any(w.turned for w in column) and not any(written.turned for written, _day in open_proven):
        return None
    return orders.pop()


def _proven(row: Dated) -> list[_Pair]:
    """The pairs of dates that the age in words and the NIK leave possible. Neither is believed alone:
    where it fits no pair, it says nothing.
    """
    pairs = [
        _Pair(row.born, row.measured, pair)
        for pair in product(row.born.meanings, row.measured.meanings)
        if pair[0] <= pair[1]
    ]
    if len(pairs) == 1:  # whatever the row says beside it
        return pairs
    if row.age is not None:
        age = row.age
        pairs = [p for p in pairs if _fits_age(p.pair, age)] or pairs
    if is_whole(row.nik):
        pairs = [p for p in pairs if _fits_nik(p.pair[0], row.nik)] or pairs
    return pairs


def _fits_age(pair: tuple[date, date], age: tuple[int, int, int]) -> bool:
    expected = day_of_age(pair[0], age)
    return expected is not None and abs((pair[1] - expected).days) <= AGE_TOLERANCE_DAYS


def _fits_nik(born: date, nik: str) -> bool:
    return (int(nik[6:8]) % 40, int(nik[8:10])) == (born.day, born.month)


@dataclass(frozen=True, slots=True)
class Decided:
    """The two dates of a row. ``against_column``: the row's own proof overrules the order of its column."""

    born: date
    measured: date
    against_column: bool = False


def sure_day(cell: Cell) -> date | None:
    """The date of a cell that is one beyond doubt, else None."""
    try:
        written = written_date(cell)
    except ValueError:
        return None
    return written.meanings[0] if written and len(written.meanings) == 1 else None


def decide(row: Dated, orders: Orders) -> Decided | None:
    """The dates of a row, None when they could be more than one pair."""
    pairs = [p.pair for p in _proven(row)]
    if not pairs:  # measured before birth however it is read: the actions say so in their own sentence
        return _by_columns(row, orders)
    if len(pairs) > 1:
        kept = [p for p in pairs if _in_order(p, row, orders)]
        return Decided(*kept[0]) if len(kept) == 1 else None
    return Decided(*pairs[0], against_column=not _in_order(pairs[0], row, orders))


def _in_order(pair: tuple[date, date], row: Dated, orders: Orders) -> bool:
    return all(
        order is None or written.read(order) in (day, None)
        for order, written, day in (
            (orders.born, row.born, pair[0]),
            (orders.measured, row.measured, pair[1]),
        )
    )


def _by_columns(row: Dated, orders: Orders) -> Decided | None:
    born, measured = _single(row.born, orders.born), _single(row.measured, orders.measured)
    return Decided(born, measured) if born and measured else None


def _single(written: Written, order: Order | None) -> date | None:
    if len(written.meanings) == 1:
        return written.meanings[0]
    return written.read(order) if order else None
