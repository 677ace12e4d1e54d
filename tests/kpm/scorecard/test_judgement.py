"""Each indicator of the forms, worked out by hand with a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from kpm.scorecard.indicators import (
    LivingCondition,
    ScorecardRules,
    ScoredService,
    ScoreGroup,
    ScoreIndicator,
)
from kpm.scorecard.judgement import (
    ConditionSeen,
    Judgement,
    MonthOfLessons,
    ScoreAnswer,
    ScorecardRow,
    ScoredChild,
    ScoredPerson,
    ScoredPregnancy,
    ServiceGiven,
    judge_person,
)
from kpm.scorecard.periods import Period, Quarter, VillageStay

YES, NO, NA = ScoreAnswer.YES, ScoreAnswer.NO, ScoreAnswer.NOT_APPLICABLE
HERE, THERE = "33.01.02.2009", "33.01.02.2010"
ALWAYS = (VillageStay(HERE, Period(date(2015, 1, 1))),)


def day(text: str) -> date:
    return date.fromisoformat(text)


def given(service: ScoredService, *days: str, quantity: int = 1) -> list[ServiceGiven]:
    return [ServiceGiven(service, day(on), quantity) for on in days]


def woman(last_period: str, delivered: str = "", **more: Any) -> ScoredPregnancy:
    return ScoredPregnancy(
        **{"stays": ALWAYS, **more},
        last_period=day(last_period),
        delivered=day(delivered) if delivered else None,
    )


def child(born: str, **more: Any) -> ScoredChild:
    return ScoredChild(**{"stays": ALWAYS, **more}, born=day(born))


def quarter(text: str) -> Quarter:
    year, number = text.split("Q")
    return Quarter(int(year), int(number))


def only_row(person: ScoredPerson, when: str) -> ScorecardRow:
    [row] = judge_person(person, quarter(when))
    return row


def judge(person: ScoredPerson, when: str, indicator: ScoreIndicator) -> Judgement:
    return only_row(person, when).judgements[indicator]


def brief(found: Judgement) -> tuple[ScoreAnswer, int, int]:
    return found.answer, found.had, found.needed


# --- Form 2A: pregnant women and mothers after birth ------------------------------------------------------


@pytest.mark.parametrize(
    ("last_period", "delivered", "when", "check_ups", "expected"),
    [
        # On 31 March it is 83 days, 11 weeks and 6 days: nothing is due. A day more is the 12th week.
        ("2024-01-08", "", "2024Q1", [], (NA, 0, 0)),
        ("2024-01-07", "", "2024Q1", [], (NO, 0, 1)),
        ("2024-01-07", "", "2024Q1", ["2024-03-31"], (YES, 1, 1)),
        # Before the pregnancy it was no check-up of it, in April not one of this quarter.
        ("2024-01-07", "", "2024Q1", ["2024-01-06", "2024-04-01"], (NO, 0, 1)),
        # On 30 June 25 weeks: two. On 30 September 39 weeks: four.
        ("2024-01-01", "", "2024Q2", ["2024-03-05", "2024-06-11"], (YES, 2, 2)),
        ("2024-01-01", "", "2024Q3", ["2024-03-05", "2024-06-11", "2024-08-06"], (NO, 3, 4)),
        # Delivered after 34 weeks and 6 days, with what was due then; a later one is not of the pregnancy.
        ("2024-01-01", "2024-09-01", "2024Q3", ["2024-03-05", "2024-06-11", "2024-08-06"], (YES, 3, 3)),
        ("2024-01-01", "2024-09-01", "2024Q3", ["2024-03-05", "2024-06-11", "2024-09-02"], (NO, 2, 3)),
        # Final on delivery: it is not asked again in the quarter after it.
        ("2024-01-01", "2024-09-01", "2024Q4", [], (NA, 0, 0)),
        # Nobody recorded a delivery: 294 days after 1 January is 21 October, after 42 weeks.
        ("2024-01-01", "", "2024Q4", ["2024-10-21", "2024-10-22"], (NO, 1, 4)),
    ],
)
def test_check_ups_and_classes_are_due_by_the_weeks_of_pregnancy(
    last_period: str,
    delivered: str,
    when: str,
    check_ups: Sequence[str],
    expected: tuple[ScoreAnswer, int, int],
) -> None:
    for service, indicator in (
        (ScoredService.CHECK_UP, ScoreIndicator.CHECK_UPS),
        (ScoredService.COUNSELLING, ScoreIndicator.COUNSELLING),
    ):
        person = woman(last_period, delivered, services=given(service, *check_ups))
        assert brief(judge(person, when, indicator)) == expected


@pytest.mark.parametrize(
    ("last_period", "when", "tablets", "expected"),
    [
        ("2024-01-01", "2024Q1", {"2024-02-01": 60, "2024-03-01": 30}, (YES, 90, 90)),
        ("2024-01-01", "2024Q1", {"2024-02-01": 60}, (NO, 60, 90)),
        # January is not whole: February and March.
        ("2024-01-02", "2024Q1", {"2024-01-20": 60}, (YES, 60, 60)),
        # 60 before: 30 are missing, however many months there are. 90 before: nothing is.
        ("2024-01-02", "2024Q2", {"2024-02-01": 60, "2024-05-01": 30}, (YES, 30, 30)),
        ("2024-01-02", "2024Q2", {"2024-02-01": 60}, (NO, 0, 30)),
        ("2024-01-02", "2024Q2", {"2024-02-01": 90}, (YES, 90, 90)),
        # The pregnancy ends on 21 October: no month of the quarter is whole.
        ("2024-01-01", "2024Q4", {}, (NA, 0, 0)),
    ],
)
def test_thirty_tablets_are_due_for_a_whole_month_up_to_ninety(
    last_period: str, when: str, tablets: dict[str, int], expected: tuple[ScoreAnswer, int, int]
) -> None:
    services = [ServiceGiven(ScoredService.IRON_TABLETS, day(on), count) for on, count in tablets.items()]
    assert brief(judge(woman(last_period, services=services), when, ScoreIndicator.IRON_TABLETS)) == expected


def test_no_tablets_are_due_after_delivery() -> None:
    """Delivered on 10 August: of the quarter July alone is whole, though she is a mother all of August."""
    mother = woman("2023-11-05", "2024-08-10")
    assert brief(judge(mother, "2024Q3", ScoreIndicator.IRON_TABLETS)) == (NO, 0, 30)


@pytest.mark.parametrize(
    ("when", "visits", "expected"),
    [
        ("2024Q3", ["2024-09-02"], (NA, 0, 0)),  # day 42 is 13 October
        ("2024Q4", ["2024-09-02", "2024-09-10", "2024-10-13"], (YES, 3, 3)),
        ("2024Q4", ["2024-09-02", "2024-09-10", "2024-10-14"], (NO, 2, 3)),  # after day 42
        ("2024Q4", [], (NO, 0, 3)),
    ],
)
def test_visits_after_birth_are_judged_in_the_quarter_of_day_42(
    when: str, visits: Sequence[str], expected: tuple[ScoreAnswer, int, int]
) -> None:
    mother = woman("2024-01-01", "2024-09-01", services=given(ScoredService.POSTNATAL_VISIT, *visits))
    assert brief(judge(mother, when, ScoreIndicator.POSTNATAL_VISITS)) == expected


def test_a_lost_pregnancy_ends_that_day_and_asks_for_no_visits_after_birth() -> None:
    lost = woman("2024-01-01", lost=day("2024-05-10"))
    row = only_row(lost, "2024Q2")
    # 130 days, 18 weeks: one check-up was due. April alone is whole.
    assert brief(row.judgements[ScoreIndicator.CHECK_UPS]) == (NO, 0, 1)
    assert brief(row.judgements[ScoreIndicator.IRON_TABLETS]) == (NO, 0, 30)
    assert row.judgements[ScoreIndicator.POSTNATAL_VISITS].answer is NA
    assert judge_person(lost, quarter("2024Q3")) == []


@pytest.mark.parametrize(
    ("risk", "visits", "expected"),
    [
        (None, [], (NA, 0, 0)),
        (("2024-02-01", None), ["2024-02-29", "2024-03-01"], (YES, 2, 2)),
        (("2024-02-01", None), ["2024-02-29"], (NO, 1, 2)),
        (("2024-02-02", None), ["2024-03-31"], (YES, 1, 1)),  # not all of February
        (("2024-02-02", "2024-03-30"), [], (NA, 0, 0)),  # no month all through
        (("2024-02-01", "2024-02-29"), ["2024-03-01"], (NO, 0, 1)),
    ],
)
def test_visits_are_due_in_the_months_at_risk_all_through(
    risk: tuple[str, str | None] | None, visits: Sequence[str], expected: tuple[ScoreAnswer, int, int]
) -> None:
    periods = [Period(day(risk[0]), day(risk[1]) if risk[1] else None)] if risk else []
    services = given(ScoredService.HOME_VISIT, *visits)
    pregnant = woman("2023-12-01", at_risk=periods, services=services)
    young = child("2023-08-15", at_risk=periods, services=services)
    for person in (pregnant, young):
        assert brief(judge(person, "2024Q1", ScoreIndicator.VISITS_AT_RISK)) == expected


# --- Form 2B: children before their second birthday -------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "when", "weighed", "expected"),
    [
        # Born in August: September is the first whole month.
        ("2023-08-15", "2023Q3", ["2023-09-30"], (YES, 1, 1)),
        ("2023-08-15", "2023Q3", ["2023-08-20"], (NO, 0, 1)),
        ("2023-09-15", "2023Q3", ["2023-09-20"], (NA, 0, 0)),
        ("2023-09-01", "2023Q3", ["2023-09-01"], (YES, 1, 1)),  # born on the first: all of September
        ("2023-08-15", "2024Q1", ["2024-01-05", "2024-02-05", "2024-02-19"], (NO, 2, 3)),
        # Two on 15 August 2025: July alone.
        ("2023-08-15", "2025Q3", ["2025-07-31"], (YES, 1, 1)),
        # Two on 1 October 2025: all three months, the last day is 30 September.
        ("2023-10-01", "2025Q3", ["2025-07-01", "2025-08-01", "2025-09-30"], (YES, 3, 3)),
        # Born on 29 February 2024: two on 28 February 2026, so that February is not whole.
        ("2024-02-29", "2026Q1", ["2026-01-31"], (YES, 1, 1)),
    ],
)
def test_each_whole_month_needs_its_weighing_counselling_and_class(
    born: str, when: str, weighed: Sequence[str], expected: tuple[ScoreAnswer, int, int]
) -> None:
    for service, indicator in (
        (ScoredService.WEIGHING, ScoreIndicator.WEIGHED_MONTHLY),
        (ScoredService.COUNSELLING, ScoreIndicator.COUNSELLED_MONTHLY),
        (ScoredService.PARENTING_CLASS, ScoreIndicator.PARENTING_CLASSES),
    ):
        rows = judge_person(child(born, services=given(service, *weighed)), quarter(when))
        assert rows[0].group is ScoreGroup.YOUNG_CHILD
        assert brief(rows[0].judgements[indicator]) == expected


@pytest.mark.parametrize(
    ("when", "heights", "expected"),
    [
        ("2023Q4", ["2023-10-10"], (NA, 0, 0)),  # September to December are four whole months
        ("2024Q1", ["2023-10-01"], (YES, 1, 1)),  # October to March
        ("2024Q1", ["2023-09-30"], (NO, 0, 1)),
        ("2024Q1", ["2024-04-01"], (NO, 0, 1)),
        ("2025Q3", ["2025-02-01"], (YES, 1, 1)),  # two in August: February to July
        ("2025Q3", ["2025-01-31", "2025-08-01"], (NO, 0, 1)),
    ],
)
def test_one_height_is_due_in_the_last_six_whole_months(
    when: str, heights: Sequence[str], expected: tuple[ScoreAnswer, int, int]
) -> None:
    person = child("2023-08-15", services=given(ScoredService.HEIGHT, *heights))
    found = judge_person(person, quarter(when))[0].judgements[ScoreIndicator.HEIGHT_TWICE]
    assert brief(found) == expected


def test_no_height_is_asked_in_a_quarter_without_a_whole_month() -> None:
    """Two on 15 July: the six months to June were asked about in the quarter before."""
    row = judge_person(child("2023-07-15"), quarter("2025Q3"))[0]
    assert row.judgements[ScoreIndicator.HEIGHT_TWICE].answer is NA


@pytest.mark.parametrize(
    ("born", "when", "complete", "expected"),
    [
        ("2023-08-15", "2024Q2", "2024-05-01", (NA, False)),  # due on 15 August
        ("2023-08-15", "2024Q3", "2024-08-15", (YES, False)),
        ("2023-08-15", "2024Q3", "2024-08-16", (YES, True)),
        ("2023-08-15", "2024Q3", "2024-10-01", (NO, False)),  # by the day it was given, not of its entry
        ("2023-08-15", "2024Q4", "2024-10-01", (YES, True)),
        ("2023-08-15", "2024Q4", "", (NO, False)),
        ("2023-09-30", "2024Q3", "", (NO, False)),  # due on the last day of the quarter
        ("2023-08-31", "2024Q3", "2024-08-31", (YES, False)),
    ],
)
def test_immunisation_is_due_from_the_first_birthday(
    born: str, when: str, complete: str, expected: tuple[ScoreAnswer, bool]
) -> None:
    services = given(ScoredService.IMMUNISATION_COMPLETE, *([complete] if complete else []))
    found = judge(child(born, services=services), when, ScoreIndicator.IMMUNISATION)
    assert (found.answer, found.is_late) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], (NO, True)),
        ([("2024-04-01", True)], (NO, True)),  # nobody had asked by the end of the quarter
        ([("2024-03-31", True)], (YES, False)),
        ([("2023-01-01", True), ("2024-03-01", False)], (NO, False)),
        ([("2024-03-01", True), ("2023-01-01", False)], (YES, False)),
    ],
)
def test_water_latrine_insurance_and_certificate_are_as_last_found(
    seen: Sequence[tuple[str, bool]], expected: tuple[ScoreAnswer, bool]
) -> None:
    for condition, indicator in (
        (LivingCondition.SAFE_WATER, ScoreIndicator.SAFE_WATER),
        (LivingCondition.LATRINE, ScoreIndicator.LATRINE),
        (LivingCondition.INSURANCE, ScoreIndicator.INSURANCE),
        (LivingCondition.BIRTH_CERTIFICATE, ScoreIndicator.BIRTH_CERTIFICATE),
    ):
        conditions = [ConditionSeen(condition, day(on), is_met) for on, is_met in seen]
        found = judge(child("2023-08-15", conditions=conditions), "2024Q1", indicator)
        assert (found.answer, found.never_asked) == expected


# --- Form 2C and who counts where -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lessons", "expected"),
    [
        ([("2024-07-10", 20, 16)], (YES, 16, 16)),
        ([("2024-07-10", 20, 15)], (NO, 15, 16)),
        ([("2024-07-10", 21, 17)], (YES, 17, 17)),  # 16.8 of 21
        ([("2024-07-10", 0, 0), ("2024-08-10", 10, 9), ("2024-09-10", 10, 7)], (YES, 16, 16)),
        ([("2024-07-10", 0, 0)], (NA, 0, 0)),
        ([("2024-06-10", 20, 20)], (NA, 0, 0)),
    ],
)
def test_four_of_five_lessons_held_have_to_be_attended(
    lessons: Sequence[tuple[str, int, int]], expected: tuple[ScoreAnswer, int, int]
) -> None:
    months = [MonthOfLessons(day(month), held, attended) for month, held, attended in lessons]
    assert brief(judge(child("2020-05-05", lessons=months), "2024Q3", ScoreIndicator.LESSONS)) == expected


def test_a_child_that_turns_two_has_a_row_in_both_groups() -> None:
    rows = judge_person(child("2022-08-15"), quarter("2024Q3"))
    assert [row.group for row in rows] == [ScoreGroup.YOUNG_CHILD, ScoreGroup.PRESCHOOL_CHILD]


@pytest.mark.parametrize(
    ("born", "when"),
    [("2024-10-01", "2024Q3"), ("2017-07-01", "2024Q3")],  # not born yet; seven on the first of July
)
def test_whom_no_form_is_about_has_no_row(born: str, when: str) -> None:
    assert judge_person(child(born), quarter(when)) == []


def test_the_last_day_before_the_seventh_birthday_counts() -> None:
    assert only_row(child("2017-07-02"), "2024Q3").group is ScoreGroup.PRESCHOOL_CHILD


MOVED = (
    VillageStay(HERE, Period(day("2023-08-15"), day("2024-02-09"))),
    VillageStay(THERE, Period(day("2024-02-10"))),
)


def test_who_moved_counts_once_where_it_lives_on_the_last_day_with_its_services() -> None:
    services = given(ScoredService.WEIGHING, "2024-01-10", "2024-03-10")
    row = only_row(child("2023-08-15", stays=MOVED, services=services), "2024Q1")
    assert row.village == THERE
    # January in the one village and March in the other; the month of the move asks for nothing.
    assert brief(row.judgements[ScoreIndicator.WEIGHED_MONTHLY]) == (YES, 2, 2)


def test_who_left_or_died_counts_until_that_day() -> None:
    stays = (VillageStay(HERE, Period(day("2023-08-15"), day("2024-02-09"))),)
    services = given(ScoredService.WEIGHING, "2024-02-05")
    row = only_row(child("2023-08-15", stays=stays, services=services), "2024Q1")
    assert row.village == HERE
    assert brief(row.judgements[ScoreIndicator.WEIGHED_MONTHLY]) == (NO, 0, 1)  # January
    assert judge_person(child("2023-08-15", stays=stays), quarter("2024Q2")) == []


def test_who_came_during_a_month_is_asked_from_the_next() -> None:
    stays = (VillageStay(HERE, Period(day("2024-02-10"))),)
    row = only_row(child("2023-08-15", stays=stays), "2024Q1")
    assert brief(row.judgements[ScoreIndicator.WEIGHED_MONTHLY]) == (NO, 0, 1)
    assert row.judgements[ScoreIndicator.HEIGHT_TWICE].answer is NA


def test_twins_of_one_mother_are_two_rows_beside_hers() -> None:
    mother = woman("2023-11-01", "2024-08-01")
    twins = [child("2024-08-01"), child("2024-08-01")]
    rows = [row for person in (mother, *twins) for row in judge_person(person, quarter("2024Q3"))]
    assert [row.group for row in rows] == [
        ScoreGroup.PREGNANT,
        ScoreGroup.YOUNG_CHILD,
        ScoreGroup.YOUNG_CHILD,
    ]
    # Day 42 is 12 September: she is judged here. August and September are whole for the twins, who were
    # born on the first.
    assert brief(rows[0].judgements[ScoreIndicator.POSTNATAL_VISITS]) == (NO, 0, 3)
    assert [brief(row.judgements[ScoreIndicator.WEIGHED_MONTHLY]) for row in rows[1:]] == [(NO, 0, 2)] * 2


def test_a_district_may_set_other_numbers() -> None:
    rules = ScorecardRules(since=day("2025-01-01"), weeks_due=(12, 20, 26, 30, 34, 38), tablets=180)
    [row] = judge_person(woman("2024-01-01"), quarter("2024Q3"), rules)
    assert brief(row.judgements[ScoreIndicator.CHECK_UPS]) == (NO, 0, 6)  # 39 weeks
