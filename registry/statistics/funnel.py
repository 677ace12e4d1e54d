"""A funnel plot: does a place differ from the common rate by more than chance, for as many children?

Source: Spiegelhalter 2005, Statistics in Medicine 24:1185-1202: exact limits of the binomial, interpolated
between whole children (appendix A.1.1), at 95% and 99.8%, and what to do when places differ by more than
chance throughout. One thing is not as printed: the upper limit is the lower one of the children who do not
count. The formula as printed serves both ends and puts the upper limit one child lower, so that it would call
high what chance alone gives more often than in 2.5% (or 0.1%) of such places. Here a place is outside a
limit exactly when a count as extreme has less than this chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

import numpy as np

from registry.statistics.rates import check_part_of_whole
from registry.statistics.tails import beta_cdf

NEAR = 0.95
FAR = 0.998
"""The share of places within the limits when chance alone makes them differ."""

_WINSORISED = 0.1
_NORMAL = NormalDist()


class Side(StrEnum):
    """Where a place lies: within the 95% limits, outside them, or outside the 99.8% limits too (far)."""

    FAR_BELOW = "far_below"
    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"
    FAR_ABOVE = "far_above"


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much more places differ than by chance: phi, the mean squared z-score of so many places.

    By chance alone phi would be 1 if it were not winsorised, and is 0.68 so: it is rather too small.
    """

    phi: float
    places: int

    @property
    def significant(self) -> bool:
        """Return whether phi is above what chance gives it: 1 + 2 sqrt(2 / places), as the source has it."""
        return self.places > 0 and self.phi > 1 + 2 * sqrt(2 / self.places)

    @property
    def widening(self) -> float:
        """Return how many times as far out the limits are: sqrt(phi), or 1 by chance."""
        return sqrt(self.phi) if self.significant else 1.0


def limits(share: float, size: int, level: float = NEAR, widening: float = 1.0) -> tuple[float, float]:
    """Return between which rates (0 to 1) a place of ``size`` children lies when its true rate is ``share``.

    level: NEAR, FAR or another share of such places that lie between. widening: above 1 sets both limits that
    many times as far from the share, as for :class:`Dispersion`. ValueError for arguments that cannot be.
    """
    _check(share, size, widening)
    if not 0 < level < 1:
        raise ValueError(f"{level} is not a level between 0 and 1")
    tail = (1 - level) / 2
    low = _lowest(share, size, tail) / size
    high = 1 - _lowest(1 - share, size, tail) / size
    return max(0.0, share - widening * (share - low)), min(1.0, share + widening * (high - share))


def curve(
    share: float, sizes: Iterable[int], level: float = NEAR, widening: float = 1.0
) -> list[tuple[float, float]]:
    """Return the :func:`limits` at each of ``sizes``."""
    return [limits(share, size, level, widening) for size in sizes]


def side_of(numerator: int, denominator: int, share: float, widening: float = 1.0) -> Side:
    """Return on which side of both :func:`limits` a place lies. ValueError without children."""
    check_part_of_whole(numerator, denominator)
    _check(share, denominator, widening)
    beyond = numerator - share * denominator
    # Limits drawn apart around a count are the same as a count pulled in between limits left alone.
    count = numerator - beyond * (1 - 1 / widening)
    if beyond < 0:
        near, far = Side.BELOW, Side.FAR_BELOW
        chance = _chance_to(count, denominator, share)
    else:
        near, far = Side.ABOVE, Side.FAR_ABOVE
        chance = _chance_to(denominator - count, denominator, 1 - share)
    if chance >= (1 - NEAR) / 2:
        return Side.WITHIN
    return near if chance >= (1 - FAR) / 2 else far


def dispersion(counts: Sequence[tuple[int, int]], share: float) -> Dispersion:
    """Return how much the (numerator, denominator) of places differ around ``share``.

    Places without children do not count. The z-scores of the lowest and of the highest tenth are set to what
    bounds these tenths, so that the few places which are truly different do not hide themselves by widening
    the limits. phi is 1 where nothing can differ: without places, and at a share of 0 or 1.
    """
    for numerator, denominator in counts:
        check_part_of_whole(numerator, denominator)
    part, whole = (np.array([pair[i] for pair in counts if pair[1] > 0], dtype=float) for i in range(2))
    if len(whole) == 0 or not 0 < share < 1:
        return Dispersion(1.0, len(whole))
    z_scores = (part - share * whole) / np.sqrt(whole * share * (1 - share))
    low, high = np.quantile(z_scores, [_WINSORISED, 1 - _WINSORISED])
    return Dispersion(float(np.mean(np.clip(z_scores, low, high) ** 2)), len(whole))


def _check(share: float, size: int, widening: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is not a share between 0 and 1")
    if size < 1:
        raise ValueError(f"no limits for {size} children")
    if widening < 1:
        raise ValueError(f"limits are not narrowed by {widening}")


def _lowest(share: float, size: int, tail: float) -> float:
    """Return the count where `_chance_to` reaches ``tail``, 0 at least: r - alpha of the source."""
    count = _guess(share, size, tail)
    here = _at_most(count, size, share)
    while here <= tail:
        count += 1
        here = _at_most(count, size, share)
    while count > 0 and (before := _at_most(count - 1, size, share)) > tail:
        count, here = count - 1, before
    if count == 0:
        return 0.0
    return count - (here - tail) / (here - _at_most(count - 1, size, share))


def _guess(share: float, size: int, tail: float) -> int:
    """Return about which count `_lowest` is: the normal quantile with its correction for skewness."""
    z = _NORMAL.inv_cdf(tail)
    expected, spread = share * size, sqrt(share * (1 - share) * size)
    return min(max(round(expected + z * spread + (1 - 2 * share) * (z * z - 1) / 6), 0), size)


def _chance_to(count: float, size: int, share: float) -> float:
    """Return the chance of at most ``count``, on a straight line between whole counts."""
    whole = int(count)
    here = _at_most(whole, size, share)
    if whole == count:
        return here
    return here + (count - whole) * (_at_most(whole + 1, size, share) - here)


def _at_most(count: int, size: int, share: float) -> float:
    """Return the binomial probability of at most ``count`` of ``size`` children."""
    return 1.0 if count >= size else beta_cdf(1 - share, size - count, count + 1)
