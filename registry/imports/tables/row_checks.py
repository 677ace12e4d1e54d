"""What is wrong with a line before it is read: it is of no child, or its cells have moved or are errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from registry.errors import Invalid
from registry.growth.cells.column_names import column_words, field_of, is_expected_unread, plain_heading
from registry.growth.cells.dates import written_date
from registry.growth.cells.numbers import number_of
from registry.growth.cells.text import Cell, quote, text_of, words_of
from registry.imports.readers.reading_limits import ERRORS, NO_VALUE
from registry.imports.report import RowNote
from registry.imports.tables.cells import nik_of, position_of, sex_of
from registry.imports.tables.estimated_birth_dates import first_of_month
from registry.imports.tables.header import FEWEST_KNOWN
from registry.imports.tables.layout import Table
from registry.imports.tables.table_rows import SheetRow
from registry.places.names import plain

_NOT_VALUES = ERRORS | {NO_VALUE}
# Of the file's own sums, which are worked out anew, and of columns that are not read.
_UNREAD = frozenset(
    {
        *("no", "age", "age_years", "age_months", "age_days", "waz", "haz", "whz", "ntob", "pmt"),
        *("mother_class", "mbg", "puskesmas", "remark"),
        *("family_card", "birth_order", "parent_nik", "birth_head"),
    }
)
# Of the numbers that a comma may cut, what they can be.
_CUT: Mapping[str, tuple[Decimal, Decimal]] = {
    "weight": (Decimal(1), Decimal(40)),
    "lenhei": (Decimal(38), Decimal(130)),
    "muac": (Decimal(8), Decimal(25)),
    "head": (Decimal(28), Decimal(60)),
    "birth_weight": (Decimal("0.5"), Decimal(7)),
    "birth_length": (Decimal(30), Decimal(65)),
}
_LONGEST_DECIMALS = 2
_NOTES = frozenset({"", "KETERANGAN", "KET", "CATATAN"})
_FEWEST_IN_DATE = 4  # digits; a title may have some, as ASI 0-6 BULAN
# A title over several columns is known as another field than they are.
_PARTS: Mapping[str, frozenset[str]] = {
    "birth_date": frozenset({"birth_day", "birth_month", "birth_year"}),
    "parent": frozenset({"father", "mother"}),
    "weight": frozenset({"birth_weight"}),
    "lenhei": frozenset({"birth_length", "lenhei_other"}),
}


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


class RowChecks:
    """Looks at the lines of a table one after the other."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._habit = _habit(table) if table.is_text else None
        self._cut = list(_may_lose_decimals(table)) if table.is_text else []
        self._read = {i: f for f, i in table.columns.items() if f not in _UNREAD}
        self._moved_at = 0  # number of the header in another order that stands above

    def is_moved_header(self, line: SheetRow) -> bool:
        """A header again whose columns stand in another order than those of the table."""
        if _says_a_child(line) or not _moves(self._table, self._table.row_of(line)):
            return False
        self._moved_at = line.number
        return True

    def own_header_again(self) -> None:
        """From here on the columns are those of the table."""
        self._moved_at = 0

    def check(self, line: SheetRow) -> None:
        """Raises :class:`registry.errors.Invalid` for a line whose cells cannot be believed."""
        if self._moved_at:
            sentence = _(
                "Judul kolom di baris %(number)d urutannya lain dari judul berkas ini, jadi baris di "
                "bawahnya tidak dibaca. Pindahkan ke berkas sendiri, lalu unggah."
            )
            raise Invalid("header_moved", sentence % {"number": self._moved_at})
        row = self._table.row_of(line)
        self._check_width(row)
        if self._cut:
            self._check_cut(row)
        if not _NOT_VALUES.isdisjoint(row):
            self._check_errors(row)

    def _check_width(self, row: Sequence[Cell]) -> None:
        """A decimal comma in a file of commas makes two cells of one, and all after it stand one too far."""
        titles = len(self._table.header)
        if self._habit is None or len(row) <= titles or not self._is_shifted(row, titles, self._habit):
            return
        sentence = _(
            "Baris ini berisi %(cells)d sel di bawah %(columns)d judul kolom, jadi isinya bergeser. "
            'Tulis angka seperti "9,1" (pakai tanda kutip), atau pakai titik koma sebagai pemisah.'
        )
        raise Invalid("too_many_cells", sentence % {"cells": len(row), "columns": titles})

    def _is_shifted(self, row: Sequence[Cell], titles: int, habit: int) -> bool:
        """Empty cells at the end may have been pushed there, or be a program's habit: then all stand right.

        Where other rows have fewer of them, what stands in a column of any text could have been pushed too.
        """
        filled = _count_filled(row)
        if filled > titles or _is_cut(self._table, row):
            return True
        if len(row) <= habit:
            return False
        told = {i for f, i in self._table.columns.items() if f in _KINDS and i < len(row) and text_of(row[i])}
        wrong = any(_is_wrong(f, row[i]) for f, i in self._table.columns.items() if i in told and f in _KINDS)
        return wrong or filled > max(told, default=-1) + 1

    def _check_cut(self, row: Sequence[Cell]) -> None:
        """A cut number in the last column that is read leaves a row as wide as the others."""
        for field, i in self._cut:
            number, decimals = _two(row, i)
            if _can_be_one(field, number, decimals):
                said = {"number": quote(number), "decimals": quote(decimals)}
                said["column"] = column_words(i, self._table.header)
                sentence = _(
                    "Angka %(number)s di kolom %(column)s mungkin terpotong: di sebelahnya ada "
                    '%(decimals)s. Tulis angka seperti "9,1" (pakai tanda kutip), atau 9.1.'
                )
                raise Invalid("number_cut", sentence % said, field)

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


def _habit(table: Table) -> int | None:
    """As many cells as every child has; None where no line has more than the header."""
    titles = len(table.header)
    if not titles or all(len(row) <= titles for row in table.rows):
        return None
    rows = [table.row_of(line) for line in table.lines() if reason_to_skip(table, line) is None]
    return min(map(len, rows), default=titles)


def _count_filled(row: Sequence[Cell]) -> int:
    return next((i for i in range(len(row), 0, -1) if text_of(row[i - 1])), 0)


def _is_cut(table: Table, row: Sequence[Cell]) -> bool:
    """A number of the row is whole, and what follows is no value of its own column but could be decimals."""
    own = {i: field for field, i in table.columns.items()}
    for field, i in table.columns.items():
        if field not in _CUT or not _can_be_one(field, *_two(row, i)):
            continue
        beside = own.get(i + 1, "")
        if beside in _KINDS:
            later = {f: row[j] for f, j in table.columns.items() if i < j < len(row) and f in _KINDS}
            if any(_is_wrong(f, cell) for f, cell in later.items()):
                return True
        elif (
            beside or plain_heading(_at(table.header, i + 1)) in _NOTES or not _is_of_the_field(table, i + 1)
        ):
            return True
    return False


def _is_of_the_field(table: Table, column: int) -> bool:
    return is_expected_unread(_at(table.header, column)) or field_of(_at(table.header, column)) is not None


def _may_lose_decimals(table: Table) -> Iterator[tuple[str, int]]:
    """Numbers that have decimals in other rows, beside a column of notes that has hardly any number."""
    used = {i for field, i in table.columns.items() if field != "remark"}
    for field, i in table.columns.items():
        if field not in _CUT or i + 1 in used or field_of(_at(table.header, i + 1)) not in (None, "remark"):
            continue
        numbers, notes, rows = 0, 0, 0
        for row in table.rows:
            number, beside = _two(row, i)
            numbers += _DECIMALS.search(number) is not None
            notes += beside[:1].isdigit()
            rows += bool(number)
        if numbers and notes and notes * 2 <= rows:
            yield field, i


def _two(row: Sequence[Cell], i: int) -> tuple[str, str]:
    return text_of(_at(row, i)), text_of(_at(row, i + 1))


def _at(row: Sequence[Cell], i: int) -> Cell:
    return row[i] if i < len(row) else None


def _can_be_one(field: str, number: str, decimals: str) -> bool:
    """A whole number and what may be its decimals, which make a possible one."""
    if not (_WHOLE.fullmatch(number) and _WHOLE.fullmatch(decimals)) or len(decimals) > _LONGEST_DECIMALS:
        return False
    low, high = _CUT[field]
    return low <= Decimal(f"{number}.{decimals}") <= high


def _is_wrong(field: str, cell: Cell) -> bool:
    """A cell that is filled and cannot be of its column."""
    return bool(text_of(cell)) and not _KINDS[field](cell)


def _is_date(cell: Cell) -> bool:
    try:
        return written_date(cell) is not None
    except ValueError:
        return first_of_month(cell) is not None


def _is_measure(field: str, cell: Cell) -> bool:
    """A number of that measure, in other units or a code too: those are none. One digit may be decimals."""
    if len(text_of(cell)) == 1 and "weight" not in field:
        return text_of(cell) == "0"
    try:
        values = number_of(cell).values
    except ValueError:
        return False
    low, high = _CUT[field]
    return not values or any(not value or low <= value <= high or value >= _NO_DECIMALS for value in values)


_NO_DECIMALS = 10**_LONGEST_DECIMALS
_WHOLE = re.compile(r"\d{1,5}", re.ASCII)
_DECIMALS = re.compile(r"\d[.,]\d", re.ASCII)
_KINDS: Mapping[str, Callable[[Cell], bool]] = {
    "sex": lambda cell: sex_of(cell) is not None,
    "position": lambda cell: position_of(cell) is not None,
    "birth_date": _is_date,
    "measured_on": _is_date,
    **{field: partial(_is_measure, field) for field in _CUT},
}
"""Columns whose cells tell whether they belong there."""


def _says_a_child(line: SheetRow) -> bool:
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
        is_own_title = i < len(table.header) and plain_heading(table.header[i]) == plain_heading(row[i])
        there, at = own.get(i), table.columns.get(field)
        if is_own_title or there == field:
            continue
        is_away = at is not None and fields.get(at) != field
        if is_away or (there is not None and there not in _PARTS.get(field, ())):
            return True
    return False
