"""The score of a village: all yes of all that applies, in all and by indicator and package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpm.scorecard.indicators import (
    INDICATORS,
    OUTSIDE_VILLAGE_SCORE,
    ScoreGroup,
    ScoreIndicator,
    ServicePackage,
)
from kpm.scorecard.judgement import ScoreAnswer, ScorecardRow


@dataclass(frozen=True, slots=True)
class ScoreShare:
    """``yes`` of ``applicable``; nothing to show where nothing applies."""

    yes: int = 0
    applicable: int = 0

    @property
    def percent(self) -> float | None:
        return 100 * self.yes / self.applicable if self.applicable else None


@dataclass(frozen=True, slots=True)
class VillageScore:
    """What the village report (form 4) says of a quarter.

    ``village`` has the groups that count in it; ``by_indicator`` and ``by_package`` have every group that
    has such an indicator. It is never a mean of percentages.
    """

    village: ScoreShare
    by_indicator: Mapping[tuple[ScoreGroup, ScoreIndicator], ScoreShare]
    by_package: Mapping[ServicePackage, ScoreShare]


def person_share(row: ScorecardRow) -> ScoreShare:
    """Return the share of one person: yes of all indicators that apply."""
    answers = Counter(judgement.answer for judgement in row.judgements.values())
    return ScoreShare(answers[ScoreAnswer.YES], answers[ScoreAnswer.YES] + answers[ScoreAnswer.NO])


ScoreCells = Mapping[tuple[ScoreGroup, ScoreIndicator], ScoreShare]
"""Yes and applicable of each column of the forms."""

COLUMNS = [(group, indicator) for group, of_group in INDICATORS.items() for indicator in of_group]
"""All columns in the order of the forms."""


def count_answers(rows: Iterable[ScorecardRow]) -> ScoreCells:
    """Return yes and applicable of each column over the ``rows`` of one village and quarter."""
    yes: Counter[tuple[ScoreGroup, ScoreIndicator]] = Counter()
    applicable: Counter[tuple[ScoreGroup, ScoreIndicator]] = Counter()
    for row in rows:
        for indicator, judgement in row.judgements.items():
            yes[row.group, indicator] += judgement.answer is ScoreAnswer.YES
            applicable[row.group, indicator] += judgement.answer is not ScoreAnswer.NOT_APPLICABLE
    return {key: ScoreShare(yes[key], applicable[key]) for key in COLUMNS}


def sum_cells(many: Iterable[ScoreCells]) -> ScoreCells:
    """Return the columns of several quarters or villages as one."""
    found = list(many)
    return {key: _sum_shares(cells[key] for cells in found) for key in COLUMNS}


def score_cells(cells: ScoreCells) -> VillageScore:
    """Return the score that these columns give."""
    packages = {
        package: _sum_shares(cells[key] for key in COLUMNS if INDICATORS[key[0]][key[1]] is package)
        for package in ServicePackage
    }
    village = _sum_shares(cells[key] for key in COLUMNS if key[0] not in OUTSIDE_VILLAGE_SCORE)
    return VillageScore(village, cells, packages)


def score_village(rows: Iterable[ScorecardRow]) -> VillageScore:
    """Return the score of the ``rows`` of one village and quarter."""
    return score_cells(count_answers(rows))


def _sum_shares(shares: Iterable[ScoreShare]) -> ScoreShare:
    found = list(shares)
    return ScoreShare(sum(one.yes for one in found), sum(one.applicable for one in found))
