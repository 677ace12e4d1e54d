"""Tables in files that only call themselves .xls: a web page with a table, or Excel 2003's XML.

Both are read as a stream, without following anything they point at, and give up as soon as a table is larger
than any of the field's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from registry.spreadsheets.grid import Grid, TooLarge

Rows = Sequence[Sequence[Any]]
NamedRows = list[tuple[str, Rows]]

_SPACES = re.compile(r"\s+")
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_MARKUP = ("<!doctype", "<?xml", "<html", "<head", "<meta", "<style", "<body", "<div", "<table")
_LONGEST_CELL = 32_767  # characters, as in Excel


class Unreadable(ValueError):
    """Not well formed, or with declarations that a spreadsheet has no need of."""


def is_spreadsheet_xml(text: str) -> bool:
    """Excel 2003's XML, told by its namespace near the beginning."""
    start = text[:4096].lstrip("\ufeff \t\r\n")
    return start.startswith("<") and _SPREADSHEET in start


def is_html(text: str) -> bool:
    """A web page, a table of one without the page around it, or other markup, which then has no table."""
    start = text[:2048].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(_MARKUP)


def html_tables(text: str) -> NamedRows:
    """Each table of a page by its number, outer ones before those inside; cells are text. Raises TooLarge."""
    reader = _HtmlTables()
    reader.feed(text)
    reader.close()
    return [(str(number), table.rows) for number, table in enumerate(reader.tables, start=1)]


class _HtmlTables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Grid] = []
        self._open: list[Grid] = []
        self._cells: list[_Cell | None] = []  # the open cell of each open table
        self._silent = 0  # inside script or style

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table":
            self._open.append(Grid())
            self._cells.append(None)
            self.tables.append(self._open[-1])
        elif self._open and tag == "tr":
            self._end_cell()
            self._open[-1].start_row()
        elif self._open and tag in ("td", "th"):
            self._end_cell()
            spans = dict(attrs)
            self._cells[-1] = _Cell(
                max(1, _number(spans.get("colspan"))), max(1, _number(spans.get("rowspan")))
            )
        elif tag in ("br", "p", "div"):
            self._say(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif self._open and tag in ("td", "th", "tr"):
            self._end_cell()
        elif self._open and tag == "table":
            self._end_cell()
            self._open.pop()
            self._cells.pop()

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, text: str) -> None:
        cell = self._cells[-1] if self._cells else None
        if cell is not None and not self._silent:
            cell.say(text)

    def _end_cell(self) -> None:
        cell = self._cells[-1]
        if cell is not None:
            self._open[-1].put(cell.text, across=cell.across, down=cell.down)
            self._cells[-1] = None


class _Cell:
    """A cell that is being read."""

    def __init__(self, across: int, down: int) -> None:
        self.across, self.down = across, down
        self._parts: list[str] = []
        self._length = 0

    def say(self, text: str) -> None:
        self._length += len(text)
        if self._length > _LONGEST_CELL:
            raise TooLarge("too_many_cells")
        self._parts.append(text)

    @property
    def text(self) -> str:
        return _SPACES.sub(" ", "".join(self._parts)).strip()


def _number(written: str | None) -> int:
    """A whole number; 0 for anything else."""
    text = (written or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def xml_sheets(text: str) -> NamedRows:
    """The worksheets of Excel 2003's XML, dates as dates. Raises TooLarge and Unreadable."""
    reader = _XmlSheets()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    # A declaration of entities can make a page of ten lines a billion long.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Unreadable(str(error)) from None
    return [(name, sheet.rows) for name, sheet in reader.sheets]


def _refuse_doctype(*declared: object) -> None:
    raise Unreadable("doctype")


class _XmlSheets:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, Grid]] = []
        self._cell = _Cell(1, 1)
        self._value: Any = ""
        self._type = ""
        self._in_data = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if tag == "Worksheet":
            self.sheets.append((given.get("Name", ""), Grid()))
        elif tag == "Row" and self.sheets:
            self.sheets[-1][1].start_row(_index(given))
        elif tag == "Cell" and self.sheets:
            # Excel counts the cells beside and below this one.
            across, down = (1 + _number(given.get(name)) for name in ("MergeAcross", "MergeDown"))
            self._cell, self._value = _Cell(across, down), ""
            if (index := _index(given)) is not None:
                self.sheets[-1][1].skip_to(index)
        elif tag == "Data":
            self._type, self._in_data = given.get("Type", "String"), True

    def data(self, text: str) -> None:
        if self._in_data:
            self._cell.say(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "Data":
            self._in_data = False
            self._value = _typed(self._type, self._cell.text)
        elif tag == "Cell" and self.sheets:
            self.sheets[-1][1].put(self._value, across=self._cell.across, down=self._cell.down)


def _index(given: dict[str, str]) -> int | None:
    """The place of a row or cell from 1, where it is given."""
    return _number(given.get("Index")) or None


def _typed(kind: str, text: str) -> Any:
    """What a cell holds; an error such as #N/A is an empty cell."""
    if kind == "Error" or not text:
        return ""
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.fromisoformat(text.partition(".")[0])
        if kind == "Boolean":
            return text == "1"
    except ValueError:
        return text
    return text
