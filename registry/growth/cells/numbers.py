"""Numbers as the field's files hold them: comma or point, units behind, and decimals turned into times.

A spreadsheet program that takes ``5.6`` for a time keeps 05:06, and an export writes that ``05.06``. It may
have been 5.6 or 5.06: :class:`CellNumber` then has both values, and only a proof may choose (see ``rows``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from registry.growth.cells.dates import DAYS, SERIAL_ZERO, written_date
from registry.growth.cells.month_names import month_named
from registry.growth.cells.text import Cell, figures_of, text_of

NUMERIC = ("weight", "lenhei", "muac", "head", "birth_weight", "birth_length", "waz", "haz", "whz")
"""Fields that hold numbers."""

_UNIT = re.compile(r"\s*(?:kg|cm)\.?$", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?", re.ASCII)
_SURE_TIME = re.compile(r"0\d\.\d\d|\d{1,3}[.:]\d\d[.:]00|\d{1,2}:\d\d", re.ASCII)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})[-/ .]+([A-Za-z]{3,9})", re.ASCII)
_MONTH_AND_YEAR = re.compile(r"([A-Za-z]{3,9})[-/ .]+(\d\d)", re.ASCII)
_DATED = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?:[ T].*)?|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}", re.ASCII)
_SERIALS = range(40179, 54789)  # 2010 to 2049: no weight in grams, no length, no z-score is that large
_TWO_WAYS = re.compile(r"\d{1,3}\.0[1-9]", re.ASCII)
_MAYBE_TIME = re.compile(r"(\d{1,3})[.:](\d\d)(?:[.:]00)?", re.ASCII)

_DIGITS_BUT_0 = frozenset("123456789")
_DATES = frozenset({"birth_date", "measured_on", "status_date"})
_FROM_1900_TO_1904 = 1462  # days
_SERIAL = re.compile(r"(\d{5})(\.\d+)?", re.ASCII)


@dataclass(slots=True, unsafe_hash=True)
class CellNumber:
    """The values a cell may mean: none when nothing is written, several when a program has bent it.

    ``value``: the one there is no doubt about; None where nothing is written, or more than one is possible.
    """

    values: tuple[Decimal, ...] = ()
    bent: bool = False
    value: Decimal | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: it is asked for some thirty times a row, of numbers that are kept.
        self.value = self.values[0] if len(self.values) == 1 else None


@lru_cache(maxsize=16384, typed=True)
def number_of(cell: Cell, *, bent_file: bool = False) -> CellNumber:
    """Return what a cell says as a number. ``bent_file``: some numbers of this file are times, so any may be.

    Raises ValueError for words. Kept: a district weighs a few hundred different weights.
    """
    if isinstance(cell, bool):
        raise ValueError(str(cell))
    if isinstance(cell, int | float):
        return _restore_cell(SERIAL_ZERO + timedelta(days=int(cell))) if _is_serial(cell) else _sure(cell)
    if isinstance(cell, date | time | timedelta):
        return _restore_cell(cell)
    text = _UNIT.sub("", figures_of(cell))
    if not text:
        return CellNumber()
    time_like = _MAYBE_TIME.fullmatch(text)
    if time_like and (bent_file or _SURE_TIME.fullmatch(text)):
        return _restore(int(time_like[1]), int(time_like[2]))
    if _PLAIN.fullmatch(text):
        return number_of(int(text)) if text.isdigit() else _sure(text.replace(",", "."))
    if dated := _restore_text(text):
        return dated
    raise ValueError(text)


def _is_serial(cell: float) -> bool:
    """Return whether a cell is in ``_SERIALS``; ``in`` would compare a float with each of them."""
    return _SERIALS.start <= cell < _SERIALS.stop and cell == int(cell)


def _sure(value: float | str) -> CellNumber:
    return CellNumber((Decimal(str(value)),))


def dated_from_1904(field: str, cell: Cell) -> Cell:
    """Return the day of a number that counts from 1904; any other cell as it stands."""
    likely = DAYS if field in _DATES else _SERIALS if field in NUMERIC else None
    if likely is None or not (match := _SERIAL.fullmatch(text_of(cell))) or (match[2] and field in NUMERIC):
        return cell
    days = int(match[1]) + _FROM_1900_TO_1904
    return SERIAL_ZERO + timedelta(days=days) if days in likely else cell


def is_mangled(cells: Iterable[Cell]) -> bool:
    """Return whether some of these numbers were surely turned into times or dates: 05.06, 90.05.00."""
    return any(_is_surely_mangled(cell) for cell in cells)


def is_time(cell: Cell) -> bool:
    """Return whether a cell is written as a time: each way to read it is known, unlike a month and year."""
    return (
        isinstance(cell, time | timedelta)
        or _MAYBE_TIME.fullmatch(_UNIT.sub("", figures_of(cell))) is not None
    )


@lru_cache(maxsize=16384, typed=True)
def read_as_time(cell: Cell) -> CellNumber:
    """Return what ``12.01`` may be where nothing else of its file is mangled: 12.1 too."""
    if isinstance(cell, bool) or not isinstance(cell, str | float):
        return CellNumber()
    text = _UNIT.sub("", figures_of(cell))
    return number_of(text, bent_file=True) if _TWO_WAYS.fullmatch(text) else CellNumber()


def _is_surely_mangled(cell: Cell) -> bool:
    if isinstance(cell, str):
        if cell[:1] in _DIGITS_BUT_0 and ":" not in cell and cell.count(".") < 2:  # nearly all
            return False
        return ("." in cell or ":" in cell) and _SURE_TIME.fullmatch(figures_of(cell)) is not None
    return isinstance(cell, date | time | timedelta)


def _restore(whole: int, part: int) -> CellNumber:
    """Return what a number may have been: 05.06 was 5.6 or 5.06; 12.35 can only have been 12.35."""
    as_written = Decimal(f"{whole}.{part:02d}")
    if part >= 10 or part == 0:
        return CellNumber((as_written,), bent=True)
    return CellNumber((Decimal(f"{whole}.{part}"), as_written), bent=True)


def _restore_cell(cell: date | time | timedelta) -> CellNumber:
    """Return what a date or time may have been: 8.5 became 8 May, 5 August or 08:05."""
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return _restore(minutes // 60, minutes % 60)
    if isinstance(cell, time):
        return _restore(cell.hour, cell.minute)
    return _both_ways(cell.day, cell.month)


def _both_ways(day: int, month: int) -> CellNumber:
    both = (*_restore(day, month).values, *_restore(month, day).values)
    return CellNumber(tuple(dict.fromkeys(both)), bent=True)


def _restore_text(text: str) -> CellNumber | None:
    """Return what a text may have been: 8.5 became ``08-Mei``, 5.08 became ``Mei-08``; None for words."""
    if (match := _DAY_AND_MONTH.fullmatch(text)) and (month := month_named(match[2])):
        return _both_ways(int(match[1]), month)
    if (match := _MONTH_AND_YEAR.fullmatch(text)) and (month := month_named(match[1])):
        return _restore(month, int(match[2]))
    if _DATED.fullmatch(text) and (written := written_date(text)):
        days = (day for day in (written.day_first, written.month_first) if day)
        values = (value for day in days for value in _restore_cell(day).values)
        return CellNumber(tuple(dict.fromkeys(values)), bent=True)
    return None
