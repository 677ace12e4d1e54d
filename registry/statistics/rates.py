"""The interval of a rate, and WHO's words for how bad a rate is."""

from __future__ import annotations

from math import sqrt

Z_95 = 1.959963984540054
"""The normal quantile of a 95% interval."""


def wilson(numerator: int, denominator: int) -> tuple[float, float] | None:
    """Return Wilson's 95% score interval of a share, from 0 to 1; None when nobody was counted.

    Wilson because it holds for the small villages and rare conditions where the plain interval
    would reach below zero. ValueError when the counts are negative or the part exceeds the whole.
    """
    check_part_of_whole(numerator, denominator)
    if denominator == 0:
        return None
    share, z2 = numerator / denominator, Z_95 * Z_95
    centre = share + z2 / (2 * denominator)
    reach = Z_95 * sqrt(share * (1 - share) / denominator + z2 / (4 * denominator**2))
    scale = 1 + z2 / denominator
    # At the ends the exact bound is the end itself; floats miss it by a hair.
    low = 0.0 if numerator == 0 else (centre - reach) / scale
    high = 1.0 if numerator == denominator else (centre + reach) / scale
    return low, high


def check_part_of_whole(numerator: int, denominator: int) -> None:
    """Raise ValueError when two counts cannot be those of a part and its whole."""
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a part of a whole")


_SEVERITIES = ("very_low", "low", "medium", "high", "very_high")
_STUNTING_LIMITS = (2.5, 10.0, 20.0, 30.0)
"""Where each worse class begins, in per cent."""


def severity(percent: float) -> str:
    """Return WHO's severity of stunting of so many per cent: very_low, low, medium, high or very_high.

    A rate of exactly a limit is in the worse class. Source: de Onis et al. 2019, Public Health Nutrition
    22(1) (WHO-UNICEF Technical Expert Advisory Group on Nutrition Monitoring).
    """
    return _SEVERITIES[sum(percent >= limit for limit in _STUNTING_LIMITS)]
