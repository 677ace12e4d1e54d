"""The bulk twin of ``record_measurement``, for files and the demo: the same checks, the same judgement.

:func:`plan_measurements` says for each entry what would happen and writes nothing: a preview is just that.
:func:`store_planned` writes such a plan, made with the children locked, and counts each village month once;
:func:`record_measurements` does all three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from registry.access.loaders import village_not_found
from registry.actions.assessment import regained
from registry.actions.bulk.move import Move, store_moves
from registry.actions.bulk.outcomes import outcomes_of
from registry.actions.bulk.plan import Entry, Lives, MeasurementPlan, NewChild, Outcome
from registry.actions.observation import OBSERVED
from registry.actions.refresh import Counting, VillageMonthKey, VillageSince, earliest, refresh_figures
from registry.calendar_months import month_of
from registry.db.batches import CHUNK, chunks
from registry.db.bulk_insert import (
    Copying,
    analyze,
    check_references_at_once,
    new_row,
    set_columns,
    stored_rows,
)
from registry.db.locks import lock_children
from registry.models import Child, Measurement, Residence, Source, Upload, User, Village

_READ = (
    "id",
    "child_id",
    "village_id",
    *OBSERVED,
    "age_days",
    "clenhei_cm",
    "haz",
    "waz",
    "whz",
    "gain",
)
"""What the measurements before say of the next one, and a file of one that is stored; the rest is read when
somebody asks."""

_MANY = 10_000
"""Rows after which what PostgreSQL believes of its tables is too old for the file that comes next. Its own
look at them may be a minute away."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a plan has changed beside its rows: the months that were not counted before, and the
    children whose first residence begins earlier now, with the day on which it began before.
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
    judging: Callable[[int], object] = lambda done: None,
) -> MeasurementPlan:
    """What storing ``entries`` would do, and what it is judged by. Writes nothing.

    ``new_ids``: the ids of the entries were just made, so nothing is stored under them. ``moves`` are
    checked, a child's in the order of time. ``judging`` is called with the number
    of entries looked at since the last call. Raises NotFound for a new child outside the user's area.
    """
    stored = [e for e in entries if not e.child._state.adding]
    first_seen = dict(earliest((e.child.pk, e.seen.measured_on) for e in stored))
    moving = [move for move in moves if not move.child._state.adding]
    plan = MeasurementPlan(
        outcomes=[],
        first_seen=first_seen,
        series=recent_series_of(first_seen),
        homes=residences_of(sorted(first_seen.keys() | {move.child.pk for move in moving})),
        known={} if new_ids else _known([e.id for e in entries]),
        moves=moving,
        moving={move.child.pk for move in moves},
        writable=villages_of(by),
    )
    for new in new_children:
        if new.child.village_id not in plan.writable:
            raise village_not_found()
        plan.homes[new.child.pk] = [Lives(new.child.pk, new.child.village, new.since)]
    for move in moves:
        homes = plan.homes[move.child.pk]
        homes[-1].until = move.since
        homes.append(Lives(move.child.pk, move.village, move.since))
    plan.outcomes = outcomes_of(plan, entries, judging, divides=new_ids)
    return plan


def villages_of(by: User) -> set[str]:
    """Codes of the villages where ``by`` works with people."""
    return set(Village.objects.with_people_visible_to(by).values_list("pk", flat=True))


def plan_measurements(
    *, by: User, entries: Sequence[Entry], new_children: Sequence[NewChild] = ()
) -> list[Outcome]:
    """What storing ``entries`` would do, one outcome per entry in the same order. Writes nothing."""
    return measurement_plan(by=by, entries=entries, new_children=new_children).outcomes


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
    planned = plan.planned()
    first_seen = dict(earliest((m.child_id, m.measured_on) for m in planned))
    if len(planned) > CHUNK:
        check_references_at_once()
    if len(planned) >= _MANY:
        transaction.on_commit(partial(analyze, Measurement, Child, Residence), robust=True)
    began, lengthened = _lengthen_residences(plan, first_seen)
    lived = [*lengthened, *store_moves(plan.moves)]
    with Copying() as copying:
        lived += _store_children(plan, new_children, first_seen, upload, copying)
        touched = _store_measurements(plan, by, source, upload, copying, progress)
    return Stored(refresh_figures(touched, lived=lived, counting=counting), began)


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

    An entry that is refused or doubtful is not stored and does not keep the others from being stored. Calls
    ``judging`` as :func:`measurement_plan` and ``progress`` as :func:`store_planned`. Raises NotFound for a
    new child outside the user's area.
    """
    with transaction.atomic():
        lock_children([e.child.pk for e in entries if not e.child._state.adding])
        plan = measurement_plan(by=by, entries=entries, new_children=new_children, judging=judging)
        store_planned(plan, by=by, new_children=new_children, source=source, upload=upload, progress=progress)
    return plan.outcomes


def _known(ids: Sequence[UUID]) -> dict[UUID, Measurement]:
    return {m.pk: m for chunk in chunks(ids) for m in Measurement.objects.filter(pk__in=chunk)}


def series_of(child_ids: Sequence[UUID]) -> dict[UUID, list[Measurement]]:
    """The measurements in force of each child, oldest first."""
    series: dict[UUID, list[Measurement]] = defaultdict(list)
    for chunk in chunks(child_ids):
        for row in stored_rows(_read(chunk).order_by("measured_on"), _READ):
            series[row.child_id].append(row)
    return series


def recent_series_of(first_seen: Mapping[UUID, date]) -> dict[UUID, list[Measurement]]:
    """As :func:`series_of`, but only as far back as can matter for what is seen of each child from a day on.

    That is all from the month of that day on, and before it the last weight and the last length: those that
    the next are compared with, also for N, T, O and B. A child has years of others.
    """
    series: dict[UUID, list[Measurement]] = defaultdict(list)
    for chunk in chunks(sorted(first_seen, key=lambda pk: (first_seen[pk], pk))):
        since = month_of(first_seen[chunk[0]])  # of the first; the later ones have some more
        last = _last_before(chunk, since)
        asked = Q(measured_on__gte=since) | Q(measured_on__in={day for _child, day in last})
        for row in stored_rows(_read(chunk).filter(asked), _READ):
            if row.measured_on >= since or (row.child_id, row.measured_on) in last:
                series[row.child_id].append(row)
    for rows in series.values():
        rows.sort(key=attrgetter("measured_on"))
    return series


def _last_before(children: Sequence[UUID], day: date) -> set[tuple[UUID, date]]:
    """Each child with the day of its last weight, and with that of its last length, before ``day``."""
    before = Measurement.objects.in_force().filter(child_id__in=children, measured_on__lt=day)
    last = (
        before.order_by()
        .values_list("child_id")
        .annotate(
            weighed=Max("measured_on", filter=Q(weight_kg__isnull=False)),
            measured=Max("measured_on", filter=Q(clenhei_cm__isnull=False)),
        )
    )
    return {(child, on) for child, *days in last for on in days if on}


def _read(children: Sequence[UUID]) -> QuerySet[Measurement]:
    return Measurement.objects.in_force().filter(child_id__in=children).order_by()


def residences_of(child_ids: Sequence[UUID]) -> dict[UUID, list[Lives]]:
    """Where each child has lived, oldest first."""
    homes: dict[UUID, list[Lives]] = defaultdict(list)
    villages = Village.objects.in_bulk()  # one object of each for all who lived there
    for chunk in chunks(child_ids):
        rows = Residence.objects.filter(child_id__in=chunk).order_by("since")
        for pk, child, code, since, until in rows.values_list("pk", "child", "village", "since", "until"):
            homes[child].append(Lives(child, villages[code], since, until, pk))
    return homes


def store_earlier(homes: Iterable[Lives]) -> None:
    """Store the days on which these begin, which are earlier than before."""
    rows = [Residence(pk=home.pk, since=home.since) for home in homes]
    Residence.objects.bulk_update(rows, ["since"], batch_size=CHUNK)


def _store_children(
    plan: MeasurementPlan,
    new_children: Sequence[NewChild],
    first_seen: Mapping[UUID, date],
    upload: Upload | None,
    copying: Copying,
) -> list[VillageSince]:
    homes = []
    for new in new_children:
        lived = plan.homes[new.child.pk]
        new.child.upload, new.child.village = upload, lived[-1].village
        lived[0].since = min(new.since, first_seen.get(new.child.pk, new.since))
        homes += lived
    copying.objects(_sealed(new.child) for new in new_children)
    copying.objects(map(_residence, homes))
    return earliest((home.village_id, home.since) for home in homes)


def _sealed(child: Child) -> Child:
    child.seal_nik()
    return child


def _residence(home: Lives) -> Residence:
    columns = {"child_id": home.child_id, "village_id": home.village_id}
    return new_row(Residence, {**columns, "since": home.since, "until": home.until})


def _lengthen_residences(
    plan: MeasurementPlan, first_seen: Mapping[UUID, date]
) -> tuple[dict[UUID, date], list[VillageSince]]:
    """As ``lengthen_residence``, for all children of the plan that were stored before; and by child the day
    on which its residence began until now.
    """
    began: dict[UUID, date] = {}
    changed = []
    for child_id, day in first_seen.items():
        first = plan.homes[child_id][0]
        if first.pk and day < first.since:
            began[child_id], first.since = first.since, day
            changed.append(first)
    store_earlier(changed)
    return began, earliest((home.village_id, home.since) for home in changed)


def _store_measurements(
    plan: MeasurementPlan,
    by: User,
    source: Source,
    upload: Upload | None,
    copying: Copying,
    progress: Callable[[int], object],
) -> set[VillageMonthKey]:
    planned = plan.planned()
    regained = _regain(plan, {m.child_id: m.child for m in planned}, {m.id for m in planned})
    set_columns(planned, recorded_by_id=by.pk, source=source, upload_id=upload.pk if upload else None)
    copying.objects(planned, progress)
    Measurement.objects.bulk_update(regained, ["gain"], batch_size=CHUNK)
    return {
        (home.village_id, month_of(m.measured_on))
        for m in [*planned, *regained]
        for home in plan.homes[m.child_id]  # all of them, as in touched_by
    }


def _regain(plan: MeasurementPlan, children: dict[UUID, Child], planned: set[UUID]) -> list[Measurement]:
    """Set N, T, O, B on every series of the plan; the stored rows whose code that changes."""
    return [
        m
        for child_id, child in children.items()
        for m in regained(child, plan.series[child_id], since=plan.first_seen.get(child_id, date.min))
        if m.id not in planned
    ]
