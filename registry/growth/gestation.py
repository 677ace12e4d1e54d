"""The age of a child born early, counted from the day it was due.

Source: RCPCH's UK-WHO growth charts: a child born before 37 weeks is drawn at its corrected age until two
years. WHO's rates take the age from birth; nothing here enters one.
"""

from __future__ import annotations

from registry.growth.rules import STANDING_FROM_DAY

TERM_WEEKS = 40
"""Completed weeks of pregnancy to which an age is corrected."""

PRETERM_BELOW_WEEKS = 37


def corrected_age_days(age_days: int, gestation_weeks: int | None) -> int | None:
    """Return the age in days from the day a child was due; None where nothing is corrected.

    That is for a child of 37 weeks or more (or of unknown weeks), before the day it was due, and from 24
    months of corrected age.
    """
    if gestation_weeks is None or gestation_weeks >= PRETERM_BELOW_WEEKS:
        return None
    corrected = age_days - (TERM_WEEKS - gestation_weeks) * 7
    return corrected if 0 <= corrected < STANDING_FROM_DAY else None
