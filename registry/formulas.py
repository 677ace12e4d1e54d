"""Cells that no spreadsheet runs: what every file that leaves the register goes through."""

from __future__ import annotations

from typing import TypeVar

# What a spreadsheet takes for a formula when a text begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

V = TypeVar("V")


def formula_safe(value: V) -> V | str:
    """A text that would be run gets an apostrophe before it; numbers, negative ones too, stay as they are."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
