"""A table as CSV, XLSX or XLS, written row by row as the rows come.

In CSV a text that a spreadsheet would run gets an apostrophe before it. In XLSX and XLS texts are written as
texts and are never run, so they stay as they are; their cells are marked as text, so that neither a NIK nor a
date turns into something else when somebody edits it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain, islice
from typing import IO, Any

from registry.formulas import formula_safe
from registry.spreadsheets.out.words import Value

XLSX_ROWS = 1_048_576
XLS_ROWS = 65_536
NOTE_SHEET = "Keterangan"
_FLUSHED_ROWS = 1000  # xlwt keeps rows in memory until told not to

Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Table:
    """What to write. ``note``: lines of a sheet behind the table. ``mark``: CSV for Excel, which knows UTF-8
    only by its mark; a program of statistics would take it for a part of the first name.
    """

    header: Sequence[str]
    rows: Iterable[Row]
    note: Sequence[tuple[str, str]] = ()
    mark: bool = True


def write_csv(file: IO[bytes], table: Table) -> None:
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    if table.mark:
        text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(text)
    writer.writerow(table.header)
    writer.writerows([formula_safe(value) for value in row] for row in table.rows)
    text.detach()


def write_xlsx(file: IO[bytes], table: Table) -> None:
    import xlsxwriter  # here: it takes a while to load

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        two_decimals = book.add_format({"num_format": "0.00"})
        for rows in _sheets(table.rows, XLSX_ROWS):
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, table.header, bold)
            for line, row in enumerate(rows, start=1):
                _write_xlsx_row(sheet, line, row, text, two_decimals)
        _note_xlsx(book, table.note, bold)


def _write_xlsx_row(sheet: Any, line: int, row: Row, text: Any, two_decimals: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                sheet.write_string(line, column, value, text)
        elif isinstance(value, Decimal):
            sheet.write_number(line, column, value, two_decimals)
        elif value is not None:
            sheet.write_number(line, column, value)


def _note_xlsx(book: Any, note: Sequence[tuple[str, str]], bold: Any) -> None:
    if not note:
        return
    sheet = book.add_worksheet(NOTE_SHEET)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    for line, (term, text) in enumerate(note):
        sheet.write_string(line, 0, term, bold)
        sheet.write_string(line, 1, text)


def write_xls(file: IO[bytes], table: Table) -> None:
    import xlwt  # type: ignore[import-untyped]  # here: few files are of that kind

    book = xlwt.Workbook(encoding="utf-8")
    bold, text = xlwt.easyxf("font: bold on"), xlwt.easyxf(num_format_str="@")
    styles = {str: text, Decimal: xlwt.easyxf(num_format_str="0.00")}
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
