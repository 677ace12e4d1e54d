"""What an .ods says of formulas and errors, which its reader shows empty or as 0."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from registry.imports.readers.reading_limits import ERRORS, NO_VALUE

Cells = list[tuple[int, int, str]]
"""Row, column and what stands there, from 0."""

_CHUNK = 4 * 1024 * 1024
_OVERLAP = 4096
# An error, or a formula without the kind of its value behind it. What stands in a tag is short.
_LOOK = re.compile(
    rb'table:formula="[^"]{0,1000}"(?:[^<>]{0,500}>\s*<text:p>(?:#|Err:)|(?![^<>]{0,500}office:value-type))'
    rb'|calcext:value-type="error"'
)
_MOST_REPEATED = 100  # of one cell; more are empty ones to the edge of the sheet
_MOST_TEXT = 20  # characters of an error


def cells_without_value(book: zipfile.ZipFile) -> Mapping[str, Cells]:
    """By sheet, the cells with an error and those with a formula nobody has worked out.

    None in a file that is damaged.
    """
    if not any(map(_has_any, _pieces(book))):
        return {}
    found = _OdsHandler()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.characters
    try:
        for piece in _pieces(book, overlap=0):
            parser.Parse(piece)
    except expat.ExpatError:
        return {}
    return found.sheets


def _pieces(book: zipfile.ZipFile, overlap: int = _OVERLAP) -> Iterator[bytes]:
    tail = b""
    with book.open("content.xml") as stream:
        while more := stream.read(_CHUNK):
            yield tail + more
            tail = more[-overlap:] if overlap else b""


def _has_any(piece: bytes) -> bool:
    """Nearly all files have none, and cost one look."""
    return b"table:formula" in piece and _LOOK.search(piece) is not None


class _OdsHandler:
    """What the parser says, element by element."""

    def __init__(self) -> None:
        self.sheets: dict[str, Cells] = {}
        self._cells: Cells = []
        self._row = self._rows = self._column = self._columns = 0
        self._text: list[str] | None = None  # of the cell at hand, where that has a formula
        self._is_worked_out = True

    def start(self, name: str, said: Mapping[str, str]) -> None:
        match name:
            case "table:table":
                self._cells = self.sheets.setdefault(said.get("table:name", ""), [])
                self._row = self._rows = 0
            case "table:table-row":
                self._row += self._rows
                self._rows = _repetitions(said, "table:number-rows-repeated")
                self._column = self._columns = 0
            case "table:table-cell" | "table:covered-table-cell":
                self._column += self._columns
                self._columns = _repetitions(said, "table:number-columns-repeated")
                self._text = [] if "table:formula" in said else None
                self._is_worked_out = "office:value-type" in said

    def characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name not in ("table:table-cell", "table:covered-table-cell") or self._text is None:
            return
        text = "".join(self._text).strip()
        self._text = None
        if text in ERRORS or (text.startswith("Err:") and len(text) < _MOST_TEXT):
            self._mark(text if text in ERRORS else "#VALUE!")
        elif not self._is_worked_out:
            self._mark(NO_VALUE)

    def _mark(self, text: str) -> None:
        for row in range(min(self._rows, _MOST_REPEATED)):
            for column in range(min(self._columns, _MOST_REPEATED)):
                self._cells.append((self._row + row, self._column + column, text))


def _repetitions(said: Mapping[str, str], name: str) -> int:
    times = said.get(name, "1")
    return int(times) if times.isascii() and times.isdigit() and len(times) < 8 else 1
