"""How much of a file is read, and how a reader says that it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

LONGEST_CELL = 32_767  # characters, as in Excel
LONG_CELL = 1000  # characters; those of the field have some dozens
MOST_IN_LONG_CELLS = 2_000_000  # characters of all of them, each of which is read letter by letter

ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#BLOCKED!"}
)
NO_VALUE = "#FORMULA!"
"""Ours, in place of a formula that nobody has worked out."""


class NotRead(Exception):
    """Why a file is not read: ``code`` stands for the sentence, ``row`` for where in the sheet, from 1."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code)
        self.code, self.row = code, row


@dataclass(frozen=True, slots=True)
class Limits:
    """The most rows of a sheet, the most columns of a row, the most cells of a file.

    ``kept``: about the most bytes that all rows may take once they are read.
    """

    rows: int
    columns: int
    cells: int
    kept: int


@dataclass(slots=True)
class CellCount:
    """What was read so far, held against the limits before more is kept."""

    limits: Limits
    cells: int = 0
    in_long_cells: int = 0

    def take(self, rows: int, row: Sequence[object]) -> None:
        """One more row, the last of ``rows`` in its sheet. Raises :class:`NotRead`."""
        if rows > self.limits.rows:
            raise NotRead("too_many_rows")
        if len(row) > self.limits.columns:
            raise NotRead("too_many_columns")
        self.cells += len(row)
        if self.cells > self.limits.cells:
            raise NotRead("too_many_cells")
        if any(cell.__class__ is str and len(cell) > LONG_CELL for cell in row):
            self._long(row)

    def _long(self, row: Sequence[object]) -> None:
        lengths = [len(cell) for cell in row if isinstance(cell, str) and len(cell) > LONG_CELL]
        self.in_long_cells += sum(lengths)
        if max(lengths) > LONGEST_CELL or self.in_long_cells > MOST_IN_LONG_CELLS:
            raise NotRead("too_large")


class RowKeeper:
    """Keeps rows so that a text takes its memory once, however many cells hold it, and weighs them.

    The texts of a file of the field are dates, places and classes again and again; without this a file of
    30 MB could take thirty times as much.
    """

    _ROW, _CELL, _TEXT, _OTHER = 64, 8, 110, 24  # bytes that Python takes for each, beside characters

    def __init__(self, limits: Limits) -> None:
        self._most = limits.kept
        self._weight = 0
        self._texts: dict[object, object] = {}

    def take(self, rows: Sequence[list[object]], characters: int, others: int = 0) -> None:
        """Some more rows, with so many characters and so many cells that are no text, about.

        Raises :class:`NotRead`.
        """
        texts = self._texts
        known, once = len(texts), texts.setdefault
        for row in rows:
            row[:] = [once(cell, cell) if cell.__class__ is str else cell for cell in row]
        self._weight += characters + self._ROW * len(rows) + self._CELL * sum(map(len, rows))
        self._weight += self._TEXT * (len(texts) - known) + self._OTHER * others
        if self._weight > self._most:
            raise NotRead("too_many_cells")


@dataclass(slots=True)
class ReadSheet:
    """One sheet of a file that is read as a whole, with the merged cells of it."""

    name: str
    rows: list[list[object]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """First row, column and last row, from 0, of each cell that reaches down."""
    visible: bool = True
    above: int = 0
    """Rows that Excel shows above the first one, where it puts several tables of a page on one sheet."""


def trim_row(row: list[object]) -> list[object]:
    """``row`` without the empty cells at its end, which many programs leave in thousands."""
    end = len(row)
    while end and row[end - 1] in ("", None):
        end -= 1
    return row if end == len(row) else row[:end]
