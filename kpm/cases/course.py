"""From the measurements of a child to its cases: what opens one, goes on with it and closes it. Pure.

A child has at most one open case of each kind. A case is opened by a measurement, or on the day on which two
whole months without any are over; it goes on while a reason of its kind stands. The calendar closes it in
advance: every child turns five. So stored cases are right on every day without anybody's doing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kpm.cases.standing import (
    RANK,
    FollowUpMeasurement,
    Reason,
    Urgency,
    missed_from,
    unseen_since,
    urgency_in,
    urgency_of,
    walk_standing,
)
from registry.growth.rules import LAST_DAY

RELAPSE_DAYS = 90
"""A reason that is seen again within so many days after a case has closed opens the same case again."""


class CaseKind(StrEnum):
    """What a case is about; of the reasons of a kind the worst is said."""

    WASTING = "wasting"
    UNDERWEIGHT = "underweight"
    STUNTING = "stunting"
    GAIN = "gain"
    OVERWEIGHT = "overweight"
    HEAD = "head"
    MEASURE_AGAIN = "measure_again"
    NOT_MEASURED = "not_measured"


KIND_OF = {
    Reason.SEVERELY_WASTED: CaseKind.WASTING,
    Reason.WASTED: CaseKind.WASTING,
    Reason.SEVERELY_UNDERWEIGHT: CaseKind.UNDERWEIGHT,
    Reason.UNDERWEIGHT: CaseKind.UNDERWEIGHT,
    Reason.SEVERELY_STUNTED: CaseKind.STUNTING,
    Reason.STUNTED: CaseKind.STUNTING,
    Reason.TWICE_NOT_GAINED: CaseKind.GAIN,
    Reason.NOT_GAINED: CaseKind.GAIN,
    Reason.OBESE: CaseKind.OVERWEIGHT,
    Reason.OVERWEIGHT: CaseKind.OVERWEIGHT,
    Reason.RISK_OVERWEIGHT: CaseKind.OVERWEIGHT,
    Reason.ODD_HEAD: CaseKind.HEAD,
    Reason.MEASURE_AGAIN: CaseKind.MEASURE_AGAIN,
    Reason.NOT_MEASURED: CaseKind.NOT_MEASURED,
}
"""A value that waits for the midwife's choice is no case: it is over with her choice."""


class CaseOutcome(StrEnum):
    """How a case ends: by a later measurement, or because the child is no longer followed."""

    RECOVERED = "recovered"
    MEASURED = "measured"
    DIED = "died"
    LEFT = "left"
    TURNED_FIVE = "turned_five"


@dataclass(frozen=True, slots=True)
class ChildCourse:
    """What a child's cases depend on besides its measurements.

    ``enrolled_on``: from when the register waits for a measurement. ``left_on``: the day of its death or
    leaving, with which of them it was.
    """

    born: date
    enrolled_on: date
    left_on: date | None = None
    left_by: CaseOutcome = CaseOutcome.LEFT

    def find_end(self) -> tuple[date, CaseOutcome]:
        """Return the first day on which nobody follows the child any more, and why."""
        five = self.born + timedelta(days=LAST_DAY + 1)
        if self.left_on and self.left_on < five:
            return self.left_on, self.left_by
        return five, CaseOutcome.TURNED_FIVE


@dataclass(slots=True)
class CaseCourse:
    """A case from one opening to its close. ``reason`` is the newest, ``since`` the first day of its run.

    ``worst`` is of all of it. ``closed_on``: the first day on which it is no longer open. ``spell``: which
    opening of the same case this is; the first one was on ``found_on``.
    """

    kind: CaseKind
    reason: Reason
    since: date
    opened_on: date
    closed_on: date
    outcome: CaseOutcome
    worst: Reason
    found_on: date
    spell: int = 1
    urgency: Urgency = Urgency.VISIT

    def note(self, reason: Reason, since: date) -> None:
        """Go on with the case for another reason of its kind, or the same."""
        self.reason, self.since = reason, since
        self.worst = min(self.worst, reason, key=RANK.__getitem__)


def derive_cases(child: ChildCourse, in_force: Sequence[FollowUpMeasurement]) -> list[CaseCourse]:
    """Return all cases of a child, those to come as well. ``in_force``: its measurements, oldest first."""
    ends_on, ending = child.find_end()
    followed = [m for m in in_force if m.measured_on < ends_on]
    cases: list[CaseCourse] = []
    for days in (_days_of_findings(followed), _days_missed(child, followed)):
        newest: dict[CaseKind, CaseCourse] = {}
        for day, found, better in days:
            for kind, (reason, since) in found.items():
                before = newest.get(kind)
                if before and before.closed_on == ends_on:
                    before.note(reason, since)
                    continue
                case = CaseCourse(kind, reason, since, day, ends_on, ending, reason, found_on=day)
                if before and _is_relapse(before, day):
                    case.found_on, case.spell = before.found_on, before.spell + 1
                newest[kind] = case
                cases.append(case)
            for kind, case in newest.items():
                if kind not in found and case.closed_on == ends_on:
                    is_repeated = kind == CaseKind.MEASURE_AGAIN
                    case.closed_on, case.outcome = day, CaseOutcome.MEASURED if is_repeated else better
    for case in cases:
        case.urgency = (
            urgency_in(case.reason, followed) if case.closed_on == ends_on else urgency_of(case.reason)
        )
    return [case for case in cases if case.opened_on < ends_on]


def _is_relapse(case: CaseCourse, day: date) -> bool:
    """Return whether what is found on ``day`` opens a case again. Months missed again are another case."""
    return case.kind != CaseKind.NOT_MEASURED and (day - case.closed_on).days <= RELAPSE_DAYS


_FoundOn = tuple[date, Mapping[CaseKind, tuple[Reason, date]], CaseOutcome]
"""A day, the worst reason of each kind that stands from then on with its first day, and how others close."""


def _days_of_findings(in_force: Sequence[FollowUpMeasurement]) -> Iterator[_FoundOn]:
    for m, standing in walk_standing(in_force):
        found: dict[CaseKind, tuple[Reason, date]] = {}
        for reason in sorted(standing, key=RANK.__getitem__):
            found.setdefault(KIND_OF[reason], (reason, standing[reason]))
        yield m.measured_on, found, CaseOutcome.RECOVERED


def _days_missed(child: ChildCourse, in_force: Sequence[FollowUpMeasurement]) -> Iterator[_FoundOn]:
    last: date | None = None
    for day in (*(m.measured_on for m in in_force), None):
        missed = missed_from(last, child.enrolled_on)
        if day is None or missed < day:
            since = unseen_since(last, child.enrolled_on)
            yield missed, {CaseKind.NOT_MEASURED: (Reason.NOT_MEASURED, since)}, CaseOutcome.MEASURED
        if day is not None:
            yield day, {}, CaseOutcome.MEASURED
            last = day
