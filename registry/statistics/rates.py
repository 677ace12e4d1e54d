"""A rate or a mean with its interval, and WHO's words for how bad a rate is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, fsum, log, sqrt

from registry.statistics.tails import t_quantile

Z_95 = 1.959963984540054
"""The normal quantile of a 95 % interval."""

_UPPER_95 = 0.975


class Method(StrEnum):
    """How the interval of a rate is made."""

    WILSON = "wilson"
    """Wilson's score interval: the register's own, for counts of the children in a place."""
    LOGIT = "logit"
    """WHO's survey method, for setting a figure beside one from WHO's survey analyser."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of children as a fraction from 0 to 1, with its 95 % interval.

    rate, low and high are None when there is nobody to count: no data is not zero. se: the
    standard error as a fraction, given by the survey method only.
    """

    numerator: int
    denominator: int
    rate: float | None
    low: float | None
    high: float | None
    method: Method = Method.WILSON
    se: float | None = None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean z-score of a group with standard deviation, standard error and 95 % interval.

    All in SD units. The figures are None when there is nobody to count, sd when there is only one.
    """

    count: int
    mean: float | None
    sd: float | None
    se: float | None
    low: float | None
    high: float | None


def rate_of(
    numerator: int, denominator: int, method: Method = Method.WILSON, sample: int | None = None
) -> Rate:
    """Return the rate of two counts with its 95 % interval.

    method LOGIT is what WHO's survey analyser prints (R package anthro 1.1.0 without weights,
    strata and clusters). Its interval depends on how many children the whole survey had, also those
    of other groups and those whose z-score is not believed: `sample`, by default the denominator.
    ValueError when the counts cannot be those of a part, its whole and the sample they are from.
    """
    if method is Method.WILSON:
        interval = wilson(numerator, denominator)
        if interval is None:
            return Rate(numerator, denominator, None, None, None)
        return Rate(numerator, denominator, numerator / denominator, *interval)
    check_part_of_whole(numerator, denominator)
    sample = _sample(denominator, sample)
    if denominator == 0:
        return Rate(numerator, denominator, None, None, None, method)
    rate = numerator / denominator
    se = sqrt(rate * (1 - rate) / denominator * _finite(sample))
    return Rate(numerator, denominator, rate, *_logit(rate, se, sample), method, se)


def wilson(numerator: int, denominator: int, z: float = Z_95) -> tuple[float, float] | None:
    """Return Wilson's score interval of a share, as fractions from 0 to 1; None when nobody was counted.

    Wilson because it holds for the small villages and rare conditions where the plain interval
    would reach below zero. ValueError when the counts are negative or the part exceeds the whole.
    """
    check_part_of_whole(numerator, denominator)
    if denominator == 0:
        return None
    share, z2 = numerator / denominator, z * z
    centre = share + z2 / (2 * denominator)
    reach = z * sqrt(share * (1 - share) / denominator + z2 / (4 * denominator**2))
    scale = 1 + z2 / denominator
    # At the ends the exact bound is the end itself; floats miss it by a hair.
    low = 0.0 if numerator == 0 else (centre - reach) / scale
    high = 1.0 if numerator == denominator else (centre + reach) / scale
    return low, high


def mean_of(z_scores: Iterable[float], sample: int | None = None) -> Mean:
    """Return the mean z-score of the children of a group, as WHO's survey analyser gives it.

    z_scores: those believed. sample: children in the whole survey, by default those given.
    ValueError when there are more z-scores than children in the sample.
    """
    values = list(z_scores)
    count = len(values)
    sample = _sample(count, sample)
    if count == 0:
        return Mean(0, None, None, None, None, None)
    mean = fsum(values) / count
    squares = fsum((value - mean) ** 2 for value in values)
    sd = sqrt(squares / (count - 1)) if count > 1 else None
    se = sqrt(squares * _finite(sample)) / count
    reach = se * _quantile(sample)
    return Mean(count, mean, sd, se, mean - reach, mean + reach)


def check_part_of_whole(numerator: int, denominator: int) -> None:
    """ValueError when two counts cannot be those of a part and its whole."""
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a part of a whole")


def _sample(counted: int, sample: int | None) -> int:
    if sample is None:
        return counted
    if sample < counted:
        raise ValueError(f"{counted} children cannot be of a sample of {sample}")
    return sample


def _finite(sample: int) -> float:
    """Return n / (n - 1) of the whole sample: the variance of a sample, for a group within it as well."""
    return sample / (sample - 1) if sample > 1 else 1.0


def _quantile(sample: int) -> float:
    return t_quantile(_UPPER_95, sample - 1) if sample > 1 else 0.0


def _logit(rate: float, se: float, sample: int) -> tuple[float, float]:
    """Return the interval that is symmetric in the log of the odds; the rate itself at 0 % and 100 %."""
    if not 0 < rate < 1:
        return rate, rate
    centre = log(rate / (1 - rate))
    reach = _quantile(sample) * se / (rate * (1 - rate))
    return 1 / (1 + exp(reach - centre)), 1 / (1 + exp(-reach - centre))


_SEVERITIES = ("very_low", "low", "medium", "high", "very_high")

STUNTING_SEVERITY = (2.5, 10.0, 20.0, 30.0)
WASTING_SEVERITY = OVERWEIGHT_SEVERITY = (2.5, 5.0, 10.0, 15.0)
"""Where each worse class begins, in per cent. There are none for underweight since 2019."""


def severity(percent: float, limits: tuple[float, ...] = STUNTING_SEVERITY) -> str:
    """Return WHO's severity of a prevalence in per cent: very_low, low, medium, high or very_high.

    limits: STUNTING_SEVERITY, WASTING_SEVERITY or OVERWEIGHT_SEVERITY. A rate of exactly a limit is
    in the worse class. Source: de Onis et al. 2019, Public Health Nutrition 22(1) (WHO-UNICEF
    Technical Expert Advisory Group on Nutrition Monitoring).
    """
    return _SEVERITIES[sum(percent >= limit for limit in limits)]
