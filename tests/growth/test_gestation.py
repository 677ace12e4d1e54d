"""The corrected age of a child born early, worked out by hand: days - (40 - weeks) x 7."""

from __future__ import annotations

import pytest

from registry.growth import SexCode, assess, corrected_age_days


@pytest.mark.parametrize(
    ("age_days", "weeks", "corrected"),
    [
        (183, 32, 127),  # 8 weeks are 56 days
        (183, 36, 155),
        (183, 37, None),  # born at term
        (183, 40, None),
        (183, None, None),
        (56, 32, 0),  # the day it was due
        (55, 32, None),  # before it nothing is corrected
        (0, 36, None),
        (786, 32, 730),  # the last day below 24 months of corrected age
        (787, 32, None),
    ],
)
def test_an_age_is_corrected_to_forty_weeks_below_two_years(
    age_days: int, weeks: int | None, corrected: int | None
) -> None:
    assert corrected_age_days(age_days, weeks) == corrected


def test_a_boy_of_32_weeks_is_short_by_birth_and_not_by_the_corrected_age() -> None:
    days = corrected_age_days(183, 32)
    assert assess(sex=SexCode.BOY, age_days=183, lenhei_cm=61.5).haz == -2.87
    assert assess(sex=SexCode.BOY, age_days=days, lenhei_cm=61.5).haz == -1.32
