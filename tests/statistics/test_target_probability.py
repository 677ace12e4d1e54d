"""Distance to target."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from registry.statistics import target_probability
from tests.statistics.test_tails import exactly

TARGET = Decimal("0.14")


@pytest.mark.parametrize(
    ("numerator", "denominator", "over"),
    [
        (0, 100, 0),
        (14, 100, 0),  # exactly at the target: met
        (15, 100, 1),
        (15, 107, 1),  # 14 of 107 is 13.08 %, 15 is 14.02 %
        (15, 108, 0),  # 13.89 %
        (7, 50, 0),
        (1, 1, 1),
        (100, 100, 86),
        (17_500, 100_000, 3_500),
    ],
)
def test_children_over_the_target(numerator: int, denominator: int, over: int) -> None:
    assert target_probability(numerator, denominator, TARGET).over == over


@pytest.mark.parametrize("hundredths", range(1, 100))
def test_a_rate_of_exactly_the_target_is_never_a_child_over_it(hundredths: int) -> None:
    # 0.29 * 100 is 28.999999999999996 in floats, which would ask for one child fewer.
    for target in (hundredths / 100, Decimal(hundredths) / 100, Fraction(hundredths, 100)):
        assert target_probability(hundredths, 100, target).over == 0
        assert target_probability(hundredths, 100, target).difference == 0


def test_the_difference_is_above_zero_when_the_rate_is_too_high() -> None:
    assert target_probability(20, 100, TARGET).difference == pytest.approx(0.06, abs=1e-15)
    assert target_probability(8, 100, TARGET).difference == pytest.approx(-0.06, abs=1e-15)


def test_the_probability_lies_between_those_of_its_whole_neighbours() -> None:
    # Beta(k + 1/2, n - k + 1/2) falls between Beta(k, n - k + 1) and Beta(k + 1, n - k), which are
    # exact sums of a binomial.
    at = Fraction(14, 100)
    for numerator, denominator in [(14, 100), (20, 100), (8, 100), (3, 30), (1, 30)]:
        rest = denominator - numerator
        found = target_probability(numerator, denominator, TARGET).probability_below
        assert found is not None
        assert float(exactly(at, numerator + 1, rest)) < found < float(exactly(at, numerator, rest + 1))


def test_the_probability_of_one_child_is_the_arcsine_of_jeffreys_prior() -> None:
    # Beta(1/2, 3/2): (2/pi) (asin(sqrt x) + sqrt(x (1 - x))) at x = 1/2 is 1/2 + 1/pi.
    assert target_probability(0, 1, 0.5).probability_below == pytest.approx(0.8183099, abs=1e-7)
    assert target_probability(1, 1, 0.5).probability_below == pytest.approx(0.1816901, abs=1e-7)


def test_the_same_rate_is_surer_when_more_children_were_measured() -> None:
    found = [target_probability(n // 10, n, TARGET).probability_below or 0 for n in (10, 100, 1_000, 10_000)]
    assert found == sorted(found)
    assert found[0] < 0.8
    assert found[-1] > 0.999999


def test_nobody_measured_is_no_data() -> None:
    found = target_probability(0, 0, TARGET)
    assert (found.difference, found.probability_below, found.over) == (None, None, 0)


@pytest.mark.parametrize(("numerator", "denominator"), [(2, 1), (-1, 5)])
def test_counts_that_are_no_part_of_a_whole_are_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="not a part of a whole"):
        target_probability(numerator, denominator, TARGET)


@pytest.mark.parametrize("target", [14, -0.1, Decimal("1.01")])
def test_a_target_in_per_cent_is_refused(target: Decimal | float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        target_probability(1, 5, target)
