"""The lines of a table, with their cells by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from registry.growth.cells.text import Cell
from registry.imports.tables.cells import nik_of
from registry.nik import is_possible, is_whole


class SheetRow:
    """One row below the header: its number in the sheet, from 1, and its cells by field.

    The cells stay where the sheet has them: a dictionary of each row would take most of the memory.
    """

    __slots__ = ("_columns", "_row", "number")

    def __init__(self, number: int, columns: Mapping[str, int], row: Sequence[Cell]) -> None:
        self.number, self._columns, self._row = number, columns, row

    def __getitem__(self, field: str) -> Cell:
        i = self._columns.get(field)
        return None if i is None or i >= len(self._row) else self._row[i]

    def cells(self) -> Iterator[Cell]:
        """Yield the cells in the order of the fields, as far as the row has them."""
        return (self._row[i] for i in self._columns.values() if i < len(self._row))

    def with_cells(self, cells: Mapping[str, Cell]) -> SheetRow:
        """Return the row with these cells in place of its own."""
        found = {**{field: self[field] for field in self._columns}, **cells}
        return SheetRow(self.number, {field: i for i, field in enumerate(found)}, [*found.values()])


_FEWEST_NIKS = 8
"""One NIK in ten ends in 0: that many of that many are no chance."""


def mark_lost_digits(lines: Sequence[SheetRow]) -> Sequence[SheetRow]:
    """Return ``lines``, with ``?`` for the last digit of each NIK where all of them have lost it.

    They have where every NIK ends in 0. A number has fifteen digits, so the last of sixteen is gone.
    Otherwise the children of one birth date and sex in a kecamatan would have one NIK.
    """
    niks = [nik_of(line["nik"]) for line in lines]
    whole = [nik for nik in niks if is_whole(nik) and is_possible(nik)]
    if len(whole) < _FEWEST_NIKS or not all(nik.endswith("0") for nik in whole):
        return lines
    rounded = set(whole)
    return [
        line.with_cells({"nik": f"{nik[:15]}?"}) if nik in rounded else line
        for line, nik in zip(lines, niks, strict=True)
    ]
