"""Measurements that are more likely a slip of the hand than a child.

A doubt is a question to the one who measured, not a refusal: look again, then confirm.
"""

from __future__ import annotations

from enum import StrEnum

from registry.growth.single import Assessment
from registry.growth.velocity import Jump, Measured, velocity


class Doubt(StrEnum):
    """Why a measurement needs a second look: a flag of WHO's, or a jump since the one before."""

    HAZ_FLAG = "haz_flag"
    WAZ_FLAG = "waz_flag"
    WHZ_FLAG = "whz_flag"
    BAZ_FLAG = "baz_flag"
    SHORTER = Jump.SHORTER.value
    WEIGHT_JUMP = Jump.WEIGHT_JUMP.value
    LENGTH_JUMP = Jump.LENGTH_JUMP.value


def doubts(
    assessment: Assessment, *, weight_kg: float | None, age_days: int, previous: Measured | None
) -> list[Doubt]:
    """Every doubt about a measurement, empty when there is none.

    weight_kg: the weight that was assessed. Lengths are compared as corrected, and as if both were
    measured lying. ValueError when `previous` is of a later day.
    """
    found = _flagged(assessment)
    if previous is not None:
        now = Measured(age_days, weight_kg, assessment.clenhei_cm)
        found += [Doubt(jump) for jump in velocity(previous, now).jumps]
    return found


def _flagged(assessment: Assessment) -> list[Doubt]:
    flags = (
        (Doubt.HAZ_FLAG, assessment.haz_flag),
        (Doubt.WAZ_FLAG, assessment.waz_flag),
        (Doubt.WHZ_FLAG, assessment.whz_flag),
        (Doubt.BAZ_FLAG, assessment.baz_flag),
    )
    return [doubt for doubt, flagged in flags if flagged]
