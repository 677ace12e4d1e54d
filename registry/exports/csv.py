"""CSV that no spreadsheet runs: what every file of rows that leaves the register goes through."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from registry.growth.cells.formulas import escape_formula


def write_rows(text: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write rows with commas; a heading is a row like any other, and dates are ISO's."""
    csv.writer(text).writerows([escape_formula(value) for value in row] for row in rows)
