"""The bulk twin of ``record_measurement``, for files and the demo: the same checks, the same judgement.

:func:`plan_measurements` says for each entry what would happen and writes nothing: a preview is just that.
:func:`record_measurements` plans with the children locked, writes, and counts each village month once.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from registry.actions.errors import Doubtful, Refused
from registry.actions.judge import gains_of
from registry.actions.measurements import judged, lived_elsewhere
from registry.actions.observation import Observation, checked, observation_of
from registry.actions.refresh import VillageMonthKey, counted_months_from, refresh_figures
from registry.figures.months import month_of
from registry.models import Child, Measurement, Residence, Source, Upload, User, Village

_CHUNK = 500  # below SQLite's limit on parameters in one statement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child built by ``built_child`` that is to be enrolled, living in its village ``since`` that day."""

    child: Child
    since: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One measurement to store. ``child`` is stored, or among the new children of the same call."""

    id: UUID
    child: Child
    seen: Observation
    confirmed: bool = False


class OutcomeKind(StrEnum):
    NEW = "new"
    SAME = "same"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens to an entry: ``measurement`` when NEW or SAME, else ``error`` says why not."""

    entry: Entry
    kind: OutcomeKind
    measurement: Measurement | None = None
    error: Refused | None = None


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome]
    series: dict[UUID, list[Measurement]]  # per child, in force and planned, oldest first

    def planned(self) -> list[Measurement]:
        return [o.measurement for o in self.outcomes if o.kind == OutcomeKind.NEW and o.measurement]


def plan_measurements(
    *, by: User, entries: Sequence[Entry], new_children: Sequence[NewChild] = ()
) -> list[Outcome]:
    """What storing ``entries`` would do, one outcome per entry in the same order. Writes nothing."""
    return _plan(by, entries, new_children).outcomes


def record_measurements(
    *,
    by: User,
    entries: Sequence[Entry],
    new_children: Sequence[NewChild] = (),
    source: Source = Source.FILE,
    upload: Upload | None = None,
    judging: Callable[[int], object] = lambda done: None,
    progress: Callable[[int], object] = lambda done: None,
) -> list[Outcome]:
    """Enrol ``new_children`` and store every entry that can be, all in one transaction.

    ``judging`` is called with the number of entries looked at since the last call, ``progress`` with the
    number of measurements written. An entry that is refused or doubtful is not stored and does not keep the
    others from being stored.
    """
    with transaction.atomic():
        _lock_children([e.child.pk for e in entries if not e.child._state.adding])
        plan = _plan(by, entries, new_children, judging)
        touched = _store_children(new_children) | _lengthen_residences(plan)
        touched |= _store_measurements(plan, by, source, upload, progress)
        refresh_figures(touched)
    return plan.outcomes


def _lock_children(ids: Sequence[UUID]) -> None:
    for chunk in _chunks(sorted(set(ids))):
        list(
            Child.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk", flat=True)
        )


def _plan(
    by: User,
    entries: Sequence[Entry],
    new_children: Sequence[NewChild],
    judging: Callable[[int], object] = lambda done: None,
) -> _Plan:
    stored_ids = sorted({e.child.pk for e in entries if not e.child._state.adding})
    series = _series_of(stored_ids)
    homes = _residences_of(stored_ids)
    for new in new_children:
        homes[new.child.pk] = [Residence(child=new.child, village=new.child.village, since=new.since)]
    writable = set(Village.objects.with_people_visible_to(by).values_list("pk", flat=True))
    plan = _Plan([], series)
    for entry in sorted(entries, key=lambda e: e.seen.measured_on):
        plan.outcomes.append(_outcome(entry, series[entry.child.pk], homes[entry.child.pk], writable))
        judging(1)
    order = {id(entry): i for i, entry in enumerate(entries)}
    plan.outcomes.sort(key=lambda o: order[id(o.entry)])
    return plan


def _outcome(entry: Entry, series: list[Measurement], homes: list[Residence], writable: set[str]) -> Outcome:
    """Judge one entry against the child's series so far, and add it to the series if it can be stored."""
    try:
        seen = checked(entry.seen, entry.child)
        if same := next((m for m in series if observation_of(m) == seen), None):
            return Outcome(entry, OutcomeKind.SAME, same)
        village = _home_on(homes, seen.measured_on)
        if village.pk not in writable:
            raise lived_elsewhere(village, seen)
        measurement = judged(
            child=entry.child, village=village, seen=seen, others=series, confirmed=entry.confirmed
        )
    except Doubtful as doubtful:
        return Outcome(entry, OutcomeKind.DOUBTFUL, error=doubtful)
    except Refused as refused:
        return Outcome(entry, OutcomeKind.REFUSED, error=refused)
    measurement.id = entry.id
    insort(series, measurement, key=attrgetter("measured_on"))
    return Outcome(entry, OutcomeKind.NEW, measurement)


def _home_on(homes: list[Residence], day: date) -> Village:
    """As ``Child.village_on``, for residences already at hand (oldest first)."""
    lived = [home for home in homes if home.since <= day] or homes[:1]
    return lived[-1].village


def _series_of(child_ids: Sequence[UUID]) -> dict[UUID, list[Measurement]]:
    series: dict[UUID, list[Measurement]] = defaultdict(list)
    for chunk in _chunks(child_ids):
        for row in Measurement.objects.in_force().filter(child_id__in=chunk).order_by("measured_on"):
            series[row.child_id].append(row)
    return series


def _residences_of(child_ids: Sequence[UUID]) -> dict[UUID, list[Residence]]:
    homes: dict[UUID, list[Residence]] = defaultdict(list)
    for chunk in _chunks(child_ids):
        for row in Residence.objects.filter(child_id__in=chunk).select_related("village").order_by("since"):
            homes[row.child_id].append(row)
    return homes


def _store_children(new_children: Sequence[NewChild]) -> set[VillageMonthKey]:
    Child.objects.bulk_create([new.child for new in new_children], batch_size=_CHUNK)
    Residence.objects.bulk_create(
        [Residence(child=new.child, village=new.child.village, since=new.since) for new in new_children],
        batch_size=_CHUNK,
    )
    earliest: dict[str, date] = {}
    for new in new_children:
        code = new.child.village_id
        earliest[code] = min(new.since, earliest.get(code, new.since))
    return _months_from(earliest)


def _lengthen_residences(plan: _Plan) -> set[VillageMonthKey]:
    """As ``lengthen_residence``, for all children of the plan."""
    first_seen: dict[UUID, date] = {}
    for m in plan.planned():
        first_seen[m.child_id] = min(m.measured_on, first_seen.get(m.child_id, m.measured_on))
    earliest: dict[str, date] = {}
    changed = []
    for homes in _residences_of(sorted(first_seen)).values():
        first, day = homes[0], first_seen[homes[0].child_id]
        if day < first.since:
            first.since = day
            changed.append(first)
            earliest[first.village_id] = min(day, earliest.get(first.village_id, day))
    Residence.objects.bulk_update(changed, ["since"], batch_size=_CHUNK)
    return _months_from(earliest)


def _months_from(earliest: dict[str, date]) -> set[VillageMonthKey]:
    return {(code, month) for code, day in earliest.items() for month in counted_months_from(day)}


def _store_measurements(
    plan: _Plan, by: User, source: Source, upload: Upload | None, progress: Callable[[int], object]
) -> set[VillageMonthKey]:
    planned = plan.planned()
    regained = _regain(plan, {m.child_id: m.child for m in planned}, {m.id for m in planned})
    for m in planned:
        m.recorded_by, m.source, m.upload = by, source, upload
    for chunk in _chunks(planned):
        Measurement.objects.bulk_create(chunk)
        progress(len(chunk))
    Measurement.objects.bulk_update(regained, ["gain"], batch_size=_CHUNK)
    return {(m.village_id, month_of(m.measured_on)) for m in [*planned, *regained]}


def _regain(plan: _Plan, children: dict[UUID, Child], planned: set[UUID]) -> list[Measurement]:
    """Set N, T, O, B on every series of the plan; the stored rows whose code that changes."""
    changed = []
    for child_id, child in children.items():
        codes = gains_of(child, plan.series[child_id])
        for m in plan.series[child_id]:
            if m.gain != codes[m.id]:
                m.gain = codes[m.id]
                if m.id not in planned:
                    changed.append(m)
    return changed


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
