"""Text cut into columns by a semicolon, a comma, a tab or a bar."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice

from registry.spreadsheets.formats.encodings import encoding_of
from registry.spreadsheets.formats.limits import Count, Found, Limits, NotRead

_DELIMITERS = ";\t|,"  # of two that do equally well the first: a comma is also in numbers and addresses
_SNIFFED_ROWS = 200
_HEADER_ROWS = 40
_LONGEST_LABEL = 40  # characters
_NO_LABEL = 0.25  # what a file of numbers alone is worth
_LARGE = 8 * 1024 * 1024  # bytes
_MOST_LINES = 60  # of one row; more is a quotation mark that nothing closes


def rows_of_text(content: bytes, limits: Limits) -> Found:
    """The rows of the file. Raises :class:`NotRead` for what is no text, or too much of it."""
    encoding = encoding_of(content)
    if encoding == "cp1252":
        content = content.removeprefix(b"\xef\xbb\xbf")
    delimiter, said_above = _delimiter(content, encoding)
    if len(content) > _LARGE:
        # Count first and keep nothing: cells take thirty times the memory of their text.
        _counted(_rows(content, encoding, delimiter, said_above), limits)
    return Found("", _counted(_rows(content, encoding, delimiter, said_above), limits, keep=True))


def _counted(rows: Iterable[list[object]], limits: Limits, keep: bool = False) -> list[list[object]]:
    count = Count(limits)
    kept: list[list[object]] = []
    for number, row in enumerate(rows, 1):
        count.take(number, row)
        if keep:
            kept.append(row)
    return kept


def _text(content: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(content), encoding, newline="")


def _rows(content: bytes, encoding: str, delimiter: str, said_above: bool) -> Iterator[list[object]]:
    lines = _text(content, encoding)
    if said_above:
        next(lines)
        yield []  # the empty row keeps the numbers of the others
    before = 0
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            if reader.line_num - before > _MOST_LINES:
                raise NotRead("open_quote", before + 1 + said_above)
            before = reader.line_num
            yield [*row]
    except csv.Error:
        raise NotRead("open_quote", before + 1 + said_above) from None


def _delimiter(content: bytes, encoding: str) -> tuple[str, bool]:
    """What cuts the file, and whether its first line says so (``sep=;``), as Excel writes and reads it."""
    first = next(_text(content, encoding), "").strip("\"' \r\n")
    said_above = first.lower().startswith("sep=")
    if said_above and first[4:5] and first[4] in _DELIMITERS:
        return first[4], True
    return max(_DELIMITERS, key=lambda mark: _fit(content, encoding, mark, said_above)), said_above


def _fit(content: bytes, encoding: str, mark: str, said_above: bool) -> float:
    """How well ``mark`` cuts the first rows: by the most labels in a row and the share of rows cut alike.

    The header tells best, so labels count twice: it is the row of most names, none with another mark in it.
    Commas in addresses cut few rows alike, and decimal commas leave ``3;2`` in their cells, which is no name.
    """
    lines = _text(content, encoding)
    try:
        rows = list(islice(csv.reader(lines, delimiter=mark), said_above, _SNIFFED_ROWS))
    except csv.Error:
        return 0
    rows = [row for row in rows if any(row)]
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
