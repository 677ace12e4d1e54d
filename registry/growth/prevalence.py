"""A rate with its interval, and WHO's words for how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""The normal quantile of a 95 % interval."""

_SEVERITY_BELOW = ((2.5, "very_low"), (10.0, "low"), (20.0, "medium"), (30.0, "high"))


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of children as a fraction, with its 95 % Wilson interval.

    rate, low and high are None when there is nobody to count: no data is not zero.
    """

    numerator: int
    denominator: int
    rate: float | None
    low: float | None
    high: float | None


def rate_of(numerator: int, denominator: int) -> Rate:
    """The rate of two counts. ValueError when they cannot be counts of a part and its whole."""
    interval = wilson(numerator, denominator)
    if interval is None:
        return Rate(numerator, denominator, None, None, None)
    return Rate(numerator, denominator, numerator / denominator, *interval)


def wilson(numerator: int, denominator: int, z: float = Z_95) -> tuple[float, float] | None:
    """Wilson's score interval of a share, as fractions from 0 to 1; None when nobody was counted.

    Wilson because it holds for the small villages and rare conditions where the plain interval
    would reach below zero. ValueError when the counts are negative or the part exceeds the whole.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a part of a whole")
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


def severity(percent: float) -> str:
    """WHO's severity of a prevalence of stunting in per cent: very_low, low, medium, high, very_high.

    Source: de Onis et al. 2019 (WHO-UNICEF Technical Advisory Group on Nutrition Monitoring).
    """
    return next((name for below, name in _SEVERITY_BELOW if percent < below), "very_high")
