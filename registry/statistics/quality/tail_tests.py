"""How often chance alone gives a figure as bad: tails of the chi-square and binomial distributions.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions: 26.4.19 (chi-square as an incomplete
gamma function), 6.5.29 (its series), 6.5.31 (its continued fraction, by Lentz's method here).
"""

from __future__ import annotations

from math import erfc, exp, inf, lgamma, log, sqrt

from registry.statistics.tails import beta_cdf

_ENOUGH = 1e-14
_TINY = 1e-300
_MOST_STEPS = 1_000_000


def chi_square_above(statistic: float, df: float) -> float:
    """The probability that a chi-square variable with df degrees of freedom is above a statistic.

    ValueError when df is not a number above zero or the statistic is not one from zero.
    """
    if not (0 < df < inf and 0 <= statistic < inf):
        raise ValueError(f"no chi-square of {statistic} with {df} degrees of freedom")
    a, x = df / 2, statistic / 2
    if x == 0:
        return 1.0
    # Each form converges fast on its own side of a + 1.
    return 1 - _lower_by_series(a, x) if x < a + 1 else _upper_by_fraction(a, x)


def _lower_by_series(a: float, x: float) -> float:
    term = total = 1 / a
    n = a
    while term > total * _ENOUGH:
        n += 1
        term *= x / n
        total += term
    return min(1.0, total * _factor(a, x))


def _upper_by_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for n in range(1, _MOST_STEPS):
        b += 2
        d = 1 / (n * (a - n) * d + b)
        c = b + n * (a - n) / c
        value *= c * d
        if abs(c * d - 1) < _ENOUGH:
            return min(1.0, value * _factor(a, x))
    raise ArithmeticError(f"the incomplete gamma function of {a}, {x} does not converge")


def _factor(a: float, x: float) -> float:
    return exp(a * log(x) - x - lgamma(a))


def binomial_at_least(successes: int, count: int, share: float) -> float:
    """The probability of at least so many successes among count tries, each with a share from 0 to 1."""
    if successes <= 0:
        return 1.0
    return beta_cdf(share, successes, count - successes + 1)


def normal_above(z: float) -> float:
    """The probability that a standard normal variable is above z."""
    return erfc(z / sqrt(2)) / 2
