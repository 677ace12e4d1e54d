"""Tails and quantiles of the distributions that intervals and checks need; each by `scipy.special`.

scipy.special is imported by the first call: its half a second would be lost at every command. A server's
worker imports it when it starts (``cilacap_stunting.wsgi``).
"""

from __future__ import annotations

from math import erfc, inf, sqrt

import numpy as np

from registry.growth.tables import FloatArray


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the probability that a Beta(a, b) variable is at most x.

    Raises: ValueError when a or b is not a number above zero.
    """
    from scipy.special import betainc

    if not (0 < a < inf and 0 < b < inf):
        raise ValueError(f"a beta distribution has no parameters {a} and {b}")
    return float(betainc(a, b, min(max(x, 0.0), 1.0)))


def beta_quantiles(share: float, a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the x below which this share of each Beta(a, b) lies; a, b and the result have one shape.

    Raises: ValueError when the share is not between 0 and 1 or a or b is not above zero.
    """
    from scipy.special import betaincinv

    _require_share(share)
    if not (np.all((a > 0) & (b > 0)) and np.all(np.isfinite(a + b))):
        raise ValueError("a beta distribution has no parameters of zero, below it or without end")
    quantiles: FloatArray = betaincinv(a, b, share)
    return quantiles


def t_quantile(share: float, df: float) -> float:
    """Return the t below which this share of Student's distribution with df degrees of freedom lies.

    Raises: ValueError when the share is not between 0 and 1 or df is not above zero.
    """
    from scipy.special import stdtrit

    _require_share(share)
    if not df > 0:
        raise ValueError(f"Student's t has no {df} degrees of freedom")
    return float(stdtrit(df, share))


def chi_square_above(statistic: float, df: float) -> float:
    """Return the probability that a chi-square variable with df degrees of freedom is above a statistic.

    Raises: ValueError when df is not a number above zero or the statistic is not one from zero.
    """
    from scipy.special import chdtrc

    if not (0 < df < inf and 0 <= statistic < inf):
        raise ValueError(f"no chi-square of {statistic} with {df} degrees of freedom")
    return float(chdtrc(df, statistic))


def binomial_at_least(successes: int, count: int, share: float) -> float:
    """Return the probability of at least so many successes in count tries, each with a share from 0 to 1."""
    return 1.0 if successes <= 0 else beta_cdf(share, successes, count - successes + 1)


def normal_above(z: float) -> float:
    """Return the probability that a standard normal variable is above z."""
    return erfc(z / sqrt(2)) / 2


def _require_share(share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"{share} is not a share between 0 and 1")
