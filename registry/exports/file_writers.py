"""A table as CSV, XLSX or XLS, written row by row as the rows come.

In CSV a text that a spreadsheet would run gets an apostrophe before it. In XLSX and XLS texts are written as
texts and are never run, so they stay as they are; their cells are marked as text, so that neither a NIK nor a
date turns into something else when somebody edits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain, islice
from typing import IO, Any

from registry.exports.cell_formatting import Value
from registry.exports.csv import write_rows
from registry.models import ExportForm

XLSX_ROWS = 1_048_576
XLS_ROWS = 65_536
NOTE_SHEET = "Keterangan"
CONTENT_TYPES = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportForm.XLS: "application/vnd.ms-excel",
}
_FLUSHED_ROWS = 1000  # xlwt keeps rows in memory until told not to
_NARROWEST, _WIDEST = 10, 40  # characters of a column
_DATE, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"

Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Look:
    """How a table of a page stands in XLSX: with arrows to filter, columns as wide as their headings, and the
    columns up to the one that ``names`` a row always in view. ``note_sheet`` names the sheet of the note.
    """

    sheet: str
    note_sheet: str
    names: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """What to write. ``note``: lines of a sheet behind the table. ``mark``: CSV for Excel, which knows UTF-8
    only by its mark; a program of statistics would take it for a part of the first name. ``look``: None for a
    layout of the field, which is to be read by a program.
    """

    header: Sequence[str]
    rows: Iterable[Row]
    note: Sequence[tuple[str, str]] = ()
    mark: bool = True
    look: Look | None = None


def write_csv(file: IO[bytes], table: Table) -> None:
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    if table.mark:
        text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    write_rows(text, chain([table.header], table.rows))
    text.detach()


def write_xlsx(file: IO[bytes], table: Table) -> None:
    import xlsxwriter  # here: it takes a while to load

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        formats = {
            str: book.add_format({"num_format": "@"}),
            Decimal: book.add_format({"num_format": "0.00"}),
            date: book.add_format({"num_format": _DATE, "align": "left"}),
            datetime: book.add_format({"num_format": _MOMENT, "align": "left"}),
        }
        for number, rows in enumerate(_sheets(table.rows, XLSX_ROWS), start=1):
            sheet = book.add_worksheet(_sheet_name(table.look, number))
            sheet.write_row(0, 0, table.header, bold)
            line = 0
            for line, row in enumerate(rows, start=1):
                _write_xlsx_row(sheet, line, row, formats)
            _lay_out(sheet, table, line)
        _note_xlsx(book, table, bold)


def _sheet_name(look: Look | None, number: int) -> str | None:
    """None: as Excel would name it."""
    return None if look is None else look.sheet if number == 1 else f"{look.sheet} {number}"


def _lay_out(sheet: Any, table: Table, last_line: int) -> None:
    look = table.look
    sheet.freeze_panes(1, 0 if look is None else look.names + 1)
    if look is None:
        return
    for column, heading in enumerate(table.header):
        sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, len(heading) + 2)))
    if last_line:
        sheet.autofilter(0, 0, last_line, len(table.header) - 1)


def _write_xlsx_row(sheet: Any, line: int, row: Row, formats: Mapping[type, Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                sheet.write_string(line, column, value, formats[str])
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, formats[type(value)])
        elif value is not None:
            sheet.write_number(line, column, value, formats.get(type(value)))


def _note_xlsx(book: Any, table: Table, bold: Any) -> None:
    if not table.note:
        return
    sheet = book.add_worksheet(table.look.note_sheet if table.look else NOTE_SHEET)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for line, (term, text) in enumerate(table.note):
        sheet.write_string(line, 0, term, bold)
        sheet.write_string(line, 1, text, wrap)


def write_xls(file: IO[bytes], table: Table) -> None:
    import xlwt  # type: ignore[import-untyped]  # here: few files are of that kind

    book = xlwt.Workbook(encoding="utf-8")
    bold, text = xlwt.easyxf("font: bold on"), xlwt.easyxf(num_format_str="@")
    styles = {
        str: text,
        Decimal: xlwt.easyxf(num_format_str="0.00"),
        date: xlwt.easyxf(num_format_str=_DATE),
        datetime: xlwt.easyxf(num_format_str=_MOMENT),
    }
    written = []
    try:
        for number, rows in enumerate(_sheets(table.rows, XLS_ROWS), start=1):
            sheet = book.add_sheet(f"Sheet{number}")
            written.append(sheet)
            for column, name in enumerate(table.header):
                sheet.write(0, column, name, bold)
            for line, row in enumerate(rows, start=1):
                _write_xls_row(sheet, line, row, styles, xlwt.Style.default_style)
                if line % _FLUSHED_ROWS == 0:
                    sheet.flush_row_data()
        if table.note:
            sheet = book.add_sheet(NOTE_SHEET)
            for line, cells in enumerate(table.note):
                _write_xls_row(sheet, line, cells, styles, xlwt.Style.default_style)
        book.save(file)
    finally:
        _close_row_files(written)


def _write_xls_row(sheet: Any, line: int, row: Row, styles: Mapping[type, Any], otherwise: Any) -> None:
    for column, value in enumerate(row):
        if value is not None and value != "":
            sheet.write(line, column, value, styles.get(type(value), otherwise))


def _close_row_files(sheets: Iterable[Any]) -> None:
    """xlwt flushes rows into a temporary file of its own and leaves it open; it holds names."""
    for sheet in sheets:
        if sheet.row_tempfile is not None:
            sheet.row_tempfile.close()


def _sheets(rows: Iterable[Row], most: int) -> Iterator[Iterator[Row]]:
    """The rows of each sheet below its header; one sheet without rows when there are none."""
    left = iter(rows)
    yield islice(left, most - 1)
    for first in left:
        yield islice(chain([first], left), most - 1)


WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "xls": write_xls}
"""By ``registry.models.ExportForm``."""
