"""Cadres of the demo that round are trained again, and the register shows that it helped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import time_machine

from demo.cadres import load_cadres
from demo.district import Shape, invent
from demo.load import load
from demo.people import Place
from demo.signins import make_users
from kpm.models import Event
from kpm.training import TrainingNeed, training_effects, training_needs
from registry.models import User
from registry.places.load import load_places
from registry.statistics import Level
from tests.dashboard.data import text_of
from tests.demo.test_same_rows import TODAY
from tests.factories import signed_in

pytestmark = pytest.mark.django_db

TRAINED, UNTRAINED = "33.01.01.2001", "33.01.01.2002"


def invent_rounding_villages(writer: User) -> None:
    """Load two villages whose cadres round, and the training of one of them."""
    shape = Shape(TODAY, children=160, months=14)
    district = invent([Place(code, "Kedungreja") for code in (TRAINED, UNTRAINED)], shape)
    villages = replace(
        district.villages, share=np.full(2, 0.5), whole_cm=np.ones(2, np.bool_), half_kg=np.ones(2, np.bool_)
    )
    load_cadres(writer, shape.retrained_on, lambda what, total: lambda done: None)
    load(replace(district, villages=villages), writer, lambda what, total: lambda done: None)


@time_machine.travel(f"{TODAY}T10:00+07:00")
def test_the_village_that_was_trained_rounds_no_longer_and_the_other_is_to_be_trained() -> None:
    load_places()
    writer = make_users("only-for-tests-demo", 2024)
    invent_rounding_villages(writer)
    training = Event.objects.get(title="Pelatihan Ulang Pengukuran")
    (effect,) = training_effects(event=training, user=writer)
    assert effect.village.pk == TRAINED
    assert effect.before in (Level.ACCEPTABLE, Level.PROBLEMATIC)
    assert effect.after in (Level.GOOD, Level.EXCELLENT)
    rounding = [
        one.cadre.village_id
        for one in training_needs(user=writer, on=TODAY)
        if TrainingNeed.DIGITS in one.needs
    ]
    assert rounding == [UNTRAINED]
    client = signed_in(writer)
    assert "Mutu data sebelum dan setelah pelatihan" in text_of(client.get(f"/events/{training.pk}/"))
    assert "Angka terakhir dibulatkan (1)" in text_of(client.get("/cadres/training/"))
