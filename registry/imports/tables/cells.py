"""What a cell says in the register's own terms; ``registry.growth.cells`` reads the rest."""

from __future__ import annotations

import re

from registry import growth
from registry.growth.cells import codes
from registry.growth.cells.text import Cell, words_of
from registry.models import Position, Sex
from registry.nik import clean_nik, is_possible, is_whole

_POWER_OF_TEN = re.compile(r"(\d)(?:[.,](\d+))?[Ee]\+?(\d\d)")
_LONGEST_NIK = 20
_POINT_ZERO = re.compile(r"\.0+$")
_SEXES = {code: Sex(code) for code in growth.SexCode}
_POSITIONS = {code: Position(code) for code in growth.PositionCode}


def sex_of(cell: Cell) -> Sex | None:
    """Return boy or girl as the field writes it; None for anything else."""
    found = codes.sex_of(cell)
    return None if found is None else _SEXES[found]


def position_of(cell: Cell) -> Position | None:
    """Return lying or standing, UNKNOWN for an empty cell; None for an unknown word."""
    found = codes.position_of(cell)
    return None if found is None else _POSITIONS[found]


def nik_of(cell: Cell) -> str:
    """The NIK as it can be read, whole or not.

    A spreadsheet keeps 15 digits of a number, so a NIK kept as a number that ends in 0 has most likely lost
    its last digit: that one is written ``?`` and the NIK is not whole. So are those of 3.30101E+15.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        digits = f"{cell:.0f}"
        return f"{digits[:15]}?" if len(digits) == 16 and digits.endswith("0") else digits
    if cell.__class__ is str and len(cell) == 16 and cell.isascii() and cell.isdigit():  # most of them
        nik = cell
    else:
        nik = _nik_of_text(words_of(cell))
    # No child has the serial number 0000: it is what a spreadsheet has left of another.
    return f"{nik[:15]}?" if nik.endswith("0000") and is_whole(nik) and is_possible(nik) else nik


def _nik_of_text(written: str) -> str:
    if rounded := _POWER_OF_TEN.fullmatch(written):
        digits = rounded[1] + (rounded[2] or "")
        return digits.ljust(int(rounded[3]) + 1, "?")[:_LONGEST_NIK]
    return clean_nik(_POINT_ZERO.sub("", written))


def proof_nik(nik: str) -> str:
    """Return a whole NIK that can prove a birth date; empty for any other."""
    return nik if is_whole(nik) and is_possible(nik) else ""
