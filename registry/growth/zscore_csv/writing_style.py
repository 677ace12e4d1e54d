"""How a file writes its numbers and dates, learnt from its first chunk and kept to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.growth.zscore_csv.headings import MEASURES, Place
from registry.imports.tables.date_order import Dated, orders_of
from registry.imports.tables.dates import Order, Orders, Written, written_column
from registry.imports.tables.numbers import is_bent

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Manner:
    """What the cells of a file have in common.

    decimal_comma: how our numbers are to be written. bent: a program has turned some of its numbers into
    times. orders: whether its dates have the day or the month first; None in a column where nothing proves
    it, whose 6/12/2024 is then not read.
    """

    decimal_comma: bool
    bent: bool
    orders: Orders


def manner_of(
    rows: Sequence[Cells], columns: Mapping[str, Place], *, delimiter: str, order: Order | None
) -> Manner:
    """The manner of a file by its first rows. order: that of its dates where somebody knows it."""
    measures = [cell for field in columns.keys() & MEASURES for cell in _column(rows, columns[field])]
    commas, points = (sum(mark in cell for cell in measures) for mark in ",.")
    return Manner(
        decimal_comma=commas > points or (commas == points and delimiter == ";"),
        bent=is_bent(measures),
        orders=Orders(order, order) if order else _orders(rows, columns),
    )


def _orders(rows: Sequence[Cells], columns: Mapping[str, Place]) -> Orders:
    if "birth_date" not in columns:
        return Orders(None, None)
    born, measured = (written_column(_column(rows, columns[name])) for name in ("birth_date", "measured_on"))
    pairs = zip(born, measured, strict=True)
    return orders_of(
        Dated(b, m, None, "") for b, m in pairs if isinstance(b, Written) and isinstance(m, Written)
    )


def _column(rows: Sequence[Cells], place: Place) -> list[str]:
    return [row[place.index] if place.index < len(row) else "" for row in rows]
