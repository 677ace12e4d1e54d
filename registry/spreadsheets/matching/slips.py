"""The same child with another birth date or sex: what a slip of the pen makes of one record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from registry.alike import (
    Parents,
    compared_parents,
    compared_words,
    is_unnamed,
    like_names,
    marked_apart,
    words_of_parents,
)
from registry.models import Child, User
from registry.records import record
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


_PARENT_LETTERS = 3  # by so many first letters of each of its words a parent is found


@record
class _Known:
    """What has to be known of a child to ask whether a row may be of it."""

    id: UUID
    name: str
    birth_date: date
    parent: set[str]  # its words


_Period = tuple[int, int, str]  # sex, which 240 days, the first letters of a parent


class _Village:
    """Who lives in one village, by the key of a name and by parents."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[UUID]] = defaultdict(list)
        self._by_parent: dict[_Period, list[_Known]] = defaultdict(list)

    def add(self, key: str, sex: int, known: _Known) -> None:
        self.by_name[key].append(known.id)
        for start in _starts(known.parent):
            self._by_parent[sex, _period(known.birth_date), start].append(known)

    def no_siblings(self, row: RowRead, parent: set[str]) -> list[_Known]:
        """Those of the sex of ``row`` who were born too near to it to be its siblings, if ``parent`` may be
        theirs.
        """
        period, sex = _period(row.birth_date), int(row.sex)
        near = {
            id(known): known  # one child stands under each word of its parents
            for start in _starts(parent)
            for at in (period - 1, period, period + 1)
            for known in self._by_parent.get((sex, at, start), ())
        }
        return [known for known in near.values() if 0 < _apart(known, row) <= NO_SIBLINGS_DAYS]


def _starts(parent: set[str]) -> set[str]:
    return {word[:_PARENT_LETTERS] for word in parent if len(word) >= _PARENT_LETTERS}


def _period(born: date) -> int:
    return born.toordinal() // NO_SIBLINGS_DAYS


def _apart(known: _Known, row: RowRead) -> int:
    return abs((known.birth_date - row.birth_date).days)


class Namesakes:
    """Who lives in a village by the name or by parents, whatever its birth date. One query for each village
    asked about.
    """

    def __init__(self, user: User, key_of: Callable[[str], str]) -> None:
        self._user, self._key_of = user, key_of
        self._new: dict[str, _Village] = defaultdict(_Village)
        self._stored: dict[str, _Village] = {}

    def add(self, child: Child) -> None:
        """A child that a row has brought."""
        known = _Known(child.pk, child.name, child.birth_date, words_of_parents(child.parent_name))
        self._new[child.village_id].add(self._key_of(child.name), child.sex, known)

    def named(self, village: str, key: str) -> Sequence[UUID]:
        """Ids of those in ``village`` whose name has this key."""
        return [pk for part in self._in(village) for pk in part.by_name.get(key, ())]

    def written_otherwise(self, village: str, row: RowRead) -> Sequence[UUID]:
        """Ids of those in ``village`` of the parents of ``row`` who were born too near to it to be its
        siblings and whose name may be its: a slip in both birth date and name. The nearest first.
        """
        parent = words_of_parents(row.parent)
        found = [
            known
            for part in self._in(village)
            for known in part.no_siblings(row, parent)
            if compared_words(known.parent, parent) is Parents.SAME
            and not marked_apart(known.name, row.name)
            and (is_unnamed(known.name) or is_unnamed(row.name) or like_names(known.name, row.name))
        ]
        return [known.id for known in sorted(found, key=lambda known: _apart(known, row))]

    def _in(self, village: str) -> tuple[_Village, _Village]:
        if village not in self._stored:
            self._stored[village] = self._load(village)
        return self._stored[village], self._new[village]

    def _load(self, code: str) -> _Village:
        village = _Village()
        mine = Child.objects.visible_to(self._user).filter(village=code)
        fields = mine.order_by().values_list("pk", "name", "birth_date", "parent_name", "sex")
        for pk, name, born, parent, sex in fields:
            village.add(self._key_of(name), sex, _Known(pk, name, born, words_of_parents(parent)))
        return village
