"""The sheet that goes along to the homes of the children of a village with an open case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from kpm.cases.standing import Urgency
from kpm.follow_up import FollowUpRow
from kpm.last_steps import find_last_step, load_steps
from kpm.models import CaseStep


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """A child to visit, and what was done last in its open cases."""

    row: FollowUpRow
    last_step: CaseStep | None


def list_home_visits(rows: Iterable[FollowUpRow]) -> list[HomeVisit]:
    """Return those of ``rows`` with an open case, in each urgency those open longest first: one query."""
    soonest = list(Urgency).index
    visits = [row for row in rows if row.cases]
    visits.sort(key=lambda row: (soonest(row.urgency), -(row.days_open or 0), row.child.sort_name))
    last = load_last_steps(visits)
    return [HomeVisit(row, last.get(row.child.pk)) for row in visits]


def load_last_steps(rows: Iterable[FollowUpRow]) -> dict[UUID, CaseStep | None]:
    """Return what was done last in the open cases of each child: one query."""
    cases = {row.child.pk: row.cases for row in rows}
    steps = load_steps(cases)
    return {child_id: find_last_step(cases[child_id], of) for child_id, of in steps.items()}
