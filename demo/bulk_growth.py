"""What the measurements before say of the next one, for many children at once, in numpy.

`gain_code_batch` is the twin of `gain.gain_code`. The two `..._steady` functions say which changes
`plausibility` cannot find implausible at any age, so that only the others need its look, one by one.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from registry.growth.gain import KBM_TABLES, GainCode, KbmTable
from registry.growth.plausibility import (
    LENGTH_GAIN_TWO_MONTHS_MM,
    SHORTER_BY_MORE_THAN_MM,
    STANDING_TO_LYING_MM,
    WEIGHT_SHARE_AT_ONCE,
)
from registry.growth.rules import STANDING_FROM_DAY, SexCode
from registry.growth.tables import FloatArray

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
TextArray = npt.NDArray[np.str_]

NEVER = 0
"""The month of a weighing that there has not been."""


def month_numbers(days: IntArray) -> IntArray:
    """The calendar month of ordinal days (`date.toordinal`), as year * 12 + month."""
    since_1970: IntArray = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return since_1970 + 1970 * 12 + 1


_EPOCH = date(1970, 1, 1).toordinal()


def grams(weight_kg: FloatArray) -> IntArray:
    """Whole grams of weights without NaN: 8.2 - 8.0 is a little less than 0.2 in floats."""
    whole: IntArray = np.rint(weight_kg * 1000).astype(np.int64)
    return whole


def gain_code_batch(
    *,
    sex: IntArray,
    age_days: IntArray,
    month: IntArray,
    weight_g: IntArray,
    before_month: IntArray,
    before_g: IntArray,
    tables: tuple[KbmTable, ...] = KBM_TABLES,
) -> TextArray:
    """N, T, O or B of each weighing.

    month: the calendar month as `month_numbers` has it; before_month and before_g: month and weight in grams
    of the child's last weighing before this calendar month, NEVER where there is none.
    """
    least = _minimum_by_month(tables)
    begin = [table.valid_from.year * 12 + table.valid_from.month for table in tables[1:]]
    table = np.searchsorted(begin, month, side="right")
    minimum_g = least[table, sex - SexCode.BOY, np.minimum(age_days * 16 // 487, least.shape[2] - 1)]
    return np.select(
        [before_month == NEVER, before_month != month - 1, weight_g - before_g >= minimum_g],
        [GainCode.B.value, GainCode.O.value, GainCode.N.value],
        GainCode.T.value,
    )


@cache
def _minimum_by_month(tables: tuple[KbmTable, ...]) -> IntArray:
    """Return the minimum gain in grams by table, sex and completed month; the last column holds after it."""
    months = range(max(table.from_months[-1] for table in tables) + 1)
    return np.array(
        [[[table.minimum_g(sex, month) for month in months] for sex in SexCode] for table in tables]
    )


def weight_steady(before_g: IntArray, now_g: IntArray) -> BoolArray:
    """Where the weight changed by less than what is plausible within a day at any age.

    The least that `plausibility.most_weight_gain_g` and `most_weight_loss_g` allow, less a gram for rounding.
    """
    steady: BoolArray = np.abs(now_g - before_g) < WEIGHT_SHARE_AT_ONCE * before_g - 1
    return steady


def length_steady(
    before_cm: FloatArray, before_days: IntArray, now_cm: FloatArray, now_days: IntArray
) -> BoolArray:
    """Where the corrected length changed by less than what is plausible within a day at any age.

    The least that `plausibility.most_length_gain_mm` allows, less a millimetre. NaN is not steady.
    """
    grown = _lying_mm(now_cm, now_days) - _lying_mm(before_cm, before_days)
    steady: BoolArray = (grown > 1 - SHORTER_BY_MORE_THAN_MM) & (grown < min(LENGTH_GAIN_TWO_MONTHS_MM) - 1)
    return steady


def _lying_mm(clenhei_cm: FloatArray, age_days: IntArray) -> FloatArray:
    """`plausibility._lying_mm` for arrays."""
    mm: FloatArray = np.rint(clenhei_cm * 10) + STANDING_TO_LYING_MM * (age_days >= STANDING_FROM_DAY)
    return mm
