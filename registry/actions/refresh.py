"""Keeping the stored figures equal to the rows: called inside every action's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from registry.figures.count import Cell, count_month
from registry.figures.months import month_of
from registry.models import CountedMonth, Measurement, Village, VillageMonth
from registry.models.month import COUNTERS

VillageMonthKey = tuple[str, date]


def refresh_figures(touched: Iterable[VillageMonthKey]) -> None:
    """Recount the given (village code, month) pairs inside the caller's transaction.

    Order of locks, everywhere: children, then months to open, then villages by code. The lock on the
    village makes the recount see every measurement of the village that was stored before it.
    """
    by_month: dict[date, set[str]] = defaultdict(set)
    for village, month in touched:
        by_month[month].add(village)
    for month in sorted(by_month):
        if _open(month):
            del by_month[month]
    _lock_villages({village for villages in by_month.values() for village in villages})
    for month in sorted(by_month):
        _recount(month, by_month[month])


def open_month(month: date) -> bool:
    """Store the figures of ``month`` for every village unless they are stored; True if it was opened now."""
    with transaction.atomic():
        return _open(month)


def counted_months_from(day: date) -> list[date]:
    """Months whose stored figures depend on where children lived on ``day`` and after."""
    return list(
        CountedMonth.objects.filter(month__gte=month_of(day))
        .order_by("month")
        .values_list("month", flat=True)
    )


def _open(month: date) -> bool:
    # get_or_create waits for a concurrent opener at the primary key, so a month is opened once.
    _row, created = CountedMonth.objects.get_or_create(month=month)
    if created:
        _recount(month, None)
    return created


def _lock_villages(codes: Collection[str]) -> None:
    list(
        Village.objects.select_for_update(no_key=True)
        .filter(pk__in=codes)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _recount(month: date, villages: Collection[str] | None) -> None:
    stored = VillageMonth.objects.filter(month=month)
    if villages is not None:
        stored = stored.filter(village_id__in=villages)
    stored.delete()
    cells = count_month(month, villages).as_values()
    VillageMonth.objects.bulk_create(
        [
            VillageMonth(month=month, **cell._asdict(), **dict(zip(COUNTERS, values, strict=True)))
            for cell, values in sorted(cells.items())
        ],
        batch_size=1000,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored cell that a full recount counts otherwise; () where one of the two has no such cell."""

    month: date
    cell: Cell
    stored: tuple[int, ...]
    counted: tuple[int, ...]


def months_in_use() -> list[date]:
    """Every month whose figures are stored, and every one with a measurement in force."""
    measured = Measurement.objects.in_force().dates("measured_on", "month")
    return sorted({*CountedMonth.objects.values_list("month", flat=True), *measured})


def differences(month: date) -> Iterator[Difference]:
    """Where the stored figures of ``month`` are not what a full recount gives. Writes nothing."""
    counted = count_month(month).as_values()
    stored = {
        Cell(row[0], row[1], row[2]): tuple(row[3:])
        for row in VillageMonth.objects.filter(month=month).values_list(
            "village_id", "sex", "age_group", *COUNTERS
        )
    }
    for cell in sorted(counted.keys() | stored.keys()):
        if counted.get(cell) != stored.get(cell):
            yield Difference(month, cell, stored.get(cell, ()), counted.get(cell, ()))


def rebuild_month(month: date) -> None:
    """Count ``month`` anew for every village."""
    with transaction.atomic():
        if not _open(month):
            _lock_villages(list(Village.objects.values_list("pk", flat=True)))
            _recount(month, None)
