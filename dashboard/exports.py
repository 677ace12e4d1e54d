"""The table of a page as CSV or Excel: the same rows in the same order, numbers as numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _

from dashboard.tables import Table
from dashboard.words import month_name
from registry.formulas import formula_safe

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 40


def csv_of(table: Table, _place: str, _month: date) -> bytes:
    """UTF-8 with a mark that Excel recognises; headings are English names that stay the same."""
    written = StringIO()
    written.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(written)
    writer.writerow([name for head in table.heads for name in head.names])
    for row in table.rows:
        writer.writerow([formula_safe(value) for cell in row.cells for value in cell.values])
    return written.getvalue().encode()


def xlsx_of(table: Table, place: str, month: date) -> bytes:
    """One sheet with the table, one that says of what it is and how each column is counted.

    Texts are written as texts, so that no cell is ever run as a formula.
    """
    import xlsxwriter  # here: it takes a while to load, and few pages are taken away

    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _write_table(book.add_worksheet(_("Angka")), table, bold)
        _write_about(book.add_worksheet(_("Cara menghitung")), table, place, month, bold, wrap)
    return written.getvalue()


def _write_table(sheet: Any, table: Table, bold: Any) -> None:
    heads = [(head, name) for head in table.heads for name in head.names]
    for column, (head, name) in enumerate(heads):
        label = head.label if len(head.names) == 1 else f"{head.label} ({name})"
        sheet.write_string(0, column, label, bold)
        sheet.set_column(column, column, min(_WIDEST, max(10, len(label) + 2)))
    for line, row in enumerate(table.rows, start=1):
        values = [value for cell in row.cells for value in cell.values]
        for column, value in enumerate(values):
            _write(sheet, line, column, value)
    names_row = next((i for i, (head, _name) in enumerate(heads) if head.names_row), 0)
    sheet.freeze_panes(1, names_row + 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(heads) - 1)


def _write(sheet: Any, line: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(line, column, value)
    elif value is not None:
        sheet.write_number(line, column, value)


def _write_about(sheet: Any, table: Table, place: str, month: date, bold: Any, wrap: Any) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    about = [(_("Tabel"), table.caption), (_("Wilayah"), place), (_("Bulan"), month_name(month))]
    for line, (term, text) in enumerate([*about, *((d.term, d.text) for d in table.definitions)]):
        sheet.write_string(line, 0, term, bold)
        sheet.write_string(line, 1, text, wrap)


def file_name(key: str, place_code: str, month: date, ending: str) -> str:
    """Of the table ``key`` of a place and month."""
    return f"{key}-{place_code}-{month:%Y-%m}.{ending}"


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file. ``write``: the bytes of a table, the name of its place and its month."""

    content_type: str
    write: Callable[[Table, str, date], bytes]


FORMS = {"csv": Form("text/csv; charset=utf-8", csv_of), "xlsx": Form(XLSX, xlsx_of)}
"""What ``?format=`` may be."""
