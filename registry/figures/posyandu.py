"""The figures of a village's posyandu, by each child's record of today: no month stores them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from registry.access.visible_places import PlaceName, PlaceNotVisible, can_see_place
from registry.db.batches import chunks
from registry.figures.counts import Counts, total
from registry.figures.prevalence import Summary, summary_of
from registry.figures.skdn import ChildMonth, children_of_month
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
    """The posyandu of ``village`` by name, then the children of none. Raises PlaceNotVisible."""
    by_post = _by_posyandu(village, month, user)
    posts = Posyandu.objects.filter(village=village).order_by("name")
    rows = [PosyanduRow(post, _summary(post, by_post.get(post.pk, []), month)) for post in posts]
    if None in by_post:
        rows.append(PosyanduRow(None, _summary(None, by_post[None], month)))
    return rows


def posyandu_children(posyandu: Posyandu, month: date, user: User) -> tuple[Summary, list[PosyanduChild]]:
    """The figures of one posyandu, and its children by name whom ``user`` may see. Raises PlaceNotVisible."""
    found = _by_posyandu(posyandu.village, month, user).get(posyandu.pk, [])
    counts = {child.child_id: child.counts for child in found}
    named: list[Child] = []
    for chunk in chunks(list(counts)):
        named += Child.objects.visible_to(user).filter(pk__in=chunk)
    named.sort(key=lambda child: (child.name.lower(), child.pk))
    return _summary(posyandu, found, month), [PosyanduChild(child, counts[child.pk]) for child in named]


def _by_posyandu(village: Village, month: date, user: User) -> dict[int | None, list[ChildMonth]]:
    if not can_see_place(village, user, people=True):
        raise PlaceNotVisible
    posts = set(Posyandu.objects.filter(village=village).values_list("pk", flat=True))
    found: dict[int | None, list[ChildMonth]] = defaultdict(list)
    for child in children_of_month(village.pk, month):
        # A child that moved away keeps counting here this month, and its posyandu is another village's.
        found[child.posyandu_id if child.posyandu_id in posts else None].append(child)
    return found


def _summary(posyandu: Posyandu | None, children: list[ChildMonth], month: date) -> Summary:
    name = PlaceName("posyandu", str(posyandu.pk) if posyandu else "", posyandu.name if posyandu else "")
    return summary_of(name, month, total(child.counts for child in children))
