"""Ages as the field's files write them: in years, months and days, or only in completed months."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from registry.growth.cells.text import Cell, figures_of

AGE_TOLERANCE_DAYS = 3
"""Programs borrow days from months of 28 to 31 days differently; day and month swapped is 29 days or more."""

_SURELY_MONTHS = range(6, 85)
"""A bare number that counts months: nobody under five has so many years, and a larger one counts days."""

_OLDEST = 240  # months
_YEARS = r"(?P<years>\d+)\s*(?:tahun|thn|th)(?![a-z])\.?"
_MONTHS = r"(?P<months>\d+)\s*(?:bulan|bln|bl)(?![a-z])\.?"
_DAYS = r"(?P<days>\d+)\s*(?:hari|hr)(?![a-z])\.?"
_BETWEEN = r"[\s,-]*"
_WHOLE = re.compile(_BETWEEN.join((_YEARS, _MONTHS, _DAYS)), re.IGNORECASE | re.ASCII)
_PARTS = re.compile(
    _BETWEEN.join(f"(?:{part})?" for part in (_YEARS, _MONTHS, _DAYS)), re.IGNORECASE | re.ASCII
)


class WrittenAge(NamedTuple):
    """An age in completed months, and days where it says them. ``in_words``: it is no bare number."""

    months: int
    days: int | None = None
    in_words: bool = True


def age_of(cell: Cell) -> WrittenAge | None:
    """Return the age of ``2 Tahun - 2 Bulan - 29 Hari``, ``26 bulan`` or ``26``; None for what is not sure.

    A small number without a word may count years, and years alone say too little.
    """
    return _age_of(figures_of(cell))


@lru_cache(maxsize=8192)
def _age_of(text: str) -> WrittenAge | None:
    if text.isascii() and text.isdigit():
        return WrittenAge(int(text), in_words=False) if int(text) in _SURELY_MONTHS else None
    match = _WHOLE.search(text) or _PARTS.fullmatch(text)
    if match is None or match["months"] is None is match["days"]:
        return None
    months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
    days = None if match["days"] is None else int(match["days"])
    return WrittenAge(months, days) if months <= _OLDEST else None


def day_of_age(born: date, months: int, days: int = 0) -> date:
    """Return the day on which a child ``born`` then is so old; the calendar's last where it ends before."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    try:
        last = monthrange(year, month + 1)[1] if born.day > 28 else 28
        return date(year, month + 1, min(born.day, last)) + timedelta(days=days)
    except (ValueError, OverflowError):
        return date.max


def days_off(age: WrittenAge, born: date, measured: date) -> int:
    """Return by how many days the dates say more than the age; less than 0 where they say less."""
    since = day_of_age(born, age.months, age.days or 0)
    if measured <= since:
        return (measured - since).days
    until = since if age.days is not None else day_of_age(born, age.months + 1, -1)
    return max((measured - until).days, 0)


def fits_age(age: WrittenAge, born: date, measured: date) -> bool:
    """Return whether a child ``born`` then is of that age when ``measured``, as programs count."""
    return abs(days_off(age, born, measured)) <= AGE_TOLERANCE_DAYS
