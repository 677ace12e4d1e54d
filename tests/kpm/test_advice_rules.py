"""Every combination of class, age and finding: what is advised may not harm."""

from __future__ import annotations

from itertools import product

import pytest

from kpm.advice_rules import Condition, Step, list_steps
from registry.growth import completed_months

HAZ = ("", "severely_stunted", "stunted", "normal_height", "tall")
WAZ = ("", "severely_underweight", "underweight", "normal_weight", "risk_overweight")
WHZ = ("", "severely_wasted", "wasted", "normal", "possible_risk_overweight", "overweight", "obese")
MUAC = ("", "severely_wasted", "wasted", "normal")
SOLID_FOOD = {Step.FOOD_FROM_6, Step.FOOD_FROM_9, Step.FOOD_FROM_24}
VITAMIN_A = {Step.VITAMIN_A_BLUE, Step.VITAMIN_A_RED}
HOME_FEEDING = SOLID_FOOD | {Step.MILK_ONLY, Step.ASK_EXTRA_FOOD}
LESS_FOOD = {Step.LIGHTER_FOOD, Step.MILK_NO_LESS}
EVERY = [
    Condition(
        months,
        haz,
        waz,
        whz,
        muac,
        oedema,
        gain,
        gain == "T" and months > 6,
        is_flagged,
        month=month,
        has_odd_head=month == 8 and haz != "tall",
    )
    for month, months, haz, waz, whz, muac, oedema, gain, is_flagged in product(
        (7, 8),
        (0, 5, 6, 8, 9, 23, 24, 59),
        HAZ,
        WAZ,
        WHZ,
        MUAC,
        (False, True),
        ("", "N", "T", "O", "B"),
        (False, True),
    )
]


def those(name: str) -> list[tuple[Condition, set[Step]]]:
    return [(child, set(list_steps(child))) for child in EVERY if getattr(child, name)]


def test_every_sign_of_gizi_buruk_is_referred_today_whatever_else_is_known() -> None:
    for child in EVERY:
        if child.oedema or "severely_wasted" in (child.whz, child.muac):
            assert list_steps(child)[0] == Step.REFER_TODAY, child


def test_gizi_buruk_gets_no_home_feeding() -> None:
    for child, steps in those("has_gizi_buruk"):
        assert not steps & (HOME_FEEDING | LESS_FOOD), child
        assert (Step.MILK_ON_THE_WAY if child.months < 6 else Step.FEED_ON_THE_WAY) in steps, child


def test_an_odd_head_is_referred_whatever_else_is_known() -> None:
    for child, steps in those("has_odd_head"):
        if not child.is_flagged or child.is_for_today:
            assert {Step.CHECK_HEAD, Step.DANGER_SIGNS} < steps, child
            assert steps & {Step.REFER, Step.REFER_TODAY}, child
    for child in EVERY:
        assert child.has_odd_head or Step.CHECK_HEAD not in list_steps(child), child
    fine = Condition(14, "normal_height", "normal_weight", "normal", gain="N", has_odd_head=True)
    assert list_steps(fine) == ("refer", "danger_signs", "check_head", "food_from_9", "keep_on")


def test_a_baby_under_six_months_is_never_told_to_eat() -> None:
    for child in EVERY:
        if child.months < 6:
            told = {Step.LIGHTER_FOOD, Step.FEED_ON_THE_WAY, Step.ASK_EXTRA_FOOD}
            assert not set(list_steps(child)) & (SOLID_FOOD | VITAMIN_A | told), child


def test_the_midwife_looks_at_how_every_baby_feeds_that_is_referred_and_not_too_heavy() -> None:
    for child in EVERY:
        steps = set(list_steps(child))
        is_asked = (
            child.months < 6 and not child.is_too_heavy and bool(steps & {Step.REFER, Step.REFER_TODAY})
        )
        assert (Step.LOOK_AT_FEEDING in steps) is is_asked, child


def test_extra_food_is_for_who_weighs_too_little_and_never_for_who_is_short_alone() -> None:
    for child in EVERY:
        if Step.ASK_EXTRA_FOOD in list_steps(child):
            light = {child.waz, child.whz, child.muac} & {"severely_underweight", "underweight", "wasted"}
            assert light or child.gain == "T", child


def test_vitamin_a_is_named_in_its_months_and_not_to_who_goes_today() -> None:
    for child in EVERY:
        if VITAMIN_A & set(list_steps(child)):
            assert child.month == 8, child
            assert not child.is_for_today, child


def test_a_child_that_is_too_heavy_is_not_told_to_eat_more() -> None:
    for child, steps in those("is_too_heavy"):
        assert not steps & HOME_FEEDING, child


def test_danger_signs_stand_with_every_referral_and_with_nothing_else() -> None:
    for child in EVERY:
        steps = set(list_steps(child))
        assert (Step.DANGER_SIGNS in steps) is bool(steps & {Step.REFER, Step.REFER_TODAY}), child


def test_a_value_nobody_believes_is_measured_again_and_hides_no_danger() -> None:
    for child, steps in those("is_flagged"):
        assert Step.MEASURE_AGAIN in steps, child
        if not child.is_for_today:
            assert steps == {Step.MEASURE_AGAIN}, child


@pytest.mark.parametrize(
    ("days", "months", "milk", "capsule"),
    [
        (182, 5, Step.MILK_ONLY, None),  # 5 months 29 days
        (183, 6, Step.FOOD_FROM_6, Step.VITAMIN_A_BLUE),
        (365, 11, Step.FOOD_FROM_9, Step.VITAMIN_A_BLUE),
        (366, 12, Step.FOOD_FROM_9, Step.VITAMIN_A_RED),
        (730, 23, Step.FOOD_FROM_9, Step.VITAMIN_A_RED),
        (731, 24, None, Step.VITAMIN_A_RED),
        (1826, 59, None, Step.VITAMIN_A_RED),
        (1827, 60, None, None),
    ],
)
def test_what_is_due_at_an_age_is_named_to_a_child_that_is_well(
    days: int, months: int, milk: Step | None, capsule: Step | None
) -> None:
    """Days by 30.4375 to the month: 6 are 182.6, 12 are 365.25, 24 are 730.5, 60 are 1826.25."""
    assert completed_months(days) == months
    for month in range(1, 13):
        well = Condition(months, "normal_height", "normal_weight", "normal", gain="N", month=month)
        due = [milk, capsule if month in (2, 8) else None, Step.KEEP_ON]
        assert list_steps(well) == tuple(step for step in due if step), month


def test_breast_milk_is_named_to_every_child_under_two_of_which_anything_is_known() -> None:
    named = (SOLID_FOOD - {Step.FOOD_FROM_24}) | {Step.MILK_ONLY, Step.MILK_ON_THE_WAY, Step.FEED_ON_THE_WAY}
    named |= {Step.MILK_NO_LESS, Step.MILK_TO_2}
    for child in EVERY:
        if child.is_judged and (child.is_for_today or not child.is_flagged):
            assert bool(named & set(list_steps(child))) is (child.months < 24 or child.has_gizi_buruk), child


@pytest.mark.parametrize(
    ("child", "steps"),
    [
        (Condition(14, "normal_height", "normal_weight", "normal", gain="N"), ("food_from_9", "keep_on")),
        (Condition(24, "normal_height", "normal_weight", "normal", gain="N"), ("keep_on",)),
        (
            Condition(14, "normal_height", "risk_overweight", "overweight", gain="N"),
            ("refer", "danger_signs", "lighter_food", "milk_to_2", "keep_on"),
        ),
        (
            Condition(14, "severely_stunted", "normal_weight", "normal", gain="N"),
            ("refer", "danger_signs", "food_from_9", "keep_on"),
        ),
        (
            Condition(3, "normal_height", "normal_weight", "wasted", gain="T"),
            ("refer_today", "danger_signs", "look_at_feeding", "milk_only", "keep_on"),
        ),
        (
            Condition(30, "normal_height", "risk_overweight", "obese", gain="N"),
            ("refer", "danger_signs", "lighter_food", "keep_on"),
        ),
        (
            Condition(30, "normal_height", "risk_overweight", "possible_risk_overweight", gain="N"),
            ("lighter_food", "keep_on"),
        ),
        (
            Condition(30, "normal_height", "risk_overweight", gain="N", is_complete=False),
            ("refer", "danger_signs", "lighter_food", "keep_on", "complete"),
        ),
        (
            Condition(7, oedema=True, is_flagged=True),
            ("refer_today", "measure_again", "danger_signs", "feed_on_the_way", "keep_control"),
        ),
        (
            Condition(7, waz="severely_underweight", is_complete=False),
            ("refer_today", "danger_signs", "food_from_6", "ask_extra_food", "keep_on", "complete"),
        ),
        (
            Condition(7, haz="severely_stunted", waz="severely_underweight", whz="normal"),
            ("refer", "danger_signs", "food_from_6", "ask_extra_food", "keep_on"),
        ),
        (
            Condition(4, oedema=True),
            ("refer_today", "danger_signs", "look_at_feeding", "milk_on_the_way", "keep_control"),
        ),
        (
            Condition(11, "normal_height", "normal_weight", "normal", gain="N", month=2),
            ("food_from_9", "vitamin_a_blue", "keep_on"),
        ),
        (Condition(30, "tall", "normal_weight", "normal", gain="O"), ("come_each_month", "keep_on")),
        (Condition(30, "tall", "normal_weight", "normal", gain="O", days_since=9), ("keep_on",)),
        (Condition(14, is_complete=False), ("complete",)),
    ],
)
def test_the_steps_of_a_child(child: Condition, steps: tuple[str, ...]) -> None:
    assert list_steps(child) == steps
