"""The same child with another birth date or sex: what a slip of the pen makes of one record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from registry.alike import Parents, compared_parents
from registry.models import Child, User
from registry.spreadsheets.tables.row import RowRead

NO_SIBLINGS_DAYS = 240
"""One mother's children are born further apart, or on one day."""


def perhaps_slipped(child: Child, row: RowRead) -> bool:
    """Whether ``row`` may be of ``child``, who is called so and lives there, though birth date or sex differ:
    its parents do not contradict, and what differs is what a hand or a spreadsheet gets wrong.
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


def is_slip(one: date, other: date) -> bool:
    """Whether two dates differ in one of day, month and year, in the order of day and month, or by a day."""
    same = (one.day == other.day) + (one.month == other.month) + (one.year == other.year)
    swapped = one.year == other.year and (one.day, one.month) == (other.month, other.day)
    return same >= 2 or swapped or abs((one - other).days) <= 1


class Namesakes:
    """Who lives in a village by the name, whatever its birth date. One query for each village asked about."""

    def __init__(self, user: User, key_of: Callable[[str], str]) -> None:
        self._user, self._key_of = user, key_of
        self._new: dict[str, dict[str, list[UUID]]] = defaultdict(lambda: defaultdict(list))
        self._stored: dict[str, dict[str, list[UUID]]] = {}

    def add(self, child: Child) -> None:
        """A child that a row has brought."""
        self._new[child.village_id][self._key_of(child.name)].append(child.pk)

    def named(self, village: str, key: str) -> Sequence[UUID]:
        """Ids of those in ``village`` whose name has this key."""
        if village not in self._stored:
            self._stored[village] = self._load(village)
        return [*self._stored[village].get(key, ()), *self._new[village].get(key, ())]

    def _load(self, village: str) -> dict[str, list[UUID]]:
        names: dict[str, list[UUID]] = defaultdict(list)
        mine = Child.objects.visible_to(self._user).filter(village=village)
        for pk, name in mine.order_by().values_list("pk", "name"):
            names[self._key_of(name)].append(pk)
        return names
