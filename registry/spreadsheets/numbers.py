"""Numbers as the field's files hold them: comma or point, units beside, and decimals turned into times.

A spreadsheet program that takes ``5.6`` for a time keeps 05:06, and an export writes that ``05.06``. It may
have been 5.6 or 5.06: :class:`Number` then has both values, and only a proof may choose (see ``rows``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from registry.spreadsheets.cells import words_of
from registry.spreadsheets.read import Cell

_UNIT = re.compile(r"\s*(?:kg|cm)\.?$", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?", re.ASCII)
_SURE_TIME = re.compile(r"0\d\.\d\d|\d{1,3}[.:]\d\d[.:]00|\d{1,2}:\d\d", re.ASCII)
_MAYBE_TIME = re.compile(r"(\d{1,3})[.:](\d\d)(?:[.:]00)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """The values a cell may mean: none when nothing is written, several when a program has bent it."""

    values: tuple[Decimal, ...] = ()
    bent: bool = False

    @property
    def value(self) -> Decimal | None:
        """The value there is no doubt about; None where nothing is written, or more than one is possible."""
        return self.values[0] if len(self.values) == 1 else None


def number_of(cell: Cell, *, bent_file: bool = False) -> Number:
    """What a cell says as a number. ``bent_file``: some numbers of this file are times, so any may be.

    Raises ValueError for words.
    """
    if isinstance(cell, bool):
        raise ValueError(str(cell))
    if isinstance(cell, int | float):
        return Number((Decimal(str(cell)),))
    if isinstance(cell, date | time | timedelta):
        return _unbent_cell(cell)
    text = _UNIT.sub("", words_of(cell))
    if not text:
        return Number()
    time_like = _MAYBE_TIME.fullmatch(text)
    if time_like and (bent_file or _SURE_TIME.fullmatch(text)):
        return _unbent(int(time_like[1]), int(time_like[2]))
    if _PLAIN.fullmatch(text):
        return Number((Decimal(text.replace(",", ".")),))
    raise ValueError(text)


def is_bent(cells: Iterable[Cell]) -> bool:
    """Some of these numbers were surely turned into times or dates: 05.06, 90.05.00."""
    return any(
        isinstance(cell, date | time | timedelta)
        or (isinstance(cell, str) and _SURE_TIME.fullmatch(words_of(cell)) is not None)
        for cell in cells
    )


def _unbent(whole: int, part: int) -> Number:
    """05.06 may have been 5.6 or 5.06; 12.35 can only have been 12.35."""
    as_written = Decimal(f"{whole}.{part:02d}")
    if part >= 10 or part == 0:
        return Number((as_written,), bent=True)
    return Number((Decimal(f"{whole}.{part}"), as_written), bent=True)


def _unbent_cell(cell: date | time | timedelta) -> Number:
    """8.5 became the eighth of May, the fifth of August or five past eight."""
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return _unbent(minutes // 60, minutes % 60)
    if isinstance(cell, time):
        return _unbent(cell.hour, cell.minute)
    both = (*_unbent(cell.day, cell.month).values, *_unbent(cell.month, cell.day).values)
    return Number(tuple(dict.fromkeys(both)), bent=True)
