"""Two values for one child and day: both kept, one counts, the midwife chooses."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from registry.actions import (
    Recorded,
    choose_measurement,
    correct_measurement,
    void_measurement,
)
from registry.errors import Conflict, Doubtful, Invalid, NotFound
from registry.models import Measurement, MeasurementState, Role, User, Village
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_cadre, make_child, make_user, make_village, measure, seen, send_other_values

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)
DAY = date(2024, 6, 12)


@pytest.fixture
def village() -> Village:
    return make_village()


@pytest.fixture
def midwife(village: Village) -> User:
    return make_user(Role.MIDWIFE, village)


@pytest.fixture
def first(village: Village) -> Measurement:
    return measure(make_child(village=village), DAY, "11.0", "84.0").measurement


def send(
    first: Measurement, weight_kg: str = "10.2", length: str = "78.0", id: UUID | None = None
) -> Recorded:
    """Another phone's values of the same child and day; at 78.0 cm the child is stunted, at 84.0 not."""
    return send_other_values(first.recorded_by, first.child_id, seen(DAY, weight_kg, length), id)


def states(*measurements: Measurement) -> list[str]:
    return [Measurement.objects.get(pk=m.pk).state for m in measurements]


def test_the_newer_is_kept_beside_the_first_and_counts_nowhere(first: Measurement) -> None:
    recorded = send(first)
    assert (recorded.created, recorded.is_pending_choice) == (True, True)
    assert states(first, recorded.measurement) == ["in_force", "rival"]
    assert recorded.measurement.haz is not None
    assert counted(first.village, JUNE, "measured", "stunted") == (1, 0)
    assert not wrong_figures()


def test_the_same_values_again_are_the_same_measurement(first: Measurement) -> None:
    recorded = send(first, "11.0", "84.0")
    assert (recorded.measurement, recorded.created, recorded.is_pending_choice) == (first, False, False)
    assert Measurement.objects.count() == 1


def test_sending_the_rival_again_keeps_one(first: Measurement) -> None:
    rival = send(first).measurement
    again = send(first, id=rival.pk)
    assert (again.measurement, again.created, again.is_pending_choice) == (rival, False, True)


def test_a_rival_nobody_has_looked_at_is_doubted_like_any_other(first: Measurement) -> None:
    with pytest.raises(Doubtful):
        send(first, "30")


def test_without_leave_to_keep_both_the_day_is_taken(first: Measurement) -> None:
    with pytest.raises(Conflict):
        measure(first.child, DAY, "10.2", "78.0")


def test_the_midwife_chooses_the_newer(first: Measurement, midwife: User) -> None:
    rival, third = send(first).measurement, send(first, "10.4").measurement
    chosen = choose_measurement(by=midwife, measurement_id=rival.pk)
    assert (chosen.supersedes, chosen.gain) == (first, "B")
    assert states(first, rival, third) == ["superseded", "in_force", "void"]
    third.refresh_from_db()
    assert (third.voided_by, bool(third.reason)) == (midwife, True)
    assert counted(first.village, JUNE, "measured", "stunted") == (1, 1)
    assert not wrong_figures()


def test_the_midwife_keeps_the_first(first: Measurement, midwife: User) -> None:
    rival = send(first).measurement
    assert choose_measurement(by=midwife, measurement_id=first.pk) == first
    assert states(first, rival) == ["in_force", "void"]
    assert counted(first.village, JUNE, "measured", "stunted") == (1, 0)


def test_the_weight_of_the_next_month_is_compared_with_the_chosen(first: Measurement, midwife: User) -> None:
    july = measure(first.child, date(2024, 7, 12), "11.1").measurement  # 100 g more than 11.0: T
    rival = send(first, "10.2", "84.0").measurement
    choose_measurement(by=midwife, measurement_id=rival.pk)
    july.refresh_from_db()
    assert july.gain == "N"
    assert not wrong_figures()


def test_choosing_twice_changes_nothing(first: Measurement, midwife: User) -> None:
    rival = send(first).measurement
    for _again in range(2):
        assert choose_measurement(by=midwife, measurement_id=rival.pk).state == MeasurementState.IN_FORCE
    assert states(first, rival) == ["superseded", "in_force"]


def test_a_rival_can_be_chosen_after_the_first_was_voided(first: Measurement, midwife: User) -> None:
    rival = send(first).measurement
    void_measurement(by=midwife, measurement_id=first.pk, reason="anak lain")
    chosen = choose_measurement(by=midwife, measurement_id=rival.pk)
    assert (chosen.state, chosen.supersedes) == (MeasurementState.IN_FORCE, None)
    assert counted(first.village, JUNE, "measured") == (1,)
    assert not wrong_figures()


def test_a_rival_stays_one_when_the_first_is_corrected(first: Measurement, midwife: User) -> None:
    rival = send(first).measurement
    corrected = correct_measurement(
        by=midwife,
        id=uuid4(),
        measurement_id=first.pk,
        observation=seen(DAY, "11.2", "84.0"),
        reason="salah baca",
    ).measurement
    choose_measurement(by=midwife, measurement_id=rival.pk)
    assert states(first, corrected, rival) == ["superseded", "superseded", "in_force"]


def test_a_cadre_does_not_judge_her_own_work(first: Measurement) -> None:
    rival = send(first).measurement
    with pytest.raises(Invalid, match=r"Bidan|midwife"):
        choose_measurement(by=first.recorded_by, measurement_id=rival.pk)
    assert states(first, rival) == ["in_force", "rival"]


def test_another_villages_midwife_finds_nothing(first: Measurement) -> None:
    rival = send(first).measurement
    stranger = make_user(Role.MIDWIFE, make_village("33.01.02.2015", "Slarang"))
    with pytest.raises(NotFound):
        choose_measurement(by=stranger, measurement_id=rival.pk)


def test_what_is_void_cannot_be_chosen(first: Measurement, midwife: User) -> None:
    rival = send(first).measurement
    choose_measurement(by=midwife, measurement_id=first.pk)
    with pytest.raises(Conflict):
        choose_measurement(by=midwife, measurement_id=rival.pk)


def test_two_phones_of_two_cadres(first: Measurement) -> None:
    other = make_cadre(first.village)
    recorded = send_other_values(other, first.child_id, seen(DAY, "10.9"))
    assert (recorded.is_pending_choice, recorded.measurement.recorded_by) == (True, other)
