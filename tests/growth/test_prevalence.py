"""Rates, their interval, and WHO's prevalences of 1,500 children."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry.growth import (
    Assessment,
    age_group,
    believed,
    is_overweight,
    is_severely_stunted,
    is_severely_underweight,
    is_severely_wasted,
    is_stunted,
    is_underweight,
    is_wasted,
    rate_of,
    severity,
    wilson,
)
from tests.growth.reference import Row, assess_each, rows

CHILDREN = assess_each("prev_in.csv")
SEX_WORDS = {"1": "Male", "2": "Female"}


def in_group(name: str) -> list[Assessment]:
    """The children of a group by WHO's name of it, such as `Age + sex: 06-11 mo.Male`."""

    def belongs(row: Row, child: Assessment) -> bool:
        assert child.age_days is not None
        months, sex = f"{age_group(child.age_days)} mo", SEX_WORDS[row["sex"]]
        return name in (
            "All",
            f"Age group: {months}",
            f"Sex: {sex}",
            f"Age + sex: {months}.{sex}",
            f"Geographical region: {row['kecamatan']}",
        )

    return [child for row, child in CHILDREN if belongs(row, child)]


def percent(children: list[Assessment], counts: Callable[[Assessment], bool]) -> float | None:
    rate = rate_of(sum(map(counts, children)), len(children)).rate
    return None if rate is None else 100 * rate


@pytest.mark.parametrize("who", rows("prev_simple.csv"), ids=lambda row: row["Group"])
def test_prevalences_of_a_group_equal_whos(who: Row) -> None:
    children = in_group(who["Group"])
    tall = [c for c in children if believed(c.haz, c.haz_flag)]
    weighed = [c for c in children if c.oedema or believed(c.waz, c.waz_flag)]
    both = [c for c in children if c.oedema or believed(c.whz, c.whz_flag)]
    assert [len(tall), len(weighed), len(both)] == [int(who[f"{i}_pop"]) for i in ("HAZ", "WAZ", "WHZ")]
    ours = {
        "HA_2_r": percent(tall, lambda c: is_stunted(c.haz)),
        "HA_3_r": percent(tall, lambda c: is_severely_stunted(c.haz)),
        "WA_2_r": percent(weighed, lambda c: is_underweight(c.waz, c.oedema)),
        "WA_3_r": percent(weighed, lambda c: is_severely_underweight(c.waz, c.oedema)),
        "WH_2_r": percent(both, lambda c: is_wasted(c.whz, c.oedema)),
        "WH_3_r": percent(both, lambda c: is_severely_wasted(c.whz, c.oedema)),
        "WH2_r": percent(both, lambda c: is_overweight(c.whz)),
    }
    assert ours == pytest.approx({name: float(who[name]) for name in ours}, abs=1e-9)


def test_the_interval_of_5_in_10_is_wilsons() -> None:
    # By hand: (0.5 + 0.19207 +- 1.96 * sqrt(0.025 + 0.0096036)) / 1.384146
    assert wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)


def test_the_interval_of_nobody_stunted_begins_at_zero_and_still_has_a_width() -> None:
    # By hand: 3.841459 / (20 + 3.841459)
    assert wilson(0, 20) == pytest.approx((0, 0.161125), abs=1e-6)


def test_the_interval_of_everybody_ends_at_one() -> None:
    assert wilson(20, 20) == pytest.approx((0.838875, 1), abs=1e-6)


def test_nobody_measured_is_no_data_and_not_zero() -> None:
    assert wilson(0, 0) is None
    rate = rate_of(0, 0)
    assert (rate.rate, rate.low, rate.high) == (None, None, None)


def test_a_rate_carries_its_counts_and_interval() -> None:
    rate = rate_of(5, 10)
    assert (rate.numerator, rate.denominator, rate.rate) == (5, 10, 0.5)
    assert (rate.low, rate.high) == wilson(5, 10)


@pytest.mark.parametrize(("numerator", "denominator"), [(11, 10), (-1, 10), (0, -1), (1, 0)])
def test_counts_that_are_no_part_of_a_whole_are_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="not a part of a whole"):
        rate_of(numerator, denominator)


@pytest.mark.parametrize(
    ("percent_stunted", "name"),
    [
        (0, "very_low"),
        (2.49, "very_low"),
        (2.5, "low"),
        (9.99, "low"),
        (10, "medium"),
        (14, "medium"),
        (20, "high"),
        (29.9, "high"),
        (30, "very_high"),
    ],
)
def test_severity_is_named_as_who_names_it(percent_stunted: float, name: str) -> None:
    assert severity(percent_stunted) == name
