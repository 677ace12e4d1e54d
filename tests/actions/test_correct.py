"""Correcting: the wrong measurement stays readable, the right one counts."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from registry.actions import (
    Observation,
    Recorded,
    Submission,
    correct_measurement,
    record_all,
    void_measurement,
)
from registry.errors import Conflict, Doubtful, Invalid, NotFound, Refused
from registry.models import Measurement, MeasurementState, Source, User
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_cadre, make_child, make_village, measure, seen

pytestmark = pytest.mark.django_db

JUNE, JULY = date(2024, 6, 1), date(2024, 7, 1)
DAY = date(2024, 6, 12)


@pytest.fixture
def wrong() -> Measurement:
    """A girl of 27 months whose length was read ten centimetres short."""
    return measure(make_child(), DAY, "11.0", "76.0", confirmed=True).measurement


def correct(
    old: Measurement,
    what: Observation,
    *,
    by: User | None = None,
    reason: str = "salah baca",
    id: UUID | None = None,
    confirmed: bool = False,
) -> Recorded:
    return correct_measurement(
        by=by or old.recorded_by,
        id=id or uuid4(),
        measurement_id=old.pk,
        observation=what,
        reason=reason,
        confirmed=confirmed,
    )


def test_the_new_one_is_in_force_and_the_old_one_stays_as_it_was(wrong: Measurement) -> None:
    new = correct(wrong, seen(DAY, "11.0", "86.0")).measurement
    wrong.refresh_from_db()
    assert (new.state, wrong.state) == (MeasurementState.IN_FORCE, MeasurementState.SUPERSEDED)
    assert (new.supersedes, new.reason) == (wrong, "salah baca")
    assert wrong.lenhei_cm == 76


def test_only_the_correction_counts(wrong: Measurement) -> None:
    village = wrong.village
    assert counted(village, JUNE, "measured", "stunted") == (1, 1)
    correct(wrong, seen(DAY, "11.0", "86.0"))
    assert counted(village, JUNE, "measured", "stunted") == (1, 0)


def test_a_corrected_day_moves_the_child_to_the_other_months_figures(wrong: Measurement) -> None:
    correct(wrong, seen(date(2024, 7, 12), "11.0", "86.0"))
    assert counted(wrong.village, JUNE) == (1, 0)
    assert counted(wrong.village, JULY) == (1, 1)
    assert not wrong_figures()


def test_a_corrected_weight_changes_the_code_of_the_next_month(wrong: Measurement) -> None:
    july = measure(wrong.child, date(2024, 7, 12), "11.1").measurement
    assert july.gain == "T"
    correct(wrong, seen(DAY, "10.8", "86.0"))
    july.refresh_from_db()
    assert july.gain == "N"
    assert not wrong_figures()


def test_it_is_compared_with_the_others_and_not_with_what_it_replaces(wrong: Measurement) -> None:
    assert correct(wrong, seen(DAY, "11.0", "86.0")).measurement.confirmed_doubts == []


def test_a_doubtful_correction_is_asked_about_and_changes_nothing(wrong: Measurement) -> None:
    with pytest.raises(Doubtful):
        correct(wrong, seen(DAY, "11.0", "60.0"))
    wrong.refresh_from_db()
    assert wrong.is_in_force
    assert Measurement.objects.count() == 1


def test_a_doubtful_correction_can_be_confirmed(wrong: Measurement) -> None:
    new = correct(wrong, seen(DAY, "11.0", "60.0"), confirmed=True).measurement
    assert "haz_flag" in new.confirmed_doubts


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_it_is_refused(wrong: Measurement, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        correct(wrong, seen(DAY, "11.0", "86.0"), reason=reason)
    assert refused.value.field == "reason"


def test_a_correction_that_changes_nothing_is_refused(wrong: Measurement) -> None:
    with pytest.raises(Invalid) as refused:
        correct(wrong, seen(DAY, "11.00", "76.0"))
    assert refused.value.code == "unchanged"


def test_a_correction_to_a_day_that_has_a_measurement_is_refused(wrong: Measurement) -> None:
    measure(wrong.child, date(2024, 6, 20), "11.1")
    with pytest.raises(Conflict) as conflict:
        correct(wrong, seen(date(2024, 6, 20), "11.0", "86.0"))
    assert conflict.value.code == "day_taken"
    wrong.refresh_from_db()
    assert wrong.is_in_force


def test_the_same_correction_sent_again_changes_nothing(wrong: Measurement) -> None:
    sent = uuid4()
    first = correct(wrong, seen(DAY, "11.0", "86.0"), id=sent)
    again = correct(wrong, seen(DAY, "11.0", "86.0"), id=sent)
    assert (first.created, again.created) == (True, False)
    assert again.measurement == first.measurement
    assert Measurement.objects.count() == 2


def test_a_used_id_is_refused(wrong: Measurement) -> None:
    other = measure(wrong.child, date(2024, 6, 20), "11.1").measurement
    for used in (wrong.pk, other.pk):
        with pytest.raises(Conflict) as conflict:
            correct(wrong, seen(DAY, "11.0", "86.0"), id=used)
        assert conflict.value.code == "id_used"


def test_what_is_corrected_or_void_is_not_corrected_again(wrong: Measurement) -> None:
    new = correct(wrong, seen(DAY, "11.0", "86.0")).measurement
    with pytest.raises(Conflict) as conflict:
        correct(wrong, seen(DAY, "11.0", "87.0"))
    assert conflict.value.code == "not_in_force"
    void_measurement(by=new.recorded_by, measurement_id=new.pk, reason="anak lain")
    with pytest.raises(Conflict):
        correct(new, seen(DAY, "11.0", "87.0"))


def test_a_correction_can_be_corrected(wrong: Measurement) -> None:
    second = correct(wrong, seen(DAY, "11.0", "86.0")).measurement
    third = correct(second, seen(DAY, "11.0", "85.6")).measurement
    assert [m.pk for m in Measurement.objects.in_force()] == [third.pk]


def test_outside_the_area_there_is_no_such_measurement(wrong: Measurement) -> None:
    stranger = make_cadre(make_village("33.01.02.2003", "Kesugihan"))
    with pytest.raises(NotFound) as missing:
        correct(wrong, seen(DAY, "11.0", "86.0"), by=stranger)
    assert missing.value.code == "measurement_not_found"


def test_what_cannot_be_is_refused_as_at_first(wrong: Measurement) -> None:
    with pytest.raises(Invalid) as refused:
        correct(wrong, seen(DAY, "11.0", "8.6"))
    assert (refused.value.code, refused.value.field) == ("out_of_range", "lenhei_cm")


def test_of_corrections_that_belong_together_one_refused_keeps_all_out(wrong: Measurement) -> None:
    def correction(of: UUID, what: Observation) -> Submission:
        return Submission(id=uuid4(), corrects=of, observation=what, reason="salah ketik", confirmed=True)

    stranger = make_cadre(make_village("33.01.02.2003", "Kesugihan"))
    right, same = seen(DAY, "11.0", "86.0"), seen(DAY, "11.0", "76.0")
    good = correction(wrong.pk, right)
    for by, corrections, code in (
        (stranger, [good], "measurement_not_found"),
        (wrong.recorded_by, [good, correction(wrong.pk, right)], "not_in_force"),
        (wrong.recorded_by, [correction(wrong.pk, same)], "unchanged"),
        (wrong.recorded_by, [good, correction(uuid4(), right)], "measurement_not_found"),
    ):
        with pytest.raises(Refused) as refused:
            record_all(by=by, submissions=corrections, source=Source.FILE)
        assert refused.value.code == code
        assert Measurement.objects.get().is_in_force
