"""The figures of a village's posyandu, by each child's record of today: no month stores them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.access.visible_places import PlaceName, PlaceNotVisible, can_see_place
from registry.figures.counts import Counts, total
from registry.figures.prevalence import Summary, summary_of
from registry.figures.skdn import ChildMonth, children_of_month, group_by_posyandu, visible_children
from registry.models import Child, Posyandu, User, Village


@dataclass(frozen=True, slots=True)
class PosyanduRow:
    """A posyandu of a village and its figures; None are the children of none of them."""

    posyandu: Posyandu | None
    summary: Summary


@dataclass(frozen=True, slots=True)
class PosyanduChild:
    """A child of a posyandu by name, with what it adds to each counter of the month (0 or 1)."""

    child: Child
    counts: Counts


def posyandu_rows(village: Village, month: date, user: User) -> list[PosyanduRow]:
    """Return the posyandu of ``village`` by name, then the children of none. Raises PlaceNotVisible."""
    groups = _by_posyandu(village, month, user)
    return [PosyanduRow(post, _summary(post, found, month)) for post, found in groups.items()]


def posyandu_children(posyandu: Posyandu, month: date, user: User) -> tuple[Summary, list[PosyanduChild]]:
    """Return the figures of a posyandu, and its children whom ``user`` may see. Raises PlaceNotVisible."""
    found = _by_posyandu(posyandu.village, month, user).get(posyandu, [])
    counts = {child.child_id: child.counts for child in found}
    named = visible_children(counts, user)
    return _summary(posyandu, found, month), [PosyanduChild(child, counts[child.pk]) for child in named]


def _by_posyandu(village: Village, month: date, user: User) -> dict[Posyandu | None, list[ChildMonth]]:
    if not can_see_place(village, user, people=True):
        raise PlaceNotVisible
    return group_by_posyandu(village, children_of_month(village.pk, month))


def _summary(posyandu: Posyandu | None, children: list[ChildMonth], month: date) -> Summary:
    name = PlaceName("posyandu", str(posyandu.pk) if posyandu else "", posyandu.name if posyandu else "")
    return summary_of(name, month, total(child.counts for child in children))
