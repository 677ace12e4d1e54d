"""Excel's XML of 2003 (SpreadsheetML), which old reporting programs save under the name of an .xls file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from math import isfinite
from xml.parsers import expat

from registry.imports.readers.reading_limits import (
    ERRORS,
    LONGEST_CELL,
    NO_VALUE,
    CellCount,
    Limits,
    NotRead,
    ReadSheet,
    trim_row,
)

_DAY_ZERO = date(1899, 12, 31)  # a time of day is written as of that day
_MIDNIGHT = time()
# More cells than a file that may be uploaded has room for, were there anything in them; the widest row of
# Excel; elements inside one another, of which Excel writes seven.
_MOST_CELLS, _WIDEST, _DEEPEST = 1_500_000, 16_384, 50


def worksheets_of(content: bytes, limits: Limits) -> list[ReadSheet]:
    """The worksheets of the file. Raises :class:`NotRead` for a broken file, or one with too much in it."""
    book = _Excel2003Handler(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = book.start
    parser.EndElementHandler = book.end
    parser.CharacterDataHandler = book.characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError):  # LookupError: an encoding nobody has
        raise NotRead("damaged") from None
    found = [sheet for sheet in book.sheets if any(sheet.rows)]
    if not found:
        raise NotRead("web_page")
    return found


def _refuse_doctype(*_said: object) -> None:
    raise NotRead("damaged")  # Excel writes none, and its entities can make ten lines a billion long


class _Excel2003Handler:
    """What the parser says, element by element. Rows and columns count from 0 here, from 1 in the file."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[ReadSheet] = []
        self._count = CellCount(limits)
        self._row: list[object] = []
        self._next_row = 0  # index of the row that follows, unless it says another
        self._column = self._ends = 0  # of the cell at hand, and where the next one begins
        self._type = ""
        self._text: list[str] | None = None
        self._length = 0
        self._depth = self._cells = 0
        self._remark = 0  # a remark of a cell has data of its own, which is no value

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotRead("damaged")
        said = {_local(key): value for key, value in attributes.items()}
        match _local(name):
            case "Worksheet":
                self.sheets.append(ReadSheet(said.get("Name", "")))
                self._next_row = 0
            case "Row" if self.sheets:
                self._start_row(said)
            case "Cell" if self.sheets:
                self._start_cell(said)
            case "Comment":
                self._remark += 1
            case "Data" if not self._remark:
                self._type, self._text, self._length = said.get("Type", "String"), [], 0
            case "Visible":
                self._text, self._length = [], 0

    def end(self, name: str) -> None:
        self._depth -= 1
        match _local(name):
            case "Row" if self.sheets:
                self.sheets[-1].rows[-1] = trim_row(self._row)
                self._count.take(len(self.sheets[-1].rows), self.sheets[-1].rows[-1])
            case "Comment":
                self._remark -= 1
            case "Data" if not self._remark and self._text is not None:
                self._put(_value(self._type, "".join(self._text)))
                self._text = None
            case "Visible" if self._text is not None:
                if self.sheets:
                    self.sheets[-1].visible = "".join(self._text) == "SheetVisible"
                self._text = None

    def characters(self, text: str) -> None:
        if self._text is None or self._remark:
            return
        self._length += len(text)
        if self._length > LONGEST_CELL:
            raise NotRead("too_large")
        self._text.append(text)

    def _start_row(self, said: Mapping[str, str]) -> None:
        row = max(_number(said, "Index", self._next_row + 1) - 1, self._next_row)
        if row >= self._count.limits.rows:
            raise NotRead("too_many_rows")
        rows = self.sheets[-1].rows
        rows.extend([] for _ in range(row + 1 - len(rows)))
        self._next_row = row + 1 + _number(said, "Span")
        self._row, self._column, self._ends = [], 0, 0

    def _start_cell(self, said: Mapping[str, str]) -> None:
        self._column = max(_number(said, "Index", self._ends + 1) - 1, 0)
        self._ends = self._column + 1 + _number(said, "MergeAcross")
        self._cells += 1
        if self._cells > _MOST_CELLS:
            raise NotRead("too_many_cells")
        if self._column >= _WIDEST:
            raise NotRead("too_many_columns")
        if "Formula" in said and self._column < self._count.limits.columns:
            self._put(NO_VALUE)  # until its value follows
        down = _number(said, "MergeDown")
        if down and self.sheets[-1].rows:
            row = len(self.sheets[-1].rows) - 1
            self.sheets[-1].merged.append((row, self._column, row + down))

    def _put(self, value: object) -> None:
        if self._column >= self._count.limits.columns:
            raise NotRead("too_many_columns")
        self._row.extend([""] * (self._column + 1 - len(self._row)))
        self._row[self._column] = value


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _number(said: Mapping[str, str], name: str, otherwise: int = 0) -> int:
    text = said.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _value(kind: str, text: str) -> object:
    """The value of a cell; the text itself where it is not what its type says."""
    match kind:
        case "Error":
            return text.strip() if text.strip() in ERRORS else "#VALUE!"
        case "Boolean":
            return text.strip() == "1"
        case "Number" | "DateTime":
            try:
                return _moment(text.strip()) if kind == "DateTime" else _finite(text)
            except ValueError:
                return text
    return text


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number


def _moment(text: str) -> date | time:
    moment = datetime.fromisoformat(text)
    if moment.date() <= _DAY_ZERO:
        return moment.time()
    return moment.date() if moment.time() == _MIDNIGHT else moment
