"""Measurements that are more likely a slip of the hand than a child: the rule, with every limit of it.

A flag is a question to the one who measured, not a refusal: look again, then confirm. WHO's limits of a
z-score stand in `indices`. The limits here are of changes between two measurements that no child makes.
The phone has a twin of this module (static/js): change both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from registry.growth.rules import (
    LAST_DAY,
    STANDING_TO_LYING_CM,
    PositionCode,
    SexCode,
    completed_months,
    expected_position,
)
from registry.growth.single import Assessment
from registry.growth.tables import lms

DAYS_PER_MONTH = 30.4375
STANDING_TO_LYING_MM = round(STANDING_TO_LYING_CM * 10)

SHORTER_BY_MORE_THAN_MM = 10
"""Two careful measurements of one child may differ by a centimetre; a child does not shrink."""

LENGTH_GAIN_TWO_MONTHS_MM = (
    *(119, 100, 85, 74, 65, 59, 55, 54, 52, 51, 49, 48),
    *(48, 47, 46, 46, 45, 45, 44, 44, 43, 43, 43, 43),
)
"""The most that length grows in two months, in mm, by completed month of age at the start.

WHO growth velocity standards (2009), two-month length increments at +3 SD, the larger of boys and
girls (figures as the R package growthcleanr tabulates them). They end at 24 months; the last one
holds after it, which is generous.
"""

WEIGHT_SHARE_AT_ONCE = 0.10
WEIGHT_LOSS_SHARE_PER_MONTH = 0.05
WEIGHT_LOSS_SHARE_AT_MOST = 0.25
WEIGHT_GAIN_TIMES_MEDIAN = 2
"""See most_weight_gain_g and most_weight_loss_g for the reasons."""


class PlausibilityFlag(StrEnum):
    """Why a measurement needs a second look: a flag of WHO's, or a jump since the one before."""

    HAZ_FLAG = "haz_flag"
    WAZ_FLAG = "waz_flag"
    WHZ_FLAG = "whz_flag"
    BAZ_FLAG = "baz_flag"
    SHORTER = "shorter"
    WEIGHT_JUMP = "weight_jump"
    LENGTH_JUMP = "length_jump"


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement of a child: age in days, weight in kg, corrected length or height in cm."""

    age_days: int
    weight_kg: float | None
    clenhei_cm: float | None


def plausibility_flags(
    assessment: Assessment, *, weight_kg: float | None, age_days: int, previous: Measured | None
) -> list[PlausibilityFlag]:
    """Return every reason to look at a measurement again, empty when there is none.

    weight_kg: the weight that was assessed. Lengths are compared as corrected, and as if both were
    measured lying. Raises: ValueError when `previous` is of a later day.
    """
    who_flags = (
        (PlausibilityFlag.HAZ_FLAG, assessment.haz_flag),
        (PlausibilityFlag.WAZ_FLAG, assessment.waz_flag),
        (PlausibilityFlag.WHZ_FLAG, assessment.whz_flag),
        (PlausibilityFlag.BAZ_FLAG, assessment.baz_flag),
    )
    flags = [flag for flag, is_set in who_flags if is_set]
    if previous is not None:
        now = Measured(age_days, weight_kg, assessment.clenhei_cm)
        if previous.age_days > now.age_days:
            raise ValueError("the previous measurement is of a later day")
        jumps = (find_length_jump(previous, now), find_weight_jump(previous, now))
        flags += [jump for jump in jumps if jump is not None]
    return flags


def find_weight_jump(before: Measured, now: Measured) -> PlausibilityFlag | None:
    """Return WEIGHT_JUMP when a child gained or lost more than it can; None without both weights."""
    if before.weight_kg is None or now.weight_kg is None:
        return None
    # Whole grams: 8.2 - 8.0 is a little less than 0.2 in floats.
    before_g = round(before.weight_kg * 1000)
    gained_g = round(now.weight_kg * 1000) - before_g
    most_g = most_weight_gain_g(before_g, before.age_days, now.age_days)
    least_g = -most_weight_loss_g(before_g, before.age_days, now.age_days)
    return None if least_g <= gained_g <= most_g else PlausibilityFlag.WEIGHT_JUMP


def find_length_jump(before: Measured, now: Measured) -> PlausibilityFlag | None:
    """Return SHORTER or LENGTH_JUMP when no child grows so; None without both lengths."""
    if before.clenhei_cm is None or now.clenhei_cm is None:
        return None
    grown_mm = _lying_mm(now.clenhei_cm, now.age_days) - _lying_mm(before.clenhei_cm, before.age_days)
    if grown_mm < -SHORTER_BY_MORE_THAN_MM:
        return PlausibilityFlag.SHORTER
    if grown_mm > most_length_gain_mm(before.age_days, now.age_days):
        return PlausibilityFlag.LENGTH_JUMP
    return None


def _lying_mm(clenhei_cm: float, age_days: int) -> int:
    """Return a corrected length or height as a length, so that turning two does not look like shrinking."""
    standing_mm = STANDING_TO_LYING_MM if expected_position(age_days) is PositionCode.STANDING else 0
    return round(clenhei_cm * 10) + standing_mm


def most_length_gain_mm(from_day: int, to_day: int) -> int:
    """Return the most that a child's length can have grown between two ages, in mm.

    One two-month increment of LENGTH_GAIN_TWO_MONTHS_MM for each two months begun, so that two
    measurements a day apart may still differ by what WHO's own measurers differed by and more.
    """
    first = completed_months(from_day)
    steps = max(1, ceil((to_day - from_day) / (2 * DAYS_PER_MONTH)))
    oldest = len(LENGTH_GAIN_TWO_MONTHS_MM) - 1
    return sum(LENGTH_GAIN_TWO_MONTHS_MM[min(first + 2 * step, oldest)] for step in range(steps))


def most_weight_gain_g(before_g: int, from_day: int, to_day: int) -> int:
    """Return the most that a child can have gained between two ages, in grams.

    Twice what the median boy of WHO's weight for age gains in that time, and a tenth of the child's
    weight for the scale, clothes, meals and water. Our own limit, derived from the weight-for-age
    table because WHO's weight velocity tables end at 24 months. A child treated for gizi buruk may
    gain more (above 10 g/kg a day, WHO 2003), which is one reason why a flag can be confirmed.
    """
    median_kg = lms("wfa", SexCode.BOY)[:, 1]
    median_gain_kg = float(median_kg[min(to_day, LAST_DAY)] - median_kg[min(from_day, LAST_DAY)])
    expected_g = WEIGHT_GAIN_TIMES_MEDIAN * max(0.0, median_gain_kg * 1000)
    return round(WEIGHT_SHARE_AT_ONCE * before_g + expected_g)


def most_weight_loss_g(before_g: int, from_day: int, to_day: int) -> int:
    """Return the most that a child can have lost between two ages, in grams.

    A tenth of its weight in water at once (severe dehydration begins there, WHO 2005; a newborn's
    first days also stay within it) and a twentieth more for each month begun, up to a quarter.
    """
    months = max(1, ceil((to_day - from_day) / DAYS_PER_MONTH))
    share = min(WEIGHT_SHARE_AT_ONCE + months * WEIGHT_LOSS_SHARE_PER_MONTH, WEIGHT_LOSS_SHARE_AT_MOST)
    return round(share * before_g)
