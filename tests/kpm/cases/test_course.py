"""Which cases the measurements of a child open, go on with and close, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from kpm.cases.course import CaseKind, CaseOutcome, ChildCourse, derive_cases
from kpm.cases.standing import FollowUpMeasurement, Reason
from registry.models import MeasurementState

BORN = date(2023, 6, 20)
FIVE = date(2028, 6, 20)  # day 1827: 5 years of which 2024 and 2028 have a 29 February before it
MARCH, APRIL, MAY, JUNE, JULY, AUGUST = (date(2024, month, 5) for month in range(3, 9))
CHILD = ChildCourse(BORN, enrolled_on=MARCH)


def saw(on: date, **values: object) -> FollowUpMeasurement:
    """A measurement of a child that is fine in everything unless told."""
    fine = FollowUpMeasurement(
        child_id=UUID(int=1),
        measured_on=on,
        state=MeasurementState.IN_FORCE,
        age_days=(on - BORN).days,
        weight_kg=Decimal("9.5"),
        lenhei_cm=Decimal("76"),
        muac_cm=None,
        oedema=False,
        haz=-0.5,
        haz_flag=False,
        waz=-0.5,
        waz_flag=False,
        whz=-0.3,
        whz_flag=False,
        baz_flag=False,
        gain="N",
    )
    return fine._replace(**values)  # type: ignore[arg-type]


Story = tuple[CaseKind, Reason, date, date, CaseOutcome]


def cases(*series: FollowUpMeasurement, child: ChildCourse = CHILD) -> list[Story]:
    """Every case but those of months that were missed."""
    return [
        (case.kind, case.reason, case.opened_on, case.closed_on, case.outcome)
        for case in derive_cases(child, series)
        if case.kind != CaseKind.NOT_MEASURED
    ]


def missed(*series: FollowUpMeasurement, child: ChildCourse = CHILD) -> list[tuple[date, date, CaseOutcome]]:
    found = derive_cases(child, series)
    return [(c.opened_on, c.closed_on, c.outcome) for c in found if c.kind == CaseKind.NOT_MEASURED]


def test_gizi_buruk_that_becomes_gizi_kurang_stays_open_until_minus_two() -> None:
    falls, better, well = saw(MAY, whz=-3.2), saw(JUNE, whz=-2.4), saw(JULY, whz=-2.0)
    assert cases(falls) == [(CaseKind.WASTING, Reason.SEVERELY_WASTED, MAY, FIVE, CaseOutcome.TURNED_FIVE)]
    assert cases(falls, better) == [(CaseKind.WASTING, Reason.WASTED, MAY, FIVE, CaseOutcome.TURNED_FIVE)]
    assert cases(falls, better, well) == [(CaseKind.WASTING, Reason.WASTED, MAY, JULY, CaseOutcome.RECOVERED)]
    [case] = [c for c in derive_cases(CHILD, [falls, better, well]) if c.kind == CaseKind.WASTING]
    assert (case.worst, case.since, case.spell) == (Reason.SEVERELY_WASTED, MAY, 1)


@pytest.mark.parametrize(("days", "spell"), [(90, 2), (91, 1)])
def test_a_relapse_within_ninety_days_opens_the_same_case_again(days: int, spell: int) -> None:
    again = APRIL + timedelta(days=days)
    series = [saw(MARCH, haz=-2.5), saw(APRIL), saw(again, haz=-2.2)]
    first, case = (c for c in derive_cases(CHILD, series) if c.kind == CaseKind.STUNTING)
    assert (first.opened_on, first.closed_on, first.outcome) == (MARCH, APRIL, CaseOutcome.RECOVERED)
    assert (case.opened_on, case.since, case.closed_on) == (again, again, FIVE)
    assert (case.spell, case.found_on) == (spell, MARCH if spell == 2 else again)


def test_each_kind_has_its_own_case() -> None:
    both = saw(MAY, haz=-3.2, whz=-2.4)
    assert cases(both, saw(JUNE, haz=-3.2)) == [
        (CaseKind.STUNTING, Reason.SEVERELY_STUNTED, MAY, FIVE, CaseOutcome.TURNED_FIVE),
        (CaseKind.WASTING, Reason.WASTED, MAY, JUNE, CaseOutcome.RECOVERED),
    ]


def test_not_gained_becomes_twice_and_is_one_case() -> None:
    series = saw(APRIL, gain="T"), saw(MAY, gain="T"), saw(JUNE, gain="N")
    assert cases(*series) == [(CaseKind.GAIN, Reason.TWICE_NOT_GAINED, APRIL, JUNE, CaseOutcome.RECOVERED)]


def test_a_flagged_value_is_over_when_it_was_measured_again() -> None:
    flagged = saw(MAY, haz=-6.4, haz_flag=True)
    assert cases(flagged, saw(date(2024, 5, 9))) == [
        (CaseKind.MEASURE_AGAIN, Reason.MEASURE_AGAIN, MAY, date(2024, 5, 9), CaseOutcome.MEASURED)
    ]


@pytest.mark.parametrize("by", [CaseOutcome.DIED, CaseOutcome.LEFT])
def test_who_died_or_left_is_followed_no_more(by: CaseOutcome) -> None:
    child = ChildCourse(BORN, MARCH, left_on=JULY, left_by=by)
    assert cases(saw(MAY, whz=-2.4), child=child) == [(CaseKind.WASTING, Reason.WASTED, MAY, JULY, by)]
    assert missed(saw(MAY), child=child) == []
    assert cases(saw(JULY, whz=-2.4), child=child) == []


def test_two_whole_months_without_a_measurement_open_a_case_that_the_next_one_closes() -> None:
    # Measured on 5 March: April and May are missed when June begins.
    assert missed(saw(MARCH), saw(JUNE)) == [
        (date(2024, 6, 1), JUNE, CaseOutcome.MEASURED),
        (date(2024, 9, 1), FIVE, CaseOutcome.TURNED_FIVE),
    ]
    assert missed(saw(MARCH), saw(date(2024, 5, 31))) == [(date(2024, 8, 1), FIVE, CaseOutcome.TURNED_FIVE)]


def test_who_is_measured_on_the_day_on_which_it_would_be_missed_is_not() -> None:
    # Measured on 5 March: missed from 1 June on.
    assert missed(saw(MARCH), saw(date(2024, 6, 1))) == [
        (date(2024, 9, 1), FIVE, CaseOutcome.TURNED_FIVE),
    ]


def test_who_was_never_measured_is_missed_from_enrolment() -> None:
    assert missed() == [(date(2024, 6, 1), FIVE, CaseOutcome.TURNED_FIVE)]


def test_nobody_is_missed_after_turning_five() -> None:
    child = ChildCourse(date(2019, 8, 1), enrolled_on=MAY)  # five on 1 August 2024
    assert missed(saw(JUNE, age_days=1770), child=child) == []
