"""Reads one workbook on standard input and writes its rows as JSON to standard output.

Run as a program of its own (see ``read``), because a hostile file can make any reader of spreadsheets ask
for half a terabyte and end its process: one cell at XFD1048576 is enough. It imports nothing of ours.

Arguments: most bytes of memory, most rows of a sheet, most columns, most cells in all. The answer is
``{"sheets": [{"name", "visible", "rows"}]}`` or ``{"error": code}``.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum


def tagged(value: object) -> object:
    """A cell JSON has no word for, as a pair of its kind and its text."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return str(value)


def trimmed(row: list[Any]) -> list[Any]:
    """``row`` without the empty cells at its end, which many programs leave in thousands."""
    end = len(row)
    while end and row[end - 1] in ("", None):
        end -= 1
    return row[:end]


def rows_of(sheet: Any, most_rows: int, most_columns: int) -> Iterator[list[Any]]:
    """The rows of a sheet from its first on; ValueError with what there is too much of."""
    if sheet.total_height > most_rows:
        raise ValueError("too_many_rows")
    # The height says where the data ends; the width may be a stray cell of formatting, so look at each row.
    for row in sheet.to_python(skip_empty_area=False):
        row = trimmed(row)
        if len(row) > most_columns:
            raise ValueError("too_many_columns")
        yield row


def sheets_of(content: bytes, most_rows: int, most_columns: int, most_cells: int) -> list[dict[str, Any]]:
    """All worksheets, visible ones first; ValueError with a code when there is too much."""
    book = CalamineWorkbook.from_object(BytesIO(content))
    found, cells = [], 0
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        rows = []
        for row in rows_of(book.get_sheet_by_name(meta.name), most_rows, most_columns):
            rows.append(row)
            cells += len(row)
            if cells > most_cells:
                raise ValueError("too_many_cells")
        found.append({"name": meta.name, "visible": meta.visible == SheetVisibleEnum.Visible, "rows": rows})
    return sorted(found, key=lambda sheet: not sheet["visible"])


def answer(content: bytes, most_rows: int, most_columns: int, most_cells: int) -> dict[str, Any]:
    try:
        return {"sheets": sheets_of(content, most_rows, most_columns, most_cells)}
    except PasswordError:
        return {"error": "password"}
    except ValueError as too_much:
        return {"error": str(too_much)}
    except (CalamineError, OSError):
        return {"error": "damaged"}
    except MemoryError:
        return {"error": "too_large"}


def main() -> None:
    memory, *limits = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(answer(sys.stdin.buffer.read(), *limits), sys.stdout, default=tagged)


if __name__ == "__main__":
    main()
