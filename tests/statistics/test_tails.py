"""The incomplete beta function and Student's t beside closed forms, exact sums and printed tables."""

from __future__ import annotations

from fractions import Fraction
from math import asin, comb, pi, sin, sqrt

import numpy as np
import pytest
from scipy.special import stdtr

from registry.statistics.tails import beta_cdf, beta_quantiles, t_quantile


def exactly(x: Fraction, a: int, b: int) -> Fraction:
    """Beta(a, b) for whole a and b: the chance of a or more heads in a + b - 1 throws of a coin of x."""
    n = a + b - 1
    return sum((comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1)), Fraction(0))


@pytest.mark.parametrize("x", [Fraction(1, 100), Fraction(14, 100), Fraction(1, 2), Fraction(97, 100)])
@pytest.mark.parametrize(
    ("a", "b"), [(1, 1), (1, 9), (9, 1), (3, 5), (14, 86), (40, 16), (60, 240), (90, 10)]
)
def test_whole_parameters_give_the_binomial_sum(x: Fraction, a: int, b: int) -> None:
    assert beta_cdf(float(x), a, b) == pytest.approx(float(exactly(x, a, b)), abs=1e-12, rel=1e-10)


@pytest.mark.parametrize("x", [1e-9, 0.01, 0.14, 0.5, 0.86, 1 - 1e-9])
def test_halves_give_the_arcsine(x: float) -> None:
    assert beta_cdf(x, 0.5, 0.5) == pytest.approx(2 / pi * asin(sqrt(x)), abs=1e-10)


@pytest.mark.parametrize("x", [0.01, 0.1399, 0.14, 0.1401, 0.5, 0.9])
@pytest.mark.parametrize(
    ("a", "b"), [(0.5, 30.5), (14.5, 86.5), (1400.5, 8600.5), (1_400_000.5, 8_600_000.5)]
)
def test_the_mirror_image_is_the_rest(x: float, a: float, b: float) -> None:
    assert beta_cdf(x, a, b) == pytest.approx(1 - beta_cdf(1 - x, b, a), abs=1e-10)


def test_ten_million_children_are_summed_as_exactly_as_ten() -> None:
    # Around its median a beta of this size is a normal with a known skew: by Edgeworth, the chance
    # below the mean is 1/2 + skew / (6 sqrt(2 pi)), to within terms of 1/n.
    a, b = 1_400_000.5, 8_600_000.5
    skew = 2 * (b - a) * sqrt(a + b + 1) / ((a + b + 2) * sqrt(a * b))
    assert beta_cdf(a / (a + b), a, b) == pytest.approx(0.5 + skew / (6 * sqrt(2 * pi)), abs=1e-9)


def test_the_probability_rises_with_x() -> None:
    steps = [beta_cdf(step / 1000, 14.5, 86.5) for step in range(1001)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0, 1)


def test_outside_0_and_1_it_is_certain() -> None:
    assert (beta_cdf(-0.1, 2, 3), beta_cdf(1.1, 2, 3)) == (0, 1)


@pytest.mark.parametrize(("a", "b"), [(0, 1), (1, 0), (-1, 1), (float("nan"), 1), (1, float("inf"))])
def test_parameters_that_are_none_are_refused(a: float, b: float) -> None:
    with pytest.raises(ValueError, match="beta distribution"):
        beta_cdf(0.5, a, b)


@pytest.mark.parametrize(
    ("share", "df", "t"),
    # The printed table of Student's t; one degree is Cauchy's, tan(pi (share - 1/2)).
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.30265),
        (0.95, 5, 2.01505),
        (0.975, 99, 1.98422),
        (0.995, 30, 2.75000),
    ],
)
def test_quantiles_of_t_are_those_of_the_table(share: float, df: int, t: float) -> None:
    assert t_quantile(share, df) == pytest.approx(t, abs=6e-5)
    assert t_quantile(1 - share, df) == pytest.approx(-t, abs=6e-5)


def test_a_quantile_and_its_share_belong_together() -> None:
    for share in (0.001, 0.4, 0.5, 0.975):
        assert float(stdtr(1499, t_quantile(share, 1499))) == pytest.approx(share, abs=1e-11)


def test_a_share_outside_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_quantile(1.0, 5)


def quantile(share: float, a: float, b: float) -> float:
    return float(beta_quantiles(share, np.array([a]), np.array([b]))[0])


@pytest.mark.parametrize("share", [0.001, 0.025, 0.5, 0.975, 0.999])
@pytest.mark.parametrize("power", [0.3, 1.0, 6.0, 500.0, 100_000.0])
def test_quantiles_of_powers_are_roots(share: float, power: float) -> None:
    # Beta(a, 1) is below x with the chance x^a, and Beta(1, b) above x with (1 - x)^b.
    assert quantile(share, power, 1) == pytest.approx(share ** (1 / power), rel=1e-8)
    assert quantile(share, 1, power) == pytest.approx(1 - (1 - share) ** (1 / power), rel=1e-8)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.975])
def test_quantiles_of_halves_are_sines(share: float) -> None:
    assert quantile(share, 0.5, 0.5) == pytest.approx(sin(pi * share / 2) ** 2, rel=1e-8)


def test_many_quantiles_give_back_their_share() -> None:
    a = np.array([0.02, 0.5, 3.0, 55.5, 400.0, 14_000.5, 1_400_000.5, 9.0])
    b = np.array([5.0, 1.0, 27.0, 345.5, 400.0, 86_000.5, 8_600_000.5, 0.4])
    for share in (0.025, 0.5, 0.975):
        found = beta_quantiles(share, a, b)
        for x, one, other in zip(found, a, b, strict=True):
            # What is too near 0 or 1 for beta_cdf is bounded by the power below it: see the roots above.
            if 1e-12 < x < 1 - 1e-12:
                assert beta_cdf(x, one, other) == pytest.approx(share, abs=1e-8)


def test_a_quantile_too_small_for_a_number_is_0() -> None:
    assert quantile(0.025, 0.001, 3.0) == pytest.approx(0, abs=1e-300)


def test_quantiles_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        beta_quantiles(0.0, np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="beta distribution"):
        beta_quantiles(0.5, np.ones(1), np.zeros(1))
