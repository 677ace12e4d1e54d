"""What is done to many at once is what the action for one does: random cases, one by one as the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from registry.actions import (
    Correction,
    Entry,
    Identity,
    Observation,
    correct_measurement,
    correct_measurements,
    move_child,
    record_measurement,
    record_measurements,
    update_child,
    update_children,
)
from registry.actions.assessment import assess_many, assess_observation
from registry.actions.observation import observation_of
from registry.errors import NikUsed, NotFound, Refused
from registry.imports.missing_fields import identity_of
from registry.models import Child, Measurement, Position, Role, Sex, Source, User
from tests.actions.figures import wrong_figures
from tests.factories import make_cadre, make_child, make_user, make_village

pytestmark = pytest.mark.django_db

_OF_THE_MOMENT = {"id", "child", "received_at", "supersedes"}
FIRST = date(2024, 3, 1)


@pytest.fixture
def officer() -> User:
    return make_user(Role.DISTRICT)


def maybe(random: Random, low: float, high: float, step: str, share: float) -> Decimal | None:
    if random.random() > share:
        return None
    return Decimal(str(random.uniform(low, high))).quantize(Decimal(step))


def observed(random: Random, day: date | None = None) -> Observation:
    """Mostly a child of two years, now and then what no child is."""
    weight = maybe(random, 10, 12, "0.1", 0.9)
    if random.random() < 0.1:
        weight = Decimal(random.choice(("7.1", "19.5", "0.2", "99")))
    return Observation(
        measured_on=day or FIRST + timedelta(days=random.randrange(130)),
        weight_kg=weight,
        lenhei_cm=maybe(random, 82, 88, "0.1", 0.85) if random.random() < 0.93 else Decimal(60),
        position=random.choice(list(Position)),
        muac_cm=maybe(random, 12, 17, "0.1", 0.4),
        head_cm=maybe(random, 44, 50, "0.1", 0.2),
        oedema=random.random() < 0.05,
    )


def rows_of(child: Child) -> list[tuple[Any, ...]]:
    """Everything kept of the child's measurements, with the day and state of what each supersedes."""
    names = [f.attname for f in Measurement._meta.concrete_fields if f.name not in _OF_THE_MOMENT]
    rows = child.measurements.values_list(*names, "supersedes__measured_on", "supersedes__weight_kg")
    return sorted(rows, key=repr)


def homes_of(child: Child) -> list[tuple[Any, ...]]:
    return list(child.residences.order_by("since").values_list("village_id", "since", "until"))


def answer(action: Callable[[], object]) -> str | None:
    try:
        action()
    except Refused as refused:
        return refused.code
    return None


def twins(random: Random, by: User, count: int, most: int = 2) -> tuple[list[Child], list[Child]]:
    """Two of each child, some of whom move to another village, measured alike so far, ``most`` times."""
    there = make_village("33.01.02.2003", "Kesugihan")
    both: tuple[list[Child], list[Child]] = ([], [])
    history = []
    for _number in range(count):
        moves, since = random.random() < 0.3, FIRST + timedelta(days=random.randrange(60))
        before = [observed(random) for _time in range(random.randrange(most + 1))]
        for side in both:
            child = make_child(by=by, since=since)
            if moves:
                day = since + timedelta(days=20)
                move_child(by=by, child_id=child.pk, village_code=there.pk, moved_on=day)
            side.append(Child.objects.get(pk=child.pk))
            history += [Entry(uuid4(), side[-1], what, True) for what in before]
    record_measurements(by=by, entries=history, source=Source.FILE)
    return both


def record(by: User, child: Child, what: Observation, confirmed: bool) -> object:
    return record_measurement(
        by=by, id=uuid4(), child_id=child.pk, observation=what, confirmed=confirmed, source=Source.FILE
    )


@pytest.mark.parametrize("seed", range(4))
def test_measurements_recorded_at_once_are_those_recorded_one_by_one(officer: User, seed: int) -> None:
    random = Random(seed)
    by = make_cadre(make_village()) if seed % 2 else officer  # who works in one village of the two
    singly, at_once = twins(random, officer, 12)
    what = [(i, observed(random), random.random() < 0.6) for i in range(12) for _time in range(4)]
    what.sort(key=lambda one: one[1].measured_on)
    said = [answer(lambda i=i, w=w, c=c: record(by, singly[i], w, c)) for i, w, c in what]
    outcomes = record_measurements(by=by, entries=[Entry(uuid4(), at_once[i], w, c) for i, w, c in what])
    bulk_said = [o.error.code if o.error else None for o in outcomes]
    for one, many, outcome in zip(said, bulk_said, outcomes, strict=True):
        # At once, the same values again are the row that is there, and values are looked at before whose
        # child it is; either way nothing is stored.
        if outcome.kind == "same" or one == "child_not_found":
            assert one is not None
        else:
            assert many == one
    assert None in said and len(set(said)) > 2
    assert [rows_of(child) for child in at_once] == [rows_of(child) for child in singly]
    assert [homes_of(child) for child in at_once] == [homes_of(child) for child in singly]
    assert not wrong_figures()


@pytest.mark.parametrize("seed", range(6))
def test_a_month_added_to_long_series_is_judged_as_with_all_of_them(officer: User, seed: int) -> None:
    """Of each series only as much is read as the month can need: N, T, O, B and doubts would tell."""
    random = Random(100 + seed)
    singly, at_once = twins(random, officer, 15, most=8)
    days = [FIRST + timedelta(days=day) for day in range(95, 160)]
    what = sorted((random.choice(days), i) for i in range(15) for _time in range(2))
    seen = [(i, observed(random, day)) for day, i in what]
    for i, one in seen:
        answer(lambda i=i, one=one: record(officer, singly[i], one, True))
    record_measurements(by=officer, entries=[Entry(uuid4(), at_once[i], one, True) for i, one in seen])
    assert [rows_of(child) for child in at_once] == [rows_of(child) for child in singly]
    assert not wrong_figures()


def possible(random: Random, old: Measurement) -> Observation:
    """Other values, which a child can have, of that day or one near it."""
    while True:
        seen = observed(random, old.measured_on)
        if Decimal(1) < (seen.weight_kg or Decimal(2)) < 40 and seen != observation_of(old):
            return seen


@pytest.mark.parametrize("seed", range(4))
def test_measurements_corrected_at_once_are_those_corrected_one_by_one(officer: User, seed: int) -> None:
    random = Random(seed)
    singly, at_once = twins(random, officer, 16)
    corrections = []
    for one, other in zip(singly, at_once, strict=True):
        pairs = zip(
            one.measurements.order_by("measured_on"), other.measurements.order_by("measured_on"), strict=True
        )
        for old, twin in random.sample(
            list(pairs), k=min(one.measurements.count(), random.choice((0, 1, 2, 2)))
        ):
            corrections.append((old, twin, possible(random, old)))
    assert len(corrections) > 3
    for old, _twin, what in corrections:
        correct_measurement(
            by=officer,
            id=uuid4(),
            measurement_id=old.pk,
            observation=what,
            reason="salah  ketik",
            confirmed=True,
            source=Source.FILE,
        )
    correct_measurements(
        by=officer,
        corrections=[Correction(uuid4(), twin.pk, what) for _old, twin, what in corrections],
        reason="salah  ketik",
    )
    assert [rows_of(child) for child in at_once] == [rows_of(child) for child in singly]
    assert not wrong_figures()


def test_a_correction_that_cannot_be_keeps_all_of_them_out(officer: User) -> None:
    child, stranger = make_child(), make_cadre(make_village("33.01.02.2003", "Kesugihan"))
    old = record_measurement(
        by=officer,
        id=uuid4(),
        child_id=child.pk,
        observation=Observation(measured_on=FIRST, weight_kg=Decimal(11)),
    ).measurement
    good = Correction(uuid4(), old.pk, Observation(measured_on=FIRST, weight_kg=Decimal(12)))
    for by, corrections, code in (
        (stranger, [good], "measurement_not_found"),
        (officer, [good, replace(good, id=uuid4())], "not_in_force"),
        (officer, [Correction(uuid4(), old.pk, observation_of(old))], "unchanged"),
        (officer, [good, Correction(uuid4(), uuid4(), good.seen)], "measurement_not_found"),
    ):
        with pytest.raises(Refused) as refused:
            correct_measurements(by=by, corrections=corrections, reason="salah ketik")
        assert refused.value.code == code
        old.refresh_from_db()
        assert (old.is_in_force, Measurement.objects.count()) == (True, 1)


def changed(random: Random, child: Child, nik: str) -> Identity:
    values: dict[str, Any] = {
        "nik": random.choice((None, nik)),
        "name": random.choice((child.name, "  Siti \u200bAminah ")),
        "birth_date": child.birth_date - timedelta(days=random.choice((0, 0, 9))),
        "sex": random.choice((Sex(child.sex), Sex.BOY)),
        "birth_weight_kg": random.choice((None, Decimal("2.9"))),
        "parent_name": random.choice(("", "Ibu  Aminah")),
        "rt": random.choice(("", " 01")),
        "rw": random.choice(("", "02")),
        "address": random.choice(("", "Jl. Melati 1")),
    }
    names = random.sample(list(values), k=random.randrange(1, len(values)))
    return Identity(**{**vars_of(identity_of(child)), **{name: values[name] for name in names}})


def vars_of(identity: Identity) -> dict[str, Any]:
    return {name: getattr(identity, name) for name in Identity.__slots__}


@pytest.mark.parametrize("seed", range(3))
def test_identities_put_right_at_once_are_those_put_right_one_by_one(officer: User, seed: int) -> None:
    random = Random(seed)
    singly, at_once = twins(random, officer, 12)
    identities = [changed(random, child, f"33010254032{i:05d}") for i, child in enumerate(singly)]
    for child, identity in zip(singly, identities, strict=True):
        update_child(by=officer, child_id=child.pk, identity=identity)
    known = [Child.objects.get(pk=child.pk) for child in singly]
    for child in known:  # a NIK is one child's only
        Child.objects.filter(pk=child.pk).update(nik_hash=None)
    update_children(by=officer, identities={c.pk: i for c, i in zip(at_once, identities, strict=True)})
    for one, other in zip(known, at_once, strict=True):
        other.refresh_from_db()
        left_out = {"id", "nik_sealed", "created_at", "entry_digest"}
        names = [f.attname for f in Child._meta.concrete_fields if f.name not in left_out]
        assert [getattr(other, name) for name in names] == [getattr(one, name) for name in names]
        assert other.nik == one.nik
        assert rows_of(other) == rows_of(one)


def test_an_identity_that_cannot_be_keeps_all_of_them_out(officer: User) -> None:
    one, other, owner = make_child(), make_child(), make_child(nik="3301025403220001")
    good = {one.pk: Identity(**{**vars_of(identity_of(one)), "rt": "01"})}
    taken = {other.pk: Identity(**{**vars_of(identity_of(other)), "nik": owner.nik})}
    with pytest.raises(NikUsed):
        update_children(by=officer, identities=good | taken)
    with pytest.raises(NotFound):
        stranger = make_cadre(make_village("33.01.02.2003", "Kesugihan"))
        update_children(by=stranger, identities=good)
    one.refresh_from_db()
    assert one.rt == ""


def test_many_are_assessed_as_each_of_them() -> None:
    random, child = Random(7), make_child()
    days = [child.birth_date + timedelta(days=random.randrange(2200)) for _time in range(2000)]
    many = [(child, observed(random, day)) for day in days]
    assert list(assess_many(many)) == [assess_observation(*one) for one in many]
