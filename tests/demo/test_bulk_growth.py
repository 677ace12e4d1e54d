"""The series rules in numpy say what the rules for one child say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from demo.bulk_growth import (
    NEVER,
    gain_code_batch,
    grams,
    length_steady,
    month_numbers,
    weight_steady,
)
from registry.growth import KBM_TABLES, Measured, SexCode, gain_code
from registry.growth.plausibility import find_length_jump, find_weight_jump

BIRTH = date(2024, 1, 1)
JULY, AUGUST = 2024 * 12 + 7, 2024 * 12 + 8


def codes(weights: list[float], before: list[float], before_month: list[int]) -> list[str]:
    """The codes of girls of seven months in August 2024, who owe 300 g."""
    count = len(weights)
    return gain_code_batch(
        sex=np.full(count, SexCode.GIRL),
        age_days=np.full(count, 222),
        month=np.full(count, AUGUST),
        weight_g=grams(np.array(weights)),
        before_month=np.array(before_month),
        before_g=grams(np.array(before)),
    ).tolist()


def test_three_hundred_grams_are_enough_for_a_girl_of_seven_months_and_one_less_is_not() -> None:
    assert codes([8.3, 8.299], [8.0, 8.0], [JULY, JULY]) == ["N", "T"]


def test_who_was_not_weighed_the_month_before_is_o_and_who_never_was_is_b() -> None:
    assert codes([9.0, 9.0], [8.0, 0.0], [JULY - 1, NEVER]) == ["O", "B"]


def test_two_hundred_grams_are_two_hundred_grams() -> None:
    # 8.2 - 8.0 is a little less than 0.2 in floats.
    assert grams(np.array([8.2])) - grams(np.array([8.0])) == 200


def test_a_month_number_follows_the_calendar() -> None:
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(1969, 12, 31)]
    numbers = month_numbers(np.array([day.toordinal() for day in days]))
    assert numbers.tolist() == [2023 * 12 + 12, 2024 * 12 + 1, 2024 * 12 + 2, 1969 * 12 + 12]


@pytest.mark.parametrize("sex", list(SexCode))
def test_the_codes_are_those_of_the_rule_for_one_at_every_age(sex: SexCode) -> None:
    tables = (*KBM_TABLES, replace(KBM_TABLES[0], valid_from=date(2026, 3, 1), boys_g=(500,) * 10))
    rng = np.random.default_rng(5)
    ages = np.arange(0, 1900, 7)
    before = rng.integers(3000, 15000, len(ages)) / 1000
    now = np.round(before + rng.integers(0, 11, len(ages)) / 10, 3)
    on = [BIRTH + timedelta(days=int(age)) for age in ages]
    month = np.array([day.year * 12 + day.month for day in on])
    # Weighed last in the month before, two months before, or never.
    months_ago = rng.integers(1, 4, len(ages))
    before_month = np.where(months_ago == 3, NEVER, month - months_ago)
    found = gain_code_batch(
        sex=np.full(len(ages), sex),
        age_days=ages,
        month=month,
        weight_g=grams(now),
        before_month=before_month,
        before_g=grams(before),
        tables=tables,
    )
    for row, day in enumerate(on):
        ever = before_month[row] != NEVER
        year, index = divmod(int(before_month[row]) - 1, 12)
        expected = gain_code(
            sex=sex,
            birth=BIRTH,
            on=day,
            weight_kg=float(now[row]),
            previous=(date(year, index + 1, 28), float(before[row])) if ever else None,
            ever_weighed=bool(ever),
            tables=tables,
        )
        assert found[row] == expected
    assert set(found.tolist()) == {"N", "T", "O", "B"}


def test_a_change_called_steady_is_a_jump_to_no_rule() -> None:
    rng = np.random.default_rng(6)
    count = 4000
    first = rng.integers(0, 1700, count)
    then = first + rng.integers(1, 120, count)
    kg = np.round(rng.uniform(2.0, 18.0, count), 1)
    kg_then = np.round(kg * rng.uniform(0.7, 1.4, count), 1)
    cm = np.round(rng.uniform(45, 115, count), 1)
    cm_then = np.round(cm + rng.uniform(-3, 8, count), 1)
    weight = weight_steady(grams(kg), grams(kg_then))
    length = length_steady(cm, first, cm_then, then)
    pairs = [
        (Measured(int(a), w, x), Measured(int(b), v, y))
        for a, b, w, v, x, y in zip(first, then, kg, kg_then, cm, cm_then, strict=True)
    ]
    weight_jumps = np.array([find_weight_jump(*pair) is not None for pair in pairs])
    length_jumps = np.array([find_length_jump(*pair) is not None for pair in pairs])
    assert not (weight & weight_jumps).any()
    assert not (length & length_jumps).any()
    # and the quick look is worth having: it settles most that are not jumps
    assert weight.sum() > 0.3 * (~weight_jumps).sum()
    assert length.sum() > 0.3 * (~length_jumps).sum()


def test_turning_two_is_not_shrinking() -> None:
    # 84.0 cm lying the day before; 83.3 cm standing is the same child.
    steady = length_steady(np.array([84.0]), np.array([730]), np.array([83.3]), np.array([731]))
    assert steady.tolist() == [True]


def test_a_length_that_is_not_known_is_not_called_steady() -> None:
    day = np.array([400])
    assert length_steady(np.array([np.nan]), day, np.array([75.0]), day + 30).tolist() == [False]
