"""The names a row goes by from one look at its file to the next, with nothing of the child in them."""

from __future__ import annotations

from uuid import UUID

from registry.alike import name_key
from registry.nik import keyed_hash
from registry.places.names import plain
from registry.spreadsheets.asked import Asked, Keys
from registry.spreadsheets.tables.cells import nik_of, repeated, text_of, word, words_of
from registry.spreadsheets.tables.dates import DateCell, Written
from registry.spreadsheets.tables.layout import Line, Table
from registry.spreadsheets.tables.row import RowRead


def keys_of(table: Table, line: Line, born: DateCell, measured: DateCell, asked: Asked) -> Keys:
    """Both names of a row, as keyed hashes. Where the file names no village or day it is what was answered:
    one name is of another child in the list of another village.
    """
    if not table.names_children:
        born = None
    day = _day(line, "measured_on", measured) if "measured_on" in table.columns else str(asked.measured_on)
    said = (
        nik_of(line["nik"]),
        plain(text_of(line["name"])),
        _day(line, "birth_date", born),
        word(repeated(line["sex"])),
        word(repeated(line["village_code"])) or _given(line, asked),
        word(repeated(line["kecamatan"])),
        word(repeated(line["village"])),
        plain(text_of(line["parent"])),
    )
    who = "|".join(said)
    return Keys(keyed_hash(f"row|{who}|{day}"), keyed_hash(f"who|{who}"))


def _given(line: Line, asked: Asked) -> str:
    """The village said for the file, for a row that names none."""
    return asked.village.pk if asked.village and not words_of(line["village"]) else ""


def _day(line: Line, field: str, written: DateCell) -> str:
    """A sure date in one spelling; another as it stands, so that an answer does not change the key."""
    if isinstance(written, Written) and len(written.meanings) == 1:
        return written.meanings[0].isoformat()
    return text_of(line[field])


def child_id_of(row: RowRead, asked: Asked) -> UUID:
    """The id of the child that a row enrols: no other row of the same child, of any day, enrols it again."""
    said = (
        row.nik,
        name_key(row.name),
        row.birth_date.isoformat(),
        str(int(row.sex)),
        plain(row.village_code) or (asked.village.pk if asked.village and not row.village else ""),
        plain(row.kecamatan),
        plain(row.village),
        plain(row.parent),
    )
    return UUID(hex=keyed_hash("child|" + "|".join(said))[:32], version=4)
