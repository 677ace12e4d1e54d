"""Counting the children of a month from the raw rows: the one place where a child becomes a number.

The definitions in words are in ``docs/definitions.md``; the limits come from ``registry.growth``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from registry.calendar_months import add_months, last_day, month_of
from registry.db.batches import chunks
from registry.growth import (
    GainCode,
    age_group,
    age_in_days,
    is_believed,
    is_overweight,
    is_severely_stunted,
    is_severely_underweight,
    is_severely_wasted,
    is_stunted,
    is_underweight,
    is_wasted,
    month_gain_code,
    under_five,
)
from registry.models import ChildStatus, CountedMonth, Measurement, Residence
from registry.models.month import COUNTERS

LATE_DAYS = 7
"""A measurement that reaches the register more than these days after it was taken is late."""

HALF_SDS = 24
"""Classes of half an SD from -6 to 6, in which heights for age are spread."""

_GAIN_COUNTER = {"N": "gained", "T": "not_gained", "O": "not_before", "B": "first"}


class CountCell(NamedTuple):
    """A village's children of one sex and age group."""

    village_id: str
    sex: int
    age_group: str


class CountedMeasurement(NamedTuple):
    """One measurement in force, as far as counting needs it."""

    child_id: UUID
    sex: int
    village_id: str
    measured_on: date
    age_days: int
    haz: float | None
    haz_flag: bool
    waz: float | None
    waz_flag: bool
    whz: float | None
    whz_flag: bool
    oedema: bool
    gain: str
    received_at: datetime | None = None
    supersedes_id: UUID | None = None

    @property
    def late(self) -> bool:
        """Return whether it arrived more than ``LATE_DAYS`` after its day; a correction is never late."""
        if self.received_at is None or self.supersedes_id is not None:
            return False
        days = (self.received_at.date() - self.measured_on).days
        if abs(days - LATE_DAYS) <= 1:  # only then does it matter what day it was here
            days = (timezone.localdate(self.received_at) - self.measured_on).days
        return days > LATE_DAYS


class Resident(NamedTuple):
    """A child who lives in a village at the end of a month; ``since``: in the kabupaten, from that day."""

    child_id: UUID
    sex: int
    village_id: str
    birth_date: date
    since: date


@dataclass(frozen=True, slots=True)
class Before:
    """What the month before says of the children: who was measured, and whose last weighing was T.

    ``counted``: the register holds that month. Of a month before its first it cannot say that a child missed.
    """

    counted: bool = False
    measured: frozenset[UUID] = frozenset()
    not_gained: frozenset[UUID] = frozenset()


NOTHING_BEFORE = Before()


@dataclass(slots=True)
class Spread:
    """Heights for age that count: how many, sums of hundredths of an SD, and counts by half an SD.

    The classes go from -6 up to 6; each holds its lower end, the last one both.
    """

    count: int = 0
    total: int = 0
    squares: int = 0
    bins: list[int] = field(default_factory=lambda: [0] * HALF_SDS)

    def add(self, haz: float) -> None:
        """Count one believed height for age, in SD with two decimals."""
        hundredths = round(haz * 100)
        self.count += 1
        self.total += hundredths
        self.squares += hundredths * hundredths
        self.bins[min((hundredths + 600) // 50, HALF_SDS - 1)] += 1

    def __add__(self, other: Spread) -> Spread:
        bins = [one + another for one, another in zip(self.bins, other.bins, strict=True)]
        return Spread(self.count + other.count, self.total + other.total, self.squares + other.squares, bins)


@dataclass(slots=True)
class Tally:
    """Counts per cell.

    ``counts[cell][name]`` has the names of ``VillageMonth``'s counters. ``spreads`` are those of heights by
    village.
    """

    counts: dict[CountCell, dict[str, int]]
    spreads: dict[str, Spread]

    def as_values(self) -> dict[CountCell, tuple[int, ...]]:
        """Return the counters of each cell in the order of ``COUNTERS``."""
        return {cell: tuple(row.get(name, 0) for name in COUNTERS) for cell, row in self.counts.items()}


def count_month(month: date, villages: Collection[str] | None = None) -> Tally:
    """Count ``month`` for ``villages`` (codes), or for every village when None, from the raw rows.

    Nothing is counted of a month before the register's first: who is registered now was not so then.
    """
    if is_before_register(month):
        return Tally({}, {})
    on = last_day(month)
    residents = list(residents_of(month, villages))
    if villages is None:
        return tally_children(_rows(measured_in(month)), residents, on=on, before=before_month(month))
    # With those who live there, those who were measured there, each with all its measurements of the month.
    here = measured_in(month).filter(village_id__in=villages).values_list("child_id", flat=True)
    children = {*here.order_by().distinct(), *(resident.child_id for resident in residents)}
    seen = list_measurements_of(children, month)
    tally = tally_children(seen, residents, on=on, before=before_month(month, children))
    wanted = frozenset(villages)
    return Tally(
        {cell: row for cell, row in tally.counts.items() if cell.village_id in wanted},
        {code: spread for code, spread in tally.spreads.items() if code in wanted},
    )


def is_before_register(month: date) -> bool:
    """Return whether all counted months are after ``month``: nobody was measured in it nor before it."""
    first = CountedMonth.objects.aggregate(first=Min("month"))["first"]
    return first is not None and month < first


def tally_children(
    seen: Iterable[CountedMeasurement],
    residents: Iterable[Resident],
    *,
    on: date,
    before: Before = NOTHING_BEFORE,
) -> Tally:
    """Count each child once: where it was measured last this month, else where it lives ``on`` the last day.

    ``seen`` is sorted by child and then by date. Pure: touches no database.
    """
    counts: dict[CountCell, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    spreads: dict[str, Spread] = defaultdict(Spread)
    counted: set[UUID] = set()
    for child_id, group in groupby(seen, key=attrgetter("child_id")):
        rows = [row for row in group if under_five(row.age_days)]
        if not rows:
            continue
        counted.add(child_id)
        last = rows[-1]
        cell = CountCell(last.village_id, last.sex, age_group(last.age_days).value)
        _count_measured(counts[cell], spreads, rows, not_gained_before=child_id in before.not_gained)
    waited_since = last_day(add_months(month_of(on), -2))
    for resident in residents:
        if resident.child_id not in counted:
            age = age_in_days(resident.birth_date, on)
            row = counts[CountCell(resident.village_id, resident.sex, age_group(age).value)]
            row["registered"] += 1
            if before.counted and resident.since <= waited_since and resident.child_id not in before.measured:
                row["missed_twice"] += 1
    return Tally(dict(counts), dict(spreads))


def _count_measured(
    row: dict[str, int],
    spreads: dict[str, Spread],
    seen: list[CountedMeasurement],
    *,
    not_gained_before: bool,
) -> None:
    """Add one child, whose measurements under five this month are ``seen``, to its cell.

    Each index takes the child's latest believed value, so that weighing again later in the month does
    not lose the height.
    """
    row["registered"] += 1
    row["measured"] += 1
    row["late"] += seen[-1].late
    if haz := [s for s in seen if is_believed(s.haz, s.haz_flag)]:
        row["haz_believed"] += 1
        row["stunted"] += is_stunted(haz[-1].haz)
        row["severely_stunted"] += is_severely_stunted(haz[-1].haz)
        if (z := haz[-1].haz) is not None:
            spreads[seen[-1].village_id].add(z)
    if waz := [s for s in seen if s.oedema or is_believed(s.waz, s.waz_flag)]:
        row["waz_believed"] += 1
        row["underweight"] += is_underweight(waz[-1].waz, waz[-1].oedema)
        row["severely_underweight"] += is_severely_underweight(waz[-1].waz, waz[-1].oedema)
    if whz := [s for s in seen if s.oedema or is_believed(s.whz, s.whz_flag)]:
        row["whz_believed"] += 1
        row["wasted"] += is_wasted(whz[-1].whz, whz[-1].oedema)
        row["severely_wasted"] += is_severely_wasted(whz[-1].whz, whz[-1].oedema)
        row["overweight"] += is_overweight(whz[-1].whz)
    if code := month_gain_code([s.gain for s in seen if s.gain]):
        row[_GAIN_COUNTER[code]] += 1
        row["twice_not_gained"] += code == GainCode.T and not_gained_before


def before_month(month: date, children: Collection[UUID] | None = None) -> Before:
    """Return what the month before ``month`` says of ``children``, or of everybody when None."""
    last = add_months(month, -1)
    counted = CountedMonth.objects.filter(pk=last).exists()
    measurements = measured_in(last)
    if children is None:
        codes = _month_codes(measurements)
    else:
        codes = {}
        for chunk in chunks(sorted(children)):
            codes |= _month_codes(measurements.filter(child_id__in=chunk))
    not_gained = frozenset(pk for pk, code in codes.items() if code == GainCode.T)
    return Before(counted, frozenset(codes), not_gained)


def _month_codes(measurements: QuerySet[Measurement]) -> dict[UUID, str]:
    """Return N, T, O or B of each child measured in a month, empty where it was not weighed."""
    rows = measurements.order_by("child_id", "measured_on").values_list("child_id", "gain")
    codes: dict[UUID, list[str]] = defaultdict(list)
    for child_id, gain in rows.iterator(chunk_size=5000):
        codes[child_id] += [gain] if gain else []
    return {child_id: month_gain_code(of) for child_id, of in codes.items()}


def measured_in(month: date) -> QuerySet[Measurement]:
    return Measurement.objects.in_force().filter(measured_on__gte=month, measured_on__lt=add_months(month, 1))


def list_measurements_of(children: Collection[UUID], month: date) -> Iterator[CountedMeasurement]:
    """Yield those of some children, whom their index finds among millions of rows."""
    for chunk in chunks(sorted(children)):
        yield from _rows(measured_in(month).filter(child_id__in=chunk))


def _rows(measurements: QuerySet[Measurement]) -> Iterator[CountedMeasurement]:
    """Return the measurements by child and then by date."""
    columns = ("child__sex" if name == "sex" else name for name in CountedMeasurement._fields)
    rows = measurements.order_by("child_id", "measured_on").values_list(*columns)
    return (CountedMeasurement(*row) for row in rows.iterator(chunk_size=5000))


def _came(on: date) -> QuerySet[Any, Any]:
    """Return the day since which the child of a residence has been in the kabupaten without a time away."""
    homes = Residence.objects.filter(child=OuterRef("child"), since__lte=on)
    moved_from = Residence.objects.filter(child=OuterRef("child"), until=OuterRef("since"))
    return homes.filter(~Exists(moved_from)).order_by("-since").values("since")[:1]


def residents_of(month: date, villages: Collection[str] | None) -> Iterator[Resident]:
    """Return children under five, alive and not moved out, by where they live on the month's last day."""
    on = last_day(month)
    lived = (
        Residence.objects.filter(since__lte=on, child__birth_date__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gt=on))
        .filter(Q(child__status=ChildStatus.ACTIVE) | Q(child__status_date__gt=on))
    )
    if villages is not None:
        lived = lived.filter(village_id__in=villages)
    columns = ("child_id", "child__sex", "village_id", "child__birth_date")
    rows = lived.order_by().values_list(*columns, Subquery(_came(on)))
    for row in rows.iterator():
        resident = Resident(*row)
        if under_five(age_in_days(resident.birth_date, on)):
            yield resident
