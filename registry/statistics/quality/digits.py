"""Preference for some last digits, or some months of age: rounding, guessing and copying show in it."""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from registry.growth.batch import BoolArray
from registry.growth.indices import LEAST, MOST
from registry.growth.tables import FloatArray
from registry.statistics.quality.limits import Reading
from registry.statistics.tails import chi_square_above

MONTHS_OF_A_YEAR = 12


def evenness(counts: npt.NDArray[np.int64]) -> Reading:
    """Return the preference score (0 to 100) of cells that would be equally full, and the p-value of chance.

    100 * sqrt(chi2 / (n * df)), df one less than the cells: 0 when all are equal, 100 when all values fall
    into one. No score without values. Source: WHO MONICA (Kuulasmaa, Hense and Tolonen 1998), used by ENA.
    """
    n, df = int(counts.sum()), len(counts) - 1
    if n == 0:
        return Reading(None, 0)
    expected = n / len(counts)
    chi2 = float(((counts - expected) ** 2).sum() / expected)
    return Reading(100 * sqrt(chi2 / (n * df)), n, chi_square_above(chi2, df))


def is_given(values: FloatArray) -> BoolArray:
    """Return which measures the kernel takes as given: not NaN, above zero, and not beyond all sense."""
    return (values >= LEAST) & (values <= MOST)


def digit_counts(values: FloatArray) -> npt.NDArray[np.int64]:
    """Return how many measures in kg or cm have 0, 1, ... 9 tenths; those not given are left out.

    The digit is taken as written and not rounded: rounding 8.45 and 8.55 of a scale with steps of
    50 g to the nearest even tenth would look like a love of even digits.
    """
    # In thousandths, because 8.7 from a file of single floats is 8.6999998.
    digits = np.rint(values[is_given(values)] * 1000).astype(np.int64) // 100 % 10
    return np.bincount(digits, minlength=10)


def month_evenness(months: npt.NDArray[np.int64]) -> Reading:
    """Return the preference for months of a year of age: completed months by their remainder over 12.

    Source: ageHeaping of NiPN's toolkit, which gives the chi-square alone; the score does not grow
    with the size of the group.
    """
    return evenness(np.bincount(months % MONTHS_OF_A_YEAR, minlength=MONTHS_OF_A_YEAR))
