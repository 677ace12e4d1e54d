"""One grade for a group, from its checks.

ENA adds penalty points: up to 9 excellent, up to 14 good, up to 24 acceptable, 25 and more problematic.
Its checks that concern single children (all but the Poisson test between clusters, which a posyandu has
not) come to 100 points at most, 90 without arm circumference. A small group leaves some checks out, so
the points are counted out of a hundred of those that could be judged, and ENA's limits held against that.
When fewer than 50 points could be judged the group gets no grade: what is left says too little.

ENA looks at wasting and not at height for age. This register is about stunting, so WHO's criteria for
all three indices, and completeness, hold the grade down: with one of them problematic a group is
acceptable at best. With the SD of two indices problematic it is problematic: no children are so alike,
and none so unlike, and the 20 points that ENA gives for the SD of WHZ alone would still be acceptable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from registry.statistics.quality.limits import Check
from registry.statistics.quality.terms import GRADES, CheckName, Level

GRADE_LIMITS = (10, 15, 25)
"""Points out of a hundred from which a group is good, acceptable, problematic."""

LEAST_POSSIBLE = 50
"""With fewer points that could be judged, a group has no grade."""

_SPREADS = (CheckName.HAZ_SD, CheckName.WAZ_SD, CheckName.WHZ_SD)


class Grade(NamedTuple):
    """The grade of a group.

    points, possible: ENA's penalty points of the checks that could be judged, and the most they can give.
    grade: one of GRADES, or TOO_FEW. reasons: the checks that made it so, the worst first; when too few,
    the checks that could not be judged.
    """

    points: int
    possible: int
    grade: Level
    reasons: tuple[CheckName, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """What a group's measurements look like; see `Grade`.

    count: rows of the group. checks: in the order of CheckName; one whose measure was not given is left out.
    """

    count: int
    checks: tuple[Check, ...]
    points: int
    possible: int
    grade: Level
    reasons: tuple[CheckName, ...]

    def check(self, name: CheckName) -> Check:
        """Return the check of a name. KeyError when its measure was not given."""
        return {check.name: check for check in self.checks}[name]


def grade_of(checks: Sequence[Check]) -> Grade:
    """Return the grade of a group with these checks, and what it comes from."""
    judged = [check for check in checks if check.is_judged]
    points = sum(check.points for check in judged)
    possible = sum(check.rule.points[-1] for check in judged)
    if possible < LEAST_POSSIBLE:
        unjudged = (check for check in checks if any(check.rule.points) and not check.is_judged)
        return Grade(points, possible, Level.TOO_FEW, _names(unjudged))
    held_down = [c for c in judged if c.rule.holds_down and c.level is Level.PROBLEMATIC]
    by_points = GRADES[sum(100 * points >= limit * possible for limit in GRADE_LIMITS)]
    grade = max(by_points, _at_best(held_down), key=GRADES.index)
    penalised = sorted((check for check in judged if check.points), key=lambda check: -check.points)
    return Grade(points, possible, grade, _names([*penalised, *held_down]))


def _at_best(held_down: Sequence[Check]) -> Level:
    """Return the best grade that these problematic checks leave."""
    if sum(check.name in _SPREADS for check in held_down) > 1:
        return Level.PROBLEMATIC
    return Level.ACCEPTABLE if held_down else Level.EXCELLENT


def _names(checks: Iterable[Check]) -> tuple[CheckName, ...]:
    return tuple(check.name for check in checks)
