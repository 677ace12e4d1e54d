"""Which classes of a child's measurements turn into others when its birth date or sex is another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.actions.assessment import assess_many
from registry.actions.observation import observation_of
from registry.growth import LABEL_OF, Assessment, is_believed, label_muac
from registry.models import Child, Measurement

INDICES = ("haz", "waz", "whz", "muac")
FLAGGED = "flagged"
"""Stands for the class of a z-score beyond WHO's limits."""


@dataclass(frozen=True, slots=True)
class TurnedClass:
    """A class of a measurement, by code, before and after; empty where there is none."""

    measurement_id: UUID
    measured_on: date
    index: str
    old: str
    new: str


def turned_classes(child: Child, rows: Sequence[Measurement]) -> list[TurnedClass]:
    """Return the classes of ``rows``, as stored, that ``child`` as it is now turns into others."""
    found: list[TurnedClass] = []
    judged = assess_many([(child, observation_of(row)) for row in rows])
    for row, assessment in zip(rows, judged, strict=True):
        muac = None if row.muac_cm is None else float(row.muac_cm)
        before, after = _classes(row, muac), _classes(assessment, muac)
        found += [
            TurnedClass(row.pk, row.measured_on, index, before[index], after[index])
            for index in INDICES
            if before[index] != after[index]
        ]
    return found


def _classes(judged: Measurement | Assessment, muac_cm: float | None) -> dict[str, str]:
    """Return the code of the class of each index."""
    found = {"muac": label_muac(muac_cm, judged.age_days)}
    flagged = set()
    for index in INDICES[:-1]:
        z, flag = getattr(judged, index), getattr(judged, f"{index}_flag")
        found[index] = LABEL_OF[index](z) if is_believed(z, flag) else None
        if flag:
            flagged.add(index)
    return {i: FLAGGED if i in flagged else label.code if label else "" for i, label in found.items()}
