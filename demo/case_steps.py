"""What cadres, midwives and nutritionists of the invented district have done about its cases."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from kpm.case_actions import refresh_cases
from kpm.cases.course import CaseKind
from kpm.models import Case, CaseStep, ReferredTo, StepAction
from registry.db.bulk_insert import insert_rows
from registry.db.locks import lock_children
from registry.models import User

_SHARES: Mapping[str, tuple[float, float, float, float]] = {
    CaseKind.WASTING: (0.9, 0.85, 0.75, 0.9),
    CaseKind.UNDERWEIGHT: (0.6, 0.5, 0.6, 0.8),
    CaseKind.STUNTING: (0.55, 0.5, 0.6, 0.75),
    CaseKind.GAIN: (0.4, 0.25, 0.6, 0.8),
    CaseKind.NOT_MEASURED: (0.5, 0.0, 0.0, 0.0),
}
"""How many of the cases of a kind are visited, how many of those referred, then arrived, then treated."""

_NOON = time(12)
"""When a step was typed in, on its own day: pages of cases ask what was recorded today."""

_OTHERS = (0.2, 0.1, 0.5, 0.8)
_REFUSED = 0.04


def record_demo_steps(today: date, by_village: Mapping[str, User], midwife: User, seed: int) -> int:
    """Store invented steps of the cases found up to ``today``; return how many.

    ``by_village``: who works in each village. ``midwife`` answers the referrals.
    """
    dice, now = random.Random(seed), timezone.localtime()  # noqa: S311  an invented district
    found = Case.objects.filter(opened_on__lte=today).order_by("child_id", "kind", "opened_on")
    steps: list[CaseStep] = []
    for case in found.iterator(chunk_size=5000):
        steps += _steps_of(case, today, by_village.get(case.village_id, midwife), midwife, dice, now)
    if steps:
        insert_rows(steps)
    children = list({step.child_id for step in steps})
    lock_children(children)
    refresh_cases(children)
    return len(steps)


def _steps_of(
    case: Case, today: date, cadre: User, midwife: User, dice: random.Random, now: datetime
) -> Iterator[CaseStep]:
    until = min(today, case.closed_on)
    visited, referred, arrived, treated = _SHARES.get(case.kind, _OTHERS)
    day = case.opened_on
    course = (
        (visited, StepAction.VISITED, cadre, 6),
        (referred, StepAction.REFERRED, cadre, 2),
        (arrived, StepAction.ARRIVED, midwife, 9),
        (treated, StepAction.TREATED, midwife, 7),
    )
    for order, (share, action, by, days) in enumerate(course):
        day += timedelta(days=dice.randrange(days))
        if dice.random() > share or day > until:
            return
        refused = action == StepAction.REFERRED and dice.random() < _REFUSED
        yield CaseStep(
            id=UUID(int=dice.getrandbits(128), version=4),
            child_id=case.child_id,
            kind=case.kind,
            action=StepAction.REFUSED if refused else action,
            referred_to=_whom(case, dice) if action == StepAction.REFERRED and not refused else "",
            on=day,
            by=by,
            recorded_at=min(now, datetime.combine(day, _NOON, now.tzinfo)) + timedelta(milliseconds=order),
        )
        if refused:
            return


def _whom(case: Case, dice: random.Random) -> str:
    return (
        ReferredTo.PUSKESMAS if case.kind == CaseKind.WASTING and dice.random() < 0.5 else ReferredTo.MIDWIFE
    )
