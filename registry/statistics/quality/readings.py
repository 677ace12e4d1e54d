"""The figures of a group that the checks judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from registry.growth.batch import LYING, STANDING, BatchAssessment, BoolArray
from registry.growth.rules import (
    LAST_DAY,
    STANDING_BELIEVED_FROM_DAY,
    STANDING_FROM_DAY,
    PositionCode,
    SexCode,
)
from registry.growth.tables import FloatArray
from registry.statistics.quality.digits import digit_counts, evenness, is_given, month_evenness
from registry.statistics.quality.limits import AGE_RATIO_EXPECTED, RULES, SEX_RATIO_EXPECTED, Reading
from registry.statistics.quality.terms import CheckName
from registry.statistics.tails import binomial_at_least, chi_square_above, normal_above

SMART_SD = 3
"""SMART flags a WHZ further than this from the mean of its group."""

HEAPED_BIRTH_DAYS = (1, 15)
"""Days of the month that a birth date is put on when only the month is known."""

_ALL_ALIKE = 1e-12
"""A variance below this is a float's rounding: z-scores have two decimals."""


@dataclass(frozen=True, slots=True)
class MeasuredGroup:
    """The measurements of a group, one row a child; see `measured_group`. lying, standing: as measured."""

    sex: FloatArray
    age_days: FloatArray
    weight_kg: FloatArray
    lenhei_cm: FloatArray
    muac_cm: FloatArray | None
    lying: BoolArray
    standing: BoolArray
    birth_day: FloatArray | None
    z: BatchAssessment

    def __len__(self) -> int:
        return len(self.age_days)

    def take(self, rows: npt.NDArray[np.intp]) -> MeasuredGroup:
        """Return the group of these rows alone."""
        columns = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "z"}
        taken: dict[str, Any] = {name: None if c is None else c[rows] for name, c in columns.items()}
        return MeasuredGroup(**taken, z=self.z.take(rows))


def digit_readings(group: MeasuredGroup) -> dict[CheckName, Reading]:
    """Return the preference for some last digits of each measure there is."""
    measures = {
        CheckName.WEIGHT_DIGITS: group.weight_kg,
        CheckName.HEIGHT_DIGITS: group.lenhei_cm,
        CheckName.MUAC_DIGITS: group.muac_cm,
    }
    return {name: evenness(digit_counts(v)) for name, v in measures.items() if v is not None}


def z_readings(group: MeasuredGroup) -> dict[CheckName, Reading]:
    """Return flags and shape of the z-scores.

    Each limit is held against the figure it was made for: ENA's against WHZ without SMART flags, WHO's
    against z-scores without WHO's flags. The mean for the SMART flags is that of the WHZ that WHO
    believes, so that one slip of the keyboard does not move it. The kernel gives a child with oedema no
    WAZ and WHZ.
    """
    z = group.z
    scored = z.whz[~np.isnan(z.whz)]
    believed = z.whz[~np.isnan(z.whz) & ~z.whz_flag]
    centre = believed.mean() if len(believed) else 0.0
    flagged = np.abs(scored - centre) > SMART_SD
    return {
        CheckName.WHZ_FLAGGED_SMART: _proven_share(CheckName.WHZ_FLAGGED_SMART, flagged),
        **shape_readings(scored[~flagged]),
        CheckName.HAZ_FLAGGED: _flags(CheckName.HAZ_FLAGGED, z.haz, z.haz_flag),
        CheckName.WAZ_FLAGGED: _flags(CheckName.WAZ_FLAGGED, z.waz, z.waz_flag),
        CheckName.WHZ_FLAGGED: _flags(CheckName.WHZ_FLAGGED, z.whz, z.whz_flag),
        CheckName.HAZ_SD: sd_reading(CheckName.HAZ_SD, z.haz[~np.isnan(z.haz) & ~z.haz_flag]),
        CheckName.WAZ_SD: sd_reading(CheckName.WAZ_SD, z.waz[~np.isnan(z.waz) & ~z.waz_flag]),
        CheckName.WHZ_SD: sd_reading(CheckName.WHZ_SD, believed),
    }


def _flags(name: CheckName, z: FloatArray, flag: BoolArray) -> Reading:
    return _proven_share(name, flag[~np.isnan(z)])


def _proven_share(name: CheckName, faulty: BoolArray) -> Reading:
    """Return the per cent of faults, and how often a group of just excellent children shows as many."""
    share = _share(faulty)
    if share.count == 0:
        return share
    return replace(share, p=binomial_at_least(int(faulty.sum()), share.count, RULES[name].excellent[1] / 100))


def sd_reading(name: CheckName, z: FloatArray) -> Reading:
    """Return the sample's SD, and how often a group whose true SD is just excellent misses by as much.

    By the chi-square distribution of a variance: (n - 1) s2 / sigma2 has n - 1 degrees of freedom.
    """
    count = len(z)
    if count < 2:
        return Reading(None, count)
    sd = float(z.std(ddof=1))
    low, high = RULES[name].excellent
    if low <= sd <= high:
        return Reading(sd, count, 1.0)
    nearest = low if sd < low else high
    above = chi_square_above((count - 1) * (sd / nearest) ** 2, count - 1)
    return Reading(sd, count, 1 - above if sd < low else above)


def shape_readings(z: FloatArray) -> dict[CheckName, Reading]:
    """Return SD, skewness (m3 / m2^1.5) and excess kurtosis (m4 / m2^2 - 3), of plain moments.

    Their errors in a normal sample, sqrt(6 / n) and sqrt(24 / n), tell chance.
    """
    n = len(z)
    readings = {CheckName.WHZ_SD_SMART: sd_reading(CheckName.WHZ_SD_SMART, z)}
    away = z - z.mean() if n else z
    m2 = float((away**2).mean()) if n else 0.0
    if m2 < _ALL_ALIKE:
        nothing = Reading(None, n)
        return readings | {CheckName.WHZ_SKEWNESS: nothing, CheckName.WHZ_KURTOSIS: nothing}
    skewness = float((away**3).mean()) / m2**1.5
    kurtosis = float((away**4).mean()) / m2**2 - 3
    return readings | {
        CheckName.WHZ_SKEWNESS: _moment(CheckName.WHZ_SKEWNESS, skewness, n, sqrt(6 / n)),
        CheckName.WHZ_KURTOSIS: _moment(CheckName.WHZ_KURTOSIS, kurtosis, n, sqrt(24 / n)),
    }


def _moment(name: CheckName, value: float, count: int, error: float) -> Reading:
    beyond = abs(value) - RULES[name].excellent[1]
    return Reading(value, count, normal_above(beyond / error))


def make_up_readings(group: MeasuredGroup) -> dict[CheckName, Reading]:
    """Return whether boys and girls, and younger and older children, are there in the numbers one expects."""
    months = _months(group)
    return {
        CheckName.SEX_RATIO: _ratio(group.sex == SexCode.BOY, group.sex == SexCode.GIRL, SEX_RATIO_EXPECTED),
        CheckName.AGE_RATIO: _ratio((months >= 6) & (months < 30), months >= 30, AGE_RATIO_EXPECTED),
    }


def _ratio(ones: BoolArray, others: BoolArray, expected: tuple[float, float]) -> Reading:
    """Return ones for each of the others, with the chi-square p-value against the nearest expected ratio."""
    n1, n2 = int(ones.sum()), int(others.sum())
    n = n1 + n2
    low, high = expected
    nearest = min(max(n1, low * n2), high * n2) / n2 if n2 else high
    if n == 0:
        return Reading(None, 0)
    e1 = n * nearest / (1 + nearest)
    p = chi_square_above((n1 - e1) ** 2 / e1 + (n1 - e1) ** 2 / (n - e1), 1)
    return Reading(n1 / n2 if n2 else None, n, p)


def date_readings(group: MeasuredGroup) -> dict[CheckName, Reading]:
    """Return signs of guessed birth dates, and how many are said to be so."""
    months = _months(group)
    known_months = months[months >= 0]
    readings = {CheckName.AGE_HEAPING: month_evenness(known_months)}
    if group.birth_day is not None:
        unknown = np.isnan(group.birth_day)
        heaped = np.isin(group.birth_day[~unknown], HEAPED_BIRTH_DAYS)
        readings[CheckName.BIRTH_DATE_ESTIMATED] = _share(unknown)
        readings[CheckName.BIRTH_DAY_HEAPING] = _proven_share(CheckName.BIRTH_DAY_HEAPING, heaped)
    return readings


def _months(group: MeasuredGroup) -> npt.NDArray[np.int64]:
    """Return completed months of those from birth to under five, -1 of all others."""
    age = group.age_days
    inside = (age >= 0) & (age <= LAST_DAY)
    return np.where(inside, np.where(inside, age, 0).astype(np.int64) * 16 // 487, -1)


def missing_readings(group: MeasuredGroup) -> dict[CheckName, Reading]:
    """Return the per cent of rows without weight, length, age or sex. Chance plays no part."""
    missing: Mapping[CheckName, BoolArray] = {
        CheckName.WEIGHT_MISSING: ~is_given(group.weight_kg),
        CheckName.HEIGHT_MISSING: ~is_given(group.lenhei_cm),
        CheckName.AGE_MISSING: ~(group.age_days >= 0),
        CheckName.SEX_MISSING: ~np.isin(group.sex, list(SexCode)),
    }
    return {name: _share(absent) for name, absent in missing.items()}


def position_readings(group: MeasuredGroup) -> dict[CheckName, Reading]:
    """Return position against age, among the children whose length or height was taken."""
    measured = is_given(group.lenhei_cm)
    known = group.lying | group.standing
    aged = measured & known & (group.age_days >= 0)
    against = np.where(group.age_days < STANDING_FROM_DAY, group.standing, group.lying)
    young = aged & (group.age_days < STANDING_BELIEVED_FROM_DAY)
    return {
        CheckName.POSITION_AGAINST_AGE: _share(against[aged]),
        CheckName.STANDING_DISBELIEVED: _share(group.standing[young]),
        CheckName.POSITION_UNKNOWN: _share(~known[measured]),
    }


def _share(faulty: BoolArray) -> Reading:
    return Reading(100 * int(faulty.sum()) / len(faulty) if len(faulty) else None, len(faulty))


def position_columns(position: npt.ArrayLike | None, count: int) -> tuple[BoolArray, BoolArray]:
    """Return who was measured lying and who standing, of positions as `assess_batch` takes them."""
    if position is None:
        return np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    given = np.asarray(position)
    coded = given.dtype.kind in "iu"
    lying: BoolArray = given == (LYING if coded else PositionCode.LYING.value)
    standing: BoolArray = given == (STANDING if coded else PositionCode.STANDING.value)
    return lying, standing
