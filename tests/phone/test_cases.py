"""The phone counts steps of a case, and offers the next one, as the register does."""

from __future__ import annotations

import random
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kpm.case_actions import count_step
from kpm.case_words import StepChoice, held_by, list_choices, next_step
from kpm.cases.course import CaseKind
from kpm.cases.standing import Reason, Urgency
from kpm.models import Case, CaseStep
from kpm.roster import case_json
from registry.models import Role, User
from tests.phone.conftest import RunOnPhone

OPENED, TODAY = date(2024, 6, 1), date(2024, 8, 20)

COUNT = """(rounds) => rounds.map(({ cases, steps, today, mayAnswer }) => {
    const counted = cases.map((one) => steps.reduce(phone.countStep, one));
    return [counted, phone.nextStep(counted, mayAnswer), counted.map((one) => phone.heldBy(one, today))];
})"""


def somebody(role: Role) -> User:
    return cast(User, SimpleNamespace(roles=frozenset({role})))


def make_case(dice: random.Random, kind: CaseKind) -> Case:
    opened = OPENED + timedelta(days=dice.randint(0, 70))
    return Case(
        kind=kind.value,
        reason=dice.choice(list(Reason)).value,
        urgency=dice.choice(list(Urgency)).value,
        opened_on=opened,
        closed_on=date(2026, 1, 1),
    )


def make_step(choice: StepChoice, on: date, kind: str = "") -> CaseStep:
    return CaseStep(action=choice.action, referred_to=choice.referred_to, on=on, kind=kind)


def step_body(step: CaseStep) -> dict[str, str]:
    body = {"action": step.action, "referred_to": step.referred_to, "kind": step.kind}
    return body | {"on": step.on.isoformat()}


def without_empty(case: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in case.items() if value}


def test_two_thousand_courses_of_steps_leave_the_same_cases_and_the_same_next_step(
    run_on_phone: RunOnPhone,
) -> None:
    dice = random.Random(19)
    rounds, expected = [], []
    for _ in range(2000):
        cases = [make_case(dice, kind) for kind in dice.sample(list(CaseKind), dice.randint(1, 3))]
        days = sorted(OPENED + timedelta(days=dice.randint(0, 80)) for _step in range(dice.randint(0, 5)))
        kinds = ["", "", *CaseKind]
        steps = [make_step(dice.choice(list_choices()), day, dice.choice(kinds)) for day in days]
        role = dice.choice([Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS])
        rounds.append(
            {
                "cases": [case_json(case) for case in cases],
                "steps": [step_body(step) for step in steps],
                "today": TODAY.isoformat(),
                "mayAnswer": role != Role.CADRE,
            }
        )
        for case in cases:
            for step in steps:
                count_step(case, step)
        told = [case_json(case) for case in cases]
        expected.append(
            [told, next_step(cases, somebody(role)).value, [held_by(case, TODAY) for case in cases]]
        )
    found = run_on_phone(COUNT, rounds)
    for asked, (cases_, *theirs), ours in zip(rounds, found, expected, strict=True):
        assert [[without_empty(one) for one in cases_], *theirs] == ours, asked
    assert {value for _cases, value, _held in found} == {
        "visited", "arrived", "treated", "referred:midwife", "referred:puskesmas",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("done", "cadre", "midwife"),
    [
        ([], "referred:midwife", "referred:puskesmas"),
        (["referred:midwife"], "visited", "arrived"),
        (["referred:midwife", "arrived"], "visited", "treated"),
        (["referred:midwife", "arrived", "treated"], "visited", "visited"),
        (["referred:midwife", "refused"], "visited", "visited"),
    ],
)
def test_a_severely_wasted_child_goes_the_way_of_a_referral(
    run_on_phone: RunOnPhone, done: list[str], cadre: str, midwife: str
) -> None:
    case = {"kind": "wasting", "reason": "severely_wasted", "urgency": "today", "opened": "2024-08-05"}
    choices = [StepChoice.read(value) for value in done]
    steps = [step_body(make_step(choice, TODAY)) for choice in choices]
    asked = {"cases": [case], "steps": steps, "today": TODAY.isoformat()}
    found = run_on_phone(COUNT, [asked | {"mayAnswer": answers} for answers in (False, True)])
    assert [value for _cases, value, _held in found] == [cadre, midwife]
