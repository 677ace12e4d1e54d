"""Age, sex and position of a child, as WHO's standards count them.

Ages are whole days. A WHO month is 30.4375 days, which is 487/16 exactly, so every rule about
months is decided here with integers and never with rounded fractions.

Source: WHO Child Growth Standards 2006 and WHO's software (R package anthro 1.1.0).
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum, StrEnum

LAST_DAY = 1826
"""The last day in days of age that is under five: 1826 / 30.4375 < 60."""

STANDING_FROM_DAY = 731
"""24 months. From this day a child is measured standing, before it lying."""

STANDING_BELIEVED_FROM_DAY = 274
"""9 months. A standing mark before it (day 273 or earlier) is not believed."""

STANDING_TO_LYING_CM = 0.7
"""A child is this much longer lying than standing (WHO 2006)."""

STEPS_PER_CM = 10_000
STEPS_PER_MM = 1_000
"""Lengths are counted in thousandths of a millimetre where floats would miss the decimal."""


class SexCode(IntEnum):
    """Sex in WHO's codes."""

    BOY = 1
    GIRL = 2


class PositionCode(StrEnum):
    """How the length or height was measured, in WHO's codes."""

    LYING = "L"
    STANDING = "H"
    UNKNOWN = ""


class AgeGroupCode(StrEnum):
    """WHO's age groups, by completed months."""

    M00_05 = "00-05"
    M06_11 = "06-11"
    M12_23 = "12-23"
    M24_35 = "24-35"
    M36_47 = "36-47"
    M48_59 = "48-59"


_GROUPS_BELOW_MONTH = (
    (6, AgeGroupCode.M00_05),
    (12, AgeGroupCode.M06_11),
    (24, AgeGroupCode.M12_23),
    (36, AgeGroupCode.M24_35),
    (48, AgeGroupCode.M36_47),
    (60, AgeGroupCode.M48_59),
)


def age_in_days(birth: date, on: date) -> int:
    """Return whole days from birth to a date. ValueError when the date is before the birth."""
    days = (on - birth).days
    if days < 0:
        raise ValueError(f"{on} is before the birth on {birth}")
    return days


def days_from_months(age_months: float) -> int:
    """Return age in days of an age in WHO months (30.4375 days), as WHO rounds it."""
    return int(age_months * 30.4375 + 0.5)


def completed_months(age_days: int) -> int:
    """Return completed WHO months: floor(days / 30.4375)."""
    return age_days * 16 // 487


def under_five(age_days: int) -> bool:
    """Return whether an age is in the standards' range, 0 to 59 completed months (day 0 to 1826)."""
    return 0 <= age_days <= LAST_DAY


def age_group(age_days: int) -> AgeGroupCode:
    """Return WHO's age group of an age. ValueError when it is outside 0 to 1826 days."""
    if not under_five(age_days):
        raise ValueError(f"{age_days} days is not an age from birth to under five years")
    months = completed_months(age_days)
    return next(group for below, group in _GROUPS_BELOW_MONTH if months < below)


def expected_position(age_days: int) -> PositionCode:
    """Return lying before 24 months (day 731), standing from then on."""
    return PositionCode.LYING if age_days < STANDING_FROM_DAY else PositionCode.STANDING


def corrected_lenhei(
    lenhei_cm: float | None, position: PositionCode, age_days: int | None
) -> tuple[float | None, bool]:
    """Return the length or height in the position that the standards expect at this age.

    Returns the corrected value in cm and whether a standing mark was not believed. Standing
    before 24 months: 0.7 cm longer. Lying from 24 months: 0.7 cm shorter. A standing mark under
    9 months is not believed and the value taken as lying. No correction when the position or the
    age is unknown.
    """
    if age_days is None or position == PositionCode.UNKNOWN:
        return lenhei_cm, False
    if position == PositionCode.STANDING and age_days < STANDING_BELIEVED_FROM_DAY:
        return lenhei_cm, True
    if lenhei_cm is None or position == expected_position(age_days):
        return lenhei_cm, False
    shift = STANDING_TO_LYING_CM if position == PositionCode.STANDING else -STANDING_TO_LYING_CM
    # 103.1 - 0.7 is 102.39999999999999 in floats: put the result back on its decimal grid.
    return round((lenhei_cm + shift) * STEPS_PER_CM) / STEPS_PER_CM, False
