"""Ages as the field's files write them: in years, months and days, or only in completed months."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from registry.growth.cells.text import Cell, figures_of

AGE_TOLERANCE_DAYS = 3
"""Programs borrow days from months of 28 to 31 days differently; day and month swapped is 29 days or more."""

Age = tuple[int, int, int]
"""Years, months and days."""

_MOST_MONTHS = 84  # a bare number above it counts something else
_YEARS = r"(\d+)\s*(?:tahun|thn|th)(?![a-z])\.?"
_MONTHS = r"(\d+)\s*(?:bulan|bln|bl)(?![a-z])\.?"
_DAYS = r"(\d+)\s*(?:hari|hr)(?![a-z])\.?"
_AGE = re.compile(rf"{_YEARS}[\s,-]*{_MONTHS}[\s,-]*{_DAYS}", re.IGNORECASE | re.ASCII)
_COARSE = re.compile(rf"(?:{_YEARS})?[\s,-]*{_MONTHS}", re.IGNORECASE | re.ASCII)


def age_words(cell: Cell) -> Age | None:
    """Return years, months and days of ``2 Tahun - 2 Bulan - 29 Hari``; None for what says less."""
    return _age_of(figures_of(cell))


@lru_cache(maxsize=8192)
def _age_of(text: str) -> Age | None:
    match = _AGE.search(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def months_of(cell: Cell) -> int | None:
    """Return completed months of ``26 bulan``, ``2 tahun 2 bulan`` or ``26``; None for anything else."""
    return _months_of(figures_of(cell))


@lru_cache(maxsize=8192)
def _months_of(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text) if int(text) <= _MOST_MONTHS else None
    match = _COARSE.fullmatch(text)
    return int(match[1] or 0) * 12 + int(match[2]) if match else None


def day_of_age(born: date, age: Age) -> date | None:
    """Return the day on which a child ``born`` then is ``age`` old; None past the end of the calendar."""
    years, months, days = age
    year, month = divmod(born.year * 12 + born.month - 1 + years * 12 + months, 12)
    try:
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(born.day, last)) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def days_off(cell: Cell, born: date, measured: date) -> int:
    """Return by how many days the age in words of a cell is not that of the dates; 0 where it says none.

    A number without a word says nothing here: it may count years.
    """
    if age := age_words(cell):
        since = until = day_of_age(born, age)
    elif (months := months_of(cell)) is not None and not figures_of(cell).isdigit():
        since, until = day_of_age(born, (0, months, 0)), day_of_age(born, (0, months + 1, -1))
    else:
        return 0
    if since is None or until is None:
        return 0
    return max((since - measured).days, (measured - until).days, 0)


def fits_age(born: date, measured: date, age: Age) -> bool:
    """Return whether a child ``born`` then is ``age`` old when ``measured``, as programs count."""
    expected = day_of_age(born, age)
    return expected is not None and abs((measured - expected).days) <= AGE_TOLERANCE_DAYS


def fits_months(born: date, measured: date, months: int) -> bool:
    """Return whether a child ``born`` then has completed so many ``months`` when ``measured``."""
    since, until = day_of_age(born, (0, months, 0)), day_of_age(born, (0, months + 1, 0))
    tolerance = timedelta(days=AGE_TOLERANCE_DAYS)
    return since is not None and until is not None and since - tolerance <= measured < until + tolerance
