"""Every limit of the checks on one page, and how a figure is held against it.

A fault counts only when it is proven. A posyandu has thirty children, and a perfect thirty is often
outside limits made for surveys of nine hundred: the digit preference score of n honest values is about
100 / sqrt(n), 18 for thirty, and their SD misses by 0.13 either way. So a level below excellent stands
only if a faultless group of that size comes out so badly less than once in a hundred times (`PROOF`).
One in a hundred and not in twenty, because a district looks at some three hundred cadres a month.
The sex and the age ratio need no more, for ENA's limits on them are p-values already.
This is milder than ENA where the group is small. With nine hundred children a digit score is proven from
5 and an SD above 1 from 1.16, so only ENA's "good" SD of 1.10 to 1.15 comes out unproven; with a hundred
the score is proven from 16, the SD from 1.28. `Rule.level` gives ENA's level of a figure, chance aside.

The fewest children a check is judged on. Ten equal digits are judged from thirty, twelve months as well:
with three expected in a cell chi-square still keeps its one in a hundred when all cells are equal (a test
simulates it; the usual five are for unequal ones). Two halves want five in each, so a dozen. Flags and SD
want twenty, for a posyandu some of whose thirty children stayed away, skewness and kurtosis a hundred,
from where their errors are near normal. What no chance is in (missing, position) wants ten.

Where the limits come from:

- ENA: the plausibility check of ENA for SMART, as in the SMART manual 2.0 (2017).
- WHO 2019: WHO and UNICEF (2019), Recommendations for data collection, analysis and reporting on
  anthropometric indicators in children under 5 years old.
- WHO 1995: WHO Technical Report Series 854; the outer limit from Mei and Grummer-Strawn (2007, Bulletin of
  WHO 85) and the SMART manual.
- NiPN: the data quality toolkit of the National Information Platforms for Nutrition (Myatt and Guevarra).
- The register's own, where nobody has published a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.statistics.quality.terms import GRADES, CheckName, Level

PROOF = 0.01
"""A faultless group comes out so badly less often than this, or the fault is not proven."""

SEX_RATIO_EXPECTED = (1.00, 1.07)
"""Boys for each girl: 1 is ENA's, 1.07 the most that birth gives where nobody chooses.

A range, because against any single ratio a whole district is proven wrong.
"""

AGE_RATIO_EXPECTED = (0.75, 0.85)
"""Children of 6-29 for each of 30-59 months: 0.85 is ENA's, for growing populations; 24 months to 30 is
0.80; births that fall by 3% a year give 0.75."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure as found, before it is judged.

    value: None when there was nothing to count. count: the children it rests on. p: how often a faultless
    group of this size gives a figure as bad; None where chance plays no part.
    """

    value: float | None
    count: int
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How a check is judged.

    smallest: the fewest children it is judged on.
    limits: what its value, or p if limits_on_p, is held against, in rising order. One: excellent up to it,
    problematic beyond. Three: up to each is excellent, good, acceptable. Four or six: within the innermost
    pair excellent, beyond the outermost problematic. For p, above the highest is excellent.
    points: ENA's penalty at each of GRADES. holds_down: a problematic one keeps a grade at acceptable.
    strict: the limit itself belongs to the worse side. whole: rounded to a whole number first, as ENA does.
    size_only: a moment, judged without its sign.
    """

    smallest: int
    limits: tuple[float, ...]
    points: tuple[int, int, int, int] = (0, 0, 0, 0)
    holds_down: bool = False
    limits_on_p: bool = False
    strict: bool = False
    whole: bool = False
    size_only: bool = False

    @property
    def excellent(self) -> tuple[float, float]:
        """Return from where to where a value is excellent; a share or a score from 0."""
        half = len(self.limits) // 2
        return (self.limits[half - 1], self.limits[half]) if self.is_paired else (0, self.limits[0])

    @property
    def is_paired(self) -> bool:
        """Return whether the limits are below and above, not above alone."""
        return len(self.limits) > len(_FAULTS)

    def level(self, figure: float) -> Level:
        """Return the level of a figure by the limits alone, chance aside."""
        figure = abs(figure) if self.size_only else figure
        figure = round(figure) if self.whole else figure
        if self.limits_on_p:
            return _with_faults(sum(figure <= limit for limit in self.limits), len(self.limits))
        if not self.is_paired:
            return _with_faults(self._above(figure, self.limits), len(self.limits))
        half = len(self.limits) // 2
        below = self._above(-figure, tuple(-limit for limit in self.limits[:half]))
        return _with_faults(max(below, self._above(figure, self.limits[half:])), half)

    def _above(self, figure: float, limits: tuple[float, ...]) -> int:
        return sum(figure >= limit if self.strict else figure > limit for limit in limits)


_FAULTS = GRADES[1:]


def _with_faults(passed: int, limits: int) -> Level:
    """Return the level once so many of its limits are passed; the last one is always to problematic."""
    return GRADES[passed + len(_FAULTS) - limits] if passed else Level.EXCELLENT


_HEAVY, _MIDDLE, _LIGHT = (0, 5, 10, 20), (0, 2, 4, 10), (0, 1, 3, 5)

# ENA:
_DIGITS = Rule(30, (7, 12, 20), _MIDDLE, whole=True)
_RATIO = Rule(12, (0.001, 0.05, 0.1), _MIDDLE, limits_on_p=True)
_MOMENT = Rule(100, (0.2, 0.4, 0.6), _LIGHT, strict=True, size_only=True)
# WHO 2019 knows one limit: more than 1% is poor.
_FLAGGED = Rule(20, (1,), holds_down=True)
# The register's own:
_MISSING = Rule(10, (1, 5, 10), holds_down=True)
_POSITION = Rule(10, (5, 10, 20))


def _sd(low: float, high: float, widest: float) -> Rule:
    """Return WHO's range of 1995 and the widest SD that 95 of 100 national surveys stayed under.

    The narrowest is SMART's 0.80: children of the standard itself, who were measured by the best, have 1.
    """
    return Rule(20, (0.80, low, high, widest), holds_down=True)


RULES: Mapping[CheckName, Rule] = {
    CheckName.WHZ_FLAGGED_SMART: Rule(20, (2.5, 5, 7.5), _HEAVY),  # ENA
    CheckName.SEX_RATIO: _RATIO,
    CheckName.AGE_RATIO: _RATIO,
    CheckName.WEIGHT_DIGITS: _DIGITS,
    CheckName.HEIGHT_DIGITS: _DIGITS,
    CheckName.MUAC_DIGITS: _DIGITS,
    CheckName.WHZ_SD_SMART: Rule(20, (0.80, 0.85, 0.90, 1.10, 1.15, 1.20), _HEAVY, strict=True),  # ENA
    CheckName.WHZ_SKEWNESS: _MOMENT,
    CheckName.WHZ_KURTOSIS: _MOMENT,
    CheckName.HAZ_FLAGGED: _FLAGGED,
    CheckName.WAZ_FLAGGED: _FLAGGED,
    CheckName.WHZ_FLAGGED: _FLAGGED,
    CheckName.HAZ_SD: _sd(1.10, 1.30, 1.95),
    CheckName.WAZ_SD: _sd(1.00, 1.20, 1.46),
    CheckName.WHZ_SD: _sd(0.85, 1.10, 1.50),
    CheckName.WEIGHT_MISSING: _MISSING,
    CheckName.HEIGHT_MISSING: _MISSING,
    CheckName.AGE_MISSING: _MISSING,
    CheckName.SEX_MISSING: _MISSING,
    CheckName.AGE_HEAPING: Rule(30, (7, 12, 20), whole=True),  # NiPN
    CheckName.BIRTH_DAY_HEAPING: Rule(30, (10, 15, 25)),
    CheckName.BIRTH_DATE_ESTIMATED: Rule(10, (1, 5, 10)),
    CheckName.POSITION_AGAINST_AGE: _POSITION,
    CheckName.STANDING_DISBELIEVED: Rule(10, (1, 5, 10)),
    CheckName.POSITION_UNKNOWN: _POSITION,
}

LEAST_JUDGED = min(rule.smallest for rule in RULES.values())
"""Of fewer children nothing is judged."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at in a group: what was read (see `Reading`), and its level by its rule."""

    name: CheckName
    value: float | None
    count: int
    p: float | None
    level: Level

    @property
    def rule(self) -> Rule:
        return RULES[self.name]

    @property
    def is_judged(self) -> bool:
        """Return whether there were enough children to judge."""
        return self.level is not Level.TOO_FEW

    @property
    def points(self) -> int:
        """Return ENA's penalty points."""
        return self.rule.points[GRADES.index(self.level)] if self.level in GRADES else 0


def judge(name: CheckName, reading: Reading) -> Check:
    """Return a figure held against the rule of its check."""
    return Check(name, reading.value, reading.count, reading.p, _level(RULES[name], reading))


def _level(rule: Rule, reading: Reading) -> Level:
    figure = reading.p if rule.limits_on_p else reading.value
    if reading.count < rule.smallest or figure is None:
        return Level.TOO_FEW
    level = rule.level(figure)
    if level is Level.EXCELLENT or rule.limits_on_p or reading.p is None or reading.p < PROOF:
        return level
    return Level.UNPROVEN
