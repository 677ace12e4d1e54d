"""The score of a village: sums over people, never a mean of percentages."""

from __future__ import annotations

import pytest

from kpm.scorecard.indicators import ScoreGroup, ScoreIndicator, ServicePackage
from kpm.scorecard.judgement import NOT_APPLICABLE, Judgement, ScoreAnswer, ScorecardRow
from kpm.scorecard.score import ScoreShare, person_share, score_village

YES, NO = Judgement(ScoreAnswer.YES), Judgement(ScoreAnswer.NO)

ROWS = [
    ScorecardRow(
        ScoreGroup.PREGNANT,
        "33.01.02.2009",
        {
            ScoreIndicator.CHECK_UPS: YES,
            ScoreIndicator.IRON_TABLETS: NOT_APPLICABLE,
            ScoreIndicator.SAFE_WATER: NO,
            ScoreIndicator.LATRINE: NO,
        },
    ),
    ScorecardRow(
        ScoreGroup.YOUNG_CHILD,
        "33.01.02.2009",
        {
            ScoreIndicator.WEIGHED_MONTHLY: YES,
            ScoreIndicator.SAFE_WATER: YES,
            ScoreIndicator.PARENTING_CLASSES: YES,
        },
    ),
    ScorecardRow(ScoreGroup.YOUNG_CHILD, "33.01.02.2009", {ScoreIndicator.WEIGHED_MONTHLY: YES}),
    ScorecardRow(ScoreGroup.PRESCHOOL_CHILD, "33.01.02.2009", {ScoreIndicator.LESSONS: NO}),
]


def test_a_village_is_all_yes_of_all_that_applies() -> None:
    """Of 3, 3 and 1 answers that apply 1, 3 and 1 are yes: 5 of 7. The mean of the three shares is 7 of 9.

    The lessons of the child over two stand beside it.
    """
    score = score_village(ROWS)
    assert score.village == ScoreShare(5, 7)
    assert score.village.percent == pytest.approx(71.429, abs=0.001)
    assert score.by_indicator[ScoreGroup.YOUNG_CHILD, ScoreIndicator.WEIGHED_MONTHLY] == ScoreShare(2, 2)
    assert score.by_indicator[ScoreGroup.PREGNANT, ScoreIndicator.SAFE_WATER] == ScoreShare(0, 1)
    assert score.by_indicator[ScoreGroup.PRESCHOOL_CHILD, ScoreIndicator.LESSONS] == ScoreShare(0, 1)


def test_a_package_sums_its_indicators_of_every_group() -> None:
    packages = score_village(ROWS).by_package
    assert packages[ServicePackage.HEALTH] == ScoreShare(3, 3)
    assert packages[ServicePackage.WATER_SANITATION] == ScoreShare(1, 3)
    assert packages[ServicePackage.EARLY_LEARNING] == ScoreShare(1, 2)  # a class of parents, and lessons
    assert packages[ServicePackage.SOCIAL_PROTECTION].percent is None


def test_one_person_has_a_share_of_what_applies() -> None:
    assert [person_share(row) for row in ROWS] == [
        ScoreShare(1, 3),
        ScoreShare(3, 3),
        ScoreShare(1, 1),
        ScoreShare(0, 1),
    ]
    assert (
        person_share(
            ScorecardRow(ScoreGroup.PREGNANT, "", {ScoreIndicator.CHECK_UPS: NOT_APPLICABLE})
        ).percent
        is None
    )
