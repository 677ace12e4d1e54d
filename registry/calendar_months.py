"""Calendar months. A month is a date that stands for its first day; days are local (Asia/Jakarta)."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class InvalidMonth(ValueError):
    """A text that is not a month; its message says how to write one."""


def month_of(day: date) -> date:
    """Return the month of ``day``."""
    return day.replace(day=1)


def last_day(month: date) -> date:
    """Return the last day of ``month``."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def add_months(month: date, count: int) -> date:
    """Return the month ``count`` months after ``month`` (before, if negative)."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def posyandu_day(month: date, day_of_month: int | None, nth_weekday: int | None) -> date | None:
    """Return the day of ``month`` on which a posyandu opens; None where that is not known. Pure.

    ``day_of_month``: 1 to 31, the last day where a month is shorter. ``nth_weekday``: which one, 1 to 4 or 5
    for the last, times ten, plus the weekday, 1 for Monday to 7: 23 is the second Wednesday.
    """
    if day_of_month:
        return month.replace(day=min(day_of_month, last_day(month).day))
    if not nth_weekday:
        return None
    nth, weekday = divmod(nth_weekday, 10)
    days = [month + timedelta(days=offset) for offset in range(last_day(month).day)]
    of_weekday = [day for day in days if day.isoweekday() == weekday]
    return of_weekday[-1 if nth == 5 else nth - 1]


def current_month() -> date:
    """Return the month of today in Jakarta."""
    return month_of(timezone.localdate())


def parse_month(text: str) -> date:
    """Return the month of ``YYYY-MM``.

    Raises :class:`InvalidMonth` for anything else, for years far off and for months that have not begun.
    """
    match = _YEAR_MONTH.fullmatch(text.strip())
    if match:
        year, index = int(match[1]), int(match[2])
        if 1 <= index <= 12 and 2000 <= year <= 2100:
            return _require_begun(date(year, index, 1))
    raise InvalidMonth(
        _("Bulan “%(text)s” tidak dikenal. Tulis tahun dan bulan, misalnya 2024-08.") % {"text": text[:20]}
    )


def _require_begun(month: date) -> date:
    if month > current_month():
        raise InvalidMonth(
            _("Bulan %(month)s belum mulai. Pilih bulan ini atau yang sudah lewat.")
            % {"month": f"{month:%Y-%m}"}
        )
    return month


def months_back(month: date, count: int) -> list[date]:
    """Return the ``count`` months that end with ``month``, oldest first."""
    return [add_months(month, i) for i in range(1 - count, 1)]
