"""Where one child has lived and since when it is gone, as a value: its events, and putting them right.

Nothing here reads or writes the database; ``registry.actions.residences`` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from registry.actions.change_log import FieldChange
from registry.actions.identity_changes import identity_text
from registry.errors import Conflict, Invalid
from registry.models import ChangeSubject, Child, ChildStatus, Village
from registry.models.child import time_away_on


class Stay(NamedTuple):
    """A child lives in ``village`` from ``since`` up to the day before ``until`` (None: until now)."""

    village: Village
    since: date
    until: date | None = None


class LifeEventKind(StrEnum):
    """What can happen to a child. The values are for programs and never change."""

    VILLAGE = "village"
    LEFT = "left"
    DIED = "died"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """What happened to a child ``on`` a day; ``village`` is where it lives from then on, or did."""

    kind: LifeEventKind
    on: date
    village: Village


@dataclass(frozen=True, slots=True)
class LifeCourse:
    """The stays of a child, oldest first, and whether it is still here. A gap between two is time away."""

    stays: tuple[Stay, ...]
    status: ChildStatus = ChildStatus.ACTIVE
    status_date: date | None = None

    @classmethod
    def of(cls, child: Child) -> LifeCourse:
        """Return that of a stored child."""
        homes = child.residences.select_related("village__kecamatan").order_by("since")
        stays = tuple(Stay(home.village, home.since, home.until) for home in homes)
        return cls(stays, ChildStatus(child.status), child.status_date)

    def __str__(self) -> str:
        return "; ".join(f"{stay.village.pk} {stay.since} {stay.until or ''}".strip() for stay in self.stays)

    @property
    def status_text(self) -> str:
        """Return the status with its day, as the log keeps it."""
        return f"{self.status} {self.status_date or ''}".strip()

    def events(self) -> Iterator[LifeEvent]:
        """Yield what happened, in the order of time."""
        for before, after in pairwise(self.stays):
            if before.until == after.since:
                yield LifeEvent(LifeEventKind.VILLAGE, after.since, after.village)
            elif before.until is not None:
                yield LifeEvent(LifeEventKind.LEFT, before.until, before.village)
                yield LifeEvent(LifeEventKind.RETURNED, after.since, after.village)
        if self.status_date:
            kind = LifeEventKind.DIED if self.status == ChildStatus.DIED else LifeEventKind.LEFT
            yield LifeEvent(kind, self.status_date, self.stays[-1].village)

    def is_away(self, day: date) -> bool:
        """Return whether the child had left and not come back; it may be measured on the day it leaves."""
        return time_away_on(self.stays, day) is not None

    def with_move(self, village: Village, on: date) -> LifeCourse:
        """Return that of a child who lives in ``village`` from that day on."""
        left = (stay if stay.until else stay._replace(until=on) for stay in self.stays)
        return replace(self, stays=(*left, Stay(village, on)))

    def with_return(self, on: date) -> LifeCourse:
        """Return that of a child who left and lives ``on`` that day where it did again."""
        left = self.status_date
        if self.status != ChildStatus.MOVED or left is None:
            raise Conflict.of("not_left")
        if on <= left:
            raise Invalid.of("returned_before_leaving", "on", date=left)
        here = [
            stay._replace(until=min(stay.until or left, left)) for stay in self.stays if stay.since < left
        ]
        return LifeCourse((*here, Stay(self.stays[-1].village, on)))

    def without(self, kind: LifeEventKind, on: date) -> LifeCourse:
        """Return the course in which that never happened. Raises Conflict when there is no such event."""
        if self._is_status(kind, on):
            return replace(self, status=ChildStatus.ACTIVE, status_date=None)
        at = self._index(kind, on)
        before, after = self.stays[at - 1], self.stays[at]
        if kind == LifeEventKind.RETURNED:
            if at != len(self.stays) - 1 or self.status_date:
                raise Conflict.of("undo_later_first")
            stays = (*self.stays[: at - 1], before._replace(until=None))
            return LifeCourse(stays, ChildStatus.MOVED, before.until)
        joined: tuple[Stay, ...] = (before._replace(until=after.since), after)
        if kind == LifeEventKind.VILLAGE:
            joined = (before._replace(until=after.until),)
        return replace(self, stays=_join_stays((*self.stays[: at - 1], *joined, *self.stays[at + 1 :])))

    def with_new_day(self, kind: LifeEventKind, on: date, day: date) -> LifeCourse:
        """Return the course in which that happened on another ``day``. Raises Conflict as ``without``."""
        if self._is_status(kind, on):
            return replace(self, status_date=day)
        at = self._index(kind, on)
        before, after = self.stays[at - 1], self.stays[at]
        if kind != LifeEventKind.RETURNED:
            before = before._replace(until=day)
        if kind != LifeEventKind.LEFT:
            after = after._replace(since=day)
        if kind != LifeEventKind.VILLAGE and before.until == after.since:  # it would read as a move
            raise Invalid.of("event_order", "on")
        return replace(self, stays=(*self.stays[: at - 1], before, after, *self.stays[at + 1 :]))

    def with_past_of(self, other: LifeCourse) -> LifeCourse:
        """Return this one, and before its first day what ``other`` tells of the same child."""
        first, left = self.stays[0].since, other.status_date or date.max
        past = [
            stay._replace(until=min(stay.until or date.max, left, first))
            for stay in other.stays
            if stay.since < min(left, first)
        ]
        return replace(self, stays=_join_stays((*past, *self.stays)))

    def _is_status(self, kind: LifeEventKind, on: date) -> bool:
        gone = {LifeEventKind.LEFT: ChildStatus.MOVED, LifeEventKind.DIED: ChildStatus.DIED}
        return self.status_date == on and gone.get(kind) == self.status

    def _index(self, kind: LifeEventKind, on: date) -> int:
        """Return which stay begins with the event, or after the leaving."""
        for at, (before, after) in enumerate(pairwise(self.stays), 1):
            is_move = before.until == after.since
            day = before.until if kind == LifeEventKind.LEFT else after.since
            if day == on and is_move == (kind == LifeEventKind.VILLAGE):
                return at
        raise Conflict.of("no_such_event")

    def require_possible(self, child: Child, measured: Collection[date], today: date) -> None:
        """Raise Invalid unless the days of the course can be, also by the days ``measured`` in force."""
        days = [day for stay in self.stays for day in (stay.since, stay.until) if day]
        days += [self.status_date] if self.status_date else []
        if max(days) > today:
            raise Invalid.of("future", "on", sentence="day_in_future", today=today)
        if any(stay.until is not None and stay.until <= stay.since for stay in self.stays) or any(
            before.until is None or before.until > after.since for before, after in pairwise(self.stays)
        ):
            raise Invalid.of("event_order", "on")
        last = max([*measured, child.birth_date])
        if self.status_date and self.status_date < last:
            raise Invalid.of("left_before_measured", "on", last=last)
        if away := sorted(day for day in measured if self.is_away(day)):
            raise Invalid.of("measured_while_away", "on", date=away[0])

    def first_difference(self, other: LifeCourse) -> date | None:
        """Return the first day on which the two tell something else; None when they are the same."""
        days = []
        for one, another in zip(self.stays, other.stays, strict=False):
            if one != another:
                same_start = one[:2] == another[:2]
                ends = [stay.until for stay in (one, another) if stay.until]
                days.append(min(ends) if same_start else min(one.since, another.since))
                break
        else:
            rest = self.stays[len(other.stays) :] or other.stays[len(self.stays) :]
            days += [stay.since for stay in rest[:1]]
        if (self.status, self.status_date) != (other.status, other.status_date):
            days += [day for day in (self.status_date, other.status_date) if day]
        return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Departure:
    """A child that died or left the kabupaten ``on`` that day."""

    child_id: UUID
    status: ChildStatus
    on: date

    def close(self, course: LifeCourse) -> LifeCourse:
        """Return the course that ends so."""
        return replace(course, status=self.status, status_date=self.on)


PLACE_FIELDS = ("posyandu", "rt", "rw", "address")
"""What is known of a child's place in its village. It goes when the child moves, and comes back with it."""


def course_changes(before: Child, after: Child, old: LifeCourse, new: LifeCourse) -> Iterator[FieldChange]:
    """Yield what the log keeps of a child whose course was ``old`` and is ``new``."""
    texts = {"residences": (str(old), str(new)), "status": (old.status_text, new.status_text)}
    texts |= {name: (identity_text(before, name), identity_text(after, name)) for name in PLACE_FIELDS}
    for name, (one, another) in texts.items():
        yield FieldChange(ChangeSubject.CHILD, after.pk, name, one, another)


def _join_stays(stays: tuple[Stay, ...]) -> tuple[Stay, ...]:
    """Return the stays with two in a row in one village as one."""
    joined: list[Stay] = []
    for stay in stays:
        if joined and joined[-1].village == stay.village and joined[-1].until == stay.since:
            joined[-1] = joined[-1]._replace(until=stay.until)
        else:
            joined.append(stay)
    return tuple(joined)
