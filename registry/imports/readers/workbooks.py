"""Real workbooks: .xlsx, .xlsm, .xls (BIFF) and .ods."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from registry.imports.readers.merged_cells import repeat_merged_cells
from registry.imports.readers.reading_limits import CellCount, Limits, NotRead, trim_row
from registry.imports.readers.unread_formulas import Marks, marks_of, with_marks

Rows = Iterator[list[object]]
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # the stream Office keeps a locked .xlsx in


def sheets_of(content: bytes, limits: Limits) -> Iterator[tuple[str, bool, Rows]]:
    """Name, whether it is visible, and rows of each worksheet. Raises :class:`NotRead`."""
    if content.startswith(b"\xd0\xcf") and _LOCKED in content:
        raise NotRead("password")
    try:
        book, count = CalamineWorkbook.from_object(BytesIO(content)), CellCount(limits)
        with ThreadPoolExecutor(1) as beside:
            marks = beside.submit(marks_of, content)  # while the first sheet is taken apart
            for meta in book.sheets_metadata:
                if meta.typ == SheetTypeEnum.WorkSheet:
                    sheet = book.get_sheet_by_name(meta.name)
                    yield (
                        meta.name,
                        meta.visible == SheetVisibleEnum.Visible,
                        _rows(sheet, count, marks.result().get(meta.name, {})),
                    )
    except PasswordError:
        raise NotRead("password") from None
    except (CalamineError, OSError):
        raise NotRead("damaged") from None


def _rows(sheet: CalamineSheet, count: CellCount, marks: Marks) -> Rows:
    """The rows of a sheet from its first on, merged cells said again."""
    limits = count.limits
    if sheet.total_height > limits.rows:
        raise NotRead("too_many_rows")
    # The height says where the data ends; the width may be a stray cell of formatting, so look at each row.
    if (
        sheet.total_width > limits.columns
        or count.cells + sheet.total_height * sheet.total_width > limits.cells
    ):
        seen = CellCount(limits, count.cells)
        for number, row in enumerate(_plain_rows(sheet), 1):
            seen.take(number, row)
    merged = [(top, left, bottom) for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ()]
    plain = _mark_rows(_plain_rows(sheet), marks, limits.columns) if marks else _plain_rows(sheet)
    for number, row in enumerate(repeat_merged_cells(plain, merged, limits.columns), 1):
        count.take(number, row)
        yield row


def _mark_rows(rows: Rows, marks: Marks, most_columns: int) -> Rows:
    for number, row in enumerate(rows):
        yield with_marks(row, marks[number], most_columns) if number in marks else row


def _plain_rows(sheet: CalamineSheet) -> Rows:
    left = sheet.start[1] if sheet.start else 0
    indent: list[object] = [""] * left
    for row in sheet.iter_rows():
        yield trim_row([*indent, *row] if left else [*row])
