"""Age, position and correction."""

from __future__ import annotations

from datetime import date

import pytest

from registry.growth import (
    AgeGroupCode,
    PositionCode,
    age_group,
    age_in_days,
    completed_months,
    corrected_lenhei,
    expected_position,
    under_five,
)

LYING, STANDING, UNKNOWN = PositionCode.LYING, PositionCode.STANDING, PositionCode.UNKNOWN


def test_the_day_of_birth_is_day_zero() -> None:
    assert age_in_days(date(2024, 2, 28), date(2024, 2, 28)) == 0


def test_the_leap_day_counts() -> None:
    assert age_in_days(date(2024, 2, 28), date(2024, 3, 1)) == 2


def test_a_date_before_birth_is_refused() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_in_days(date(2024, 2, 28), date(2024, 2, 27))


@pytest.mark.parametrize(
    ("days", "months"),
    [(0, 0), (30, 0), (31, 1), (182, 5), (183, 6), (730, 23), (731, 24), (1826, 59), (1827, 60)],
)
def test_a_month_is_30_4375_days(days: int, months: int) -> None:
    assert completed_months(days) == months


def test_day_1826_is_under_five_and_day_1827_is_not() -> None:
    assert under_five(1826)
    assert not under_five(1827)
    assert not under_five(-1)


@pytest.mark.parametrize(
    ("days", "group"),
    [
        (0, "00-05"),
        (182, "00-05"),
        (183, "06-11"),
        (365, "06-11"),
        (366, "12-23"),
        (730, "12-23"),
        (731, "24-35"),
        (1095, "24-35"),
        (1096, "36-47"),
        (1460, "36-47"),
        (1461, "48-59"),
        (1826, "48-59"),
    ],
)
def test_age_groups_go_by_completed_months(days: int, group: str) -> None:
    assert age_group(days) is AgeGroupCode(group)


@pytest.mark.parametrize("days", [-1, 1827])
def test_an_age_outside_five_years_has_no_group(days: int) -> None:
    with pytest.raises(ValueError, match="under five"):
        age_group(days)


def test_a_child_is_measured_lying_through_day_730_and_standing_from_731() -> None:
    assert expected_position(730) is LYING
    assert expected_position(731) is STANDING


@pytest.mark.parametrize(
    ("lenhei_cm", "position", "days", "expected"),
    [
        (82.0, STANDING, 730, (82.7, False)),
        (82.0, STANDING, 731, (82.0, False)),
        (82.0, LYING, 730, (82.0, False)),
        (82.0, LYING, 731, (81.3, False)),
        (82.0, UNKNOWN, 400, (82.0, False)),
        (82.0, UNKNOWN, 900, (82.0, False)),
        (68.0, STANDING, 273, (68.0, True)),
        (68.0, STANDING, 274, (68.7, False)),
        (82.0, LYING, None, (82.0, False)),
        (None, STANDING, 100, (None, True)),
        (None, LYING, 900, (None, False)),
    ],
)
def test_the_position_corrects_the_length(
    lenhei_cm: float | None, position: PositionCode, days: int | None, expected: tuple[float | None, bool]
) -> None:
    assert corrected_lenhei(lenhei_cm, position, days) == expected


def test_a_corrected_length_is_a_clean_decimal() -> None:
    assert 103.1 - 0.7 != 102.4
    assert corrected_lenhei(103.1, LYING, 1200) == (102.4, False)
