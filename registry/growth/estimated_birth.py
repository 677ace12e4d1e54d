"""The day that stands for a birth date of which only the month or an age is known."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

_MIDDLE = 15
"""WHO's software takes the 15th too where the day is missing."""


def birth_date_in_month(day: date, not_after: date) -> date:
    """Return the 15th of the month of ``day``; an earlier day of it where the 15th is yet to come."""
    return max(min(day.replace(day=_MIDDLE), not_after), day.replace(day=1))


def birth_date_at_age(months: int, on: date) -> date:
    """Return the middle of the days of birth of who has completed ``months`` ``on`` that day."""
    year, index = divmod(on.year * 12 + on.month - 1 - months, 12)
    latest = date(year, index + 1, min(on.day, monthrange(year, index + 1)[1]))
    return latest - timedelta(days=_MIDDLE)
