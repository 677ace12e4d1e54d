"""A remembered mapping laid over a table: by number of the column, or by the text of its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.errors import Invalid
from registry.growth.cells.column_names import plain_heading
from registry.growth.cells.text import Cell
from registry.imports.readers.read_file import Sheet
from registry.imports.tables.column_guess import FIELD_WORDS
from registry.imports.tables.header import TITLE_ROWS

Columns = Mapping[str, int | str]
"""From field to column: its number from 0, or what its header says."""


@dataclass(frozen=True, slots=True)
class LaidMapping:
    """Where the columns of a mapping stand.

    ``columns`` are counted from 0. ``header_row`` is the header's row counted from 1. It is 0 without a
    header, and None where numbers alone do not say it.
    """

    columns: Mapping[str, int]
    header_row: int | None


def lay_mapping(columns: Columns, sheet: Sheet, header_row: int | None = None) -> LaidMapping:
    """The columns of ``sheet`` that a mapping means; without ``header_row`` the row with all its headers.

    Raises :class:`registry.errors.Invalid` for a field nobody knows, a column that is not there, and a
    column said to be two fields.
    """
    for field in columns:
        if field not in FIELD_WORDS:
            raise Invalid(
                "mapped_field_unknown",
                _("Isian “%(field)s” tidak dikenal. Pilih isian dari daftar.") % {"field": field},
            )
    if header_row is None:
        header_row = _row_with(columns, sheet)
    names = sheet.rows[header_row - 1] if header_row and header_row <= len(sheet.rows) else ()
    found = {field: _column(column, names) for field, column in columns.items()}
    _check_once(found)
    return LaidMapping(found, header_row)


def _texts(columns: Columns) -> set[str]:
    return {plain_heading(column) for column in columns.values() if isinstance(column, str)}


def _row_with(columns: Columns, sheet: Sheet) -> int | None:
    """The first row that has every header of the mapping; None for a mapping of numbers alone."""
    texts = _texts(columns)
    if not texts:
        return None
    rows = enumerate(sheet.rows[:TITLE_ROWS], start=1)
    return next((i for i, row in rows if texts <= {plain_heading(cell) for cell in row}), 0)


def _column(column: int | str, names: Sequence[Cell]) -> int:
    if isinstance(column, int) and not isinstance(column, bool) and column >= 0:
        return column
    text = plain_heading(column) if isinstance(column, str) else ""
    found = next((i for i, name in enumerate(names) if text and plain_heading(name) == text), None)
    if found is None:
        raise Invalid(
            "mapped_column_missing",
            _("Kolom “%(column)s” tidak ada di berkas ini. Pilih kolomnya lagi.") % {"column": column},
            "mapping",
        )
    return found


def _check_once(columns: Mapping[str, int]) -> None:
    fields: dict[int, str] = {}
    for field, column in columns.items():
        if column in fields:
            raise Invalid(
                "mapped_twice",
                _("Kolom ke-%(number)d dipilih untuk dua isian. Pilih satu saja.") % {"number": column + 1},
                "mapping",
            )
        fields[column] = field
