"""How a rate has changed between two months, with the uncertainty of both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from registry.figures.prevalence import Prevalence


class Direction(StrEnum):
    """Where a rate has gone; unclear while the interval of the difference holds 0."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Change:
    """The later rate less the earlier one, and its 95% interval; fractions from -1 to 1."""

    difference: float
    low: float
    high: float

    @property
    def direction(self) -> Direction:
        if self.low > 0:
            return Direction.UP
        return Direction.DOWN if self.high < 0 else Direction.UNCLEAR


def change_between(before: Prevalence, now: Prevalence) -> Change | None:
    """Return the change from ``before`` to ``now``; None unless both have a rate that is not pale.

    The interval joins both Wilson intervals (Newcombe 1998, Statistics in Medicine 17:873-890, method 10). It
    takes the two months as different children; most are the same ones, so it is wider than it need be.
    """
    if before.pale or now.pale or before.suppressed or now.suppressed:
        return None
    if before.rate is None or before.low is None or before.high is None:
        return None
    if now.rate is None or now.low is None or now.high is None:
        return None
    difference = now.rate - before.rate
    down = sqrt((now.rate - now.low) ** 2 + (before.high - before.rate) ** 2)
    up = sqrt((now.high - now.rate) ** 2 + (before.rate - before.low) ** 2)
    return Change(difference, difference - down, difference + up)
