"""How far a package's z-scores are from those of WHO's own software."""

from __future__ import annotations

from dataclasses import dataclass

from bench._children import judged_by_who
from bench._scorers import Scorer

TOLERANCE = 0.005
"""Half of the last digit that WHO's software prints."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the z-scores that WHO's software gives for the indices a package knows.

    compared: given by both. differing: by more than TOLERANCE. largest: the largest difference in
    SD. missing: given by WHO's software alone.
    """

    compared: int
    differing: int
    largest: float
    missing: int


def agreement(scorer: Scorer) -> Agreement:
    """A package beside WHO's software, whose scores are rounded to as many decimals as the package's."""
    children, given_by_who = judged_by_who()
    given = scorer.read(scorer.run(scorer.prepare(children)))
    differences: list[float] = []
    missing = 0
    for scores, whos in zip(given, given_by_who, strict=True):
        for index, z in zip(scorer.indices, scores, strict=True):
            if index not in whos:
                continue
            if z is None:
                missing += 1
            else:
                differences.append(abs(z - round(whos[index], scorer.decimals)))
    return Agreement(
        compared=len(differences),
        differing=sum(difference > TOLERANCE for difference in differences),
        largest=max(differences, default=0.0),
        missing=missing,
    )
