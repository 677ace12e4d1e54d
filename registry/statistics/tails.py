"""The two distributions that intervals and probabilities need: one value in plain Python, many by numpy.

Sources: the continued fraction of the incomplete beta function is NIST's Handbook of Mathematical
Functions 8.17.22, evaluated by Lentz's method; its first factor is taken apart as Loader (2000,
"Fast and accurate computation of binomial probabilities") does, because the difference of three
logarithms of gamma has lost eight digits when ten million children are counted.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

import numpy as np

from registry.growth.tables import FloatArray

_ENOUGH = 1e-16
_TINY = 1e-300
_FARTHEST_LOG_ODDS = 700.0
_NEAR_LOG_ODDS = 1e-9
_MOST_HALVINGS = 10_000
_ENOUGH_OF_MANY = 1e-13
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


def beta_quantiles(share: float, a: FloatArray, b: FloatArray) -> FloatArray:
    """The x below which this share of each Beta(a, b) lies; a and b of one shape, the result too.

    Found on the log-odds of x, where a beta is nearly normal, by Halley's method within a bracket; error of
    the log-odds below 1e-8. ValueError when the share is not between 0 and 1 or a or b is not above zero.
    """
    if not 0 < share < 1:
        raise ValueError(f"{share} is not a share between 0 and 1")
    if not (np.all((a > 0) & (b > 0)) and np.all(np.isfinite(a + b))):
        raise ValueError("a beta distribution has no parameters of zero, below it or without end")
    low, high = np.full_like(a, -_FARTHEST_LOG_ODDS), np.full_like(a, _FARTHEST_LOG_ODDS)
    at = np.clip(np.log(a / b) + NormalDist().inv_cdf(share) * np.sqrt(1 / a + 1 / b), low, high)
    log_factor = _log_beta_factors(a, b)
    with np.errstate(all="ignore"):  # far from the root a density is 0 and its step no number: halved instead
        for _ in range(_MOST_HALVINGS):
            miss, density, slope = _beta_at_log_odds(at, a, b, log_factor)
            miss -= share
            low, high = np.where(miss < 0, at, low), np.where(miss < 0, high, at)
            newton = miss / density
            step = at - newton / (1 - newton * slope / 2)
            before, at = at, np.where((low <= step) & (step <= high), step, (low + high) / 2)
            if np.all(abs(at - before) < _NEAR_LOG_ODDS):
                return 1 / (1 + np.exp(-at))
    raise ArithmeticError(f"the quantiles {share} of beta distributions are not found")


def _log_beta_factors(a: FloatArray, b: FloatArray) -> FloatArray:
    """The logarithm of what `_beta_factor` has beside its powers."""
    n = a + b
    rests = [
        _stirling_rest(one) - _stirling_rest(two) - _stirling_rest(three)
        for one, two, three in zip(n.tolist(), a.tolist(), b.tolist(), strict=True)
    ]
    return np.array(rests) + np.log(a * b / (2 * pi * n)) / 2


def _beta_at_log_odds(
    at: FloatArray, a: FloatArray, b: FloatArray, log_factor: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of the log-odds of Beta(a, b): the probability of at most `at`, its density, the slope of its log."""
    n = a + b
    log_x, log_rest = -np.logaddexp(0, -at), -np.logaddexp(0, at)
    x, rest = np.exp(log_x), np.exp(log_rest)
    density = np.exp(a * (log_x + np.log(n / a)) + b * (log_rest + np.log(n / b)) + log_factor)
    mirrored = x > (a + 1) / (n + 2)
    first, second = np.where(mirrored, b, a), np.where(mirrored, a, b)
    tail = density * _continued_fractions(np.where(mirrored, rest, x), first, second) / first
    return np.where(mirrored, 1 - tail, tail), density, a * rest - b * x


def _continued_fractions(x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """As `_continued_fraction`, for many at once and to 1e-13."""
    c, d = np.ones_like(x), 1 / (1 - (a + b) * x / (a + 1))
    value = d.copy()
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / (1 + even * d + _TINY), 1 + even / c + _TINY
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / (1 + odd * d + _TINY), 1 + odd / c + _TINY
        factor = d * c
        value *= factor
        if np.all(abs(factor - 1) < _ENOUGH_OF_MANY):
            return value
    raise ArithmeticError("an incomplete beta function does not converge")


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
