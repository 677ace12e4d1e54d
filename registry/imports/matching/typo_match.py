"""The same child with another birth date, sex or NIK: what a slip of the pen makes of one record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from registry.imports.tables.row_read import RowRead
from registry.likeness import is_slip
from registry.models import Child, Sex, User
from registry.name_similarity import (
    Parents,
    ParentWords,
    compared_parents,
    compared_words,
    is_unnamed,
    like_names,
    marked_apart,
)

NO_SIBLINGS_DAYS = 240
"""One mother's children are born further apart, or on one day."""


def may_be_slip(child: Child, row: RowRead) -> bool:
    """Return whether ``row`` may be of ``child``, though birth date or sex differ.

    ``child`` is called so and lives there. Its parents do not contradict, and what differs is what a hand or
    a spreadsheet gets wrong.
    """
    parents = compared_parents(child.parent_name, row.parent)
    if parents is Parents.OTHER:
        return False
    if child.sex != row.sex:
        return child.birth_date == row.birth_date
    apart = abs((child.birth_date - row.birth_date).days)
    return is_slip(child.birth_date, row.birth_date) or (
        parents is Parents.SAME and apart <= NO_SIBLINGS_DAYS
    )


_NIK_LENGTH = 16
_GIRLS_DAY = 40  # is added to the day of birth


def nik_contradicts(nik: str, child: Child) -> bool:
    """Return whether ``nik`` is that of a child born otherwise, or is not the one ``child`` has.

    By the digits that can be seen, where it is masked or cut too.
    """
    if len(nik) != _NIK_LENGTH:
        return False
    born = child.birth_date
    day = born.day + (_GIRLS_DAY if child.sex == Sex.GIRL else 0)
    if not _agree(nik, f"??????{day:02d}{born.month:02d}{born.year % 100:02d}????"):
        return True
    known = child.nik_if_readable
    return len(known) == _NIK_LENGTH and not _agree(nik, known)


def _agree(one: str, other: str) -> bool:
    """Return whether two are the same wherever both show a digit."""
    digits = "0123456789"
    return all(a == b or a not in digits or b not in digits for a, b in zip(one, other, strict=True))


_PARENT_LETTERS = 3  # by so many first letters of each of its words a parent is found


@dataclass(frozen=True, slots=True)
class _KnownChild:
    """What has to be known of a child to ask whether a row may be of it."""

    id: UUID
    name: str
    born: int  # the day, counted as ``date.toordinal`` does
    parent: ParentWords


_Period = tuple[int, int, str]  # sex, which 240 days, the first letters of a parent


class _VillageChildren:
    """Who lives in one village, by the key of a name and by parents."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[UUID]] = defaultdict(list)
        self._by_parent: dict[_Period, list[_KnownChild]] = defaultdict(list)

    def add(self, key: str, sex: int, known: _KnownChild) -> None:
        self.by_name[key].append(known.id)
        for start in _starts(known.parent):
            self._by_parent[sex, known.born // NO_SIBLINGS_DAYS, start].append(known)

    def born_too_near(self, sex: int, born: int, parent: ParentWords) -> Iterable[_KnownChild]:
        """Return the children of that sex who were born too near to the day ``born`` to be siblings.

        They would be siblings of a child born on that day, if ``parent`` may be theirs.
        """
        period = born // NO_SIBLINGS_DAYS
        near: dict[int, _KnownChild] = {}  # one child stands under each word of its parents
        for start in _starts(parent):
            for at in (period - 1, period, period + 1):
                for known in self._by_parent.get((sex, at, start), ()):
                    if 0 < abs(known.born - born) <= NO_SIBLINGS_DAYS:
                        near[id(known)] = known
        return near.values()


def _starts(parent: ParentWords) -> set[str]:
    return {word[:_PARENT_LETTERS] for word in parent.words if len(word) >= _PARENT_LETTERS}


class NamesakeIndex:
    """Who lives in a village by the name or by parents, whatever its birth date.

    One query for each village asked about.
    """

    def __init__(self, user: User, fold: Callable[[str], str]) -> None:
        self._user, self._fold, self._parents = user, fold, cache(ParentWords)
        self._new: dict[str, _VillageChildren] = defaultdict(_VillageChildren)
        self._stored: dict[str, _VillageChildren] = {}

    def add(self, child: Child) -> None:
        """A child that a row has brought."""
        self._add(
            self._new[child.village_id], child.id, child.name, child.birth_date, child.parent_name, child.sex
        )

    def ids_named(self, village: str, key: str) -> Sequence[UUID]:
        """Ids of those in ``village`` whose name has this key."""
        return [pk for part in self._in(village) for pk in part.by_name.get(key, ())]

    def ids_of_parents(self, village: str, row: RowRead) -> Sequence[UUID]:
        """Return ids of children in ``village`` that may be ``row`` with a slip in name and birth date.

        They have the parents of ``row``. They were born too near to it to be its siblings, and their name may
        be its. The nearest come first.
        """
        parent, born, sex = self._parents(row.parent), row.birth_date.toordinal(), int(row.sex)
        found = [
            known
            for part in self._in(village)
            for known in part.born_too_near(sex, born, parent)
            if compared_words(known.parent, parent) is Parents.SAME
            and not marked_apart(known.name, row.name)
            and (is_unnamed(known.name) or is_unnamed(row.name) or like_names(known.name, row.name))
        ]
        return [known.id for known in sorted(found, key=lambda known: abs(known.born - born))]

    def _in(self, village: str) -> tuple[_VillageChildren, _VillageChildren]:
        if village not in self._stored:
            self._stored[village] = self._load(village)
        return self._stored[village], self._new[village]

    def _load(self, code: str) -> _VillageChildren:
        village = _VillageChildren()
        mine = Child.objects.visible_to(self._user).filter(village=code)
        fields = mine.order_by().values_list("pk", "name", "birth_date", "parent_name", "sex")
        for of_child in fields:
            self._add(village, *of_child)
        return village

    def _add(self, village: _VillageChildren, pk: UUID, name: str, born: date, parent: str, sex: int) -> None:
        known = _KnownChild(pk, name, born.toordinal(), self._parents(parent))
        village.add(self._fold(name), sex, known)
