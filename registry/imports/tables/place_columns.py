"""Columns whose titles nobody knows, and whose cells are names of villages, posyandu or puskesmas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from registry.errors import Invalid
from registry.growth.cells.column_names import column_words, plain_heading
from registry.growth.cells.text import Cell, repeated_words
from registry.imports.known_places import KnownPlaces

Columns = Mapping[str, int]
Rows = Sequence[Sequence[Cell]]

_LOOKED_AT = 2000  # rows
_HAMLETS = frozenset({"DUSUN", "DUKUH", "GRUMBUL", "LINGKUNGAN", "BLOK"})
"""Words of titles whose column is of a part of a village, which may be called as another village."""


def find_place_columns(header: Sequence[Cell], columns: Columns, rows: Rows, places: KnownPlaces) -> Columns:
    """Return such columns by the field they are, none of which is a field of ``columns``."""
    found: dict[str, int] = {}
    for i in range(max(map(len, rows[:_LOOKED_AT]), default=0)):
        title = plain_heading(header[i]) if i < len(header) else ""
        if i in columns.values() or _HAMLETS & set(title.split()):
            continue
        names = [name for row in rows[:_LOOKED_AT] if i < len(row) and (name := repeated_words(row[i]))]
        field = places.field_of_names(names)
        if field and field not in columns:
            found.setdefault(field, i)
    return found


def check_place_columns(header: Sequence[Cell], columns: Columns, rows: Rows, places: KnownPlaces) -> None:
    """Raises :class:`registry.errors.Invalid` where there are any, for a table without villages."""
    if found := find_place_columns(header, columns, rows, places):
        raise Invalid(
            "place_column_unread",
            _(
                "Kolom %(columns)s memuat nama tempat, tetapi judulnya tidak dikenal. Pilih dulu apa "
                "isinya (desa/kelurahan, posyandu atau puskesmas), supaya tidak semua baris masuk ke "
                "satu desa."
            )
            % {"columns": ", ".join(column_words(i, header) for i in found.values())},
            "file",
        )
