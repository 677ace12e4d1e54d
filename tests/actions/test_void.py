"""Taking a measurement out of force, with a reason."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from registry.actions import correct_measurement, void_measurement
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Measurement, MeasurementState
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_cadre, make_child, make_village, measure, seen

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)
DAY = date(2024, 6, 12)


@pytest.fixture
def taken() -> Measurement:
    return measure(make_child(), DAY, "11.0", "84.0").measurement


def test_it_keeps_who_when_and_why(taken: Measurement) -> None:
    void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason=" anak  lain ")
    taken.refresh_from_db()
    assert (taken.state, taken.reason) == (MeasurementState.VOID, "anak lain")
    assert taken.voided_by == taken.recorded_by
    assert taken.voided_at is not None
    assert abs((timezone.now() - taken.voided_at).total_seconds()) < 60


def test_it_counts_no_longer_and_the_child_is_registered_still(taken: Measurement) -> None:
    void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason="anak lain")
    assert counted(taken.village, JUNE, "registered", "measured", "haz_believed") == (1, 0, 0)
    assert not wrong_figures()


def test_the_next_weighing_becomes_the_first(taken: Measurement) -> None:
    july = measure(taken.child, date(2024, 7, 12), "11.3").measurement
    void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason="anak lain")
    july.refresh_from_db()
    assert july.gain == "B"
    assert counted(taken.village, date(2024, 7, 1), "gained", "first") == (0, 1)


def test_the_day_is_free_again(taken: Measurement) -> None:
    void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason="anak lain")
    assert measure(taken.child, DAY, "10.6", "83.0").created


def test_the_earlier_measurement_of_the_month_counts_again(taken: Measurement) -> None:
    later = measure(taken.child, date(2024, 6, 20), "11.0", "74.0", confirmed=True).measurement
    assert counted(taken.village, JUNE, "stunted") == (1,)
    void_measurement(by=taken.recorded_by, measurement_id=later.pk, reason="salah baca")
    assert counted(taken.village, JUNE, "stunted") == (0,)


def test_a_second_time_changes_nothing(taken: Measurement) -> None:
    void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason="anak lain")
    void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason="lain lagi")
    taken.refresh_from_db()
    assert taken.reason == "anak lain"


def test_without_a_reason_it_is_refused(taken: Measurement) -> None:
    with pytest.raises(Invalid) as refused:
        void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason=" ")
    assert refused.value.code == "reason_missing"


def test_what_a_correction_replaced_cannot_be_voided(taken: Measurement) -> None:
    correct_measurement(
        by=taken.recorded_by,
        id=uuid4(),
        measurement_id=taken.pk,
        observation=seen(DAY, "11.0", "85.0"),
        reason="salah baca",
    )
    with pytest.raises(Conflict) as conflict:
        void_measurement(by=taken.recorded_by, measurement_id=taken.pk, reason="anak lain")
    assert conflict.value.code == "not_in_force"


def test_outside_the_area_there_is_no_such_measurement(taken: Measurement) -> None:
    stranger = make_cadre(make_village("33.01.02.2003", "Kesugihan"))
    with pytest.raises(NotFound):
        void_measurement(by=stranger, measurement_id=taken.pk, reason="anak lain")
