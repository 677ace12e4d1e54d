"""The words of data quality: which checks there are, how a check went, and what a group comes to."""

from __future__ import annotations

from enum import StrEnum


class CheckName(StrEnum):
    """What is looked at; stable codes.

    ENA's plausibility check, the only ones that give points:

    - whz_flagged_smart: per cent of WHZ more than 3 SD from the group's own mean (SMART flags).
    - sex_ratio: boys for each girl. age_ratio: children of 6-29 months for each of 30-59 months.
    - weight_digits, height_digits, muac_digits: score of preference for some last digits, 0 to 100.
    - whz_sd_smart, whz_skewness, whz_kurtosis: shape of WHZ without SMART flags; kurtosis is 0 for a
      normal distribution.

    WHO's survey criteria, which hold the grade down:

    - haz_flagged, waz_flagged, whz_flagged: per cent of z-scores that WHO does not believe.
    - haz_sd, waz_sd, whz_sd: SD of the z-scores that WHO believes.
    - weight_missing, height_missing, age_missing, sex_missing: per cent of rows without it.

    What training and registration can mend, for information:

    - age_heaping: score of preference for some months of a year of age (whole years, half years), 0 to 100.
    - birth_day_heaping: per cent born on the 1st or the 15th, of those whose day of birth is known.
    - birth_date_estimated: per cent whose day of birth is not known.
    - position_against_age: per cent measured lying from 24 months or standing before.
    - standing_disbelieved: per cent of children under 9 months said to have been measured standing.
    - position_unknown: per cent of lengths and heights without their position.
    """

    WHZ_FLAGGED_SMART = "whz_flagged_smart"
    SEX_RATIO = "sex_ratio"
    AGE_RATIO = "age_ratio"
    WEIGHT_DIGITS = "weight_digits"
    HEIGHT_DIGITS = "height_digits"
    MUAC_DIGITS = "muac_digits"
    WHZ_SD_SMART = "whz_sd_smart"
    WHZ_SKEWNESS = "whz_skewness"
    WHZ_KURTOSIS = "whz_kurtosis"
    HAZ_FLAGGED = "haz_flagged"
    WAZ_FLAGGED = "waz_flagged"
    WHZ_FLAGGED = "whz_flagged"
    HAZ_SD = "haz_sd"
    WAZ_SD = "waz_sd"
    WHZ_SD = "whz_sd"
    WEIGHT_MISSING = "weight_missing"
    HEIGHT_MISSING = "height_missing"
    AGE_MISSING = "age_missing"
    SEX_MISSING = "sex_missing"
    AGE_HEAPING = "age_heaping"
    BIRTH_DAY_HEAPING = "birth_day_heaping"
    BIRTH_DATE_ESTIMATED = "birth_date_estimated"
    POSITION_AGAINST_AGE = "position_against_age"
    STANDING_DISBELIEVED = "standing_disbelieved"
    POSITION_UNKNOWN = "position_unknown"


class Level(StrEnum):
    """How a check, or a whole group, came out; ENA's four words and two of our own."""

    EXCELLENT = "excellent"
    GOOD = "good"
    ACCEPTABLE = "acceptable"
    PROBLEMATIC = "problematic"
    UNPROVEN = "unproven"
    """Outside the limit of excellent, but a faultless group of this size may be so by chance: no points."""
    TOO_FEW = "too_few"
    """Too few children to judge; it counts for nothing. A group: too little could be judged."""


GRADES = (Level.EXCELLENT, Level.GOOD, Level.ACCEPTABLE, Level.PROBLEMATIC)
"""The levels that a judgement can come to, best first."""
