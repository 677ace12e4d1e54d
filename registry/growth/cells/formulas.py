"""Texts that a spreadsheet would run as a formula, and how they are written so that none does."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

# What a spreadsheet takes for a formula when a cell begins with it, also as the wide and small signs that it
# turns into plain ones, and behind blanks or signs that nobody sees. A semicolon or a tab in a text begins a
# cell where Excel splits by them, as in Indonesia.
_UNSEEN = r"[\s\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
_SIGNS = r"[=+\-@＝＋－＠﹦﹢﹣﹫]"
_FORMULA = re.compile(rf"^(?=[\t\r\n])|(?:^|(?<=[;\t\r\n]))(?={_UNSEEN}*{_SIGNS})")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*|-")

V = TypeVar("V")


def escape_formula(value: V) -> V | str:
    """Return a text with an apostrophe before all that would be run, and any number as it is."""
    return _FORMULA.sub("'", value) if isinstance(value, str) else value


@lru_cache(1 << 16)  # a file says the same over and over
def escape_written(cell: str) -> str:
    """Return the cell of a file whose numbers are texts: a number and a dash for nothing stay as they are."""
    return cell if _NUMBER.fullmatch(cell) else _FORMULA.sub("'", cell)
