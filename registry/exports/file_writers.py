"""A table as CSV, XLSX or XLS, written row by row as the rows come.

In CSV a text that a spreadsheet would run gets an apostrophe before it. In XLSX and XLS texts are written as
texts and are never run, so they stay as they are; their cells are marked as text, so that neither a NIK nor a
date turns into something else when somebody edits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain, islice
from typing import IO, Any

from registry.exports.csv import write_rows
from registry.exports.page_table import ExportTable, Value
from registry.models import ExportForm

XLSX_ROWS = 1_048_576
XLS_ROWS = 65_536
NOTE_SHEET = "Keterangan"
CONTENT_TYPES = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportForm.XLS: "application/vnd.ms-excel",
}
_FLUSHED_ROWS = 1000  # xlwt keeps rows in memory until it is asked to flush
_NARROWEST, _WIDEST = 10, 40  # characters of a column
_DATE, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"

Row = Sequence[Value]


def write_csv(file: IO[bytes], table: ExportTable) -> None:
    """Write ``table`` with commas; dates are ISO's."""
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    if table.has_bom:
        text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    write_rows(text, chain([table.file_header()], table.file_rows()))
    text.detach()


def write_xlsx(file: IO[bytes], table: ExportTable) -> None:
    """Write ``table``; rows past the limit of a sheet go on in the next."""
    import xlsxwriter  # here: it takes a while to load

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        formats = {
            str: book.add_format({"num_format": "@"}),
            Decimal: book.add_format({"num_format": "0.00"}),
            date: book.add_format({"num_format": _DATE, "align": "left"}),
            datetime: book.add_format({"num_format": _MOMENT, "align": "left"}),
        }
        header = table.file_header()
        for number, rows in enumerate(_sheets(table.file_rows(), XLSX_ROWS), start=1):
            sheet = book.add_worksheet(_sheet_name(table, number))
            sheet.write_row(0, 0, header, bold)
            line = 0
            for line, row in enumerate(rows, start=1):
                _write_xlsx_row(sheet, line, row, formats)
            _set_up_view(sheet, table, header, line)
        _write_xlsx_note(book, table, bold)


def _sheet_name(table: ExportTable, number: int) -> str | None:
    """Return None where Excel may name the sheet."""
    if table.is_layout:
        return None
    name = table.sheet_names[0]
    return name if number == 1 else f"{name} {number}"


def _set_up_view(sheet: Any, table: ExportTable, header: Sequence[str], last_line: int) -> None:
    """Keep headings and names of rows in view; give a table of a page widths and arrows to filter."""
    if table.is_layout:
        sheet.freeze_panes(1, 0)
        return
    sheet.freeze_panes(1, table.naming_column + 1)
    for column, heading in enumerate(header):
        sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, len(heading) + 2)))
    if last_line:
        sheet.autofilter(0, 0, last_line, len(header) - 1)


def _write_xlsx_row(sheet: Any, line: int, row: Row, formats: Mapping[type, Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                sheet.write_string(line, column, value, formats[str])
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, formats[type(value)])
        elif value is not None:
            sheet.write_number(line, column, value, formats.get(type(value)))


def _write_xlsx_note(book: Any, table: ExportTable, bold: Any) -> None:
    if not table.about:
        return
    sheet = book.add_worksheet(NOTE_SHEET if table.is_layout else table.sheet_names[1])
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for line, (term, text) in enumerate(table.about):
        sheet.write_string(line, 0, term, bold)
        sheet.write_string(line, 1, text, wrap)


def write_xls(file: IO[bytes], table: ExportTable) -> None:
    """Write ``table`` for Excel 97-2003; rows past the limit of a sheet go on in the next."""
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
        for number, rows in enumerate(_sheets(table.file_rows(), XLS_ROWS), start=1):
            sheet = book.add_sheet(f"Sheet{number}")
            written.append(sheet)
            for column, name in enumerate(table.file_header()):
                sheet.write(0, column, name, bold)
            for line, row in enumerate(rows, start=1):
                _write_xls_row(sheet, line, row, styles, xlwt.Style.default_style)
                if line % _FLUSHED_ROWS == 0:
                    sheet.flush_row_data()
        if table.about:
            sheet = book.add_sheet(NOTE_SHEET)
            for line, cells in enumerate(table.about):
                _write_xls_row(sheet, line, cells, styles, xlwt.Style.default_style)
        book.save(file)
    finally:
        _close_row_files(written)


def _write_xls_row(sheet: Any, line: int, row: Row, styles: Mapping[type, Any], otherwise: Any) -> None:
    for column, value in enumerate(row):
        if value is not None and value != "":
            sheet.write(line, column, value, styles.get(type(value), otherwise))


def _close_row_files(sheets: Iterable[Any]) -> None:
    """Close the temporary file that xlwt flushes rows into and leaves open; it holds names."""
    for sheet in sheets:
        if sheet.row_tempfile is not None:
            sheet.row_tempfile.close()


def _sheets(rows: Iterable[Row], most: int) -> Iterator[Iterator[Row]]:
    """Return the rows of each sheet below its header; one sheet without rows when there are none."""
    left = iter(rows)
    yield islice(left, most - 1)
    for first in left:
        yield islice(chain([first], left), most - 1)


WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "xls": write_xls}
"""By ``registry.models.ExportForm``."""
