"""Judging many measurements: what would become of each, by the series of its child so far."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence, Set
from datetime import date
from operator import attrgetter

from django.utils import timezone

from registry.actions.assessment import assess_and_validate, assess_many, recompute_gain
from registry.actions.bulk.plan import Entry, Lives, MeasurementPlan, Outcome, OutcomeKind, TakenDay
from registry.actions.observation import Observation, observation_of, validate_observation
from registry.actions.requirements import lived_elsewhere, require_change, require_in_force
from registry.errors import Conflict, Doubtful, Invalid, NotFound, Refused
from registry.growth import Assessment
from registry.models import Child, Measurement, MeasurementState, Village
from registry.models.child import home_on, time_away_on

_by_day = attrgetter("measured_on")


def outcomes_of(
    plan: MeasurementPlan,
    entries: Sequence[Entry],
    *,
    in_their_order: bool,
) -> list[Outcome]:
    """Return what becomes of each entry, in their order; what can be stored is added to ``plan``.

    ``in_their_order``: they are judged so, as somebody has sent them one after the other, and not in the
    order of their days.
    """
    order = list(range(len(entries)))
    if not in_their_order:
        order.sort(key=lambda i: entries[i].observation.measured_on)
    today = timezone.localdate()
    observed = {i: _validate_entry(entries[i], today) for i in order}
    assessments = assess_many(
        [
            (entries[i].child, observation)
            for i, observation in observed.items()
            if isinstance(observation, Observation)
        ]
    )
    outcomes: dict[int, Outcome] = {}
    for i, observation in observed.items():
        assessment = next(assessments) if isinstance(observation, Observation) else None
        outcomes[i] = _outcome(plan, entries[i], observation, assessment)
    return [outcomes[i] for i in range(len(entries))]


def _validate_entry(entry: Entry, today: date) -> Observation | Refused:
    try:
        return validate_observation(entry.observation, entry.child, today)
    except Refused as refused:
        return refused


def _outcome(
    plan: MeasurementPlan, entry: Entry, observation: Observation | Refused, assessment: Assessment | None
) -> Outcome:
    """Judge one entry against the child's series so far, and add it to the series if it can be stored."""
    try:
        old = _find_corrected(plan, entry)
        if isinstance(observation, Refused):
            raise observation
        if known := _find_stored(plan, entry, observation):
            return Outcome(entry, OutcomeKind.SAME, known)
        if old is not None:
            return _correction(plan, entry, old, observation, assessment)
        return _new_measurement(plan, entry, observation, assessment)
    except Doubtful as doubtful:
        return Outcome(entry, OutcomeKind.DOUBTFUL, error=doubtful)
    except Refused as refused:
        return Outcome(entry, OutcomeKind.REFUSED, error=refused)


def _find_corrected(plan: MeasurementPlan, entry: Entry) -> Measurement | None:
    """Return what the entry corrects, if anything. Raises NotFound where there is no such measurement."""
    if entry.corrects is None:
        return None
    old = plan.known.get(entry.corrects)
    if old is None or entry.child.village_id not in plan.reach_of(entry.child):
        raise NotFound.of("measurement_not_found", "id")
    return old


def _find_stored(plan: MeasurementPlan, entry: Entry, observation: Observation) -> Measurement | None:
    """Return what is stored or planned under the entry's id. Raises Conflict if that says something else."""
    known = plan.known.get(entry.id)
    if known is None:
        return None
    if known.child_id != entry.child.pk or observation_of(known) != observation:
        raise Conflict.of("id_used", "id")
    if entry.corrects and (known.supersedes_id != entry.corrects or entry.corrects == entry.id):
        raise Conflict.of("id_used", "id")
    return known


def _new_measurement(
    plan: MeasurementPlan, entry: Entry, observation: Observation, assessment: Assessment | None
) -> Outcome:
    series = plan.series[entry.child.id]
    taken = next((m for m in series if m.measured_on == observation.measured_on), None)
    is_same = taken is not None and observation_of(taken) == observation
    if is_same and plan.taken_day is TakenDay.KNOW_THE_SAME:
        return Outcome(entry, OutcomeKind.SAME, taken)
    village = writable_home(plan.reach_of(entry.child), plan.homes[entry.child.id], entry.child, observation)
    if taken is None or plan.taken_day is not TakenDay.KEEP_BOTH:
        return _plan_new(plan, entry, _build_assessed(entry, village, observation, assessment, series))
    if is_same:
        return Outcome(entry, OutcomeKind.SAME, taken)
    before = [m for m in series if m.measured_on < observation.measured_on]
    pending = _build_assessed(entry, village, observation, assessment, before)
    pending.state = MeasurementState.PENDING_CHOICE
    plan.known[entry.id] = pending
    plan.pending.append(pending)
    return Outcome(entry, OutcomeKind.PENDING_CHOICE, pending)


def _correction(
    plan: MeasurementPlan,
    entry: Entry,
    old: Measurement,
    observation: Observation,
    assessment: Assessment | None,
) -> Outcome:
    require_in_force(old)
    if old.village_id not in plan.reach_of(entry.child):
        raise lived_elsewhere(old.village, old.measured_on)
    require_change(old, observation)
    series = plan.series[entry.child.id]
    others = [m for m in series if m.pk != old.pk]
    village = writable_home(plan.reach_of(entry.child), plan.homes[entry.child.id], entry.child, observation)
    measurement = _build_assessed(entry, village, observation, assessment, others)
    measurement.supersedes, measurement.reason = old, entry.reason
    if old._state.adding:  # it keeps the N, T, O or B that it had as long as it was in force
        recompute_gain(entry.child, series, plan.first_seen.get(entry.child.pk, date.min))
    else:
        plan.superseded.append(old)
    old.state = MeasurementState.SUPERSEDED
    plan.series[entry.child.id] = others
    return _plan_new(plan, entry, measurement)


def _build_assessed(
    entry: Entry,
    village: Village,
    observation: Observation,
    assessment: Assessment | None,
    others: Sequence[Measurement],
) -> Measurement:
    measurement = assess_and_validate(
        child=entry.child,
        village=village,
        observation=observation,
        others=others,
        confirmed=entry.confirmed,
        assessment=assessment,
        id=entry.id,
    )
    measurement.client_time = entry.client_time
    return measurement


def _plan_new(plan: MeasurementPlan, entry: Entry, measurement: Measurement) -> Outcome:
    """Plan to store it in force: those after it are judged by it."""
    plan.known[entry.id] = measurement
    plan.new.append(measurement)
    insort(plan.series[entry.child.id], measurement, key=_by_day)
    return Outcome(entry, OutcomeKind.NEW, measurement)


def writable_home(
    writable: Set[str], homes: Sequence[Lives], child: Child, observation: Observation
) -> Village:
    """Return where the child lived that day.

    Raises NotFound unless it and its home now are ``writable``, Invalid for a day in a time away.
    """
    if child.village_id not in writable:
        raise NotFound.of("child_not_found", "child")
    day = observation.measured_on
    village = home_on(homes, day)
    if village.pk not in writable:
        raise lived_elsewhere(village, day)
    if away := time_away_on(homes, day):
        raise Invalid.of("away_that_day", "measured_on", left=away[0], back=away[1])
    return village
