"""The children of a village and month with what was last seen of them: all that a phone needs offline.

Who belongs to a month is what ``registry.figures.count`` says, so "18 dari 25" equals the district's D/S,
but for children measured here who have moved since: they count here and are no longer this user's to see.
On the day of its move a child still stands on the phone of the village that it left, uncounted.
Which section a child stands in is worked out where it is drawn (``static/js/workspace/children.js``), with
what waits on that phone counted in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, F, Q, QuerySet, When, Window
from django.db.models import Case as SqlCase
from django.db.models.functions import RowNumber
from django.utils import timezone

from kpm.case_words import StepChoice
from kpm.last_steps import find_last_step, load_steps
from kpm.models import Case, CaseStep, StepAction
from registry.calendar_months import add_months, current_month, last_day
from registry.db.batches import chunks
from registry.growth import age_in_days, under_five
from registry.models import Child, Measurement, MeasurementState, Residence, User, Village

RECENT_MEASUREMENTS = 4
"""Newest measurements of a child that travel with it: enough for N/T/O/B, 2T and the last values."""


@dataclass(slots=True)
class RosterRow:
    """One child, its last measurements in force (oldest first), and whether a value waits to be chosen."""

    child: Child
    measurements: list[Measurement] = field(default_factory=list)
    is_pending_choice: bool = False
    moved_to: str = ""  # the village where it lives since today
    cases: list[Case] = field(default_factory=list)
    last_step: CaseStep | None = None

    @property
    def last(self) -> Measurement | None:
        return self.measurements[-1] if self.measurements else None


def list_roster(*, user: User, village: Village, month: date, with_moved: bool = False) -> list[RosterRow]:
    """Return the children of ``village`` in ``month`` as ``user`` may see them, by name: three queries.

    ``with_moved``: also those who moved away today.
    """
    after = add_months(month, 1)
    children = _children(user, village, month, with_moved=with_moved)
    rows = {child.pk: RosterRow(child) for child in children.select_related("posyandu", "village")}
    for measurement in _recent_measurements(children, after):
        rows[measurement.child_id].measurements.append(measurement)
    pending = Measurement.objects.filter(
        child__in=children.values("pk"), state=MeasurementState.PENDING_CHOICE
    )
    for child_id in pending.values_list("child_id", flat=True):
        rows[child_id].is_pending_choice = True
    return sorted(
        _rows_of_month(rows.values(), village, month),
        key=lambda r: (r.child.sort_name, r.child.birth_date, r.child.pk),
    )


def load_open_cases(rows: Sequence[RosterRow]) -> None:
    """Give each row the cases of its child that are open today, with the newest step: two queries."""
    by_child = {row.child.pk: row for row in rows}
    for chunk in chunks(list(by_child)):
        for case in Case.objects.filter(child__in=chunk).open_on(timezone.localdate()).order_by("kind"):
            by_child[case.child_id].cases.append(case)
        for child_id, steps in load_steps(chunk).items():
            by_child[child_id].last_step = find_last_step(by_child[child_id].cases, steps)


def whole_history_row(child: Child) -> RosterRow:
    """Return ``child`` with all its measurements in force, oldest first, wherever and whenever taken."""
    return RosterRow(child, list(child.measurements.in_force().order_by("measured_on")))


def row_json(row: RosterRow) -> dict[str, Any]:
    """Return a row as the phone reads it; what is empty is left out."""
    child = row.child
    said = {
        "id": str(child.pk),
        "name": child.name,
        "sex": child.sex,
        "born": child.birth_date.isoformat(),
        "weeks": child.gestation_weeks,
        "estimated": child.has_estimated_birth_date,
        "parent": child.parent_name,
        "posyandu": child.posyandu.name if child.posyandu else "",
        "rival": row.is_pending_choice,
        "moved": row.moved_to,
        "gone": not child.is_active,
        "rt": child.rt,
        "rw": child.rw,
        "cases": [case_json(case) for case in row.cases],
        "step": step_json(row.last_step) if row.last_step else None,
        "seen": [measurement_json(m) for m in row.measurements],
    }
    return {key: value for key, value in said.items() if value}


def case_json(case: Case) -> dict[str, Any]:
    """Return an open case as the phone reads it; what is empty is left out."""
    said = {
        "id": str(case.pk),
        "kind": case.kind,
        "reason": case.reason,
        "urgency": case.urgency,
        "opened": case.opened_on.isoformat(),
        **{key: day.isoformat() for key, day in _days_of_steps(case).items() if day},
        "whom": case.waiting_for,
    }
    return {key: value for key, value in said.items() if value}


def _days_of_steps(case: Case) -> dict[str, date | None]:
    return {
        "visited": case.visited_on,
        "referred": case.referred_on,
        "arrived": case.arrived_on,
        "treated": case.treated_on,
        "waiting": case.waiting_since,
    }


def step_json(step: CaseStep) -> dict[str, str]:
    """Return a step as the phone reads it: its day, and what it was as ``StepChoice`` names it."""
    return {"on": step.on.isoformat(), "step": StepChoice(StepAction(step.action), step.referred_to).value}


def measurement_json(m: Measurement) -> dict[str, Any]:
    said = {
        "id": str(m.pk),
        "on": m.measured_on.isoformat(),
        "kg": _number(m.weight_kg),
        "cm": _number(m.lenhei_cm),
        "position": m.position,
        "muac": _number(m.muac_cm),
        "head": _number(m.head_cm),
        "oedema": m.oedema,
        "confirmed": bool(m.confirmed_doubts),
        "gain": m.gain,
    }
    return {key: value for key, value in said.items() if value}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _children(user: User, village: Village, month: date, *, with_moved: bool) -> QuerySet[Child]:
    end = last_day(month)
    here = Child.objects.living_in(village, end).order_by().values("pk")
    measured = Measurement.objects.in_force().filter(
        village=village, measured_on__gte=month, measured_on__lt=add_months(month, 1)
    )
    if with_moved:
        left = Residence.objects.filter(village=village, until=timezone.localdate()).order_by()
        ids = here.union(measured.order_by().values("child_id"), left.values("child_id"))
        return Child.objects.reachable_by(user).filter(pk__in=ids, birth_date__lte=end)
    return Child.objects.visible_to(user).filter(
        Q(pk__in=here) | Q(pk__in=measured.values("child_id")), birth_date__lte=end
    )


def _recent_measurements(children: QuerySet[Child], after: date) -> QuerySet[Measurement]:
    """Return up to RECENT_MEASUREMENTS measurements in force of each child before ``after``, oldest first.

    The last believed height comes too where it is older: a child is short until a height says otherwise.
    """
    measurements = Measurement.objects.in_force().filter(
        child__in=children.values("pk"), measured_on__lt=after
    )
    is_height = Q(haz__isnull=False, haz_flag=False)
    measurements = measurements.annotate(
        has_height=SqlCase(When(is_height, then=True), default=False, output_field=BooleanField())
    )
    places = {
        name: Window(RowNumber(), partition_by=[F("child"), *more], order_by=F("measured_on").desc())
        for name, more in (("place", []), ("place_of_height", [F("has_height")]))
    }
    is_recent = Q(place__lte=RECENT_MEASUREMENTS)
    return (
        measurements.annotate(**places)
        .filter(is_recent | Q(has_height=True, place_of_height=1))
        .order_by("measured_on")
    )


def _rows_of_month(rows: Any, village: Village, month: date) -> Iterator[RosterRow]:
    """Leave out those past five all month, and those whose month is counted in another village."""
    for row in rows:
        last = row.last
        if last and last.measured_on >= month and under_five(last.age_days):
            if last.village_id == village.pk:
                yield row
        elif under_five(age_in_days(row.child.birth_date, max(month, row.child.birth_date))):
            if row.child.village_id != village.pk and month == current_month():
                row.moved_to = str(row.child.village)
            yield row
