"""Judging many measurements: what would become of each, by the series of its child so far."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence, Set
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils import timezone

from registry.access.loaders import child_not_found
from registry.actions.assessment import COMPUTED, assessments_of
from registry.actions.bulk.plan import Entry, Lives, MeasurementPlan, Outcome, OutcomeKind
from registry.actions.measurements import built, judged, lived_elsewhere, used_id
from registry.actions.observation import OBSERVED, Observation, checked, observation_of
from registry.db.parallel import Beside, is_worth
from registry.errors import Doubtful, Refused
from registry.growth import Assessment
from registry.models import Child, Measurement, Village
from registry.models.child import home_on

_JUDGED = (*OBSERVED, *COMPUTED, "confirmed_doubts")
_values_of = attrgetter(*_JUDGED)

_Values = tuple[Any, ...]
"""Of a measurement that can be stored, the columns of ``_JUDGED``."""


def outcomes_of(
    plan: MeasurementPlan, entries: Sequence[Entry], judging: Callable[[int], object], *, divides: bool
) -> list[Outcome]:
    """What becomes of each entry, in their order; what can be stored is added to the series of ``plan``.

    ``divides``: a second processor may judge half of the children of many. ``judging`` is called with the
    number of entries looked at since the last call.
    """
    order = sorted(range(len(entries)), key=lambda i: entries[i].seen.measured_on)
    if not divides or not is_worth(len(entries)):
        found = _judged(plan, entries, order, judging)
    else:
        found = _judged_by_two(plan, entries, order, judging)
    return [found[i] for i in range(len(entries))]


def _judged(
    plan: MeasurementPlan, entries: Sequence[Entry], order: Iterable[int], judging: Callable[[int], object]
) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    today = timezone.localdate()
    looked_at = {i: _checked(entries[i], today) for i in order}
    found = assessments_of(
        [(entries[i].child, s) for i, s in looked_at.items() if isinstance(s, Observation)]
    )
    for i, seen in looked_at.items():
        if isinstance(seen, Observation):
            outcomes[i] = _outcome(plan, entries[i], seen, next(found))
        else:
            outcomes[i] = Outcome(entries[i], OutcomeKind.REFUSED, error=seen)
        judging(1)
    return outcomes


def _judged_by_two(
    plan: MeasurementPlan, entries: Sequence[Entry], order: Sequence[int], judging: Callable[[int], object]
) -> dict[int, Outcome]:
    """As ``_judged``. Whole children are divided, since a measurement is judged by those before it."""
    here: list[int] = []
    there: list[int] = []
    for i in order:
        (there if entries[i].child.id.int % 2 else here).append(i)
    second = Beside(lambda: _told(plan, entries, there))
    outcomes = _judged(plan, entries, here, judging)
    told = second.result() or {}
    for i in there:
        if i in told:
            outcomes[i] = _as_told(plan, entries[i], told[i])
            judging(1)
    return outcomes | _judged(plan, entries, [i for i in there if i not in told], judging)


def _told(plan: MeasurementPlan, entries: Sequence[Entry], order: Sequence[int]) -> dict[int, _Values]:
    """By number of an entry, of those children of whom everything can be stored: nearly all."""
    outcomes = _judged(plan, entries, order, lambda done: None)
    otherwise = {o.entry.child.id for o in outcomes.values() if o.kind != OutcomeKind.NEW}
    return {
        i: _values_of(outcome.measurement)
        for i, outcome in outcomes.items()
        if outcome.entry.child.id not in otherwise
    }


def _as_told(plan: MeasurementPlan, entry: Entry, values: _Values) -> Outcome:
    village = home_on(plan.homes[entry.child.id], entry.seen.measured_on)
    measurement = built(entry.child, village, entry.id, dict(zip(_JUDGED, values, strict=True)))
    return _added(plan, entry, measurement)


def _checked(entry: Entry, today: date) -> Observation | Refused:
    try:
        return checked(entry.seen, entry.child, today)
    except Refused as refused:
        return refused


def _outcome(plan: MeasurementPlan, entry: Entry, seen: Observation, found: Assessment) -> Outcome:
    """Judge one entry against the child's series so far, and add it to the series if it can be stored."""
    series = plan.series[entry.child.id]
    try:
        if same := _same(plan, entry, series, seen):
            return Outcome(entry, OutcomeKind.SAME, same)
        measurement = judged(
            child=entry.child,
            village=writable_home(plan.writable, plan.homes[entry.child.id], entry.child, seen),
            seen=seen,
            others=series,
            confirmed=entry.confirmed,
            found=found,
            id=entry.id,
        )
    except Doubtful as doubtful:
        return Outcome(entry, OutcomeKind.DOUBTFUL, error=doubtful)
    except Refused as refused:
        return Outcome(entry, OutcomeKind.REFUSED, error=refused)
    return _added(plan, entry, measurement)


def _added(plan: MeasurementPlan, entry: Entry, measurement: Measurement) -> Outcome:
    """It can be stored, and those after it are judged by it."""
    plan.known[entry.id] = measurement
    insort(plan.series[entry.child.id], measurement, key=attrgetter("measured_on"))
    return Outcome(entry, OutcomeKind.NEW, measurement)


def _same(
    plan: MeasurementPlan, entry: Entry, series: list[Measurement], seen: Observation
) -> Measurement | None:
    """What the register holds of ``seen`` already: under its id, or as the child's of that day.

    Raises Conflict for an id that is used for something else.
    """
    if known := plan.known.get(entry.id):
        if known.child_id != entry.child.pk or observation_of(known) != seen:
            raise used_id()
        return known
    return next((m for m in series if m.measured_on == seen.measured_on and observation_of(m) == seen), None)


def writable_home(writable: Set[str], homes: Sequence[Lives], child: Child, seen: Observation) -> Village:
    """Where the child lived that day. Raises NotFound unless that and its village now are ``writable``."""
    if child.village_id not in writable:
        raise child_not_found()
    village = home_on(homes, seen.measured_on)
    if village.pk not in writable:
        raise lived_elsewhere(village, seen)
    return village
