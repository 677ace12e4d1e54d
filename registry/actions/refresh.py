"""Keeping the stored figures equal to the rows: called inside every action's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.dispatch import Signal

from registry.calendar_months import add_months, current_month, month_of
from registry.db.batches import chunks
from registry.db.bulk_insert import insert_rows
from registry.db.locks import lock_for_key_share
from registry.figures.count import CountCell, count_month, measured_in
from registry.models import (
    CountedMonth,
    HeightSpread,
    Measurement,
    QualityMonth,
    Residence,
    Village,
    VillageMonth,
)
from registry.models.month import COUNTERS

children_changed = Signal()
"""Sent in the transaction of an action, with the ids of the locked children that it has changed."""

children_pseudonymised = Signal()
"""Sent so when the records of children no longer say who they are: other tables must not say it either."""

records_expired = Signal()
"""Sent after that, once a run, with the day up to which a record ended whose term is over: ``limit``."""

VillageMonthKey = tuple[str, date]
VillageSince = tuple[str, date]
Counting = Callable[[int, int], object]
"""Called with the number of months to recount, and with the number of those that are done."""
K = TypeVar("K", str, UUID)


def first_day_per_key(pairs: Iterable[tuple[K, date]]) -> list[tuple[K, date]]:
    """Return the first day of each key."""
    found: dict[K, date] = {}
    for key, day in pairs:
        found[key] = min(day, found.get(key, day))
    return list(found.items())


def affected_village_months(measured: Iterable[tuple[UUID, date]]) -> set[VillageMonthKey]:
    """Return the village months whose figures a measurement of one of these children and days can change.

    A month counts a child once, where it was measured last, else where it lives: so a measurement in one
    village can take the child out of another that it moved from or to.
    """
    months: dict[UUID, set[date]] = defaultdict(set)
    for child_id, day in measured:
        months[child_id].add(month_of(day))
    found: set[VillageMonthKey] = set()
    for chunk in chunks(sorted(months)):
        for child_id, code in Residence.objects.filter(child__in=chunk).values_list("child_id", "village_id"):
            found.update((code, month) for month in months[child_id])
    return found


def refresh_figures(
    touched: Iterable[VillageMonthKey] = (),
    *,
    children: Collection[UUID],
    residence_changes: Iterable[VillageSince] = (),
    months_to_close: Collection[date] = (),
    counting: Counting = lambda months, done: None,
) -> set[date]:
    """Recount in the caller's transaction what its writes have changed, and return the months this opened.

    ``touched``: village months with changed measurements; a month that is not counted yet is opened.
    ``children``: whose measurements, life or identity changed; who listens to ``children_changed`` hears it.
    ``residence_changes``: villages with the day from which other children live there; their counted months
    are recounted. ``months_to_close``: the register's first months, where nothing in force is left in them.
    The current month is never closed. ``counting`` gets how many months there are and how many are done.

    Order of locks, everywhere: children, then posyandu, then months, then villages by code. The lock on a
    village makes the recount see all that was stored for it; opening or closing a month locks every village.
    """
    by_month: dict[date, set[str]] = defaultdict(set)
    for village, month in touched:
        by_month[month].add(village)
    residence_changes = list(residence_changes)
    codes = {code for code, _day in residence_changes}.union(*by_month.values())
    opened, closed = _open_and_close(by_month.keys(), months_to_close, codes)
    for month in closed:
        by_month.pop(month, None)
    # Asked only now: who opened a month before we had the lock counted it without our change.
    for month in _counted_months_from(min((day for _code, day in residence_changes), default=None)):
        by_month[month].update(code for code, day in residence_changes if month_of(day) <= month)
    # 2T and "missed twice" of a month look at the month before it.
    following = {add_months(month, 1): codes for month, codes in by_month.items()}
    for month in CountedMonth.objects.filter(month__in=following).values_list("month", flat=True):
        by_month[month].update(following[month])
    whole = opened | _after(opened | closed)
    _recount_each(whole, by_month, counting)
    if children:
        children_changed.send(sender=None, children=children)
    return opened


def _recount_each(whole: Collection[date], by_month: Mapping[date, set[str]], counting: Counting) -> None:
    """Recount the months of ``whole`` for every village, and the others for theirs."""
    to_recount = sorted({*whole, *(month for month, villages in by_month.items() if villages)})
    for done, month in enumerate(to_recount):
        counting(len(to_recount), done)
        _recount(month, None if month in whole else by_month[month])
    if to_recount:
        counting(len(to_recount), len(to_recount))


def _open_and_close(
    months: Collection[date], closing: Collection[date], codes: Collection[str]
) -> tuple[set[date], set[date]]:
    """Lock the months, then the villages of ``codes``; return which months that opened and closed."""
    ending = set(_closable(closing))
    opened = set()
    for month in sorted({*months, *ending}):
        if month in ending:
            _lock_month(month)
        elif _mark_open(month):
            opened.add(month)
    _lock_villages(None if opened or ending else codes)
    # Asked again, now that all who have written in them are through.
    return opened, _close(ending)


def open_month(month: date) -> bool:
    """Store the figures of ``month`` for every village unless they are stored; True if it was opened now."""
    with transaction.atomic():
        opened = _mark_open(month)
        if opened:
            _lock_villages(None)
            for opening in sorted({month} | _after({month})):
                _recount(opening, None)
    return opened


def rebuild_month(month: date) -> None:
    """Recount ``month`` for every village."""
    with transaction.atomic():
        following = _after({month}) if _mark_open(month) else set()
        _lock_villages(None)
        for changed in sorted({month} | following):
            _recount(changed, None)


def _counted_months_from(day: date | None) -> list[date]:
    """Return months whose stored figures depend on where children lived on ``day`` and after."""
    if day is None:
        return []
    months = CountedMonth.objects.filter(month__gte=month_of(day)).order_by("month")
    return list(months.values_list("month", flat=True))


def _mark_open(month: date) -> bool:
    """Open a month and hold it open until the transaction ends; return True if it was not open."""
    while not lock_for_key_share(CountedMonth.objects.filter(pk=month)):
        # It waits for a concurrent opener at the primary key, so a month is opened once.
        with suppress(IntegrityError), transaction.atomic():
            CountedMonth.objects.create(month=month)
            return True
    return False


def _lock_month(month: date) -> None:
    """Wait until all who keep the month are through, and let nobody write in it until we are."""
    list(CountedMonth.objects.select_for_update().filter(pk=month).values_list("pk", flat=True))


def _closable(months: Collection[date]) -> list[date]:
    """Return those of ``months`` before this one with which the register begins and that hold nothing."""
    found: list[date] = []
    if months:
        counted = CountedMonth.objects.filter(month__lt=current_month()).order_by("month")
        for month in counted.values_list("month", flat=True):
            if month not in months or measured_in(month).exists():
                break
            found.append(month)
    return found


def _close(ending: Collection[date]) -> set[date]:
    """Forget the figures of those that can be closed; return those that are not counted any more."""
    gone = _closable(ending)
    for model in (VillageMonth, HeightSpread, QualityMonth, CountedMonth):
        model._default_manager.filter(month__in=gone).delete()
    return set(ending) - set(CountedMonth.objects.filter(pk__in=ending).values_list("month", flat=True))


def _after(opened: Iterable[date]) -> set[date]:
    """Return the counted months after some that were opened: a child can now have missed the one before."""
    following = [add_months(month, 1) for month in opened]
    return set(CountedMonth.objects.filter(month__in=following).values_list("month", flat=True))


def _lock_villages(codes: Collection[str] | None) -> None:
    villages = Village.objects.select_for_update(no_key=True).order_by("pk")
    if codes is not None:
        villages = villages.filter(pk__in=codes)
    list(villages.values_list("pk", flat=True))


def _recount(month: date, villages: Collection[str] | None) -> None:
    of = {"month": month} if villages is None else {"month": month, "village_id__in": villages}
    VillageMonth.objects.filter(**of).delete()
    HeightSpread.objects.filter(**of).delete()
    tally = count_month(month, villages)
    cells = tally.as_values()
    insert_rows(
        [
            VillageMonth(month=month, **cell._asdict(), **dict(zip(COUNTERS, values, strict=True)))
            for cell, values in sorted(cells.items())
        ]
    )
    insert_rows(
        [
            HeightSpread(month=month, village_id=code, **asdict(spread))
            for code, spread in sorted(tally.spreads.items())
        ]
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored cell that a full recount counts otherwise; () where one of the two has no such cell.

    The spread of a village's heights stands as a cell of neither sex, with its counts by half an SD.
    """

    month: date
    cell: CountCell
    stored: tuple[int, ...]
    counted: tuple[int, ...]


def months_in_use() -> list[date]:
    """Return every month whose figures are stored, and every one with a measurement in force."""
    measured = Measurement.objects.in_force().dates("measured_on", "month")
    return sorted({*CountedMonth.objects.values_list("month", flat=True), *measured})


def differences(month: date) -> Iterator[Difference]:
    """Return where the stored figures of ``month`` are not what a full recount gives. Writes nothing."""
    tally = count_month(month)
    counted = tally.as_values() | {
        _spread_cell(code): (s.count, s.total, s.squares, *s.bins) for code, s in tally.spreads.items()
    }
    rows = VillageMonth.objects.filter(month=month).values_list("village_id", "sex", "age_group", *COUNTERS)
    stored = {CountCell(row[0], row[1], row[2]): tuple(row[3:]) for row in rows} | {
        _spread_cell(s.village_id): (s.count, s.total, s.squares, *s.bins)
        for s in HeightSpread.objects.filter(month=month)
    }
    for cell in sorted(counted.keys() | stored.keys()):
        if counted.get(cell) != stored.get(cell):
            yield Difference(month, cell, stored.get(cell, ()), counted.get(cell, ()))


def _spread_cell(village: str) -> CountCell:
    return CountCell(village, 0, "")
