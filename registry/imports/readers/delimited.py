"""Text cut into columns by a semicolon, a comma, a tab or a bar."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import cast

from registry.imports.readers.file_kinds import encoding_of
from registry.imports.readers.reading_limits import CellCount, Limits, NotRead, ReadSheet, RowKeeper

_DELIMITERS = ";\t|,"  # of two that do equally well the first: a comma is also in numbers and addresses
_SNIFFED_ROWS = 200
_HEADER_ROWS = 40
_LONGEST_LABEL = 40  # characters
_NO_LABEL = 0.25  # what a file of numbers alone is worth
_MOST_LINES = 60  # of one row; more is a quotation mark that nothing closes
_LONGEST_ROW = 1024 * 1024  # characters; those of the field have some hundreds


def rows_of_text(content: bytes, limits: Limits) -> ReadSheet:
    """The rows of the file. Raises :class:`NotRead` for what is no text, or too much of it."""
    encoding = encoding_of(content)
    if encoding == "cp1252":
        content = content.removeprefix(b"\xef\xbb\xbf")
    delimiter, said_above = _delimiter(content, encoding)
    return ReadSheet("", _keep_rows(_rows(content, encoding, delimiter, said_above, limits), limits))


def _keep_rows(rows: Iterable[list[object]], limits: Limits) -> list[list[object]]:
    count, keeper = CellCount(limits), RowKeeper(limits)
    kept: list[list[object]] = []
    for number, row in enumerate(rows, 1):
        count.take(number, row)
        keeper.take([row], sum(map(len, cast("list[str]", row))))
        kept.append(row)
    return kept


def _text(content: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(content), encoding, newline="")


class _Lines:
    """The lines of a text, cut where one row of the file would be larger than any of the field's.

    A quotation mark that nothing closes, or a line without an end, would else be one row of millions of
    cells before anybody could count them.
    """

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._lines = self._characters = 0
        self.last = ""
        """The line that was one too many."""

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(_LONGEST_ROW + 1):
            self._lines += 1
            self._characters += len(line)
            if self._lines > _MOST_LINES or self._characters > _LONGEST_ROW:
                self.last = line
                raise _RowTooLong
            yield line

    def row_ends(self) -> None:
        self._lines = self._characters = 0


class _RowTooLong(Exception):
    """A row goes on and on."""


def _rows(
    content: bytes, encoding: str, delimiter: str, said_above: bool, limits: Limits
) -> Iterator[list[object]]:
    text = _text(content, encoding)
    if said_above:
        next(text)  # Excel shows no row of it, so none is counted
    before = 0
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            lines.row_ends()
            before = reader.line_num
            yield [*row]
    except _RowTooLong:
        if lines.last.count(delimiter) >= limits.columns:
            raise NotRead("too_many_columns") from None
        raise NotRead("open_quote", before + 1) from None
    except csv.Error:
        raise NotRead("open_quote", before + 1) from None


def _delimiter(content: bytes, encoding: str) -> tuple[str, bool]:
    """What cuts the file, and whether its first line says so (``sep=;``), as Excel writes and reads it."""
    first = _text(content, encoding).readline(_LONGEST_ROW).strip("\"' \r\n")
    said_above = first.lower().startswith("sep=")
    if said_above and first[4:5] and first[4] in _DELIMITERS:
        return first[4], True
    return max(_DELIMITERS, key=lambda mark: _fit(content, encoding, mark, said_above)), said_above


def _fit(content: bytes, encoding: str, mark: str, said_above: bool) -> float:
    """How well ``mark`` cuts the first rows: by the most labels in a row and the share of rows cut alike.

    The header tells best, so labels count twice: it is the row of most names, none with another mark in it.
    Commas in addresses cut few rows alike, and decimal commas leave ``3;2`` in their cells, which is no name.
    """
    lines, rows = _Lines(_text(content, encoding)), []
    try:
        for row in islice(csv.reader(lines, delimiter=mark), _SNIFFED_ROWS):
            lines.row_ends()
            rows.append(row)
    except csv.Error:
        return 0
    except _RowTooLong:
        pass  # the rows above it tell as much
    rows = [row for row in rows[said_above:] if any(row)]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0
    labels = max(_labels(row, mark) for row in rows[:_HEADER_ROWS])
    alike = widths.most_common(1)[0][1] / len(rows)
    return (labels + _NO_LABEL) ** 2 * alike


def _labels(row: Sequence[str], mark: str) -> int:
    """How many cells of a row could be the names of columns."""
    others = [other for other in _DELIMITERS if other != mark]
    return len(
        {
            cell
            for cell in row
            if 0 < len(cell) <= _LONGEST_LABEL
            and any(character.isalpha() for character in cell)
            and not any(other in cell for other in others)
        }
    )
