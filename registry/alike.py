"""Whether two names may be of one person: for asking somebody, never for deciding.

The phone asks the same without a network (``static/js/alike.js``); one test holds the two together.
"""

from __future__ import annotations

import re
from enum import Enum

from rapidfuzz import fuzz

from registry.places.names import plain

SIMILAR_NAME = 85
SAME_PARENT, OTHER_PARENT = 85, 60
"""Shares of 100 as rapidfuzz counts them. Similar is asked about, so the limits err on the side of asking."""

_DOUBLED_LETTER = re.compile(r"([A-Z])\1+")
_TITLES = frozenset("BAPAK BPK BP BAK IBU BU NY NYONYA TN TUAN SDR SDRI ALM ALMH".split())  # noqa: SIM905 - a list of words reads better as words


def folded(name: str) -> str:
    """A name for comparing: no case, blank, punctuation or doubled letter."""
    return _DOUBLED_LETTER.sub(r"\1", plain(name).replace(" ", ""))


def name_key(name: str) -> str:
    """Under which two spellings are one name: as :func:`folded`, but a single letter behind it is kept apart,
    since that is how a posyandu tells twins.
    """
    words = plain(name).split()
    if len(words) > 1 and len(words[-1]) == 1:
        return f"{folded(' '.join(words[:-1]))}|{words[-1]}"
    return folded(name)


class Parents(Enum):
    SAME = 1
    OTHER = 2
    UNKNOWN = 3


def compared_parents(one: str, other: str) -> Parents:
    """Whether two notes of the parents' names are of the same people."""
    words, others = _untitled(one), _untitled(other)
    if not words or not others:
        return Parents.UNKNOWN
    if words <= others or others <= words:
        return Parents.SAME
    alike = fuzz.token_sort_ratio(" ".join(words), " ".join(others))
    if alike >= SAME_PARENT:
        return Parents.SAME
    return Parents.OTHER if alike < OTHER_PARENT else Parents.UNKNOWN


def _untitled(name: str) -> set[str]:
    return set(plain(name).split()) - _TITLES


def similar_names(one: str, other: str) -> bool:
    """Whether two names differ by no more than a slip of the pen."""
    return fuzz.ratio(folded(one), folded(other)) >= SIMILAR_NAME


def perhaps_one_child(name: str, parent: str, other_name: str, other_parent: str) -> bool:
    """Whether two children of one birth date and sex may be the same: alike in name or in parents.

    A name that is part of the other counts as alike: Siti, and Siti Nurhaliza.
    """
    words, others = set(plain(name).split()), set(plain(other_name).split())
    if similar_names(name, other_name) or (words and words <= others) or (others and others <= words):
        return True
    return compared_parents(parent, other_parent) is Parents.SAME
