"""When to ask whether a measurement is right."""

from __future__ import annotations

import pytest

from registry.growth import Measured, PlausibilityFlag, PositionCode, SexCode, assess, plausibility_flags
from registry.growth.plausibility import most_length_gain_mm, most_weight_gain_g, most_weight_loss_g


def ask(
    weight_kg: float | None,
    lenhei_cm: float | None,
    previous: Measured | None = None,
    age_days: int = 395,
    position: PositionCode = PositionCode.UNKNOWN,
) -> list[PlausibilityFlag]:
    """The flags of a boy, 13 months old unless said otherwise."""
    got = assess(
        sex=SexCode.BOY, age_days=age_days, weight_kg=weight_kg, lenhei_cm=lenhei_cm, position=position
    )
    return plausibility_flags(got, weight_kg=weight_kg, age_days=age_days, previous=previous)


def test_an_ordinary_child_raises_no_doubt() -> None:
    assert ask(9.2, 76.0, Measured(365, 9.0, 75.0)) == []


def test_a_first_measurement_is_compared_with_nothing() -> None:
    assert ask(9.2, 76.0) == []


def test_every_flag_of_whos_is_a_doubt() -> None:
    assert ask(9.2, 57.0) == [PlausibilityFlag.HAZ_FLAG, PlausibilityFlag.WHZ_FLAG, PlausibilityFlag.BAZ_FLAG]
    assert ask(25.0, None) == [PlausibilityFlag.WAZ_FLAG]


def test_a_centimetre_shorter_is_an_error_of_measuring_and_a_millimetre_more_a_doubt() -> None:
    assert ask(9.2, 74.0, Measured(365, 9.0, 75.0)) == []
    assert ask(9.2, 73.9, Measured(365, 9.0, 75.0)) == [PlausibilityFlag.SHORTER]


def test_lengths_are_compared_as_corrected_for_the_position() -> None:
    # Standing 73.4 is lying 74.1: less than a centimetre below 75.0.
    assert ask(9.2, 73.4, Measured(365, 9.0, 75.0), position=PositionCode.STANDING) == []


def test_standing_up_at_two_years_is_not_shrinking() -> None:
    # 85.0 lying and 83.5 standing, which is 84.2 lying: 0.8 cm.
    before = Measured(725, 11.5, 85.0)
    assert ask(11.6, 83.5, before, age_days=735, position=PositionCode.STANDING) == []
    assert ask(11.6, 83.2, before, age_days=735, position=PositionCode.STANDING) == [PlausibilityFlag.SHORTER]


def test_growing_more_than_whos_fastest_child_is_a_doubt() -> None:
    # From 12 months: 4.8 cm in up to two months.
    assert ask(9.2, 79.8, Measured(366, 9.0, 75.0)) == []
    assert ask(9.2, 79.9, Measured(366, 9.0, 75.0)) == [PlausibilityFlag.LENGTH_JUMP]


@pytest.mark.parametrize(
    ("from_day", "to_day", "mm"),
    [
        (0, 30, 119),
        (0, 60, 119),
        (0, 61, 119 + 85),
        (366, 366, 48),
        (366, 366 + 183, 48 + 46 + 45 + 44),
        (1800, 1830, 43),
    ],
)
def test_the_most_length_gained_adds_up_two_months_at_a_time(from_day: int, to_day: int, mm: int) -> None:
    assert most_length_gain_mm(from_day, to_day) == mm


def test_a_newborn_may_gain_two_and_a_half_kilos_in_a_month() -> None:
    # A tenth of 3.2 kg and twice the median boy's 4.4525 - 3.3464 kg on day 30.
    assert most_weight_gain_g(3200, 0, 30) == 320 + 2212


def test_an_older_child_may_gain_a_kilo_and_a_half() -> None:
    assert most_weight_gain_g(11000, 730, 760) == pytest.approx(1500, abs=50)


def test_past_the_table_only_the_tenth_is_left() -> None:
    assert most_weight_gain_g(18000, 1830, 1900) == 1800


@pytest.mark.parametrize(("days", "grams"), [(0, 1500), (30, 1500), (31, 2000), (61, 2500), (400, 2500)])
def test_a_child_may_lose_fifteen_per_cent_in_a_month_and_a_quarter_at_most(days: int, grams: int) -> None:
    assert most_weight_loss_g(10_000, 365, 365 + days) == grams


def test_a_jump_is_one_also_within_a_day() -> None:
    flags = ask(12.9, 73.9, Measured(394, 9.0, 75.0))
    assert flags == [PlausibilityFlag.SHORTER, PlausibilityFlag.WEIGHT_JUMP]
    assert PlausibilityFlag.LENGTH_JUMP in ask(9.1, 90.0, Measured(394, 9.0, 75.0))


def test_a_weight_with_swapped_digits_is_a_doubt() -> None:
    assert ask(12.9, 76.0, Measured(365, 9.0, 75.0)) == [PlausibilityFlag.WEIGHT_JUMP]
    assert ask(7.6, 76.0, Measured(365, 9.0, 75.0)) == [PlausibilityFlag.WEIGHT_JUMP]


def test_the_limit_itself_is_no_doubt() -> None:
    limit = most_weight_loss_g(9000, 365, 395) / 1000
    assert ask(9.0 - limit, 76.0, Measured(365, 9.0, 75.0)) == []


def test_what_was_not_measured_raises_no_doubt() -> None:
    assert ask(9.2, None, Measured(365, 9.0, 75.0)) == []
    assert ask(None, 76.0, Measured(365, 9.0, 75.0)) == []
    assert ask(9.2, 76.0, Measured(365, None, None)) == []


def test_a_position_other_than_the_ages_is_no_doubt() -> None:
    assert ask(9.2, 75.0, position=PositionCode.STANDING) == []


def test_a_previous_measurement_of_a_later_day_is_refused() -> None:
    with pytest.raises(ValueError, match="later day"):
        ask(9.2, 76.0, Measured(396, 9.0, 75.0))
