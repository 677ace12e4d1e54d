"""Filling a register in columns: what it refuses, and that it refuses in the words of one measurement.

That it stores the same rows is in ``tests/demo/test_same_rows.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone

from demo.bulk_load import MeasurementCopy, Recording
from demo.bulk_series import Seen
from registry.actions import close_child
from registry.errors import Invalid, NotFound
from registry.growth.batch import LYING
from registry.models import Child, ChildStatus, Kecamatan, Measurement, Source, User
from tests.factories import make_cadre, make_child, make_kecamatan, make_village, measure

pytestmark = pytest.mark.django_db

AUGUST = date(2024, 8, 5)


@pytest.fixture
def cadre() -> User:
    return make_cadre(make_village())


@pytest.fixture
def child(cadre: User) -> Child:
    """A girl born on 14 March 2022."""
    return make_child(cadre)


def fill(child: Child, by: User, *days: date, **columns: Sequence[float]) -> None:
    """Measure a child on some days: 11 kg and 84 cm lying unless told."""
    count = len(days)
    nothing = np.full(count, np.nan)
    values: dict[str, Any] = {
        "weight_kg": np.full(count, 11.0),
        "lenhei_cm": np.full(count, 84.0),
        "position": np.full(count, LYING),
        "muac_cm": nothing,
        "head_cm": nothing,
        "oedema": np.zeros(count, np.bool_),
    }
    values |= {name: np.array(given) for name, given in columns.items()}
    copy = MeasurementCopy(children=[child.pk], recorders=[by], source=Source.DEMO)
    ordinals = np.array([day.toordinal() for day in days])
    came = np.full(count, np.datetime64("2024-08-06T01:02:03"))
    ids = [uuid4() for _day in days]
    copy.add(
        Seen(child=np.zeros(count, np.int64), day=ordinals, **values),
        Recording(ids, np.zeros(count, np.int64), came),
    )
    copy.finish()


def test_a_row_says_who_entered_it_and_when_it_came(child: Child, cadre: User) -> None:
    fill(child, cadre, AUGUST)
    row = Measurement.objects.get()
    assert row.recorded_by == cadre
    assert row.received_at == datetime(2024, 8, 6, 1, 2, 3, tzinfo=UTC)
    assert (str(row.weight_kg), str(row.lenhei_cm), row.muac_cm) == ("11.000", "84.00", None)
    assert row.village_id == child.village_id


def test_standing_corrected_from_lying_at_two_years(child: Child, cadre: User) -> None:
    # 875 days old and measured lying: 0.7 cm less.
    fill(child, cadre, AUGUST)
    row = Measurement.objects.get()
    assert (row.age_days, str(row.clenhei_cm)) == (875, "83.30")


def test_a_register_with_measurements_is_not_filled(child: Child, cadre: User) -> None:
    measure(child, AUGUST, "11.0")
    with pytest.raises(ValueError, match="without measurements"):
        fill(child, cadre, date(2024, 9, 5))


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"weight_kg": [40.1]}, "weight_kg"),
        ({"lenhei_cm": [29.9]}, "lenhei_cm"),
        ({"weight_kg": [np.nan], "lenhei_cm": [np.nan]}, "weight_kg"),
        ({"muac_cm": [35.1]}, "muac_cm"),
    ],
)
def test_what_one_measurement_cannot_be_none_of_many_can(
    child: Child, cadre: User, columns: dict[str, list[float]], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        fill(child, cadre, AUGUST, **columns)
    assert refused.value.field == field
    assert not Measurement.objects.exists()


def test_tomorrow_is_refused(child: Child, cadre: User) -> None:
    with pytest.raises(Invalid) as refused:
        fill(child, cadre, timezone.localdate() + timedelta(days=1))
    assert refused.value.code == "future"


def test_the_day_before_birth_is_refused(child: Child, cadre: User) -> None:
    with pytest.raises(Invalid) as refused:
        fill(child, cadre, date(2022, 3, 13))
    assert refused.value.code == "before_birth"


def test_a_child_that_died_is_not_measured_afterwards(child: Child, cadre: User) -> None:
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 8, 4))
    with pytest.raises(Invalid) as refused:
        fill(child, cadre, AUGUST)
    assert refused.value.code == "died"


def test_a_day_before_the_child_is_known_to_live_there_is_for_the_other_actions(cadre: User) -> None:
    child = make_child(cadre, since=date(2024, 8, 6))
    with pytest.raises(ValueError, match="before it is known to live"):
        fill(child, cadre, AUGUST)


def test_a_cadre_of_another_village_cannot_record(child: Child) -> None:
    kecamatan: Kecamatan = make_kecamatan("33.01.01", "Kedungreja")
    other = make_cadre(make_village("33.01.01.2001", "Tambakreja", kecamatan))
    with pytest.raises(NotFound):
        fill(child, other, AUGUST)
    assert not Measurement.objects.exists()


def test_days_out_of_order_or_twice_are_refused(child: Child, cadre: User) -> None:
    for days in ((AUGUST, AUGUST), (AUGUST, date(2024, 7, 5))):
        with pytest.raises(ValueError, match="order of their days"):
            fill(child, cadre, *days)


def test_a_child_that_is_not_enrolled_is_refused(cadre: User) -> None:
    with pytest.raises(ValueError, match="not every child is enrolled"):
        MeasurementCopy(children=[uuid4()], recorders=[cadre], source=Source.DEMO)
