"""The measurements of a large file are judged by two processes: it must not show in anything."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from registry.actions import (
    Entry,
    Identity,
    MeasurementPlan,
    Move,
    NewChild,
    Observation,
    Outcome,
    OutcomeKind,
    measurement_plan,
)
from registry.actions.bulk import outcomes
from registry.actions.children import built_child
from registry.db import parallel
from registry.models import Child, Position, Role, Sex, User, Village
from tests.factories import make_child, make_user, make_village, measure, seen

pytestmark = pytest.mark.django_db

DAY = date(2024, 2, 12)


@pytest.fixture
def officer() -> User:
    return make_user(Role.DISTRICT)


@pytest.fixture
def village() -> Village:
    return make_village()


def ids() -> Callable[[], UUID]:
    random = Random(5)  # odd and even ones: half of the children each
    return lambda: UUID(int=random.getrandbits(128), version=4)


def divide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any file, on any machine."""
    monkeypatch.setattr(parallel, "FEWEST_ROWS", 2)
    monkeypatch.setattr(parallel, "_processors", lambda: 2)


def a_file(by: User, village: Village, known: list[Child]) -> tuple[list[Entry], list[NewChild], list[Move]]:
    """Rows of forty new children and some known ones, a few of which cannot be stored, and some who move."""
    new_id, random = ids(), Random(9)
    new = [
        built_child(
            by=by,
            id=new_id(),
            village=village,
            identity=Identity(name=f"Anak {number}", sex=Sex(1 + number % 2), birth_date=date(2022, 3, 14)),
        )
        for number in range(40)
    ]
    entries = []
    for number, child in enumerate([*new, *known]):
        for month in range(4):
            values = Observation(
                measured_on=DAY + timedelta(days=30 * month + random.randrange(9)),
                weight_kg=Decimal(random.randrange(8_000, 15_000)) / 1000,
                lenhei_cm=Decimal(random.randrange(780, 950)) / 10 if random.random() < 0.9 else None,
                position=random.choice(list(Position)),
                muac_cm=Decimal("14.55") if random.random() < 0.5 else None,
                oedema=random.random() < 0.1,
            )
            entries.append(Entry(new_id(), child, values, confirmed=True))
        if number % 9 == 0:
            entries.append(Entry(new_id(), child, entries[-1].seen, confirmed=True))
        if number % 11 == 0:
            entries.append(Entry(new_id(), child, seen(DAY, "121"), confirmed=True))
    random.shuffle(entries)
    there = make_village("33.01.02.2003", "Kesugihan")
    moves = [Move(child, village, there, DAY + timedelta(days=45)) for child in new[1:8]]
    return entries, [NewChild(child, DAY) for child in new], moves


def told(plan: MeasurementPlan) -> list[object]:
    """All that is known of the outcomes and of what comes after them."""
    found: list[object] = []
    for o in plan.outcomes:
        m = o.measurement
        row = m and {f.attname: getattr(m, f.attname) for f in m._meta.concrete_fields}
        error = o.error and (type(o.error), o.error.code, o.error.message, o.error.field)
        found.append((o.entry.id, o.kind, row, m and m._state.adding, m and m.village.pk, error))
        assert m is None or m.child.pk == o.entry.child.pk
        assert o.kind != OutcomeKind.NEW or plan.known[o.entry.id] is m
    return [*found, {pk: [m.id for m in series] for pk, series in plan.series.items()}]


@pytest.mark.parametrize("ended", [False, True])
def test_two_processes_judge_as_one(
    ended: bool, officer: User, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [make_child(officer, village) for _ in range(6)]
    for child in known:
        measure(child, date(2024, 1, 12), "10.1", by=officer)
    entries, new, moves = a_file(officer, village, known)
    steps: list[int] = []

    def plan(judging: Callable[[int], object] = steps.append) -> MeasurementPlan:
        return measurement_plan(
            by=officer, entries=entries, new_children=new, moves=moves, new_ids=True, judging=judging
        )

    alone = told(plan())
    steps.clear()
    divide(monkeypatch)
    if ended:
        monkeypatch.setattr(parallel, "_do", lambda work, answer: os._exit(1))
    assert told(plan()) == alone
    assert sum(steps) == len(entries)
    assert {o.kind for o in plan().outcomes} >= {OutcomeKind.NEW, OutcomeKind.SAME, OutcomeKind.REFUSED}


def test_half_of_the_children_come_from_the_other_process(
    officer: User, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, new, moves = a_file(officer, village, [])
    divide(monkeypatch)
    told_of = list[Entry]()
    as_told = outcomes._as_told

    def counted(plan: MeasurementPlan, entry: Entry, values: tuple[object, ...]) -> Outcome:
        told_of.append(entry)
        return as_told(plan, entry, values)

    monkeypatch.setattr(outcomes, "_as_told", counted)
    measurement_plan(by=officer, entries=entries, new_children=new, moves=moves, new_ids=True)
    assert 40 < len(told_of) < len(entries) - 40


def test_entries_whose_ids_may_be_stored_are_judged_by_one(
    officer: User, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, new, moves = a_file(officer, village, [])
    divide(monkeypatch)
    monkeypatch.setattr(outcomes, "Beside", lambda work: pytest.fail("divided"))
    measurement_plan(by=officer, entries=entries, new_children=new, moves=moves)
