"""What the demo writes in columns is, row by row, what people would have entered one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Model

from demo.district import Shape, invent
from demo.load import load
from demo.people import Place
from demo.signins import make_users
from registry.actions import (
    Identity,
    close_child,
    correct_measurement,
    enrol_child,
    move_child,
    record_measurement,
    void_measurement,
)
from registry.actions.observation import observation_of
from registry.models import (
    Child,
    ChildStatus,
    HeightSpread,
    Measurement,
    MeasurementState,
    Residence,
    Sex,
    Source,
    User,
    Village,
    VillageMonth,
)
from registry.places.load import load_places

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

TODAY = date(2026, 11, 18)  # every posyandu of these villages has weighed this month

# Two desa, whose cadres record, and a kelurahan, which has none.
VILLAGES = ("33.01.02.2016", "33.01.01.2001", "33.01.22.1001")

# Times of the clock, ciphertexts with a random part, keys that the database makes.
_OF_THE_MOMENT = {
    Child: {"created_at", "nik_sealed", "entry_digest"},
    Residence: {"id"},
    Measurement: {"received_at", "voided_at"},
    VillageMonth: {"id", "late"},
    HeightSpread: {"id"},
}


@pytest.fixture
def eventful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that happens to few children happens to many, so that sixty of them meet it."""
    for name, share in (
        ("people._MOVERS", 0.25),
        ("people._LEAVERS", 0.15),
        ("people._DEATHS", 0.05),
        ("people._ROUND_TO_HALF_KG", 0.5),
        ("child_growth._WEIGHT_ERROR_KG", 0.5),
        ("child_growth._SLIPS", 0.08),
        ("child_growth._SLIP", 0.85),  # some believed, so that the next height is a jump
        ("child_growth._OTHER_POSITION", 0.2),
        ("child_growth._WEIGHT_NO_HEIGHT", 0.15),
        ("child_growth._OEDEMA", 0.03),
        ("district._REWEIGHED", 0.2),
    ):
        monkeypatch.setattr(f"demo.{name}", share)


def rows_of(model: type[Model]) -> list[tuple[Any, ...]]:
    names = [f.attname for f in model._meta.concrete_fields if f.name not in _OF_THE_MOMENT[model]]
    return sorted(model._default_manager.order_by().values_list(*names), key=repr)


def stored() -> dict[str, list[tuple[Any, ...]]]:
    return {model.__name__: rows_of(model) for model in _OF_THE_MOMENT}


def load_some(writer: User) -> None:
    places = [Place(v.pk, v.kecamatan.name) for v in Village.objects.filter(pk__in=VILLAGES).order_by("pk")]
    shape = Shape(TODAY, children=60, months=4)
    load(invent(places, shape), writer, lambda what, total: lambda done: None)


def events(children: list[Child], measurements: list[Measurement]) -> Iterator[tuple[date, int, Any]]:
    """What happened when: on the same day a move comes first and a departure last."""
    for child in children:
        for home in list(child.residences.all())[1:]:
            yield home.since, 0, home
        if child.status_date:
            yield child.status_date, 2, child
    for measurement in measurements:
        if measurement.supersedes_id is None:
            yield measurement.measured_on, 1, measurement


def enrol_again(child: Child, homes: list[Residence]) -> None:
    identity = Identity(
        name=child.name,
        sex=Sex(child.sex),
        birth_date=child.birth_date,
        nik=child.nik,
        birth_weight_kg=child.birth_weight_kg,
        birth_length_cm=child.birth_length_cm,
        parent_name=child.parent_name,
        posyandu_id=child.posyandu_id,
        rt=child.rt,
        rw=child.rw,
    )
    enrol_child(
        by=child.created_by,
        id=child.pk,
        village_code=homes[0].village_id,
        identity=identity,
        since=homes[0].since,
    )


def happen_again(writer: User, what: Residence | Child | Measurement) -> None:
    if isinstance(what, Residence):
        move_child(by=writer, child_id=what.child_id, village_code=what.village_id, moved_on=what.since)
    elif isinstance(what, Child):
        assert what.status_date
        close_child(by=writer, child_id=what.pk, status=ChildStatus(what.status), on=what.status_date)
    else:
        record_measurement(
            by=what.recorded_by,
            id=what.pk,
            child_id=what.child_id,
            observation=observation_of(what),
            confirmed=True,
            source=Source.DEMO,
        )


def put_right_again(measurement: Measurement) -> None:
    if measurement.state == MeasurementState.VOID:
        assert measurement.voided_by
        void_measurement(by=measurement.voided_by, measurement_id=measurement.pk, reason=measurement.reason)
    elif measurement.supersedes_id:
        correct_measurement(
            by=measurement.recorded_by,
            id=measurement.pk,
            measurement_id=measurement.supersedes_id,
            observation=observation_of(measurement),
            reason=measurement.reason,
            confirmed=True,
            source=Source.DEMO,
        )


@time_machine.travel(f"{TODAY}T10:00+07:00")
def test_the_demo_stores_what_entering_each_by_hand_stores(eventful: None) -> None:
    load_places()
    writer = make_users("only-for-tests-demo", 2024)
    empty = transaction.savepoint()
    load_some(writer)
    expected = stored()
    children = list(Child.objects.select_related("created_by").prefetch_related("residences"))
    measurements = list(
        Measurement.objects.select_related("recorded_by", "voided_by").order_by("child", "measured_on")
    )
    posyandu = {child.pk: child.posyandu for child in children}
    transaction.savepoint_rollback(empty)

    for post in {post for post in posyandu.values() if post}:
        post.save(force_insert=True)
    for child in children:
        enrol_again(child, list(child.residences.all()))
    for _day, _order, what in sorted(events(children, measurements), key=lambda event: event[:2]):
        happen_again(writer, what)
    for measurement in measurements:
        put_right_again(measurement)

    found = stored()
    for name, rows in expected.items():
        assert found[name] == rows, name
    # The shape held what it was made to hold.
    states = {m.state for m in measurements}
    assert states == {MeasurementState.IN_FORCE, MeasurementState.SUPERSEDED, MeasurementState.VOID}
    assert {code for m in measurements for code in m.confirmed_doubts} >= {
        "haz_flag",
        "shorter",
        "weight_jump",
        "length_jump",
    }
    assert {m.gain for m in measurements} == {"N", "T", "O", "B"}
    assert any(m.oedema for m in measurements)
    assert any(m.position_disbelieved for m in measurements)
    assert {c.status for c in children} == set(ChildStatus.values)
    assert any(len(c.residences.all()) > 1 for c in children)
    assert len({m.recorded_by_id for m in measurements}) == 3
