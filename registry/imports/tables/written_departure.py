"""A row that says its child has left or died: in place of a measure, in a remark, or by Sigizi's mark."""

from __future__ import annotations

from datetime import date

from registry.growth.cells.codes import Absence, absence_of
from registry.growth.cells.text import Cell, words_of
from registry.imports.tables.row_read import AskedDeparture
from registry.imports.tables.table_rows import SheetRow
from registry.models import ChildStatus

_STATUSES = {Absence.LEFT: ChildStatus.MOVED, Absence.DIED: ChildStatus.DIED}
_WRITTEN_IN = ("remark", "weight", "lenhei", "lenhei_other", "muac", "head", "measured_on")


def is_marked(cell: Cell) -> bool:
    """Return whether a column of Sigizi that deletes or moves a child is filled for it."""
    return words_of(cell).upper() not in ("", "TIDAK", "T", "BELUM", "NO", "0")


def find_departure(line: SheetRow, day: date | None, *, is_measured: bool) -> AskedDeparture | None:
    """Return the departure that a person has to confirm; ``day`` is the row's own, where it has one.

    Of a child that was measured only Sigizi's mark says so: it was there that day.
    """
    written = () if is_measured else _WRITTEN_IN
    found = (absence_of(line[field]) for field in ("move", *written))
    status = next((_STATUSES[one] for one in found if one in _STATUSES), None)
    if status is None and is_marked(line["move"]):
        status = ChildStatus.MOVED
    return AskedDeparture(status, day) if status else None
