"""The children to see first in a month: counts by reason, and names for their team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.access.visible_places import PlaceNotVisible, can_see_place
from registry.figures.counts import Counts
from registry.figures.skdn import children_of_month, visible_children
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


def children_with(counts: Counts, reason: Priority) -> int:
    """Return children of ``counts`` for whom ``reason`` is said: without those for whom a worse one is."""
    number = getattr(counts, reason)
    worse = _IMPLIED.get(reason)
    return int(number - getattr(counts, worse)) if worse else int(number)


def reasons_of(counts: Counts) -> tuple[Priority, ...]:
    """Return the reasons of one child, whose counters are 0 or 1; the most urgent first."""
    return tuple(reason for reason in Priority if children_with(counts, reason))


def priority_children(village: Village, month: date, user: User) -> PriorityList:
    """Return the children of ``village`` with a reason in ``month``, by the most urgent one and then by name.

    Raises PlaceNotVisible where the user does not see children by name.
    """
    if not can_see_place(village, user, people=True):
        raise PlaceNotVisible
    reasons = {found.child_id: reasons_of(found.counts) for found in children_of_month(village.pk, month)}
    wanted = {child_id: why for child_id, why in reasons.items() if why}
    order = list(Priority)
    named = sorted(visible_children(wanted, user), key=lambda child: order.index(wanted[child.pk][0]))
    return PriorityList([PriorityChild(c, wanted[c.pk]) for c in named], len(wanted) - len(named))
