"""Rows that grow cell by cell, with cells that reach over others, and an end to how large they may grow."""

from __future__ import annotations

from typing import Any

MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 8_000_000


class TooLarge(ValueError):
    """More rows, columns or cells than any file of the field has; the code says of what."""


class Grid:
    """The rows of one table. A merged cell says its value once; the others it covers are empty."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._covered: dict[int, int] = {}  # by column, how many rows below are still covered
        self._cells = 0

    def start_row(self, number: int | None = None) -> None:
        """The next row, or the one of that number from 1; those between are empty."""
        if number is not None and number > MOST_ROWS:
            raise TooLarge("too_many_rows")
        while number is not None and len(self.rows) < number - 1:
            self.rows.append([])
            self._one_row_down()
        if len(self.rows) >= MOST_ROWS:
            raise TooLarge("too_many_rows")
        if self.rows:
            self._one_row_down()
        self.rows.append([])

    def _one_row_down(self) -> None:
        self._covered = {column: left - 1 for column, left in self._covered.items() if left > 1}

    def skip_to(self, number: int) -> None:
        """Go on at the column of that number from 1."""
        if number > MOST_COLUMNS:
            raise TooLarge("too_many_columns")
        row = self._row()
        while len(row) < number - 1:
            row.append("")

    def put(self, value: Any, *, across: int = 1, down: int = 1) -> None:
        """The next cell, beside those that reach down from above."""
        row = self._row()
        while len(row) in self._covered:
            row.append("")
        column = len(row)
        if column + across > MOST_COLUMNS:
            raise TooLarge("too_many_columns")
        self._cells += across
        if self._cells > MOST_CELLS:
            raise TooLarge("too_many_cells")
        row.append(value)
        row.extend([""] * (across - 1))
        if down > 1:
            # One more than the rows below: the end of this row takes one away.
            self._covered.update(dict.fromkeys(range(column, column + across), down))

    def _row(self) -> list[Any]:
        if not self.rows:
            self.rows.append([])
        return self.rows[-1]
