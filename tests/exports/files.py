"""Reading back what was exported, without the register's own reader."""

from __future__ import annotations

import csv
import io
from typing import Any

from python_calamine import CalamineWorkbook

from registry.access.loaders import get_place
from registry.exports.export_data import ExportedFile, export
from registry.models import ExportForm, ExportKind, User

REASON = "kiriman bulanan ke Sigizi"


def exported(user: User, kind: ExportKind, place: str = "", **more: Any) -> tuple[ExportedFile, bytes]:
    """The file and its bytes, with a reason, which all but a file of one village needs."""
    made = export(user, kind, get_place(place, user), **{"reason": REASON, **more})
    with made.file:
        return made, made.file.read()


def whole(user: User, kind: ExportKind, place: str = "", **more: Any) -> bytes:
    """The bytes of a file with NIK."""
    return exported(user, kind, place, unmasked=True, reason=REASON, **more)[1]


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def rows_of(content: bytes, form: ExportForm = ExportForm.XLSX) -> list[dict[str, Any]]:
    """The rows of the first sheet by column."""
    header, *rows = next(iter(sheets_of(content).values()))
    return [dict(zip(header, row, strict=True)) for row in rows]
