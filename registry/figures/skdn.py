"""The weighing report (SKDN) of a village and month, child by child, with 2T and BGM. Writes nothing.

:func:`tally_children` decides who belongs to a month and what a child adds to each counter, so the sums here
equal the stored figures. 2T and the posyandu only split them further.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.cache import cache

from registry.access.visible_places import PlaceNotVisible, can_see_place
from registry.calendar_months import last_day
from registry.db.batches import chunks
from registry.figures import count
from registry.figures.count import (
    NOTHING_BEFORE,
    Before,
    CountCell,
    CountedMeasurement,
    Resident,
    tally_children,
)
from registry.figures.counts import Counts, total
from registry.figures.version import figures_version
from registry.growth import SexCode
from registry.models import Child, Posyandu, User, Village
from registry.models.month import AgeGroup

_KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class ChildMonth:
    """One child in a village's month: its cell, and what it adds to each counter (0 or 1)."""

    child_id: UUID
    cell: CountCell
    counts: Counts
    growth_book: bool | None = None
    posyandu_id: int | None = None

    @property
    def age_group(self) -> AgeGroup:
        return AgeGroup(self.cell.age_group)

    @property
    def twice_not_gained(self) -> bool:
        """Return 2T: T this month and T the month before, by the last weighing of each."""
        return self.counts.twice_not_gained > 0

    @property
    def below_red_line(self) -> bool:
        """Return BGM: weight for age below -3 SD, or oedema, which counts as severely underweight."""
        return self.counts.severely_underweight > 0


@dataclass(frozen=True, slots=True)
class SkdnLine:
    """A line of the report: whole children of some group. S is ``registered``, D is ``weighed``.

    ``books``: K, those with a growth book today; ``books_unknown``: those nobody has asked about.
    """

    counts: Counts
    books: int = 0
    books_unknown: int = 0

    @property
    def twice_not_gained(self) -> int:
        return self.counts.twice_not_gained

    @property
    def below_red_line(self) -> int:
        """Return BGM: children whose weight for age is below -3 SD, or with oedema."""
        return self.counts.severely_underweight

    @property
    def compared(self) -> int:
        """Return D - O - B: children weighed this month and the month before, N + T."""
        return self.counts.gained + self.counts.not_gained


@dataclass(frozen=True, slots=True)
class AgeLines:
    """One of WHO's age groups by sex."""

    age_group: AgeGroup
    boys: SkdnLine
    girls: SkdnLine
    both: SkdnLine


@dataclass(frozen=True, slots=True)
class PosyanduLine:
    """The children of one posyandu of the village; None are those of none of them."""

    posyandu: Posyandu | None
    line: SkdnLine


@dataclass(frozen=True, slots=True)
class Followed:
    """A child to follow up, by name, and what it adds to the month."""

    child: Child
    month: ChildMonth


@dataclass(frozen=True, slots=True)
class Skdn:
    """The report. ``hidden``: children with 2T or BGM who live by now where the reader sees no names."""

    village: Village
    month: date
    ages: list[AgeLines]
    boys: SkdnLine
    girls: SkdnLine
    total: SkdnLine
    posyandu: list[PosyanduLine]
    followed: list[Followed]
    hidden: int


def skdn(village: Village, month: date, user: User) -> Skdn:
    """Return the report of ``village`` for ``month`` (its first day), with the names that ``user`` may see.

    Raises PlaceNotVisible where the user does not see children by name. The number of queries does not
    grow with the children (but by one for each 500).
    """
    if not can_see_place(village, user, people=True):
        raise PlaceNotVisible
    children = children_of_month(village.pk, month)
    boys = [child for child in children if child.cell.sex == SexCode.BOY]
    girls = [child for child in children if child.cell.sex == SexCode.GIRL]
    followed, hidden = _list_followed(children, user)
    return Skdn(
        village=village,
        month=month,
        ages=[_age_lines(group, boys, girls) for group in AgeGroup],
        boys=line_of(boys),
        girls=line_of(girls),
        total=line_of(children),
        posyandu=_posyandu_lines(village, children),
        followed=followed,
        hidden=hidden,
    )


def children_of_month(village: str, month: date) -> list[ChildMonth]:
    """Return the children that the figures of ``village`` (code) and ``month`` count, one by one."""
    found = list_counted_children(village, month)
    known = _load_records(village, (child.child_id for child in found))
    return [ChildMonth(c.child_id, c.cell, c.counts, *known[c.child_id]) for c in found]


def list_counted_children(village: str, month: date) -> list[ChildMonth]:
    """Return :func:`children_of_month` without their records of today.

    Cached while the stored figures are the same.
    """
    version = figures_version(Village(pk=village), [month])
    key = f"children-{village}-{month:%Y-%m}-{'-'.join(map(str, version))}"
    rows: list[tuple[Any, ...]] | None = cache.get(key)
    if rows is None:
        found = _count_children(village, month)
        # As plain values, which are read back in a quarter of the time.
        cells = [(child.child_id.int, *child.cell, child.counts.values()) for child in found]
        cache.set(key, cells, _KEPT_SECONDS)
        return found
    # Hundreds of children have a few dozen different counts among them.
    counts = {values: Counts(*values) for values in {row[-1] for row in rows}}
    return [ChildMonth(UUID(int=row[0]), CountCell(*row[1:-1]), counts[row[-1]]) for row in rows]


def _count_children(village: str, month: date) -> list[ChildMonth]:
    residents = list(count.residents_of(month, [village]))
    here = count.measured_in(month).filter(village=village).order_by().values_list("child_id", flat=True)
    everybody = {*here, *(resident.child_id for resident in residents)}
    seen = list(count.list_measurements_of(everybody, month))
    before = count.before_month(month, everybody)
    return split_by_child(seen, residents, village=village, on=last_day(month), before=before)


def split_by_child(
    seen: Iterable[CountedMeasurement],
    residents: Iterable[Resident],
    *,
    village: str,
    on: date,
    before: Before = NOTHING_BEFORE,
) -> list[ChildMonth]:
    """Return each child that counts in ``village``, by the tally of that child alone.

    ``seen`` is sorted by child and then by date. Pure: touches no database.
    """
    rows = {child_id: list(group) for child_id, group in groupby(seen, key=attrgetter("child_id"))}
    homes = {resident.child_id: resident for resident in residents}
    found = []
    for child_id in sorted({*rows, *homes}):
        home = [homes[child_id]] if child_id in homes else []
        tally = tally_children(rows.get(child_id, []), home, on=on, before=before)
        for cell, counts in tally.counts.items():
            if cell.village_id == village:
                found.append(ChildMonth(child_id, cell, Counts(**counts)))
    return found


def line_of(children: Collection[ChildMonth]) -> SkdnLine:
    """Return the sums of some children. Pure."""
    counts = total(child.counts for child in children)
    return SkdnLine(
        counts,
        books=sum(child.growth_book is True for child in children),
        books_unknown=sum(child.growth_book is None for child in children),
    )


def _age_lines(group: AgeGroup, boys: Iterable[ChildMonth], girls: Iterable[ChildMonth]) -> AgeLines:
    b = [child for child in boys if child.cell.age_group == group]
    g = [child for child in girls if child.cell.age_group == group]
    return AgeLines(group, line_of(b), line_of(g), line_of([*b, *g]))


def group_by_posyandu(
    village: Village, children: Iterable[ChildMonth]
) -> dict[Posyandu | None, list[ChildMonth]]:
    """Return the children of each posyandu of the village, by name, then those of none (None)."""
    posts: dict[int | None, Posyandu] = {
        post.pk: post for post in Posyandu.objects.filter(village=village).order_by("name")
    }
    groups: dict[Posyandu | None, list[ChildMonth]] = {post: [] for post in posts.values()}
    for child in children:
        # A child that moved away keeps counting here this month, and its posyandu is another village's.
        groups.setdefault(posts.get(child.posyandu_id), []).append(child)
    return groups


def _posyandu_lines(village: Village, children: Iterable[ChildMonth]) -> list[PosyanduLine]:
    """Return the posyandu with children, then who belongs to none; empty when nobody has one."""
    groups = group_by_posyandu(village, children)
    lines = [PosyanduLine(post, line_of(found)) for post, found in groups.items() if found]
    return lines if any(line.posyandu for line in lines) else []


def _load_records(village: str, ids: Iterable[UUID]) -> dict[UUID, tuple[bool | None, int | None]]:
    """Return growth book and posyandu of each child, as its record has them today."""
    records = Child.objects.order_by().values_list("pk", "growth_book", "posyandu_id")
    found: dict[UUID, tuple[bool | None, int | None]] = {}
    found |= {pk: (book, post) for pk, book, post in records.filter(village=village)}
    # Only who has moved away since then is asked for by id, which costs twice as much.
    for chunk in chunks([child_id for child_id in ids if child_id not in found]):
        found |= {pk: (book, post) for pk, book, post in records.filter(pk__in=chunk)}
    return found


def visible_children(ids: Iterable[UUID], user: User) -> list[Child]:
    """Return those of the children that ``user`` may see, by name."""
    named: list[Child] = []
    for chunk in chunks(list(ids)):
        named += (
            Child.objects.visible_to(user)
            .filter(pk__in=chunk)
            .select_related("posyandu")
            .only("name", "sort_name", "birth_date", "posyandu__name")
        )
    return sorted(named, key=lambda child: (child.sort_name, child.birth_date, child.pk))


def _list_followed(children: Iterable[ChildMonth], user: User) -> tuple[list[Followed], int]:
    """Return children with 2T or BGM whom ``user`` may see, by name, and how many more there are."""
    wanted = {child.child_id: child for child in children if child.twice_not_gained or child.below_red_line}
    followed = [Followed(child, wanted[child.pk]) for child in visible_children(wanted, user)]
    return followed, len(wanted) - len(followed)
