"""What was done last in cases: their steps as they stand, loaded for many children at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from kpm.models import Case, CaseStep
from registry.db.batches import chunks


def load_steps(children: Collection[UUID]) -> Mapping[UUID, list[CaseStep]]:
    """Return the steps of each of these children that nobody has taken back, oldest first."""
    steps: dict[UUID, list[CaseStep]] = defaultdict(list)
    kept = CaseStep.objects.filter(taken_back_at=None).order_by("on", "recorded_at")
    for chunk in chunks(list(children)):
        for step in kept.filter(child__in=chunk):
            steps[step.child_id].append(step)
    return steps


def find_last_step(cases: Iterable[Case], steps: Sequence[CaseStep]) -> CaseStep | None:
    """Return the newest of a child's ``steps`` that is one of its ``cases``; None without one."""
    counted = list(cases)
    return next((step for step in reversed(steps) if any(case.counts(step) for case in counted)), None)
