"""CSV that no spreadsheet runs: what every file of rows that leaves the register goes through."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO, TypeVar

# What a spreadsheet takes for a formula when a text begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

V = TypeVar("V")


def formula_safe(value: V) -> V | str:
    """A text that would be run gets an apostrophe before it; numbers, negative ones too, stay as they are."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def write_rows(text: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Rows as CSV with commas; a heading is a row like any other, and dates are ISO's."""
    csv.writer(text).writerows([formula_safe(value) for value in row] for row in rows)
