"""How a file writes its numbers and dates, learnt from its first chunk and kept to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.growth.cells.date_evidence import RowEvidence, dated_rows, orders_of
from registry.growth.cells.dates import Order, Orders, written_column
from registry.growth.cells.numbers import is_mangled
from registry.growth.zscore_csv.headings import MEASURES, ColumnPlace

Cells = list[str]


@dataclass(frozen=True, slots=True)
class WritingStyle:
    """What the cells of a file have in common.

    decimal_comma: how our numbers are to be written. bent: a program has turned some of its numbers into
    times. orders: whether its dates have the day or the month first; None in a column where nothing proves
    it, whose 6/12/2024 is then not read.
    """

    decimal_comma: bool
    bent: bool
    orders: Orders


def detect_style(
    rows: Sequence[Cells], columns: Mapping[str, ColumnPlace], *, delimiter: str, order: Order | None
) -> WritingStyle:
    """Return the manner of a file by its first rows. order: that of its dates where somebody knows it."""
    measures = [cell for field in columns.keys() & MEASURES for cell in _column(rows, columns[field])]
    commas, points = (sum(mark in cell for cell in measures) for mark in ",.")
    return WritingStyle(
        decimal_comma=commas > points or (commas == points and delimiter == ";"),
        bent=is_mangled(measures),
        orders=Orders(order, order) if order else _orders(rows, columns),
    )


def _orders(rows: Sequence[Cells], columns: Mapping[str, ColumnPlace]) -> Orders:
    if "birth_date" not in columns:
        return Orders(None, None)
    born, measured = (written_column(_column(rows, columns[name])) for name in ("birth_date", "measured_on"))
    return orders_of(dated_rows(born, measured, [RowEvidence()] * len(born)))


def _column(rows: Sequence[Cells], place: ColumnPlace) -> list[str]:
    return [row[place.index] if place.index < len(row) else "" for row in rows]
