"""The children to see first in a month: counts by reason, and names for their team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.access.visible_places import PlaceNotVisible, can_see_place
from registry.calendar_months import current_month
from registry.figures.counts import Counts
from registry.figures.skdn import list_counted_children, visible_children
from registry.models import Child, User, Village


class Priority(StrEnum):
    """Why a child comes first, most urgent first; each is the counter of ``VillageMonth`` of that name."""

    SEVERELY_WASTED = "severely_wasted"
    WASTED = "wasted"
    SEVERELY_STUNTED = "severely_stunted"
    STUNTED = "stunted"
    TWICE_NOT_GAINED = "twice_not_gained"
    MISSED_TWICE = "missed_twice"


# Who is gizi buruk is gizi kurang too: the worse one is said.
_IMPLIED = {Priority.WASTED: Priority.SEVERELY_WASTED, Priority.STUNTED: Priority.SEVERELY_STUNTED}


# The children with whom a reason can be known: children with that value believed, weighed, or registered.
_KNOWN_OF = {
    Priority.SEVERELY_WASTED: "whz_believed",
    Priority.WASTED: "whz_believed",
    Priority.SEVERELY_STUNTED: "haz_believed",
    Priority.STUNTED: "haz_believed",
    Priority.TWICE_NOT_GAINED: "weighed",
    Priority.MISSED_TWICE: "registered",
}


@dataclass(frozen=True, slots=True)
class PriorityChild:
    """A child with its reasons of the month, the most urgent first."""

    child: Child
    reasons: tuple[Priority, ...]


@dataclass(frozen=True, slots=True)
class PriorityList:
    """``hidden``: children with a reason who live by now where the reader sees no names."""

    children: list[PriorityChild]
    hidden: int


def children_with(counts: Counts, reason: Priority, *, is_running: bool) -> int | None:
    """Return children of ``counts`` for whom ``reason`` is said: without those for whom a worse one is.

    None where it is not known: nobody has such a value. Two months without any measurement are whole ones, so
    nobody has missed a month that is running.
    """
    if not getattr(counts, _KNOWN_OF[reason]) or (is_running and reason is Priority.MISSED_TWICE):
        return None
    number = getattr(counts, reason)
    worse = _IMPLIED.get(reason)
    return int(number - getattr(counts, worse)) if worse else int(number)


def reasons_of(counts: Counts, *, is_running: bool) -> tuple[Priority, ...]:
    """Return the reasons of one child in a month, whose counters are 0 or 1; the most urgent first."""
    return tuple(reason for reason in Priority if children_with(counts, reason, is_running=is_running))


def priority_children(village: Village, month: date, user: User) -> PriorityList:
    """Return the children of ``village`` with a reason in ``month``, by the most urgent one and then by name.

    Raises PlaceNotVisible where the user does not see children by name.
    """
    if not can_see_place(village, user, people=True):
        raise PlaceNotVisible
    is_running = month >= current_month()
    found = list_counted_children(village.pk, month)
    reasons = {child.child_id: reasons_of(child.counts, is_running=is_running) for child in found}
    wanted = {child_id: why for child_id, why in reasons.items() if why}
    order = list(Priority)
    named = sorted(visible_children(wanted, user), key=lambda child: order.index(wanted[child.pk][0]))
    return PriorityList([PriorityChild(c, wanted[c.pk]) for c in named], len(wanted) - len(named))
