"""What cadres, midwives and nutritionists of the invented district have done about its cases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.utils import timezone

from kpm.case_actions import build_cases, count_step
from kpm.cases.course import CaseKind
from kpm.models import Case, CaseStep, ReferredTo, StepAction
from registry.db.batches import chunks
from registry.db.bulk_insert import insert_rows
from registry.models import Child, User

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


def load_cases(
    today: date, by_village: Mapping[str, User], midwife: User, seed: int, done: Callable[[int], object]
) -> None:
    """Store the cases of all children, with invented steps of those found up to ``today``.

    ``by_village``: who works in each village. ``midwife`` answers the referrals.
    """
    dice, now = random.Random(seed), timezone.localtime()  # noqa: S311  an invented district
    steps: list[CaseStep] = []
    Case.objects.all().delete()  # of those who moved or were corrected, without steps
    for children in chunks(list(Child.objects.order_by("pk").values_list("pk", flat=True))):
        cases = sorted(build_cases(children), key=attrgetter("child_id", "kind", "opened_on"))
        for _child, of_child in groupby(cases, key=attrgetter("child_id")):
            own = list(of_child)
            found = (case for case in own if case.opened_on <= today)
            done_for = [
                step
                for case in found
                for step in _steps_of(
                    case, today, by_village.get(case.village_id, midwife), midwife, dice, now
                )
            ]
            steps += done_for
            for step in sorted(done_for, key=attrgetter("on", "recorded_at")):
                for case in own:
                    count_step(case, step)
        insert_rows(cases)
        done(len(children))
    insert_rows(steps)


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
