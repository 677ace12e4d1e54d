"""The indicators of forms 2A, 2B and 2C, by group and package, and the rules they are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ScoreGroup(StrEnum):
    """Whom a form is about."""

    PREGNANT = "pregnant"  # form 2A, with mothers up to the last visit after birth
    YOUNG_CHILD = "young_child"  # form 2B: before the second birthday
    PRESCHOOL_CHILD = "preschool_child"  # form 2C: from the second to the seventh birthday


class ServicePackage(StrEnum):
    """The five packages of services."""

    HEALTH = "kia"
    COUNSELLING = "konseling_gizi"
    WATER_SANITATION = "air_sanitasi"
    SOCIAL_PROTECTION = "perlindungan_sosial"
    EARLY_LEARNING = "paud"


class ScoredService(StrEnum):
    """What is given to a person on a day."""

    CHECK_UP = "check_up"
    IRON_TABLETS = "iron_tablets"  # counted in tablets
    POSTNATAL_VISIT = "postnatal_visit"
    COUNSELLING = "counselling"
    HOME_VISIT = "home_visit"
    IMMUNISATION_COMPLETE = "immunisation_complete"
    WEIGHING = "weighing"
    HEIGHT = "height"
    PARENTING_CLASS = "parenting_class"
    LESSONS = "lessons"  # of a month: attended, of those held


class LivingCondition(StrEnum):
    """What a household or person has or lacks, as last asked."""

    SAFE_WATER = "safe_water"
    LATRINE = "latrine"
    INSURANCE = "insurance"
    BIRTH_CERTIFICATE = "birth_certificate"
    AT_RISK = "at_risk"  # a pregnancy: home visits are due
    THIN = "kek"  # chronic lack of energy (KEK): the same


class ScoreIndicator(StrEnum):
    """One column of a form. The values are for programs and never change."""

    CHECK_UPS = "check_ups"
    IRON_TABLETS = "iron_tablets"
    POSTNATAL_VISITS = "postnatal_visits"
    COUNSELLING = "counselling"
    VISITS_AT_RISK = "visits_at_risk"
    SAFE_WATER = "safe_water"
    LATRINE = "latrine"
    INSURANCE = "insurance"
    IMMUNISATION = "immunisation"
    WEIGHED_MONTHLY = "weighed_monthly"
    HEIGHT_TWICE = "height_twice"
    COUNSELLED_MONTHLY = "counselled_monthly"
    BIRTH_CERTIFICATE = "birth_certificate"
    PARENTING_CLASSES = "parenting_classes"
    LESSONS = "lessons"


INDICATORS: Mapping[ScoreGroup, Mapping[ScoreIndicator, ServicePackage]] = {
    ScoreGroup.PREGNANT: {
        ScoreIndicator.CHECK_UPS: ServicePackage.HEALTH,
        ScoreIndicator.IRON_TABLETS: ServicePackage.HEALTH,
        ScoreIndicator.POSTNATAL_VISITS: ServicePackage.HEALTH,
        ScoreIndicator.COUNSELLING: ServicePackage.COUNSELLING,
        ScoreIndicator.VISITS_AT_RISK: ServicePackage.HEALTH,
        ScoreIndicator.SAFE_WATER: ServicePackage.WATER_SANITATION,
        ScoreIndicator.LATRINE: ServicePackage.WATER_SANITATION,
        ScoreIndicator.INSURANCE: ServicePackage.SOCIAL_PROTECTION,
    },
    ScoreGroup.YOUNG_CHILD: {
        ScoreIndicator.IMMUNISATION: ServicePackage.HEALTH,
        ScoreIndicator.WEIGHED_MONTHLY: ServicePackage.HEALTH,
        ScoreIndicator.HEIGHT_TWICE: ServicePackage.HEALTH,
        ScoreIndicator.COUNSELLED_MONTHLY: ServicePackage.COUNSELLING,
        ScoreIndicator.VISITS_AT_RISK: ServicePackage.HEALTH,
        ScoreIndicator.SAFE_WATER: ServicePackage.WATER_SANITATION,
        ScoreIndicator.LATRINE: ServicePackage.WATER_SANITATION,
        ScoreIndicator.BIRTH_CERTIFICATE: ServicePackage.SOCIAL_PROTECTION,
        ScoreIndicator.INSURANCE: ServicePackage.SOCIAL_PROTECTION,
        ScoreIndicator.PARENTING_CLASSES: ServicePackage.EARLY_LEARNING,
    },
    ScoreGroup.PRESCHOOL_CHILD: {ScoreIndicator.LESSONS: ServicePackage.EARLY_LEARNING},
}
"""The indicators of each group in the order of its form."""

OUTSIDE_VILLAGE_SCORE = frozenset({ScoreGroup.PRESCHOOL_CHILD})
"""Groups whose result stands beside the score of the village and is no part of it."""


@dataclass(frozen=True, slots=True)
class ScorecardRules:
    """The numbers that a district may set, in force from the day ``since`` on.

    ``weeks_due``: weeks of pregnancy from which one, two, ... check-ups and classes are due.
    ``tablets_a_month`` are due for each whole month, up to ``tablets`` in all. ``pregnancy_days`` after the
    last period a pregnancy without a recorded delivery ends. ``postnatal_visits`` are due by the day
    ``postnatal_days`` after delivery. One height is due in ``height_months`` whole months.
    ``lessons_percent``: of the lessons held, how many a child has to attend.
    """

    since: date
    weeks_due: tuple[int, ...] = (12, 24, 32, 36)
    tablets_a_month: int = 30
    tablets: int = 90
    pregnancy_days: int = 294
    postnatal_visits: int = 3
    postnatal_days: int = 42
    height_months: int = 6
    lessons_percent: int = 80


FIRST_RULES = ScorecardRules(since=date(2018, 1, 1))
"""The readings of the guide that the register begins with; the year of the first scorecards."""
