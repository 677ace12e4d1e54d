"""CSV that no spreadsheet runs: what every file of rows that leaves the register goes through."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO, TypeVar

# What a spreadsheet takes for a formula when a cell begins with it. A semicolon or a tab in a text begins one
# where Excel splits by them, as in Indonesia.
_FORMULA = re.compile(r"^(?=[\t\r\n])|(?:^|(?<=[;\t\r\n]))(?=[ \u00a0]*[=+\-@＝＋－＠])")

V = TypeVar("V")


def escape_formula(value: V) -> V | str:
    """Return a text with an apostrophe before all that would be run, and any number as it is."""
    return _FORMULA.sub("'", value) if isinstance(value, str) else value


def write_rows(text: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write rows with commas; a heading is a row like any other, and dates are ISO's."""
    csv.writer(text).writerows([escape_formula(value) for value in row] for row in rows)
