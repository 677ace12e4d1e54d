"""The tables of an HTML page, which many programs save under the name of an Excel file."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from registry.imports.readers.file_kinds import encoding_of
from registry.imports.readers.reading_limits import (
    LONGEST_CELL,
    CellCount,
    Limits,
    NotRead,
    ReadSheet,
    trim_row,
)

_PLAIN_CELL = re.compile(r"<t[dh](\s[^<>]*)?>([^<]*)</t[dh]>", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]{1,9})(?![0-9])")
_BREAKS = frozenset({"br", "p", "div", "li"})
_DEEPEST = 30  # tables inside one another
# Empty cells at the end of rows, which are dropped; marks outside of all tables, and in one cell, which are
# nothing that is read. More only takes time.
_MOST_DROPPED, _MOST_MARKS, _MOST_MARKS_IN_CELL = 500_000, 200_000, 2_000
_UNSEEN = frozenset({"script", "style"})


def tables_of(content: bytes, limits: Limits) -> list[ReadSheet]:
    """Every table of the page as a sheet, numbered where there are several.

    Raises :class:`NotRead`: ``web_page`` for a page without a table, or with too much in its tables.
    """
    page = _HtmlPage(limits)
    page.read(content.decode(encoding_of(content)))
    page.close()
    page.end_all()
    found = [table.found for table in page.tables if any(table.found.rows)]
    if not found:
        raise NotRead("web_page")
    if len(found) > 1:
        for number, sheet in enumerate(found, 1):
            sheet.name = str(number)
    return found


class _HtmlTable:
    """One table while it is read; cells of earlier rows may still stand in the columns of a row."""

    def __init__(self, count: CellCount, above: int = 0) -> None:
        self.found = ReadSheet("", above=above)
        self._count = count
        self._row: list[object] | None = None
        self._standing: dict[int, int] = {}  # last row of the cell that stands in a column
        self._text: list[str] | None = None  # of the open cell
        self._length = 0
        self._column = self._across = self._down = 0
        self._marks = 0  # in the open cell

    @property
    def _number(self) -> int:
        return len(self.found.rows)

    def start_row(self) -> None:
        self.end_row()
        self._row = []

    def start_cell(self, across: int, down: int) -> None:
        self.end_cell()
        if self._row is None:
            self._row = []
        while self._standing.get(len(self._row), -1) >= self._number:
            self._row.append("")
        self._column, self._down = len(self._row), down
        self._across = min(across, self._count.limits.columns + 1)
        self._text, self._length, self._marks = [], 0, 0

    def mark(self) -> None:
        """One more mark in the open cell that is no cell, such as ``<b>``."""
        self._marks += 1
        if self._marks > _MOST_MARKS_IN_CELL:
            raise NotRead("too_large")

    def say(self, text: str) -> None:
        """More text of the open cell; nothing where none is open."""
        if self._text is None:
            return
        self._length += len(text)
        if self._length > LONGEST_CELL:
            raise NotRead("too_large")
        self._text.append(text)

    def end_cell(self) -> None:
        if self._text is None or self._row is None:
            return
        self._row += [" ".join("".join(self._text).split())] + [""] * (self._across - 1)
        if self._down > 1:
            last = self._number + self._down - 1
            self._standing.update(dict.fromkeys(range(self._column, len(self._row)), last))
            self.found.merged.append((self._number, self._column, last))
        self._text = None
        beyond = self._row[self._count.limits.columns :]
        if any(beyond):
            raise NotRead("too_many_columns")
        if beyond:  # a title wider than any table
            del self._row[self._count.limits.columns :]

    def end_row(self) -> None:
        self.end_cell()
        if self._row is None:
            return
        row = trim_row(self._row)
        self._count.take(self._number + 1, row)
        self.found.rows.append(row)
        self._row = None


class _HtmlPage(HTMLParser):
    """Fills a table for each ``<table>``; one inside a cell of another is a sheet of its own."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_HtmlTable] = []
        self._open: list[_HtmlTable] = []
        self._count = CellCount(limits)
        self._unseen = False
        self._marks = self._cells = 0
        self._above = 0  # rows of the tables that have ended

    def read(self, text: str) -> None:
        """The whole page.

        Cells that hold text alone, nearly all of them, are read without the parser, which takes ten times as
        long: too long for a page of 30 MB.
        """
        end = 0
        for cell in _PLAIN_CELL.finditer(text):
            between = text[end : cell.start()]
            if not between.isspace():
                self.feed(between)
            if self._is_plain(cell[1] or ""):
                self._start_cell(self._open[-1], {})
                self._open[-1].say(unescape(cell[2]))
                self._open[-1].end_cell()
            else:
                self.feed(cell[0])
            end = cell.end()
        self.feed(text[end:])

    def _is_plain(self, attributes: str) -> bool:
        """Whether what looks like a cell is one here, and says nothing of its size."""
        if "<" in self.rawdata or self.cdata_elem or self._unseen or not self._open:
            return False  # inside a remark or script, or outside of every table
        if "span" in attributes.lower() or attributes.count('"') % 2 or attributes.count("'") % 2:
            return False
        if self.rawdata:  # text that the parser held back until it knew that it ends
            self.handle_data(unescape(self.rawdata))
            self.rawdata = ""
        return True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            if len(self._open) == _DEEPEST:
                raise NotRead("too_large")
            self._open.append(_HtmlTable(self._count, self._above))
            self.tables.append(self._open[-1])
        elif tag in _UNSEEN:
            self._unseen = True
        elif self._open:
            self._inside(self._open[-1], tag, dict(attrs))
        else:
            self._marks += 1
            if self._marks > _MOST_MARKS:
                raise NotRead("web_page")

    def _inside(self, table: _HtmlTable, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            table.start_row()
        elif tag in ("td", "th"):
            self._start_cell(table, attributes)
        else:
            table.mark()
            if tag in _BREAKS:
                table.say(" ")

    def _start_cell(self, table: _HtmlTable, attributes: dict[str, str | None]) -> None:
        self._cells += 1
        if self._cells - self._count.cells > _MOST_DROPPED:
            raise NotRead("too_many_cells")
        table.start_cell(_span(attributes.get("colspan")), _span(attributes.get("rowspan")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = False
        elif not self._open:
            return
        elif tag in ("td", "th"):
            self._open[-1].end_cell()
        elif tag == "tr":
            self._open[-1].end_row()
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._open and not self._unseen:
            self._open[-1].say(data)

    def end_all(self) -> None:
        """End what a page cut short left open."""
        while self._open:
            self._end_table()

    def _end_table(self) -> None:
        table = self._open.pop()
        table.end_row()
        if not self._open:  # Excel puts the next table below this one
            self._above += len(table.found.rows)


def _span(said: str | None) -> int:
    match = _NUMBER.match(said or "")
    return max(int(match[1]), 1) if match else 1
