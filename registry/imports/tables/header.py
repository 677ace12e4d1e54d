"""The header of a table: one row, or two where cells of the upper one reach over several of the lower."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry.growth.cells.column_names import (
    FIELD_OF,
    field_of,
    is_length,
    month_of_title,
    plain_heading,
)
from registry.growth.cells.month_names import NamedMonth
from registry.growth.cells.text import Cell
from registry.imports.readers.read_file import Sheet

TITLE_ROWS = 40
"""How far down a header may be."""

FEWEST_KNOWN = 5
"""Known names that make a row the header."""

SEX_TICKS = frozenset({"boy", "girl"})
"""Two columns, one of which is ticked for each child. A column L or P alone may be anything."""

_FEWEST_ABOVE = 2  # known names in the upper row of two: a title above a header is no part of it


@dataclass(frozen=True, slots=True)
class Header:
    """``row`` is the last row of the header from 1 (0: none), ``columns`` lead from field to column.

    ``above``: rows above its first one. ``months``: the columns of each month whose name titles say; those
    of the first one are among ``columns``.
    """

    row: int
    columns: Mapping[str, int]
    names: Sequence[Cell]
    above: int = 0
    months: Mapping[NamedMonth, Mapping[str, int]] = field(default_factory=dict)


def find_header(sheet: Sheet) -> Header | None:
    """The first header the field knows."""
    for i in range(min(TITLE_ROWS, len(sheet.rows))):
        found = header_at(sheet, i)
        if len(found.columns) >= FEWEST_KNOWN:
            return found
    return None


def header_at(sheet: Sheet, i: int) -> Header:
    """The header that begins in the row of that index, over one row or two, whichever is known better."""
    upper = sheet.rows[i]
    one = _read_header(i + 1, upper, i)
    if i + 1 >= len(sheet.rows) or len(one.columns) < _FEWEST_ABOVE:
        return one
    lower = sheet.rows[i + 1]
    names = _join_headings(upper, lower)
    two = _read_header(i + 2, names, i)
    # The names of a row below count only where they are names: no child is called "Bln" in three columns.
    return two if len(two.columns) > len(one.columns) else one


def _read_header(row: int, names: Sequence[Cell], above: int) -> Header:
    said = [month_of_title(name) for name in names]
    columns, *of_months = (
        _columns([name if month == one else "" for name, month in zip(names, said, strict=True)])
        for one in dict.fromkeys([None, *said])
    )
    months = dict(zip(dict.fromkeys(filter(None, said)), of_months, strict=True))
    first = next(iter(months.values()), {})
    return Header(row, {**first, **columns}, names, above, months)


def _columns(names: Sequence[Cell]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for i, cell in enumerate(names):
        if name := field_of(cell):
            columns.setdefault(name, i)
        if name == "lenhei" and is_length(cell) != is_length(names[columns["lenhei"]]):
            columns.setdefault("lenhei_other", i)
    if not columns.keys() >= SEX_TICKS:
        return {name: i for name, i in columns.items() if name not in SEX_TICKS}
    return columns


def _join_headings(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[str]:
    """One name for each column: both, where they are known together; else the lower one, else the upper."""
    names, above = [], ""
    for i in range(max(len(upper), len(lower))):
        own = plain_heading(upper[i]) if i < len(upper) else ""
        below = plain_heading(lower[i]) if i < len(lower) else ""
        above = own or above
        both = f"{above} {below}".strip()
        names.append(own if not below else both if field_of(both) else below if below in FIELD_OF else both)
    return names
