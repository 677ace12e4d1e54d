"""The same child with another birth date, sex or NIK: what a slip of the pen makes of one record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from uuid import UUID

from registry.imports.matching.village_children import NO_SIBLINGS_DAYS, KnownChild, VillageChildren
from registry.imports.tables.row_read import RowRead
from registry.likeness import is_slip
from registry.models import Child, Sex, User
from registry.name_similarity import (
    NameForms,
    Parents,
    ParentWords,
    compared_parents,
)


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


class NamesakeIndex:
    """Who lives in a village by the name or by parents, whatever its birth date.

    One query for each village asked about.
    """

    def __init__(self, user: User, forms_of: Callable[[str], NameForms]) -> None:
        self._user, self._names, self._parents = user, forms_of, cache(ParentWords)
        self._villages: dict[str, VillageChildren] = defaultdict(VillageChildren)
        self._loaded: set[str] = set()

    def add(self, child: Child) -> None:
        """A child that a row has brought."""
        self._add(child.village_id, child.id, child.name, child.birth_date, child.parent_name, child.sex)

    def ids_named(self, village: str, key: str) -> Sequence[UUID]:
        """Ids of those in ``village`` whose name has this key."""
        return [known.id for known in self._in(village).by_name.get(key, ())]

    def ids_of_parents(self, village: str, row: RowRead) -> Sequence[UUID]:
        """Return ids of children in ``village`` that may be ``row``, as ``VillageChildren.of_parents``."""
        found = self._in(village).of_parents(
            self._names(row.name), int(row.sex), row.birth_date.toordinal(), self._parents(row.parent)
        )
        return [known.id for known in found]

    def _in(self, code: str) -> VillageChildren:
        if code not in self._loaded:
            self._loaded.add(code)
            mine = Child.objects.visible_to(self._user).filter(village=code)
            for of_child in mine.order_by().values_list("pk", "name", "birth_date", "parent_name", "sex"):
                self._add(code, *of_child)
        return self._villages[code]

    def _add(self, village: str, pk: UUID, name: str, born: date, parent: str, sex: int) -> None:
        known = KnownChild(pk, self._names(name), born.toordinal(), self._parents(parent), sex)
        self._villages[village].add(known)
