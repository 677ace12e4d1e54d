"""The one way in which measurements are recorded: a list of entries is planned, and the plan is stored.

:func:`measurement_plan` says for each entry what would happen and writes nothing: a preview is just that.
:func:`store_planned` writes such a plan, made with the children locked, and counts each village month once;
:func:`record_measurements` does all three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction

from registry.actions.assessment import recompute_gain
from registry.actions.bulk.move import Move, store_moves
from registry.actions.bulk.outcomes import outcomes_of
from registry.actions.bulk.plan import Entry, Lives, MeasurementPlan, NewChild, Outcome, TakenDay
from registry.actions.bulk.snapshot import (
    recent_series_of,
    residences_of,
    stored_measurements,
    writable_villages,
)
from registry.actions.change_log import reason_of_file
from registry.actions.refresh import (
    Counting,
    VillageMonthKey,
    VillageSince,
    first_day_per_key,
    refresh_figures,
)
from registry.calendar_months import month_of
from registry.db.batches import CHUNK, chunks
from registry.db.bulk_insert import analyze, check_references_at_once, insert_rows
from registry.db.locks import lock_children
from registry.errors import NotFound
from registry.models import Child, Measurement, MeasurementState, Residence, Source, Upload, User

_MANY = 10_000
"""Rows after which what PostgreSQL believes of its tables is too old for the file that comes next. Its own
look at them may be a minute away."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a plan has changed besides its rows.

    ``opened``: months that were not counted before. The other field: children whose first residence begins
    earlier now, with the day on which it began before.
    """

    opened: set[date]
    lengthened: dict[UUID, date]


def measurement_plan(
    *,
    by: User,
    entries: Sequence[Entry],
    new_children: Sequence[NewChild] = (),
    moves: Sequence[Move] = (),
    new_ids: bool = False,
    taken_day: TakenDay = TakenDay.KNOW_THE_SAME,
    in_their_order: bool = False,
) -> MeasurementPlan:
    """Return what storing ``entries`` would do, and what it is judged by. Writes nothing.

    ``new_ids``: the ids of the entries were just made, so nothing is stored under them. ``moves`` are
    checked, a child's in the order of time. ``in_their_order``: see :func:`outcomes_of`. Raises NotFound for
    a new child outside the user's area.
    """
    known = {} if new_ids else stored_measurements([pk for e in entries for pk in (e.id, e.corrects) if pk])
    first_seen = _first_seen(entries, known)
    moving = [move for move in moves if not move.child._state.adding]
    plan = MeasurementPlan(
        outcomes=[],
        first_seen=first_seen,
        series=recent_series_of(first_seen),
        homes=residences_of(sorted(first_seen.keys() | {move.child.pk for move in moving})),
        known=known,
        moves=moving,
        moving={move.child.pk for move in moves},
        writable=set(),
        taken_day=taken_day,
    )
    _plan_homes(plan, new_children, moves)
    plan.writable = writable_villages(by, _villages_in_question(plan, entries, new_children))
    if any(new.child.village_id not in plan.writable for new in new_children):
        raise NotFound.of("village_not_found", "village")
    plan.outcomes = outcomes_of(plan, entries, in_their_order=in_their_order)
    return plan


def _plan_homes(plan: MeasurementPlan, new_children: Sequence[NewChild], moves: Sequence[Move]) -> None:
    """Note where new children live and where those who move will live."""
    for new in new_children:
        plan.homes[new.child.pk] = [Lives(new.child.pk, new.child.village, new.since)]
    for move in moves:
        homes = plan.homes[move.child.pk]
        homes[-1].until = move.since
        homes.append(Lives(move.child.pk, move.village, move.since))


def _first_seen(entries: Sequence[Entry], known: Mapping[UUID, Measurement]) -> dict[UUID, date]:
    """Return the first day of each stored child on which an entry may change something."""
    days = []
    for entry in entries:
        if not entry.child._state.adding:
            days.append((entry.child.pk, entry.observation.measured_on))
            if entry.corrects and (old := known.get(entry.corrects)):
                days.append((entry.child.pk, old.measured_on))
    return dict(first_day_per_key(days))


def _villages_in_question(
    plan: MeasurementPlan, entries: Sequence[Entry], new_children: Sequence[NewChild]
) -> set[str]:
    """Return the codes of the villages where the children of a plan live, have lived and were measured."""
    return {
        *(entry.child.village_id for entry in entries),
        *(new.child.village_id for new in new_children),
        *(home.village_id for homes in plan.homes.values() for home in homes),
        *(measurement.village_id for measurement in plan.known.values()),
    }


def store_planned(
    plan: MeasurementPlan,
    *,
    by: User,
    new_children: Sequence[NewChild] = (),
    source: Source = Source.FILE,
    upload: Upload | None = None,
    progress: Callable[[int], object] = lambda done: None,
    counting: Counting = lambda months, done: None,
) -> Stored:
    """Enrol ``new_children``, who are among those of the plan, and store every entry of it that can be.

    In the caller's transaction, in which the stored children were locked before the plan was made: so what
    it was judged by still stands. ``progress`` is called with the number of measurements written, and
    ``counting`` as ``refresh_figures`` calls it.
    """
    first_seen = dict(first_day_per_key((m.child_id, m.measured_on) for m in plan.new))
    if len(plan.new) > CHUNK:
        check_references_at_once()
    if len(plan.new) >= _MANY:
        transaction.on_commit(partial(analyze, Measurement, Child, Residence), robust=True)
    began, lengthened = _lengthen_residences(plan, first_seen)
    residence_changes = [*lengthened, *store_moves(plan.moves, by=by, reason=reason_of_file(upload))]
    residence_changes += _store_children(plan, new_children, first_seen, upload)
    touched = _store_measurements(plan, by, source, upload, progress)
    changed = {
        *first_seen,
        *began,
        *(move.child.pk for move in plan.moves),
        *(new.child.pk for new in new_children),
    }
    opened = refresh_figures(
        touched, children=changed, residence_changes=residence_changes, counting=counting
    )
    return Stored(opened, began)


def record_measurements(
    *,
    by: User,
    entries: Sequence[Entry],
    new_children: Sequence[NewChild] = (),
    source: Source = Source.FILE,
) -> list[Outcome]:
    """Enrol ``new_children`` and store every entry that can be, all in one transaction.

    An entry that is refused or doubtful is not stored and does not keep the others from being stored. Raises
    NotFound for a new child outside the user's area.
    """
    with transaction.atomic():
        lock_children([e.child.pk for e in entries if not e.child._state.adding])
        plan = measurement_plan(by=by, entries=entries, new_children=new_children)
        store_planned(plan, by=by, new_children=new_children, source=source)
    return plan.outcomes


def _store_children(
    plan: MeasurementPlan,
    new_children: Sequence[NewChild],
    first_seen: Mapping[UUID, date],
    upload: Upload | None,
) -> list[VillageSince]:
    homes = []
    for new in new_children:
        lived = plan.homes[new.child.pk]
        new.child.upload, new.child.village = upload, lived[-1].village
        lived[0].since = min(new.since, first_seen.get(new.child.pk, new.since))
        new.child.seal_nik()
        new.child.spell_names()  # not before: a file's thousands of children wait to be stored
        homes += lived
    insert_rows([new.child for new in new_children])
    insert_rows([_residence(home) for home in homes])
    return first_day_per_key((home.village_id, home.since) for home in homes)


def _residence(home: Lives) -> Residence:
    return Residence(child_id=home.child_id, village_id=home.village_id, since=home.since, until=home.until)


def _lengthen_residences(
    plan: MeasurementPlan, first_seen: Mapping[UUID, date]
) -> tuple[dict[UUID, date], list[VillageSince]]:
    """Let the first residence of each stored child begin when it was first measured, if that is earlier.

    A child measured before its first known residence lived there already. Returns by child the day on which
    its residence began until now, and where such a child has lived since when: in a village that it moved to
    later it can now have been missed twice, too.
    """
    began: dict[UUID, date] = {}
    changed = []
    for child_id, day in first_seen.items():
        first = plan.homes[child_id][0]
        if first.pk and day < first.since:
            began[child_id], first.since = first.since, day
            changed.append(first)
    rows = [Residence(pk=home.pk, since=home.since) for home in changed]
    Residence.objects.bulk_update(rows, ["since"], batch_size=CHUNK)
    homes = (home for child_id in began for home in plan.homes[child_id])
    return began, first_day_per_key((home.village_id, home.since) for home in homes)


def _store_measurements(
    plan: MeasurementPlan,
    by: User,
    source: Source,
    upload: Upload | None,
    progress: Callable[[int], object],
) -> set[VillageMonthKey]:
    """Store what is planned; return the village months whose figures that can change."""
    changed = _changed_gains(plan, {m.child_id: m.child for m in plan.new})
    new = [*plan.new, *plan.pending]
    for measurement in new:
        measurement.recorded_by, measurement.source, measurement.upload = by, source, upload
    for old in chunks(plan.superseded):
        Measurement.objects.filter(pk__in=[m.pk for m in old]).update(state=MeasurementState.SUPERSEDED)
    insert_rows(new, progress)
    Measurement.objects.bulk_update(changed, ["gain"], batch_size=CHUNK)
    return {
        (home.village_id, month_of(m.measured_on))
        for m in [*plan.new, *plan.superseded, *changed]
        for home in plan.homes[m.child_id]  # all of them, as in affected_village_months
    }


def _changed_gains(plan: MeasurementPlan, children: Mapping[UUID, Child]) -> list[Measurement]:
    """Set N, T, O, B on the series of ``children``; return the stored rows whose code that changes."""
    return [
        m
        for child_id, child in children.items()
        for m in recompute_gain(child, plan.series[child_id], plan.first_seen.get(child_id, date.min))
        if not m._state.adding
    ]
