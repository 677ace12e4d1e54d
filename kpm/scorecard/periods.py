"""Quarters, and the days on which a person counts in one: eligible for the group and living in a village."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from registry.growth.cells.ages import day_of_age


@dataclass(frozen=True, slots=True)
class Period:
    """All days from ``first`` to ``last``, both included; ``last`` is None while it goes on."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def covers(self, other: Period) -> bool:
        """Return whether every day of ``other`` is in this period."""
        return self.first <= other.first and (
            self.last is None or (other.last is not None and other.last <= self.last)
        )

    def intersect(self, other: Period) -> Period | None:
        """Return the days that both have; None where they have none."""
        ends = [last for last in (self.last, other.last) if last is not None]
        first, last = max(self.first, other.first), min(ends, default=None)
        return None if last is not None and last < first else Period(first, last)


@dataclass(frozen=True, slots=True)
class VillageStay:
    """A person lives in ``village`` (its code) during ``period``."""

    village: str
    period: Period


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three calendar months; ``number`` from 1 to 4."""

    year: int
    number: int

    @property
    def period(self) -> Period:
        months = self.months
        last = months[-1].last
        return Period(months[0].first, last)

    @property
    def code(self) -> str:
        """Return it as addresses and file names have it: 2024-3."""
        return f"{self.year}-{self.number}"

    def add_quarters(self, count: int) -> Quarter:
        """Return the quarter so many quarters later, or earlier."""
        index = self.year * 4 + self.number - 1 + count
        return Quarter(index // 4, index % 4 + 1)

    @property
    def months(self) -> list[Period]:
        """The three months, each as the period of its days."""
        return [month_period(date(self.year, self.number * 3 - back, 1)) for back in (2, 1, 0)]


def quarter_of(day: date) -> Quarter:
    """Return the quarter that ``day`` is in."""
    return Quarter(day.year, (day.month + 2) // 3)


@lru_cache(maxsize=4096)
def month_period(day: date) -> Period:
    """Return the calendar month of ``day``."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def birthday(born: date, years: int) -> date:
    """Return the day on which a child ``born`` then is so many ``years`` old: 28 February for the 29th."""
    return day_of_age(born, years * 12)


def whole_months(stays: Sequence[VillageStay], days: Period) -> Iterator[Period]:
    """Yield the calendar months that count for somebody who is eligible on these ``days``, the latest first.

    A month counts when all of it is in ``days``, and the person lived in one village on all of it. Another
    month asks for nothing and proves nothing. Raises ValueError for days without an end.
    """
    if days.last is None:
        raise ValueError(days)
    month = month_period(days.last + timedelta(days=1))
    while month.first > days.first:
        month = month_period(month.first - timedelta(days=1))
        if month.first >= days.first and any(stay.period.covers(month) for stay in stays):
            yield month
