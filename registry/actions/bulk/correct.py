"""The bulk twin of ``correct_measurement``: the same checks and rows, each village month counted once."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from registry.access.loaders import measurement_not_found
from registry.actions.assessment import regained
from registry.actions.bulk.outcomes import writable_home
from registry.actions.bulk.plan import Lives
from registry.actions.bulk.store import residences_of, series_of, store_earlier, villages_of
from registry.actions.measurements import (
    checked_reason,
    judged,
    lived_elsewhere,
    must_be_in_force,
    must_change,
)
from registry.actions.observation import Observation, checked, observation_of
from registry.actions.refresh import VillageMonthKey, VillageSince, earliest, refresh_figures
from registry.calendar_months import month_of
from registry.db.batches import CHUNK, chunks
from registry.db.bulk_insert import copy_objects
from registry.db.locks import lock_children
from registry.models import Child, Measurement, MeasurementState, Source, Upload, User


@dataclass(frozen=True, slots=True)
class Correction:
    """What a stored measurement should have said; the new one is stored under ``id``, which nothing has."""

    id: UUID
    measurement_id: UUID
    seen: Observation


@transaction.atomic
def correct_measurements(
    *,
    by: User,
    corrections: Sequence[Correction],
    reason: str,
    source: Source = Source.FILE,
    upload: Upload | None = None,
) -> list[Measurement]:
    """Supersede each measurement, one after the other, its doubts confirmed. All are stored, or none.

    Raises as ``correct_measurement`` of the first that cannot be; IntegrityError for an id that is used.
    """
    reason = checked_reason(reason)
    bulk = _Bulk(villages_of(by), _old([c.measurement_id for c in corrections]))
    for correction in corrections:
        new = bulk.correct(correction)
        new.recorded_by, new.source, new.upload, new.reason = by, source, upload, reason
    bulk.store()
    return bulk.new


def _old(ids: Sequence[UUID]) -> dict[UUID, Measurement]:
    """The measurements with their children, which are locked from now on."""
    of_whom = [pk for chunk in chunks(ids) for pk in _children_of(chunk)]
    lock_children(of_whom)
    found: dict[UUID, Measurement] = {}
    for chunk in chunks(ids):
        found.update(Measurement.objects.select_related("child", "village").in_bulk(chunk))
    return found


def _children_of(ids: Sequence[UUID]) -> list[UUID]:
    return list(Measurement.objects.filter(pk__in=ids).order_by().values_list("child_id", flat=True))


@dataclass
class _Bulk:
    """What is corrected so far, in memory."""

    writable: set[str]
    old: dict[UUID, Measurement]
    new: list[Measurement] = field(default_factory=list)
    series: dict[UUID, list[Measurement]] = field(init=False)
    homes: dict[UUID, list[Lives]] = field(init=False)
    regained: dict[UUID, Measurement] = field(default_factory=dict)
    touched: set[VillageMonthKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        ids = sorted({old.child_id for old in self.old.values()})
        self.series, self.homes = series_of(ids), residences_of(ids)

    def correct(self, correction: Correction) -> Measurement:
        """One of them, judged beside those before; as ``correct_measurement`` does, in its order."""
        old = self.old.get(correction.measurement_id)
        if old is None or old.child.village_id not in self.writable:
            raise measurement_not_found()
        child = old.child
        seen = checked(correction.seen, child)
        must_be_in_force(old)
        if old.village_id not in self.writable:
            raise lived_elsewhere(old.village, observation_of(old))
        must_change(old, seen)
        old.state = MeasurementState.SUPERSEDED
        others = [m for m in self.series[child.pk] if m.pk != old.pk]
        village = writable_home(self.writable, self.homes[child.pk], child, seen)
        new = judged(child=child, village=village, seen=seen, others=others, confirmed=True)
        new.id, new.supersedes = correction.id, old
        insort(others, new, key=attrgetter("measured_on"))
        self.series[child.pk] = others
        self.new.append(new)
        self._regain(child, [old.measured_on, seen.measured_on])
        return new

    def _regain(self, child: Child, days: list[date]) -> None:
        changed = regained(child, self.series[child.pk])
        self.regained.update((m.pk, m) for m in changed if not m._state.adding)
        days += [m.measured_on for m in changed]
        homes = self.homes[child.pk]  # all of them, as in touched_by
        self.touched.update((home.village_id, month_of(day)) for home in homes for day in days)

    def store(self) -> None:
        for chunk in chunks(list(self.old)):  # each of them is corrected by now
            Measurement.objects.filter(pk__in=chunk).update(state=MeasurementState.SUPERSEDED)
        lived = self._lengthen_residences()
        Measurement.objects.bulk_update(self.regained.values(), ["gain"], batch_size=CHUNK)
        copy_objects(self.new)
        refresh_figures(self.touched, lived=lived)

    def _lengthen_residences(self) -> list[VillageSince]:
        changed = []
        for child_id, day in earliest((new.child_id, new.measured_on) for new in self.new):
            first = self.homes[child_id][0]
            if day < first.since:
                first.since = day
                changed.append(first)
        store_earlier(changed)
        return earliest((home.village_id, home.since) for home in changed)
