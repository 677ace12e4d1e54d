"""Empirical Bayes estimates beside small cases by hand and simulated places whose true rate is known."""

from __future__ import annotations

import numpy as np
import pytest

from registry.statistics.empirical_bayes import Shrunk, shrunk_rates
from registry.statistics.rates import wilson
from registry.statistics.tails import beta_cdf

Counts = list[tuple[int, int]]


def shrunk(counts: Counts) -> list[Shrunk]:
    found = shrunk_rates(counts)
    assert found is not None
    return found


def simulated(
    places: int, rate: float, sd: float, sizes: tuple[int, int], seed: int
) -> tuple[Counts, list[float]]:
    """Counts of places whose true rates come from a beta of this mean and standard deviation."""
    rng = np.random.default_rng(seed)
    children = rate * (1 - rate) / sd**2 - 1 if sd else 0
    true = rng.beta(rate * children, (1 - rate) * children, places) if sd else np.full(places, rate)
    whole = rng.integers(*sizes, places)
    part = rng.binomial(whole, true)
    return [(int(y), int(n)) for y, n in zip(part, whole, strict=True)], true.tolist()


def test_two_places_by_hand() -> None:
    # Common rate 1/5. Each z^2 is 100 (1/10)^2 / (1/5 4/5) 199/200, twice that without its leverage of 1/2:
    # 199/16. With rho it is divided by 1 + 99 rho, which makes it 1 at rho = (199/16 - 1) / 99; the weight is
    # 100 rho / (1 + 99 rho) = (100 183/1584) / (199/16) = 18300/19701.
    low, high = shrunk([(10, 100), (30, 100)])
    assert low.weight == pytest.approx(18300 / 19701, abs=1e-12)
    assert low.rate == pytest.approx(0.2 - 0.1 * 18300 / 19701, abs=1e-12)
    assert high.rate == pytest.approx(0.2 + 0.1 * 18300 / 19701, abs=1e-12)


def test_equal_rates_stay_as_they_are() -> None:
    for place in shrunk([(7, 50), (14, 100), (140, 1000)]):
        assert (place.rate, place.weight) == (pytest.approx(0.14, abs=1e-15), 0)
        assert place.low < 0.14 < place.high


def test_places_that_differ_by_no_more_than_chance_get_the_common_rate() -> None:
    # Standard error of each 3.5 points; they are 1 point apart.
    assert [(p.rate, p.weight) for p in shrunk([(13, 100), (14, 100), (15, 100)])] == [
        (pytest.approx(42 / 300), 0)
    ] * 3


def test_the_fewer_children_the_nearer_to_the_common_rate() -> None:
    many = [(20 + 4 * (i % 5), 200) for i in range(30)]
    found = shrunk([(6, 20), (60, 200), (600, 2000), *many])
    small, middle, large = found[:3]
    assert 0.14 < small.rate < middle.rate < large.rate < 0.3
    assert small.weight < middle.weight < large.weight
    assert small.high - small.low > middle.high - middle.low > large.high - large.low


def test_to_each_place_the_same_number_of_children_is_added() -> None:
    counts, _true = simulated(40, 0.14, 0.04, (20, 900), seed=1)
    found = shrunk(counts)
    added = [n * (1 - p.weight) / p.weight for p, (_y, n) in zip(found, counts, strict=True)]
    assert added == pytest.approx([added[0]] * len(added), rel=1e-9)
    in_common = {
        round((p.rate * (n + added[0]) - y) / added[0], 9) for p, (y, n) in zip(found, counts, strict=True)
    }
    assert len(in_common) == 1


@pytest.mark.parametrize("sd", [0.01, 0.03, 0.06])
def test_how_much_places_differ_is_found_again(sd: float) -> None:
    counts, _true = simulated(3000, 0.14, sd, (100, 600), seed=2)
    added = 0.14 * 0.86 / sd**2 - 1
    expected = float(np.mean([n / (n + added) for _y, n in counts]))
    # Two standard errors of a weight: 2 sqrt(2 / 3000) of its rest.
    assert np.mean([p.weight for p in shrunk(counts)]) == pytest.approx(expected, abs=0.05 * (1 - expected))


@pytest.mark.parametrize(
    ("places", "rate", "sd", "sizes"),
    [
        (284, 0.05, 0.02, (50, 900)),
        (24, 0.14, 0.003, (2000, 9000)),
        (12, 0.14, 0.03, (100, 600)),
        (12, 0.14, 0.0, (100, 600)),
        (60, 0.14, 0.03, (5, 80)),
        (5, 0.14, 0.03, (100, 600)),
    ],
)
def test_estimates_err_less_than_rates_and_intervals_hold_the_truth(
    places: int, rate: float, sd: float, sizes: tuple[int, int]
) -> None:
    missed, raw_missed, held, reach, raw_reach = [], [], [], [], []
    for seed in range(max(10, 1200 // places)):
        counts, truths = simulated(places, rate, sd, sizes, seed)
        for place, (y, n), true in zip(shrunk(counts), counts, truths, strict=True):
            missed.append((place.rate - true) ** 2)
            raw_missed.append((y / n - true) ** 2)
            held.append(place.low <= true <= place.high)
            reach.append(place.high - place.low)
            low, high = wilson(y, n) or (0, 1)
            raw_reach.append(high - low)
    assert np.mean(missed) < 0.85 * np.mean(raw_missed)
    assert np.mean(held) > 0.91
    assert np.mean(reach) < np.mean(raw_reach)


def test_the_interval_of_well_known_places_is_that_of_the_posterior() -> None:
    counts, _true = simulated(3000, 0.14, 0.03, (100, 600), seed=3)
    for place, (_y, n) in list(zip(shrunk(counts), counts, strict=True))[:20]:
        children = n / place.weight
        a, b = place.rate * children, (1 - place.rate) * children
        assert beta_cdf(place.low, a, b) == pytest.approx(0.025, abs=0.002)
        assert beta_cdf(place.high, a, b) == pytest.approx(0.975, abs=0.002)


def test_the_interval_of_equal_places_by_hand() -> None:
    # The common rate has the variance 0.1204 / 300; rho is 0, its standard error sqrt(2/3 3/2) / 99 = 1/99,
    # and half a normal has its mean at 0.79788 of that: 0.0080594. 100 children divide it by 1.80594.
    variance = 0.1204 / 300 + 0.1204 * 0.0080594 / 1.80594
    children = 0.1204 / variance - 1
    for place in shrunk([(14, 100)] * 3):
        assert beta_cdf(place.low, 0.14 * children, 0.86 * children) == pytest.approx(0.025, abs=1e-5)
        assert beta_cdf(place.high, 0.14 * children, 0.86 * children) == pytest.approx(0.975, abs=1e-5)


def test_a_big_place_hardly_moves() -> None:
    big, *_others = shrunk([(14_000, 70_000), (5, 100), (10, 100), (15, 100), (30, 100)])
    assert big.rate == pytest.approx(0.2, abs=0.0005)
    assert big.weight > 0.99
    low, high = wilson(14_000, 70_000) or (0, 1)
    assert (big.low, big.high) == (pytest.approx(low, abs=0.0005), pytest.approx(high, abs=0.0005))


def test_none_and_all_of_five_children_are_pulled_in_among_others() -> None:
    counts, _true = simulated(60, 0.14, 0.05, (100, 600), seed=4)
    none, every, *_others = shrunk([(0, 5), (5, 5), *counts])
    assert 0.08 < none.rate < 0.14 < every.rate < 0.3
    assert none.low > 0 and every.high < 0.6
    assert none.weight == every.weight < 0.2


def test_none_and_all_of_five_children_alone_stay_between_0_and_1() -> None:
    # They differ so much that rho would be above 1. It stops at 1/2, where one child is added to each.
    none, every = shrunk([(0, 5), (5, 5)])
    assert (none.rate, every.rate) == (pytest.approx(0.5 / 6), pytest.approx(5.5 / 6))
    assert 0 <= none.low < none.rate < none.high < 1
    assert none.low == pytest.approx(1 - every.high, abs=1e-9)


def test_one_small_extreme_place_does_not_decide_how_much_all_differ() -> None:
    extreme, *others = shrunk([(5, 5), *[(60, 400)] * 20])
    assert [place.rate for place in others] == pytest.approx([1205 / 8005] * 20)
    assert extreme.rate < 0.2


def test_a_place_without_children_gets_what_is_known_of_any_place() -> None:
    counts, truths = simulated(200, 0.14, 0.04, (100, 600), seed=5)
    empty, *found = shrunk([(0, 0), *counts])
    assert found == shrunk(counts)
    assert (empty.rate, empty.weight) == (pytest.approx(0.14, abs=0.01), 0)
    inside = [empty.low <= true <= empty.high for true in truths]
    assert 0.9 < np.mean(inside) < 0.99


def test_where_no_child_counts_or_every_one_the_interval_is_jeffreys() -> None:
    for place in shrunk([(0, 10), (0, 20), (0, 0)]):
        assert (place.rate, place.low, place.weight) == (0, 0, 0)
        assert beta_cdf(place.high, 0.5, 30.5) == pytest.approx(0.975, abs=1e-8)
    for place in shrunk([(10, 10), (20, 20)]):
        assert (place.rate, place.high) == (1, 1)
        assert 1 - place.low == pytest.approx(shrunk([(0, 10), (0, 20)])[0].high, abs=1e-12)


def test_one_child_in_each_place_says_nothing_of_how_much_they_differ() -> None:
    found = shrunk([(1, 1)] * 3 + [(0, 1)] * 7)
    assert [p.rate for p in found] == pytest.approx([0.3] * 10)
    assert [p.weight for p in found] == [0] * 10
    assert found[0].high - found[0].low > 0.8


def test_rates_of_what_does_not_count_are_the_mirror_image() -> None:
    counts, _true = simulated(15, 0.14, 0.04, (20, 300), seed=6)
    for place, other in zip(shrunk(counts), shrunk([(n - y, n) for y, n in counts]), strict=True):
        assert place.rate == pytest.approx(1 - other.rate, abs=1e-9)
        assert (place.low, place.high) == (pytest.approx(1 - other.high), pytest.approx(1 - other.low))


@pytest.mark.parametrize("counts", [[], [(3, 10)], [(0, 0), (3, 10), (0, 0)]])
def test_there_is_nothing_to_borrow_from_fewer_than_two_places(counts: Counts) -> None:
    assert shrunk_rates(counts) is None


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="not a part"):
        shrunk_rates([(3, 10), (11, 10)])
