"""The lines of a table, with their cells by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from registry.growth.cells.text import Cell


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
