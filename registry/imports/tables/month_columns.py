"""Tables with columns for each of several months, which are read as one table a month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from django.utils.translation import gettext as _

from registry.growth.cells.column_names import OF_A_DAY
from registry.growth.cells.text import Cell, plain, text_of, words_of
from registry.imports.tables.layout import Table
from registry.imports.tables.unread_columns import Months, columns_not_read

_YEAR = re.compile(r"\b20\d\d\b", re.ASCII)
_MEASURED = frozenset({"weight", "lenhei"})


def give_year(months: Months, titles: Sequence[Sequence[Cell]], sheet: str) -> Months:
    """Return ``months`` of the one year that the titles say, else the name of the sheet, where they say none.

    Months that go on into another year are of none, and so are all where two years are said.
    """
    above = " ".join(plain(text_of(cell)) for cell in chain.from_iterable(titles))
    years = set(_YEAR.findall(above) or _YEAR.findall(plain(sheet)))
    without = [month.number for month in months if month.year is None]
    if len(years) != 1 or any(one > later for one, later in pairwise(without)):
        return months
    given = {month: month._replace(year=month.year or int(*years)) for month in months}
    return {month if given[month] in months else given[month]: months[month] for month in months}


def split_months(table: Table) -> list[Table]:
    """Return a table for each month of ``table``, and one of what it says of no month; itself without months.

    A row without anything in a month is not in its table. One without anything in any is in the first. What
    none of them reads is said of the first.
    """
    parts = list(_parts(table))
    unread = columns_not_read(table.header, [part.columns for part in parts], table.rows)
    return [replace(parts[0], columns_not_read=unread), *parts[1:]]


def _parts(table: Table) -> Iterator[Table]:
    if not table.months:
        yield table
        return
    of_months = {i for columns in table.months.values() for i in columns.values()}
    own = {field: i for field, i in table.columns.items() if i not in of_months}
    measures = bool(own.keys() & _MEASURED)
    if measures:
        yield replace(table, columns=own, months={})
    if len(table.months) > 1 or measures:
        own = {field: i for field, i in own.items() if field not in OF_A_DAY}
    for number, (month, columns) in enumerate(table.months.items()):
        takes_empty = number == 0 and not measures
        rows = [
            row if _says(row, columns.values()) or (takes_empty and not _says(row, of_months)) else ()
            for row in table.rows
        ]
        yield replace(table, columns={**own, **columns}, rows=rows, months={}, month=month)


def _says(row: Sequence[Cell], columns: Iterable[int]) -> bool:
    return any(i < len(row) and words_of(row[i]) for i in columns)


def months_sentence(table: Table) -> str:
    """Return what a person is told of a table that has columns for each month."""
    months = ", ".join(month.words for month in table.months)
    return _("Kolom tiap bulan dibaca sebagai pengukuran sendiri: %(months)s.") % {"months": months}
