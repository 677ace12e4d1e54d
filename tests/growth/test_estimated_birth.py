"""The day that stands for a birth date of which only the month or an age is known."""

from __future__ import annotations

from datetime import date

import pytest

from registry.growth.estimated_birth import birth_date_at_age, birth_date_in_month


@pytest.mark.parametrize(
    ("day", "not_after", "found"),
    [
        (date(2024, 3, 1), date(2024, 8, 20), date(2024, 3, 15)),
        (date(2024, 3, 31), date(2024, 8, 20), date(2024, 3, 15)),
        (date(2024, 8, 2), date(2024, 8, 9), date(2024, 8, 9)),
        (date(2024, 8, 2), date(2024, 7, 9), date(2024, 8, 1)),
    ],
)
def test_of_a_month_it_is_the_15th_unless_that_is_yet_to_come(
    day: date, not_after: date, found: date
) -> None:
    assert birth_date_in_month(day, not_after) == found


@pytest.mark.parametrize(
    ("months", "on", "found"),
    [
        (26, date(2024, 8, 20), date(2022, 6, 5)),  # born from 21 May to 20 June 2022
        (0, date(2024, 8, 20), date(2024, 8, 5)),
        (1, date(2024, 3, 31), date(2024, 2, 14)),  # 29 February less 15 days
        (12, date(2024, 1, 10), date(2022, 12, 26)),
    ],
)
def test_of_an_age_it_is_the_middle_of_the_month_that_is_left(months: int, on: date, found: date) -> None:
    assert birth_date_at_age(months, on) == found
