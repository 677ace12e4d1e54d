"""Recording a district's visits. That it stores the rows that people would is in ``test_same_rows.py``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import numpy as np
import pytest

from demo.bulk_load import Entries, record_entries
from demo.child_growth import Visits
from registry.errors import Invalid
from registry.growth.batch import LYING
from registry.models import Child, Measurement, User
from tests.factories import make_cadre, make_child, make_village

pytestmark = pytest.mark.django_db

AUGUST = date(2024, 8, 5)


@pytest.fixture
def cadre() -> User:
    return make_cadre(make_village())


@pytest.fixture
def child(cadre: User) -> Child:
    """A girl born on 14 March 2022."""
    return make_child(cadre)


def fill(child: Child, by: User, day: date, weight_kg: float = 11.0) -> None:
    """Measure a child once, 84 cm lying."""
    one, nothing = np.zeros(1, np.int64), np.full(1, np.nan)
    visits = Visits(
        child=one,
        day=np.array([day.toordinal()]),
        weight_kg=np.array([weight_kg]),
        lenhei_cm=np.array([84.0]),
        position=np.array([LYING]),
        muac_cm=nothing,
        head_cm=nothing,
        oedema=np.zeros(1, np.bool_),
        right_cm=nothing,
    )
    came = np.array([np.datetime64("2024-08-06T01:02:03")])
    record_entries(Entries(visits, [child.village], [by], one, came), [child.pk], uuid4, lambda done: None)


def test_a_row_says_who_entered_it_and_when_it_came(child: Child, cadre: User) -> None:
    fill(child, cadre, AUGUST)
    row = Measurement.objects.get()
    assert (row.recorded_by, row.village) == (cadre, child.village)
    assert row.received_at == datetime(2024, 8, 6, 1, 2, 3, tzinfo=UTC)
    assert (str(row.weight_kg), str(row.lenhei_cm), row.muac_cm) == ("11.000", "84.00", None)
    # 875 days old and measured lying: 0.7 cm less.
    assert (row.age_days, str(row.clenhei_cm)) == (875, "83.30")


def test_what_one_measurement_cannot_be_none_of_many_can(child: Child, cadre: User) -> None:
    for day, weight_kg, code in ((AUGUST, 40.1, "out_of_range"), (date(2022, 3, 13), 3.0, "before_birth")):
        with pytest.raises(Invalid) as refused:
            fill(child, cadre, day, weight_kg)
        assert refused.value.code == code
    assert not Measurement.objects.exists()
