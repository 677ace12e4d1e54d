"""What the rows of a file say of each other: twins of one day, and one name with two weights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from registry.growth.cells.text import word
from registry.imports.tables.row_read import RowRead
from registry.models import Child
from registry.name_similarity import is_unnamed, like_names, marked_apart

_Values = tuple[Decimal | None, Decimal | None]  # weight in kg, length or height in cm
_Key = tuple[str, str, date, int, date]


class RowsByChild:
    """The children that a file lists, by place, birth date, sex and day.

    ``key_of`` a name, ``digest_of`` a NIK.
    """

    def __init__(self, key_of: Callable[[str], str], digest_of: Callable[[str], str | None]) -> None:
        self._key_of, self._digest_of = key_of, digest_of
        self._first: dict[_Key, dict[str, tuple[_Values, str | None]]] = defaultdict(dict)
        self._twice: set[tuple[_Key, str]] = set()

    def add(self, row: RowRead) -> None:
        key, name = _place_and_day(row), self._key_of(row.name)
        values, digest = _values(row), self._digest_of(row.nik)
        first, first_digest = self._first[key].setdefault(name, (values, digest))
        is_one = digest is not None and digest == first_digest
        if not is_one and any(a and b and a != b for a, b in zip(first, values, strict=True)):
            self._twice.add((key, name))

    def are_twins(self, child: Child, row: RowRead) -> bool:
        """Return whether the child and the row are twins: called so, or listed on one day and different.

        They differ in what they weigh, in their NIK, or altogether in name.
        """
        if marked_apart(child.name, row.name):
            return True
        that_day = self._first[_place_and_day(row)]
        other, this = that_day.get(self._key_of(child.name)), that_day[self._key_of(row.name)]
        if other is None or other is this:
            return False
        (values, nik), (its_values, its_nik) = other, this
        if values != its_values or (nik and its_nik and nik != its_nik):
            return True
        unnamed = is_unnamed(child.name) or is_unnamed(row.name)
        return not unnamed and not like_names(child.name, row.name)

    def may_be_twin(self, child: Child, row: RowRead) -> bool:
        """Return whether the file has this name with other values that day.

        It is False for the row that brought the child, and for one that says the same again.
        """
        key, name = _place_and_day(row), self._key_of(row.name)
        says_the_same = child._state.adding and _values(row) == self._first[key][name][0]
        return (key, name) in self._twice and not says_the_same


def _values(row: RowRead) -> _Values:
    return (row.seen.weight_kg, row.seen.lenhei_cm) if row.seen else (None, None)


def _place_and_day(row: RowRead) -> _Key:
    return word(row.kecamatan), word(row.village), row.birth_date, int(row.sex), row.day
