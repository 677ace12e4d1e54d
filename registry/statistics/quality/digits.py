"""Preference for some last digits, or some months of age: rounding, guessing and copying show in it."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from registry.growth.batch import BoolArray
from registry.growth.indices import LEAST, MOST
from registry.growth.tables import FloatArray
from registry.statistics.quality.terms import DigitTable
from registry.statistics.tails import chi_square_above


class Evenness(NamedTuple):
    """How unevenly values fall into cells: score from 0 to 100, and the p-value of chance."""

    score: float | None
    p: float | None


def evenness(counts: npt.NDArray[np.int64]) -> Evenness:
    """The preference score of cells that would be equally full, with its chi-square p-value.

    100 * sqrt(chi2 / (n * df)), df one less than the cells: 0 when all are equal, 100 when all values fall
    into one. Nones without values. Source: WHO MONICA (Kuulasmaa, Hense and Tolonen 1998), used by ENA.
    """
    n, df = int(counts.sum()), len(counts) - 1
    if n == 0:
        return Evenness(None, None)
    expected = n / len(counts)
    chi2 = float(((counts - expected) ** 2).sum() / expected)
    return Evenness(100 * sqrt(chi2 / (n * df)), chi_square_above(chi2, df))


def is_given(values: FloatArray) -> BoolArray:
    """Which measures the kernel takes as given: not NaN, above zero, and no number beyond all sense."""
    return (values >= LEAST) & (values <= MOST)


def digit_table(values: FloatArray) -> DigitTable:
    """The table of the tenths digits of measures in kg or cm; those not given are left out.

    The digit is taken as written and not rounded: rounding 8.45 and 8.55 of a scale with steps of
    50 g to the nearest even tenth would look like a love of even digits.
    """
    # In thousandths, because 8.7 from a file of single floats is 8.6999998.
    digits = np.rint(values[is_given(values)] * 1000).astype(np.int64) // 100 % 10
    counts = np.bincount(digits, minlength=10)
    return DigitTable(tuple(counts.tolist()), *evenness(counts))


MONTHS_OF_A_YEAR = 12


def month_evenness(months: npt.NDArray[np.int64]) -> Evenness:
    """Preference for months of a year of age: completed months by their remainder over 12.

    Source: ageHeaping of NiPN's toolkit, which gives the chi-square alone; the score does not grow
    with the size of the group.
    """
    return evenness(np.bincount(months % MONTHS_OF_A_YEAR, minlength=MONTHS_OF_A_YEAR))
