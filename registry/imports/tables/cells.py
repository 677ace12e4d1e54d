"""What one cell says, apart from numbers and dates: pure functions from a cell to a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from registry.imports.readers.read_file import Cell
from registry.models import Position, Sex
from registry.nik import INVISIBLE, clean_nik, is_possible, is_whole
from registry.places.names import plain

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
_NO = frozenset({"TIDAK", "T", "NO", "N", "0", "TDK", "FALSE"})
_OEDEMA = frozenset({"EDEMA", "OEDEMA", "ODEMA", "UDEM", "PITTING"})
_SWOLLEN = frozenset({"BENGKAK", "BENGKAKNYA"})
_HAS = _YES | {"POSITIF", "POS"}
_HAS_NOT = _NO | {"NEGATIF", "NEG", "TANPA", "NON", "NIHIL", "NORMAL"}
_SEEN = frozenset({"ADA", "TAMPAK", "TERLIHAT", "DITEMUKAN"}) | _OEDEMA | _SWOLLEN  # behind a no, part of it
_UNSURE = frozenset({"MUNGKIN", "RAGU", "RIWAYAT", "DULU"})
_NOT_LOOKED = re.compile(r"(?:BELUM|TIDAK|TDK) (?:DI ?)?(?:PERIKSA|CEK|UKUR|NILAI)")
_DEGREE = re.compile(r"(?:DERAJAT|GRADE|EDEMA|OEDEMA|ODEMA)?[\s(+]*([0-3]|-|\++)[\s+)-]*")
_BOTH_FEET = re.compile(r"(?:EDEMA|OEDEMA|ODEMA)?[\s(]*(-|\++)\s*/\s*(-|\++)[\s)]*")
_IN_BRACKETS = re.compile(r"\(\s*(-|\++)\s*\)")
_LONGEST_NOTHING = max(map(len, _NOTHING))
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_APOSTROPHES = ("'", "\u2018", "\u2019", "`")
_RUN = ("=", "+", "-", "@")
_POWER_OF_TEN = re.compile(r"(\d)(?:[.,](\d+))?[Ee]\+?(\d\d)")
_LONGEST_NIK = 20
_POINT_ZERO = re.compile(r"\.0+$")


def text_of(cell: Cell) -> str:
    """The text of a cell with single blanks and none around it, U+00A0 included; no ``.0`` behind it."""
    if cell is None:
        return ""
    if cell.__class__ is str:  # first what most cells are
        written = cell
    else:
        written = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if not written.isascii():
        written = _INVISIBLE.sub("", written)
    text = " ".join(written.split())
    if text == written:
        text = written  # and not a copy, of which a large file would make millions
    # An apostrophe that kept a spreadsheet from running the text belongs to the file and not to the name.
    return text[1:] if text and text[0] == "'" and text[1:2] in _RUN else text


def words_of(cell: Cell) -> str:
    """As :func:`text_of`, and empty for the dash and its like."""
    text = text_of(cell)
    return "" if len(text) <= _LONGEST_NOTHING and text.upper() in _NOTHING else text


def figures_of(cell: Cell) -> str:
    """As :func:`words_of`, without the apostrophe that keeps figures as text."""
    text = words_of(cell)
    return text[1:].lstrip() if text[:1] in _APOSTROPHES and text[1:].lstrip()[:1].isdigit() else text


@lru_cache(maxsize=4096)
def word(text: str) -> str:
    """As ``plain``, kept: for what a column says again and again, and never for names of people."""
    return plain(text)


@lru_cache(maxsize=16384, typed=True)
def repeated_words(cell: Cell) -> str:
    """As :func:`words_of`, kept, the same object each time: for what a column says again and again, as
    :func:`word`, and never for names of people.
    """
    return words_of(cell)


def sex_of(cell: Cell) -> Sex | None:
    """Boy or girl as the field writes it; None for anything else."""
    return _SEXES.get(word(repeated_words(cell)))


def position_of(cell: Cell) -> Position | None:
    """Lying or standing, UNKNOWN for an empty cell; None for a word nobody knows."""
    said = word(repeated_words(cell))
    return _POSITIONS.get(said) if said else Position.UNKNOWN


def oedema_of(cell: Cell) -> bool | None:
    """Whether a child has oedema, False for an empty cell; None for a word nobody knows."""
    return _oedema(repeated_words(cell))


@lru_cache(maxsize=1024)
def _oedema(written: str) -> bool | None:
    if not written:
        return False
    if degree := _DEGREE.fullmatch(written.upper()):
        return degree[1] not in ("0", "-")
    if feet := _BOTH_FEET.fullmatch(written.upper()):
        left, right = (foot != "-" for foot in feet.groups())
        return left if left == right else None
    said = plain(written)
    if _NOT_LOOKED.fullmatch(said):
        return False
    found = set(_sayings(said.split()))
    found |= {sign != "-" for sign in _IN_BRACKETS.findall(written)}
    return found.pop() if len(found) == 1 else None


def _sayings(words: list[str]) -> Iterator[bool | None]:
    """What each of the words says of oedema; None for what makes it doubtful."""
    about = [word for word in words if word not in _OEDEMA | _SWOLLEN]
    if not about:
        yield True if _SWOLLEN & set(words) else None
        return
    if about[0] not in _HAS | _HAS_NOT:
        yield None
    before = ""
    for i, word in enumerate(about):
        if word in _UNSURE:
            yield None
        elif i and word.isdigit():  # so many days, the first foot
            continue
        elif word in _HAS_NOT:
            yield None if word == "NORMAL" and before in _NO else False
        elif word in _HAS and not (before in _HAS_NOT and word in _SEEN):
            yield True
        before = word if word in _HAS_NOT or word not in _SEEN else before


def yes_or_no(cell: Cell) -> bool | None:
    """None where a cell says neither."""
    said = word(repeated_words(cell))
    return True if said in _YES else False if said in _NO else None


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
