"""The names a row goes by from one look at its file to the next, with nothing of the child in them."""

from __future__ import annotations

from uuid import UUID

from registry.alike import folded
from registry.nik import keyed_hash
from registry.places.names import plain
from registry.spreadsheets.asked import Keys
from registry.spreadsheets.tables.cells import nik_of, repeated, text_of, word
from registry.spreadsheets.tables.dates import DateCell, Written
from registry.spreadsheets.tables.layout import Line, Table
from registry.spreadsheets.tables.row import RowRead


def keys_of(table: Table, line: Line, born: DateCell, measured: DateCell) -> Keys:
    """Both names of a row, as keyed hashes."""
    if not table.names_children:
        born = None
    if "measured_on" not in table.columns:
        measured = None
    said = (
        nik_of(line["nik"]),
        plain(text_of(line["name"])),
        _day(line, "birth_date", born),
        word(repeated(line["sex"])),
        word(repeated(line["village_code"])),
        word(repeated(line["kecamatan"])),
        word(repeated(line["village"])),
        plain(text_of(line["parent"])),
    )
    who = "|".join(said)
    return Keys(keyed_hash(f"row|{who}|{_day(line, 'measured_on', measured)}"), keyed_hash(f"who|{who}"))


def _day(line: Line, field: str, written: DateCell) -> str:
    """A sure date in one spelling; another as it stands, so that an answer does not change the key."""
    if isinstance(written, Written) and len(written.meanings) == 1:
        return written.meanings[0].isoformat()
    return text_of(line[field])


def child_id_of(row: RowRead) -> UUID:
    """The id of the child that a row enrols: no other row of the same child, of any day, enrols it again."""
    said = (
        row.nik,
        folded(row.name),
        row.birth_date.isoformat(),
        str(int(row.sex)),
        plain(row.village_code),
        plain(row.kecamatan),
        plain(row.village),
        plain(row.parent),
    )
    return UUID(hex=keyed_hash("child|" + "|".join(said))[:32], version=4)
