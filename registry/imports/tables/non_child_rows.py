"""Rows of a table that are about no child: totals, headers again, who signed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.growth.cells.text import text_of, words_of
from registry.imports.report import RowNote
from registry.imports.tables.cells import nik_of
from registry.imports.tables.layout import Table
from registry.imports.tables.table_rows import SheetRow
from registry.places.names import plain

_TOTALS = frozenset({"JUMLAH", "JML", "TOTAL", "SUBTOTAL", "SUB", "RATA", "REKAP", "REKAPITULASI"})
_SIGNED = frozenset(
    {"MENGETAHUI", "KEPALA", "KADER", "KETUA", "BIDAN", "PETUGAS", "NIP", "TTD", "KETERANGAN"}
)
_SAID_OF_A_CHILD = ("birth_date", "sex", "nik", "measured_on", "weight", "lenhei")


def reason_to_skip(table: Table, line: SheetRow) -> RowNote | None:
    """Why the line is about no child, None where it is."""
    if table.repeats_header(line):
        return RowNote("header_again", _("Judul kolom yang berulang."))
    if words_of(line["birth_date"]) and table.names_children:
        return None
    first = _first_word(line)
    if first in _TOTALS:
        return RowNote("total", _("Baris jumlah, bukan anak."))
    if not words_of(line["name"]) and not words_of(line["measured_on"]) and not nik_of(line["nik"]):
        return RowNote("no_child", _("Baris tanpa nama dan tanggal, bukan anak."))
    if any(words_of(line[field]) for field in _SAID_OF_A_CHILD):
        return None
    if first in _SIGNED or ("no" in table.columns and not words_of(line["no"])):
        return RowNote("signature", _("Baris tanda tangan atau keterangan, bukan anak."))
    return None


def _first_word(line: SheetRow) -> str:
    """What a line begins with, in whichever column that stands."""
    texts = (plain(text_of(cell)) for cell in line.cells())
    return next((text.split()[0] for text in texts if text and not text.isdigit()), "")
