"""The two distributions that intervals and probabilities need, in plain Python.

Sources: the continued fraction of the incomplete beta function is NIST's Handbook of Mathematical
Functions 8.17.22, evaluated by Lentz's method; its first factor is taken apart as Loader (2000,
"Fast and accurate computation of binomial probabilities") does, because the difference of three
logarithms of gamma has lost eight digits when ten million children are counted.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi, sqrt

_ENOUGH = 1e-16
_TINY = 1e-300
_MOST_STEPS = 1_000_000
_STIRLING_FROM = 15.0


def beta_cdf(x: float, a: float, b: float) -> float:
    """The probability that a Beta(a, b) variable is at most x: the regularised incomplete beta function.

    Error about 1e-10 at most for a + b up to ten million. ValueError when a or b is not a number above zero.
    """
    if not (0 < a < inf and 0 < b < inf):
        raise ValueError(f"a beta distribution has no parameters {a} and {b}")
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    # The fraction converges quickly only below the middle; above it the mirror image is used.
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _lower_beta(1 - x, b, a)
    return _lower_beta(x, a, b)


def _lower_beta(x: float, a: float, b: float) -> float:
    return min(1.0, _beta_factor(x, a, b) * _continued_fraction(x, a, b) / a)


def _beta_factor(x: float, a: float, b: float) -> float:
    """x^a (1-x)^b / B(a, b)."""
    n = a + b
    away = x - a / n
    exponent = a * log1p(away * n / a) + b * log1p(-away * n / b)
    exponent += _stirling_rest(n) - _stirling_rest(a) - _stirling_rest(b)
    return sqrt(a * b / (2 * pi * n)) * exp(exponent)


def _stirling_rest(a: float) -> float:
    """log of gamma(a) less Stirling's log of (a/e)^a sqrt(2 pi / a)."""
    if a < _STIRLING_FROM:
        return lgamma(a) - (a - 0.5) * log(a) + a - 0.5 * log(2 * pi)
    a2 = a * a
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * a2)) / a2) / a2) / a2) / a


def _continued_fraction(x: float, a: float, b: float) -> float:
    """The fraction by which the incomplete beta's first factor is multiplied; Lentz's method."""
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = _inverse(1 + even * d), _not_zero(1 + even / c)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = _inverse(1 + odd * d), _not_zero(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < _ENOUGH:
            return value
    raise ArithmeticError(f"the incomplete beta function of {x}, {a}, {b} does not converge")


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _inverse(value: float) -> float:
    return 1 / _not_zero(value)


def t_cdf(t: float, df: float) -> float:
    """The probability that Student's t with df degrees of freedom is at most t."""
    tail = beta_cdf(df / (df + t * t), df / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


@lru_cache(maxsize=1024)
def t_quantile(share: float, df: float) -> float:
    """The t below which this share of Student's distribution lies; by halving, to the last digits.

    ValueError when the share is not between 0 and 1 or df is not above zero.
    """
    if not 0 < share < 1:
        raise ValueError(f"{share} is not a share between 0 and 1")
    if share < 0.5:
        return -t_quantile(1 - share, df)
    low, high = 0.0, 1.0
    while t_cdf(high, df) < share:
        low, high = high, 2 * high
    middle = (low + high) / 2
    while low < middle < high:
        low, high = (middle, high) if t_cdf(middle, df) < share else (low, middle)
        middle = (low + high) / 2
    return middle
