"""The lines of a table, with their cells by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from registry.growth.cells.text import Cell


class RowCells(Mapping[str, Cell]):
    """The cells of a row by field, as they stand in the sheet: a dictionary a row would take most memory."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Mapping[str, int], row: Sequence[Cell]) -> None:
        self._columns, self._row = columns, row

    def __getitem__(self, field: str) -> Cell:
        try:
            return self._row[self._columns[field]]
        except IndexError:
            raise KeyError(field) from None

    def get(self, field: str, default: Any = None) -> Any:
        i = self._columns.get(field)
        return default if i is None or i >= len(self._row) else self._row[i]

    def __iter__(self) -> Iterator[str]:
        return (field for field, i in self._columns.items() if i < len(self._row))

    def at_hand(self) -> dict[str, Cell]:
        """As a dictionary."""
        row, width = self._row, len(self._row)
        return {field: row[i] for field, i in self._columns.items() if i < width}

    def __len__(self) -> int:
        return sum(i < len(self._row) for i in self._columns.values())


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the header: its number in the sheet, from 1, and its cells by field."""

    number: int
    cells: Mapping[str, Cell]

    def __getitem__(self, field: str) -> Cell:
        return self.cells.get(field)

    def at_hand(self) -> SheetRow:
        """The same for a moment: each cell is looked up many times while its row is read."""
        return SheetRow(self.number, self.cells.at_hand()) if isinstance(self.cells, RowCells) else self


def columns_of(lines: Sequence[SheetRow]) -> Callable[[str], list[Cell]]:
    """What gives that cell of each of these lines of one table, by field."""
    cells = [line.cells for line in lines if isinstance(line.cells, RowCells)]
    if len(cells) < len(lines):
        return lambda field: [line.cells.get(field) for line in lines]
    columns = cells[0]._columns if cells else {}
    rows = [one._row for one in cells]
    narrowest = min(map(len, rows), default=0)

    def column(field: str) -> list[Cell]:
        i = columns.get(field)
        if i is None:
            return [None] * len(rows)
        if i < narrowest:
            return list(map(itemgetter(i), rows))
        return [row[i] if i < len(row) else None for row in rows]

    return column
