"""What is wrong with a line before anything in it is read: cells that have moved, and errors of Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from registry.actions import Invalid
from registry.spreadsheets.formats.limits import ERRORS, NO_VALUE
from registry.spreadsheets.read import Cell
from registry.spreadsheets.tables.cells import sex_of, text_of
from registry.spreadsheets.tables.columns import column_words, field_of, spelled
from registry.spreadsheets.tables.header import FEWEST_KNOWN
from registry.spreadsheets.tables.layout import Line, Table
from registry.spreadsheets.tables.skipped import skipped

_NOT_VALUES = ERRORS | {NO_VALUE}
# Of the file's own sums, which are worked out anew, and of columns that are not read.
_UNREAD = frozenset(
    {
        *("no", "age", "age_days", "waz", "haz", "whz", "ntob", "pmt", "mother_class", "mbg", "puskesmas"),
        *("family_card", "birth_order", "parent_nik", "birth_head"),
    }
)
_CUT = ("weight", "lenhei", "muac", "head", "birth_weight", "birth_length")
_FEWEST_IN_DATE = 4  # digits; a title may have some, as ASI 0-6 BULAN
# A title over several columns is known as another field than they are.
_PARTS: Mapping[str, frozenset[str]] = {
    "birth_date": frozenset({"birth_day", "birth_month", "birth_year"}),
    "parent": frozenset({"father", "mother"}),
    "weight": frozenset({"birth_weight"}),
    "lenhei": frozenset({"birth_length", "lenhei_other"}),
}


class RowChecks:
    """Looks at the lines of a table one after the other."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._widest = _widest(table) if table.is_text else 0
        self._read = {i: f for f, i in table.columns.items() if f not in _UNREAD}
        self._moved_at = 0  # number of the header in another order that stands above

    def is_moved_header(self, line: Line) -> bool:
        """A header again whose columns stand in another order than those of the table."""
        if _says_a_child(line) or not _moves(self._table, self._table.row_of(line)):
            return False
        self._moved_at = line.number
        return True

    def own_header_again(self) -> None:
        """From here on the columns are those of the table."""
        self._moved_at = 0

    def check(self, line: Line) -> None:
        """Raises :class:`registry.actions.Invalid` for a line whose cells cannot be believed."""
        if self._moved_at:
            raise Invalid(
                "header_moved",
                _(
                    "Judul kolom di baris %(number)d urutannya lain dari judul berkas ini, jadi baris di "
                    "bawahnya tidak dibaca. Pindahkan ke berkas sendiri, lalu unggah."
                )
                % {"number": self._moved_at},
            )
        row = self._table.row_of(line)
        self._check_width(row)
        if not _NOT_VALUES.isdisjoint(row):
            self._check_errors(row)

    def _check_width(self, row: Sequence[Cell]) -> None:
        """A decimal comma in a file of commas makes two cells of one, and all after it stand one too far."""
        titles = len(self._table.header)
        if not self._widest or len(row) <= titles:
            return
        if len(row) > self._widest or _filled(row) > titles:
            raise Invalid(
                "too_many_cells",
                _(
                    "Baris ini berisi %(cells)d sel di bawah %(columns)d judul kolom, jadi isinya bergeser. "
                    "Apit angka berkoma dengan tanda kutip, atau pakai titik koma sebagai pemisah."
                )
                % {"cells": len(row), "columns": titles},
            )

    def _check_errors(self, row: Sequence[Cell]) -> None:
        """An error is no empty cell: something was measured or written, and Excel has lost it."""
        for i, cell in enumerate(row):
            if cell not in _NOT_VALUES or i not in self._read:
                continue
            said = {"column": column_words(i, self._table.header), "error": cell}
            if cell == NO_VALUE:
                sentence = _(
                    "Rumus di kolom %(column)s belum dihitung. Buka berkas ini di Excel, simpan, lalu "
                    "unggah lagi."
                )
                raise Invalid("formula_without_value", sentence % said, self._read[i])
            sentence = _("Kolom %(column)s berisi kesalahan %(error)s. Betulkan isinya, lalu unggah lagi.")
            raise Invalid("cell_error", sentence % said, self._read[i])


def _widest(table: Table) -> int:
    """Most cells of a line of a text; 0 for as many as it likes.

    Empty cells at the end count as well: they may have been pushed there. Where every child has more of them
    than the header they are only a program's habit, unless every child may have a number cut in two.
    """
    widest = len(table.header)
    if not widest or all(len(row) <= widest for row in table.rows):
        return widest
    rows = [table.row_of(line) for line in table.lines() if skipped(table, line) is None]
    habit = min(map(len, rows), default=widest)
    return widest if all(_may_be_cut(table, row) for row in rows) else max(widest, habit)


def _filled(row: Sequence[Cell]) -> int:
    return next((i for i in range(len(row), 0, -1) if text_of(row[i - 1])), 0)


def _may_be_cut(table: Table, row: Sequence[Cell]) -> bool:
    """A number of the row is whole, and what follows could be its decimals."""
    for i in (table.columns[field] for field in _CUT if field in table.columns):
        number, decimals = (text_of(cell) for cell in (*row[i : i + 2], "", "")[:2])
        if number.isdigit() and decimals.isdigit() and len(decimals) <= 2:
            return True
    return False


def _says_a_child(line: Line) -> bool:
    """Nearly every line: a header has no sex and no date in it."""
    if sex_of(line["sex"]) is not None:
        return True
    days = (line[field] for field in ("birth_date", "measured_on"))
    return any(day is not None and sum(map(str.isdigit, str(day))) >= _FEWEST_IN_DATE for day in days)


def _moves(table: Table, row: Sequence[Cell]) -> bool:
    """The row names fields, one of them where the table has another or away from where the table has it."""
    fields = {i: field for i, cell in enumerate(row) if (field := field_of(cell))}
    if len(set(fields.values())) < FEWEST_KNOWN:
        return False
    own = {i: field for field, i in table.columns.items()}
    for i, field in fields.items():
        is_own_title = i < len(table.header) and spelled(table.header[i]) == spelled(row[i])
        there, at = own.get(i), table.columns.get(field)
        if is_own_title or there == field:
            continue
        is_away = at is not None and fields.get(at) != field
        if is_away or (there is not None and there not in _PARTS.get(field, ())):
            return True
    return False
