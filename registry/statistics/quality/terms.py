"""The words of data quality: which checks there are, how a check went, and what a group comes to."""

from __future__ import annotations

from dataclasses import dataclass
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
    - birth_day_heaping: per cent born on the 1st or the 15th, as estimated birth dates are.
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


class Unit(StrEnum):
    """What the value of a check is counted in."""

    PERCENT = "percent"
    RATIO = "ratio"
    SCORE = "score"
    SD = "sd"
    MOMENT = "moment"


class LimitSource(StrEnum):
    """Where the limits of a check come from."""

    ENA = "ena_smart"
    """Plausibility check of ENA for SMART, as in the SMART manual 2.0 (2017)."""
    WHO_2019 = "who_unicef_2019"
    """WHO and UNICEF (2019), Recommendations for data collection, analysis and reporting on
    anthropometric indicators in children under 5 years old."""
    WHO_1995 = "who_1995"
    """WHO Technical Report Series 854 (1995); its outer limit from Mei and Grummer-Strawn (2007, Bulletin
    of WHO 85) and the SMART manual."""
    NIPN = "nipn"
    """Data quality toolkit of the National Information Platforms for Nutrition (Myatt and Guevarra)."""
    OURS = "ours"
    """No body has published a limit; this one is the register's own."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at in a group.

    value: the figure found, in unit; None when there was nothing to count.
    p: how often a faultless group of this size gives a figure as bad; None where chance plays no part.
    count: children it rests on; smallest: the fewest it is judged on.
    limits: what value, or p if limits_on_p, is held against, in rising order. One: excellent up to it,
    problematic beyond. Three: up to each is excellent, good, acceptable. Four or six: within the innermost
    pair excellent, beyond the outermost problematic. For p, above the highest is excellent.
    points: ENA's penalty; most_points: the penalty of the worst level, 0 where a check gives none.
    """

    name: CheckName
    value: float | None
    unit: Unit
    p: float | None
    count: int
    smallest: int
    limits: tuple[float, ...]
    limits_on_p: bool
    level: Level
    points: int
    most_points: int
    source: LimitSource

    @property
    def is_judged(self) -> bool:
        """Whether there were enough children to judge."""
        return self.level is not Level.TOO_FEW


@dataclass(frozen=True, slots=True)
class DigitTable:
    """The tenths digits of a measure.

    counts: how many values end in 0, 1, ... 9. score: digit preference from 0 (each digit a tenth) to
    100 (one digit only), None without values. p: how often chance alone gives so uneven a table.
    """

    counts: tuple[int, ...]
    score: float | None
    p: float | None

    @property
    def count(self) -> int:
        """How many values the table rests on."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Quality:
    """What a group's measurements look like.

    count: rows of the group. checks: in the order of CheckName; one whose measure was not given is left out.
    points, possible: ENA's penalty points of the checks that could be judged, and the most they can give.
    grade: one of GRADES, or TOO_FEW. reasons: the checks that made it so, the worst first; when too few,
    the checks that could not be judged.
    """

    count: int
    checks: tuple[Check, ...]
    points: int
    possible: int
    grade: Level
    reasons: tuple[CheckName, ...]
    weight_digits: DigitTable
    height_digits: DigitTable
    muac_digits: DigitTable | None

    def check(self, name: CheckName) -> Check:
        """The check of a name. KeyError when its measure was not given."""
        for check in self.checks:
            if check.name is name:
                return check
        raise KeyError(name)
