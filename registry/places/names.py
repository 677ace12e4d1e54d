"""One spelling for names of places, so that what a file writes can be compared with what is known.

The keys are for comparing, never for showing. Pure text in, pure text out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from registry.growth.cells.text import plain

_ONES = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
# I to XX: no village has more posyandu of one name, and further up words begin to look like numerals.
_ROMAN = [ten + one for ten in ("", "X", "XX") for one in _ONES][1:21]
_ROMAN_VALUE = {numeral: str(value) for value, numeral in enumerate(_ROMAN, start=1)}

_GLUED_NUMBER = re.compile(r"(?<=[A-Z])([0-9]+)$")

_VILLAGE_PREFIX = re.compile(r"^(?:DESA|DS|KELURAHAN|KEL)\s+(?=\S)")
_KECAMATAN_PREFIX = re.compile(r"^(?:KECAMATAN|KEC)\s+(?=\S)")
_DISTRICT_BEFORE = re.compile(r"^(?:KABUPATEN|KAB)\s+CILACAP\s+(?=\S)")
_DISTRICT_AFTER = re.compile(r"\s+(?:KABUPATEN|KAB)\s+CILACAP$")
_POSYANDU_PREFIX = re.compile(r"^(?:POSYANDU|POSY|POSYD|POS|PYD|PY)\s+(?=\S)")

_PUSKESMAS_PREFIX = re.compile(r"^(?:UPTD?\s+)?(?:PUSKESMAS|PUKESMAS|PUSK|PKM)\s+(?=\S)")

_KEY_LENGTH = 60  # of Posyandu.key, as of the name it is made from


@lru_cache(maxsize=4096)  # a file says each of them again and again
def posyandu_key(name: str | None) -> str:
    """Return the name of a posyandu with its number as digits: MELATI I and MELATI1 are ``MELATI 1``.

    Only the last word can be a number, only I to XX are read as one, and only after a name: a posyandu
    called V stays ``V``, and MAWAR IV A stays ``MAWAR IV A``. Empty when there is no name.
    """
    return _with_digits(_POSYANDU_PREFIX.sub("", plain(name)))[:_KEY_LENGTH]


def _with_digits(name: str) -> str:
    words = _GLUED_NUMBER.sub(r" \1", name).split(" ")
    if len(words) > 1 or words[-1].isdigit():
        words[-1] = number_of(words[-1]) or words[-1]
    return " ".join(words)


def number_of(word: str) -> str:
    """Return the digits of a number written as digits or as I to XX: II and 02 are ``2``; else empty."""
    return (word.lstrip("0") or "0") if word.isdigit() else _ROMAN_VALUE.get(word, "")


def puskesmas_key(name: str | None) -> str:
    """Return the name of a puskesmas without blanks, its number as digits: PKM Kesugihan I is KESUGIHAN1."""
    return _with_digits(_PUSKESMAS_PREFIX.sub("", plain(name))).replace(" ", "")


def village_key(name: str | None) -> str:
    """Return the name of a village without blanks: TRITIH KULON and Ds. Tritihkulon are one."""
    return _VILLAGE_PREFIX.sub("", plain(name)).replace(" ", "")


def kecamatan_key(name: str | None) -> str:
    """Return the name of a kecamatan without blanks, "Kec." and "Kab. Cilacap"."""
    words = _DISTRICT_AFTER.sub("", _DISTRICT_BEFORE.sub("", plain(name)))
    return _KECAMATAN_PREFIX.sub("", words).replace(" ", "")
