"""How far a rate is from a target: in points, in children, and how sure the side is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from registry.statistics.rates import check_part_of_whole
from registry.statistics.tails import beta_cdf


@dataclass(frozen=True, slots=True)
class TargetProbability:
    """A rate and a target, both as fractions from 0 to 1.

    difference: rate less target, above zero when the rate is too high. probability_below: how
    probable it is that the true rate lies below the target, given these counts. over: how many
    children fewer would bring the rate down to the target; 0 when it is there already.
    difference and probability_below are None when nobody was counted: no data is not zero.
    """

    numerator: int
    denominator: int
    target: float
    difference: float | None
    probability_below: float | None
    over: int


def target_probability(
    numerator: int, denominator: int, target: Fraction | Decimal | float
) -> TargetProbability:
    """Return how far two counts are from a target such as Decimal("0.14"); a float is read as written.

    The probability is that of Beta(k + 1/2, n - k + 1/2), Jeffreys' posterior (Brown, Cai and
    DasGupta 2001, "Interval estimation for a binomial proportion"). It speaks of chance alone: of
    children never measured and of wrong measurements it knows nothing. Counting the children over
    the target is exact. ValueError when the counts are not those of a part and its whole, or the
    target is not between 0 and 1.
    """
    check_part_of_whole(numerator, denominator)
    exact = Fraction(str(target))
    if not 0 <= exact <= 1:
        raise ValueError(f"a target of {target} is not a share between 0 and 1")
    over = max(0, numerator - floor(exact * denominator))
    if denominator == 0:
        return TargetProbability(numerator, denominator, float(exact), None, None, over)
    return TargetProbability(
        numerator,
        denominator,
        float(exact),
        float(Fraction(numerator, denominator) - exact),
        beta_cdf(float(exact), numerator + 0.5, denominator - numerator + 0.5),
        over,
    )
