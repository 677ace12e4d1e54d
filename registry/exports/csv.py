"""CSV that no spreadsheet runs: what every file of rows that leaves the register goes through."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO, TypeVar

# What a spreadsheet takes for a formula when a text begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

V = TypeVar("V")


def escape_formula(value: V) -> V | str:
    """Return a text that would be run with an apostrophe before it, and any number as it is."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def write_rows(text: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write rows with commas; a heading is a row like any other, and dates are ISO's."""
    csv.writer(text).writerows([escape_formula(value) for value in row] for row in rows)
