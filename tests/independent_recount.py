"""Counts a month anew from the raw rows, by the sentences of docs/definitions.md alone.

It shares no line with ``registry.figures``, so that one mistake cannot be made in both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from registry.models import Child, CountedMonth, Measurement, Residence, VillageMonth
from registry.models.month import COUNTERS

Cell = tuple[str, int, str]
"""Village, sex, age group."""


class Home(NamedTuple):
    """Where a child lives from ``since`` on, until the day before ``until``."""

    village: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Life:
    """All that is known of one child."""

    child: Child
    homes: list[Home]
    measured: list[Measurement]

    def in_month(self, month: date) -> list[Measurement]:
        """What was measured under five in a month, oldest first."""
        return [m for m in self.measured if first_of(m.measured_on) == month and m.age_days <= 1826]

    def home_at(self, day: date) -> Home | None:
        """Where it lives on a day, alive and not moved away."""
        gone = self.child.status != "active" and self.child.status_date <= day  # type: ignore[operator]
        if gone or self.child.birth_date > day:
            return None
        return next((h for h in self.homes if h.since <= day and (h.until is None or day < h.until)), None)

    def here_since(self, day: date) -> date:
        """Since when it has been in the kabupaten on a day, without a time away."""
        [since, *earlier] = [home for home in reversed(self.homes) if home.since <= day]
        for home in earlier:
            if home.until != since.since:
                break
            since = home
        return since.since


def first_of(day: date) -> date:
    return day.replace(day=1)


def month_before(month: date) -> date:
    return first_of(month - timedelta(days=1))


def last_of(month: date) -> date:
    return first_of(month + timedelta(days=31)) - timedelta(days=1)


def list_lives() -> list[Life]:
    homes: dict[UUID, list[Home]] = defaultdict(list)
    for home in Residence.objects.order_by("since"):
        homes[home.child_id].append(Home(home.village_id, home.since, home.until))
    measured: dict[UUID, list[Measurement]] = defaultdict(list)
    for one in Measurement.objects.filter(state="in_force").order_by("measured_on"):
        measured[one.child_id].append(one)
    return [Life(child, homes[child.pk], measured[child.pk]) for child in Child.objects.all()]


def age_group_of(days: int) -> str:
    months = int(days / 30.4375)
    limits = ((6, "00-05"), (12, "06-11"), (24, "12-23"), (36, "24-35"), (48, "36-47"))
    return next((name for limit, name in limits if months < limit), "48-59")


def letter_of(measured: Iterable[Measurement]) -> str:
    """What a month says: its last N or T, else its last letter."""
    letters = [m.gain for m in measured if m.gain]
    return next((one for one in reversed(letters) if one in "NT"), letters[-1] if letters else "")


def recount(month: date, lives: list[Life] | None = None) -> dict[Cell, Counter[str]]:
    """Return the counters of each cell of a month."""
    found: dict[Cell, Counter[str]] = defaultdict(Counter)
    stored = set(CountedMonth.objects.values_list("month", flat=True))
    if stored and month < min(stored):
        return found
    for life in list_lives() if lives is None else lives:
        if measured := life.in_month(month):
            last = measured[-1]
            cell = (last.village_id, life.child.sex, age_group_of(last.age_days))
            found[cell].update(list_counters(measured, letter_of(life.in_month(month_before(month)))))
        elif home := life.home_at(last_of(month)):
            days = (last_of(month) - life.child.birth_date).days
            if days <= 1826:
                cell = (home.village, life.child.sex, age_group_of(days))
                found[cell].update(["registered", *list_missed(life, month, stored)])
    return found


def list_missed(life: Life, month: date, stored: set[date]) -> Iterator[str]:
    before = month_before(month)
    came = any(first_of(m.measured_on) == before for m in life.measured)
    if before in stored and not came and life.here_since(last_of(month)) <= last_of(month_before(before)):
        yield "missed_twice"


def list_counters(measured: list[Measurement], letter_before: str) -> Iterator[str]:
    """The counters to which a child of these measurements adds one."""
    yield from ("registered", "measured")
    last = measured[-1]
    days_late = (timezone.localdate(last.received_at) - last.measured_on).days
    if last.supersedes_id is None and days_late > 7:
        yield "late"
    for m in [m for m in measured if m.haz is not None and not m.haz_flag][-1:]:
        yield "haz_believed"
        yield from names_where(stunted=m.haz < -2, severely_stunted=m.haz < -3)  # type: ignore[operator]
    for m in [m for m in measured if m.oedema or (m.waz is not None and not m.waz_flag)][-1:]:
        yield "waz_believed"
        z = 0 if m.waz is None else m.waz
        yield from names_where(underweight=m.oedema or z < -2, severely_underweight=m.oedema or z < -3)
    for m in [m for m in measured if m.oedema or (m.whz is not None and not m.whz_flag)][-1:]:
        yield "whz_believed"
        z = 0 if m.whz is None else m.whz
        yield from names_where(
            wasted=m.oedema or z < -2, severely_wasted=m.oedema or z < -3, overweight=z > 2
        )
    letter = letter_of(measured)
    if letter:
        yield {"N": "gained", "T": "not_gained", "O": "not_before", "B": "first"}[letter]
    if letter == letter_before == "T":
        yield "twice_not_gained"


def names_where(**holds: bool) -> Iterator[str]:
    return (name for name, is_so in holds.items() if is_so)


def list_differences() -> list[str]:
    """Where the stored figures of any month are not what this recount gives."""
    lives = list_lives()
    months = {first_of(m.measured_on) for life in lives for m in life.measured}
    months.update(CountedMonth.objects.values_list("month", flat=True))
    found = []
    for month in sorted(months):
        counted = recount(month, lives)
        rows = VillageMonth.objects.filter(month=month).values("village_id", "sex", "age_group", *COUNTERS)
        stored = {(r["village_id"], r["sex"], r["age_group"]): r for r in rows}
        for cell in sorted(counted.keys() | stored.keys()):
            wanted = {name: counted[cell][name] for name in COUNTERS}
            held = {name: stored.get(cell, {}).get(name, 0) for name in COUNTERS}
            if wanted != held:
                wrong = {n: (held[n], wanted[n]) for n in COUNTERS if held[n] != wanted[n]}
                found.append(f"{month:%Y-%m} {cell}: {wrong} (stored, recounted)")
    return found
