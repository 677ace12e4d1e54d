"""What the rows of a file say of each other: twins of one day, and one name with two weights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from registry.growth.cells.text import word
from registry.imports.matching.comparison import compare_names
from registry.imports.tables.row_read import RowRead
from registry.models import Child
from registry.name_similarity import Agreement, NameForms

_Values = tuple[Decimal | None, Decimal | None]  # weight in kg, length or height in cm
_Key = tuple[str, str, date, int, date]


class RowsByChild:
    """The children that a file lists, by place, birth date, sex and day.

    ``forms_of`` a name, ``digest_of`` a NIK.
    """

    def __init__(self, forms_of: Callable[[str], NameForms], digest_of: Callable[[str], str | None]) -> None:
        self._forms_of, self._digest_of = forms_of, digest_of
        self._first: dict[_Key, dict[str, tuple[_Values, str | None]]] = defaultdict(dict)
        self._twice: set[tuple[_Key, str]] = set()

    def add(self, row: RowRead) -> None:
        key, name = _place_and_day(row), self._forms_of(row.name).key
        values, digest = _values(row), self._digest_of(row.nik)
        first, first_digest = self._first[key].setdefault(name, (values, digest))
        is_one = digest is not None and digest == first_digest
        if not is_one and any(a and b and a != b for a, b in zip(first, values, strict=True)):
            self._twice.add((key, name))

    def compare(self, child: Child, row: RowRead) -> Agreement:
        """Return OTHER where both are listed on one day and differ in values, in NIK or altogether in name.

        FAR where the file has this name with other values that day; not for the row that brought the child,
        nor for one that says the same again.
        """
        if (child.birth_date, child.sex) != (row.birth_date, row.sex):
            return Agreement.UNKNOWN
        name, other_name = self._forms_of(row.name), self._forms_of(child.name)
        key = _place_and_day(row)
        values, nik = this = self._first[key][name.key]
        other = self._first[key].get(other_name.key)
        if other is None:
            return Agreement.UNKNOWN
        if other is this:
            says_the_same = child._state.adding and _values(row) == values
            is_twice = (key, name.key) in self._twice and not says_the_same
            return Agreement.FAR if is_twice else Agreement.UNKNOWN
        its_values, its_nik = other
        if values != its_values or (nik and its_nik and nik != its_nik):
            return Agreement.OTHER
        return Agreement.OTHER if compare_names(other_name, name) is Agreement.OTHER else Agreement.UNKNOWN


def _values(row: RowRead) -> _Values:
    return (row.seen.weight_kg, row.seen.lenhei_cm) if row.seen else (None, None)


def _place_and_day(row: RowRead) -> _Key:
    return word(row.kecamatan), word(row.village), row.birth_date, int(row.sex), row.day
