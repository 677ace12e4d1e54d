"""How values of a file are quoted in sentences: short, and as Indonesia writes numbers."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format

from registry.imports.readers.read_file import Cell
from registry.imports.tables.cells import text_of

_LONGEST = 40


def quote(cell: Cell) -> str:
    """What a cell says, short enough for a sentence."""
    text = text_of(cell)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def format_decimal(value: Decimal) -> str:
    """12.100 is 12,1 in Indonesian and 12.1 in English."""
    plain = value.normalize()
    return number_format(plain, decimal_pos=max(0, -int(plain.as_tuple().exponent)))
