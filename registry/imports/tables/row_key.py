"""The names a row goes by from one look at its file to the next, with nothing of the child in them."""

from __future__ import annotations

from collections import Counter

from registry.growth.cells.dates import DateCell, WrittenDate
from registry.growth.cells.text import repeated_words, text_of, word, words_of
from registry.imports.answers import ImportAnswers, RowKeys
from registry.imports.tables.cells import nik_of
from registry.imports.tables.layout import Table
from registry.imports.tables.table_rows import SheetRow
from registry.nik import keyed_hash
from registry.places.names import plain


class RowKeyMaker:
    """Gives the rows of one table their names, in the order of the table.

    ``times``: how often each name was given, in the tables before too.
    """

    def __init__(self, table: Table, answers: ImportAnswers, times: Counter[str]) -> None:
        self._table, self._answers, self._times = table, answers, times

    def of(self, line: SheetRow, born: DateCell, measured: DateCell) -> RowKeys:
        """Both names of a row, as keyed hashes.

        Where the rows name no village or day it is that of the sheet, or what was answered: one name is of
        another child in the list of another village.

        A second row that says the same of who and when may be of a twin: what is decided about it is about
        this row only.
        """
        who, day = self._who(line, born), self._when(line, measured)
        row = keyed_hash(f"row|{who}|{day}")
        self._times[row] += 1
        nth = self._times[row]
        if nth == 1:
            return RowKeys(row, keyed_hash(f"who|{who}"))
        return RowKeys(keyed_hash(f"{row}|{nth}"), keyed_hash(f"{row}|who|{nth}"), nth)

    def _who(self, line: SheetRow, born: DateCell) -> str:
        if not self._table.names_children:
            born = None
        said = (
            nik_of(line["nik"]),
            plain(text_of(line["name"])),
            _day(line, "birth_date", born),
            word(repeated_words(line["sex"])),
            word(repeated_words(line["village_code"])) or _village_of_table(line, self._table),
            word(repeated_words(line["kecamatan"])),
            word(repeated_words(line["village"])),
            plain(text_of(line["parent"])),
        )
        return "|".join(said)

    def _when(self, line: SheetRow, measured: DateCell) -> str:
        if "measured_on" in self._table.columns:
            return _day(line, "measured_on", measured)
        return str(self._answers.day_of(self._table.month) or self._table.month)


def _village_of_table(line: SheetRow, table: Table) -> str:
    """The village said for the sheet, for a row that names none."""
    return table.place.village.pk if table.place.village and not words_of(line["village"]) else ""


def _day(line: SheetRow, field: str, written: DateCell) -> str:
    """A sure date in one spelling; another as it stands, so that an answer does not change the key."""
    if isinstance(written, WrittenDate) and len(written.meanings) == 1:
        return written.meanings[0].isoformat()
    return text_of(line[field])
