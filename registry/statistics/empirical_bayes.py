"""Empirical Bayes: the rates of many places, each pulled to their common rate by how few children it has.

A place's children are taken as a binomial sample of its true rate, the true rates as a beta distribution
with the mean m and the variance rho m (1 - m): the beta-binomial. m is the mean of the rates weighted by
their precision; rho is estimated by pseudo-likelihood (Davidian and Carroll 1987, Journal of the American
Statistical Association 82:1079-1091) with each place's leverage taken out, and is 0 where places differ by no
more than chance makes them: then all get the common rate. In simulations it errs as little as maximum
likelihood, does not find rho too small when places are few, and is not led astray by a small place with an
extreme rate as Pearson's statistic is, which counts all places alike.

A place's estimate is (numerator + m M) / (denominator + M) with M = 1 / rho - 1: to its own children are
added M at the common rate (the idea: Clayton and Kaldor 1987, Biometrics 43:671-681).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from registry.growth.tables import FloatArray
from registry.statistics.rates import check_part_of_whole
from registry.statistics.tails import beta_quantiles

_LOW, _HIGH = 0.025, 0.975
_HALVINGS = 50
_MOST_RHO = 0.5
"""M is then 1: however much places differ, the others are worth at least one child."""

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The estimate of a place's true rate with its 95% credible interval, fractions from 0 to 1.

    rate: the posterior mean. low, high: equal-tailed; they hold what is not known of the common rate and of
    how much places differ as well. weight: the share of the place's own children in the rate, 0 to 1.
    """

    rate: float
    low: float
    high: float
    weight: float


def shrunk_rates(counts: Sequence[tuple[int, int]]) -> list[Shrunk] | None:
    """Return the estimate for each (numerator, denominator), in their order.

    None when fewer than two places have children. A place without them gets what is known of any place, with
    weight 0. ValueError when a numerator is not part of its denominator.
    """
    for numerator, denominator in counts:
        check_part_of_whole(numerator, denominator)
    part, whole = (np.array([pair[i] for pair in counts], dtype=float) for i in range(2))
    seen = whole > 0
    if np.count_nonzero(seen) < 2:
        return None
    if part.sum() in (0, whole.sum()):
        return [_as_all_others(bool(part.sum()), whole.sum())] * len(counts)
    common = _common(part[seen], whole[seen])
    weight = _weights(whole, common.rho)
    own = np.where(seen, part / np.where(seen, whole, 1), common.rate)
    rate = common.rate + weight * (own - common.rate)
    low, high = _interval(rate, _variances(common, whole, own, rate, weight))
    columns = (column.tolist() for column in (rate, low, high, weight))
    return [Shrunk(*row) for row in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class _Common:
    """Mean and rho of the true rates of all places, each with the variance of its estimate."""

    rate: float
    rho: float
    rate_variance: float
    rho_variance: float


def _common(part: FloatArray, whole: FloatArray) -> _Common:
    rho = _rho(part, whole)
    rate, precision = _mean(part, whole, rho)
    # What `_too_small` has as its variance, over the square of how it falls as rho grows.
    squares = float(np.sum(_slope(whole, rho) ** 2)) * (len(whole) - 1) / len(whole)
    return _Common(
        rate=rate,
        rho=rho,
        rate_variance=rate * (1 - rate) / precision,
        rho_variance=min(2 / squares, 1.0) if squares > 0 else 1.0,
    )


def _rho(part: FloatArray, whole: FloatArray) -> float:
    """Return the root of `_too_small`, by halving."""
    if _too_small(0.0, part, whole) <= 0:
        return 0.0
    if _too_small(_MOST_RHO, part, whole) > 0:
        return _MOST_RHO
    low, high = 0.0, _MOST_RHO
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _too_small(middle, part, whole) > 0 else (low, middle)
    return (low + high) / 2


def _too_small(rho: float, part: FloatArray, whole: FloatArray) -> float:
    """Return above 0 when the rates differ more than a beta-binomial of this rho has it, else below.

    The sum of (z^2 / (1 - leverage) - 1) times the slope of the log of the variance, of every place. By
    N / (N - 1) its mean at rho 0 is 0 exactly when all children are shuffled, be it one child in each place.
    """
    mean, precision = _mean(part, whole, rho)
    children = whole.sum()
    weight = whole / (1 + (whole - 1) * rho)
    squares = weight * (part / whole - mean) ** 2 / (mean * (1 - mean) * children / (children - 1))
    return float(np.sum(_slope(whole, rho) * (squares / (1 - weight / precision) - 1)))


def _slope(whole: FloatArray, rho: float) -> FloatArray:
    """Return by how much the log of the variance of each rate grows with rho."""
    return (whole - 1) / (1 + (whole - 1) * rho)


def _mean(part: FloatArray, whole: FloatArray, rho: float) -> tuple[float, float]:
    """Return the mean rate weighted by precision, and the sum of these weights: children it is as good as."""
    spread = 1 + (whole - 1) * rho
    precision = float((whole / spread).sum())
    return float((part / spread).sum()) / precision, precision


def _weights(whole: FloatArray, rho: float) -> FloatArray:
    """Return n / (n + M), without dividing by a rho of 0."""
    return whole * rho / (1 + (whole - 1) * rho)


def _variances(
    common: _Common, whole: FloatArray, own: FloatArray, rate: FloatArray, weight: FloatArray
) -> FloatArray:
    """Return the variance of each place's true rate, given all counts.

    Three parts: that of the beta posterior, with the mean of the rho that may be true, since the estimate can
    be 0 by chance; that of the common rate, as far as the place is pulled to it; that of rho, as far as the
    estimate moves with it (Morris 1983, Journal of the American Statistical Association 78:47-55; Kass and
    Steffey 1989, same journal 84:717-726). In simulations the intervals hold the true rate of 92 to 100% of
    the places; those of the posterior at the estimated rho alone held half where places differ little.
    """
    possible = _mean_of_possible(common.rho, sqrt(common.rho_variance))
    posterior = rate * (1 - rate) * possible / (1 + whole * possible)
    moved = whole / (1 + (whole - 1) * common.rho) ** 2 * (own - common.rate)
    return posterior + (1 - weight) ** 2 * common.rate_variance + moved**2 * common.rho_variance


def _mean_of_possible(rho: float, deviation: float) -> float:
    """Return the mean of a normal around rho without what it has below 0."""
    z = rho / deviation
    return min(rho + deviation * _NORMAL.pdf(z) / _NORMAL.cdf(z), _MOST_RHO)


def _interval(rate: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the middle 95% of the beta with this mean and variance, of no less than one child."""
    children = np.maximum(rate * (1 - rate) / variance - 1, 1.0)
    a, b = rate * children, (1 - rate) * children
    return beta_quantiles(_LOW, a, b), beta_quantiles(_HIGH, a, b)


def _as_all_others(full: bool, children: float) -> Shrunk:
    """Return the rate where no child counts, or every one: that end, with Jeffreys' interval.

    Brown, Cai and DasGupta 2001, Statistical Science 16:101-133.
    """
    half, rest = np.array([0.5]), np.array([children + 0.5])
    bound = float(beta_quantiles(_HIGH, half, rest)[0])
    return Shrunk(1.0, 1 - bound, 1.0, 0.0) if full else Shrunk(0.0, 0.0, bound, 0.0)
