"""What one cell says, apart from numbers and dates: pure functions from a cell to a value."""

from __future__ import annotations

import re
from functools import lru_cache

from registry.models import Position, Sex
from registry.nik import clean_nik
from registry.places.names import plain
from registry.spreadsheets.read import Cell

# What the field writes where it has nothing to say.
_NOTHING = frozenset({"", "-", "--", "---", ".", "N/A", "#N/A", "NULL", "NONE", "NAN"})

_SEXES = {
    "L": Sex.BOY,
    "LK": Sex.BOY,
    "LAKI": Sex.BOY,
    "LAKI LAKI": Sex.BOY,
    "LAKILAKI": Sex.BOY,
    "P": Sex.GIRL,
    "PR": Sex.GIRL,
    "PEREMPUAN": Sex.GIRL,
}
_POSITIONS = {
    "BERDIRI": Position.STANDING,
    "STANDING": Position.STANDING,
    "H": Position.STANDING,
    "TERLENTANG": Position.LYING,
    "TELENTANG": Position.LYING,
    "BERBARING": Position.LYING,
    "RECUMBENT": Position.LYING,
    "LYING": Position.LYING,
    "L": Position.LYING,
}
_YES = frozenset({"YA", "Y", "YES", "ADA", "1", "TRUE"})
_NO = frozenset({"TIDAK", "T", "NO", "N", "0", "TDK"})
_LONGEST_NOTHING = max(map(len, _NOTHING))
_RUN = ("=", "+", "-", "@")
_POINT_ZERO = re.compile(r"\.0+$")


def text_of(cell: Cell) -> str:
    """The text of a cell with single blanks and none around it, U+00A0 included; no ``.0`` behind it."""
    if cell is None:
        return ""
    if cell.__class__ is str:  # first what most cells are
        written = cell
    else:
        written = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    text = " ".join(written.split())
    if text == written:
        text = written  # and not a copy, of which a large file would make millions
    # An apostrophe that kept a spreadsheet from running the text belongs to the file and not to the name.
    return text[1:] if text and text[0] == "'" and text[1:2] in _RUN else text


def words_of(cell: Cell) -> str:
    """As :func:`text_of`, and empty for the dash and its like."""
    text = text_of(cell)
    return "" if len(text) <= _LONGEST_NOTHING and text.upper() in _NOTHING else text


@lru_cache(maxsize=4096)
def word(text: str) -> str:
    """As ``plain``, kept: for what a column says again and again, and never for names of people."""
    return plain(text)


@lru_cache(maxsize=16384, typed=True)
def repeated(cell: Cell) -> str:
    """As :func:`words_of`, kept, the same object each time: for what a column says again and again, as
    :func:`word`, and never for names of people.
    """
    return words_of(cell)


def sex_of(cell: Cell) -> Sex | None:
    """Boy or girl as the field writes it; None for anything else."""
    return _SEXES.get(word(repeated(cell)))


def position_of(cell: Cell) -> Position | None:
    """Lying or standing, UNKNOWN for an empty cell; None for a word nobody knows."""
    said = word(repeated(cell))
    return _POSITIONS.get(said) if said else Position.UNKNOWN


def is_yes(cell: Cell) -> bool:
    """Whether a cell says yes; an empty one, or anything else, does not."""
    return word(repeated(cell)) in _YES


def yes_or_no(cell: Cell) -> bool | None:
    """None where a cell says neither."""
    said = word(repeated(cell))
    return True if said in _YES else False if said in _NO else None


def nik_of(cell: Cell) -> str:
    """The NIK as it can be read, whole or not.

    A spreadsheet keeps 15 digits of a number, so a NIK kept as a number that ends in 0 has most likely lost
    its last digit: that one is written ``?`` and the NIK is not whole.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        digits = f"{cell:.0f}"
        return f"{digits[:15]}?" if len(digits) == 16 and digits.endswith("0") else digits
    return clean_nik(_POINT_ZERO.sub("", words_of(cell)))
