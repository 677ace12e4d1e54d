"""How good the measurements of a group are: a cadre's, a posyandu's, a village's, a district's.

What the plausibility check of ENA for SMART and WHO's survey criteria look at, with a grade that is fair
to thirty children. `terms` has the checks and their meaning, `limits` every limit, `grade` the grade.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from registry.growth.batch import assess_batch
from registry.growth.rules import SexCode
from registry.growth.tables import FloatArray
from registry.statistics.quality.grades import Quality, grade_of
from registry.statistics.quality.limits import Check, judge
from registry.statistics.quality.readings import (
    MeasuredGroup,
    date_readings,
    digit_readings,
    make_up_readings,
    missing_readings,
    position_columns,
    position_readings,
    z_readings,
)
from registry.statistics.quality.terms import GRADES, CheckName, Level

__all__ = ["GRADES", "Check", "CheckName", "Level", "Quality", "grade_group", "measured_group"]


def grade_group(group: MeasuredGroup) -> Quality:
    """Return the quality of a group that :func:`measured_group` made, or of some of its rows."""
    found = {
        **digit_readings(group),
        **z_readings(group),
        **make_up_readings(group),
        **date_readings(group),
        **missing_readings(group),
        **position_readings(group),
    }
    checks = tuple(judge(name, found[name]) for name in CheckName if name in found)
    return Quality(len(group), checks, *grade_of(checks))


def measured_group(
    *,
    sex: npt.ArrayLike,
    age_days: npt.ArrayLike,
    weight_kg: npt.ArrayLike,
    lenhei_cm: npt.ArrayLike,
    position: npt.ArrayLike | None = None,
    muac_cm: npt.ArrayLike | None = None,
    oedema: npt.ArrayLike | None = None,
    birth_day: npt.ArrayLike | None = None,
) -> MeasuredGroup:
    """Return measurements with their z-scores, which thousands get in the time of a few.

    Each argument is an array of one length. sex: WHO's codes. age_days: whole days. weight_kg, lenhei_cm,
    muac_cm: as measured, kg and cm. position, oedema: as `assess_batch` takes them. birth_day: of the month,
    1 to 31; NaN where it is estimated. NaN is missing. Give each child under five once: the tests take rows
    as independent. Raises ValueError for arrays of different length, fractions of a day, unknown positions.
    """
    sexes = np.asarray(sex, np.float64)
    assessed = assess_batch(
        sex=_sex_codes(sexes),
        age_days=age_days,
        weight_kg=weight_kg,
        lenhei_cm=lenhei_cm,
        position=position,
        oedema=oedema,
    )
    count = len(assessed)
    lying, standing = position_columns(position, count)
    return MeasuredGroup(
        sex=sexes,
        age_days=assessed.age_days,
        weight_kg=_column(weight_kg, count),
        lenhei_cm=_column(lenhei_cm, count),
        muac_cm=None if muac_cm is None else _column(muac_cm, count),
        lying=lying,
        standing=standing,
        birth_day=None if birth_day is None else _column(birth_day, count),
        z=assessed,
    )


def _sex_codes(sexes: FloatArray) -> npt.NDArray[np.int64]:
    """Return the codes, 0 for an unknown sex: the kernel refuses such a child, and NaN is no integer."""
    return np.where(np.isin(sexes, list(SexCode)), sexes, 0).astype(np.int64)


def _column(values: npt.ArrayLike, count: int) -> FloatArray:
    column = np.asarray(values, np.float64)
    if column.shape != (count,):
        raise ValueError(f"arrays of one length are needed, not {column.shape} next to {count}")
    return column
