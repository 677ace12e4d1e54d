"""Limits of a funnel plot beside binomial probabilities summed as fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pytest

from registry.statistics.funnel import FAR, NEAR, Dispersion, Side, curve, dispersion, limits, side_of

TAILS = {NEAR: Fraction(25, 1000), FAR: Fraction(1, 1000)}
CASES = [(1, "0.14"), (5, "0.02"), (10, "0.5"), (30, "0.14"), (97, "0.05"), (250, "0.3"), (60, "0.93")]


def chances(size: int, share: str) -> list[Fraction]:
    p = Fraction(share)
    return [comb(size, k) * p**k * (1 - p) ** (size - k) for k in range(size + 1)]


def reached(chances: list[Fraction], tail: Fraction) -> Fraction:
    """The smallest count that has more than this chance with all below it, less what is too much of it."""
    below = Fraction(0)
    for count, chance in enumerate(chances):
        if below + chance > tail:
            return max(Fraction(0), count - (below + chance - tail) / chance)
        below += chance
    raise AssertionError


def z_counts(z_scores: list[int]) -> list[tuple[int, int]]:
    """Counts of 100 children each that are so many standard errors (5 children) from a half."""
    return [(50 + 5 * z, 100) for z in z_scores]


def test_ten_children_at_a_half_by_hand() -> None:
    # In 1024ths: none 1, at most one 11, at most two 56. 2.5 % are 25.6: 30.4/45 of a child below two.
    # 0.1 % is 1.024: 9.976/10 of a child below one.
    low, high = limits(0.5, 10)
    assert low == pytest.approx((2 - 30.4 / 45) / 10, abs=1e-12)
    assert high == pytest.approx(1 - low, abs=1e-12)
    assert limits(0.5, 10, FAR)[0] == pytest.approx((1 - 0.9976) / 10, abs=1e-12)


@pytest.mark.parametrize(("size", "share"), CASES)
@pytest.mark.parametrize("level", [NEAR, FAR])
def test_limits_are_those_of_summed_probabilities(size: int, share: str, level: float) -> None:
    found = chances(size, share)
    low, high = limits(float(share), size, level)
    assert low == pytest.approx(float(reached(found, TAILS[level]) / size), abs=1e-9)
    assert high == pytest.approx(1 - float(reached(found[::-1], TAILS[level]) / size), abs=1e-9)


@pytest.mark.parametrize(("size", "share"), CASES)
def test_a_place_is_outside_exactly_when_as_extreme_a_count_is_as_rare(size: int, share: str) -> None:
    found = chances(size, share)
    for count in range(size + 1):
        low, high = sum(found[: count + 1]), sum(found[count:])
        expected = Side.WITHIN
        if low < TAILS[NEAR]:
            expected = Side.FAR_BELOW if low < TAILS[FAR] else Side.BELOW
        elif high < TAILS[NEAR]:
            expected = Side.FAR_ABOVE if high < TAILS[FAR] else Side.ABOVE
        assert side_of(count, size, float(share)) is expected


@pytest.mark.parametrize("widening", [1.0, 1.3, 2.5])
@pytest.mark.parametrize(("size", "share"), CASES)
def test_the_side_of_a_place_is_where_the_limits_have_it(size: int, share: str, widening: float) -> None:
    (low, high), (far_low, far_high) = (limits(float(share), size, level, widening) for level in (NEAR, FAR))
    for count in range(size + 1):
        rate = count / size
        expected = {
            rate < far_low: Side.FAR_BELOW,
            far_low <= rate < low: Side.BELOW,
            low <= rate <= high: Side.WITHIN,
            high < rate <= far_high: Side.ABOVE,
            far_high < rate: Side.FAR_ABOVE,
        }[True]
        assert side_of(count, size, float(share), widening) is expected


def test_limits_of_many_children_are_those_of_the_normal() -> None:
    error = sqrt(0.14 * 0.86 / 1_000_000)
    assert limits(0.14, 1_000_000) == pytest.approx(
        (0.14 - 1.95996 * error, 0.14 + 1.95996 * error), abs=2e-6
    )
    far = limits(0.14, 1_000_000, FAR)
    assert far == pytest.approx((0.14 - 3.09023 * error, 0.14 + 3.09023 * error), abs=2e-6)


def test_no_child_in_a_small_place_is_no_proof_of_a_low_rate() -> None:
    # 0.86^24 is 2.7 %, 0.86^25 is 2.3 %.
    assert side_of(0, 24, 0.14) is Side.WITHIN
    assert side_of(0, 25, 0.14) is Side.BELOW
    assert limits(0.14, 24)[0] == 0


def test_a_rare_case_in_one_child_is_outside_as_seldom_as_the_limit_says() -> None:
    assert side_of(0, 1, 0.02) is Side.WITHIN
    assert side_of(1, 1, 0.03) is Side.WITHIN
    assert side_of(1, 1, 0.02) is Side.ABOVE


def test_widened_limits_are_so_many_times_as_far_from_the_share() -> None:
    low, high = limits(0.14, 500)
    assert limits(0.14, 500, widening=2) == pytest.approx((2 * low - 0.14, 2 * high - 0.14), abs=1e-12)
    assert limits(0.14, 20, widening=10) == (0, 1)


def test_a_curve_has_the_limits_of_each_size() -> None:
    assert curve(0.14, [5, 30, 400], FAR, 1.5) == [limits(0.14, size, FAR, 1.5) for size in (5, 30, 400)]


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (1.0, 12)])
def test_where_all_are_alike_all_are_within(share: float, count: int) -> None:
    assert side_of(count, 12, share) is Side.WITHIN
    low, high = limits(share, 12)
    assert low <= share <= high


def test_phi_is_the_mean_square_after_the_outer_tenths_are_set_back() -> None:
    # Of eleven the second from each end bounds a tenth: the tens become twos. Squares: four of 4, four of 1.
    found = dispersion(z_counts([-10, -2, -1, -1, 0, 0, 0, 1, 1, 2, 10]), 0.5)
    assert (found.phi, found.places) == (pytest.approx(20 / 11), 11)


def test_limits_are_widened_only_when_chance_does_not_give_such_a_phi() -> None:
    # 1 + 2 sqrt(2/11) is 1.853; phi is 1.818, and four times as much when all are twice as far.
    z_scores = [-4, -2, -1, -1, 0, 0, 0, 1, 1, 2, 4]
    near = dispersion(z_counts(z_scores), 0.5)
    assert (near.significant, near.widening) == (False, 1)
    far = dispersion(z_counts([2 * z for z in z_scores]), 0.5)
    assert (far.significant, far.widening) == (True, pytest.approx(sqrt(80 / 11)))


def test_chance_alone_hardly_ever_widens_limits() -> None:
    rng = np.random.default_rng(1)
    phis = []
    for _ in range(200):
        whole = rng.integers(100, 600, 284)
        part = rng.binomial(whole, 0.14)
        found = dispersion([(int(y), int(n)) for y, n in zip(part, whole, strict=True)], 0.14)
        assert not found.significant
        phis.append(found.phi)
    assert np.mean(phis) == pytest.approx(0.68, abs=0.02)


def test_places_without_children_and_shares_without_variance_have_no_dispersion() -> None:
    # Of two, a tenth from each end lies at 0.8.
    found = dispersion([(0, 0), *z_counts([1, -1])], 0.5)
    assert (found.phi, found.places) == (pytest.approx(0.64), 2)
    assert dispersion([(0, 0)], 0.5).widening == 1
    assert dispersion([(0, 40), (0, 70)], 0.0) == Dispersion(1.0, 2)


def test_arguments_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="not a share"):
        limits(1.2, 10)
    with pytest.raises(ValueError, match="0 children"):
        side_of(0, 0, 0.14)
    with pytest.raises(ValueError, match="not a part"):
        side_of(3, 2, 0.14)
    with pytest.raises(ValueError, match="narrowed"):
        limits(0.14, 10, NEAR, 0.5)
    with pytest.raises(ValueError, match="level"):
        limits(0.14, 10, 1.0)
