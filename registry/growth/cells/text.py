"""The text of a cell: without what nobody sees, and in one spelling for comparing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | float | int | bool | date | datetime | time | timedelta | None

INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
"""Characters without width, as a class of a regular expression holds them."""

# What the field writes where it has nothing to say.
_NOTHING = frozenset({"", "-", "--", "---", ".", "N/A", "#N/A", "NULL", "NONE", "NAN"})
_LONGEST_NOTHING = max(map(len, _NOTHING))
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_QUOTE_MARKS = ("'", "\u2018", "\u2019", "`")
_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LONGEST_QUOTE = 40

APOSTROPHES = re.compile(r"['`\u00b4\u02b9-\u02bf\u2018\u2019\u201b\u2032\uff07]")
"""What joins the letters of a name or stands for nothing, as in Nur'aini and \u02bfAisyah."""

_NOT_LETTER_OR_DIGIT = re.compile(r"[^A-Z0-9]+")


def plain(text: str | None) -> str:
    """Return capitals and digits with single blanks: no case, accent, U+00A0 or punctuation left.

    An apostrophe joins what it stands between (AL-MU'MIN is AL MUMIN); anything else separates.
    """
    text = text or ""
    if text.isascii() and text.replace(" ", "").isalnum():  # as most names are, and files have many
        return " ".join(text.upper().split())
    without_apostrophes = APOSTROPHES.sub("", text)
    if without_apostrophes.isascii():  # nothing to take apart
        return _NOT_LETTER_OR_DIGIT.sub(" ", without_apostrophes.upper()).strip()
    capitals = unicodedata.normalize("NFKD", without_apostrophes).upper()
    without_accents = "".join(letter for letter in capitals if not unicodedata.combining(letter))
    return _NOT_LETTER_OR_DIGIT.sub(" ", without_accents).strip()


def text_of(cell: Cell) -> str:
    """Return the text of a cell with single blanks, none around it, U+00A0 included; no ``.0`` behind it."""
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
    """Return the text of :func:`text_of`, empty for the dash and its like."""
    text = text_of(cell)
    return "" if len(text) <= _LONGEST_NOTHING and text.upper() in _NOTHING else text


def figures_of(cell: Cell) -> str:
    """Return the text of :func:`words_of` without the apostrophe that keeps figures as text."""
    text = words_of(cell)
    behind = text[1:].lstrip() if text[:1] in _QUOTE_MARKS else ""
    return behind if behind[:1].isdigit() else text


@lru_cache(maxsize=4096)
def word(text: str) -> str:
    """Return :func:`plain`, cached: for what a column repeats, and never for names of people."""
    return plain(text)


@lru_cache(maxsize=16384, typed=True)
def repeated_words(cell: Cell) -> str:
    """Return what :func:`words_of` does, kept, so that it is the same object each time.

    It is for what a column says again and again, as :func:`word`, and never for names of people.
    """
    return words_of(cell)


def quote(cell: Cell) -> str:
    """Return what a cell says, short enough for a sentence."""
    text = text_of(cell)
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
