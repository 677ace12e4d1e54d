"""Whether two names may be of one person: for asking somebody, never for deciding.

The phone asks the same without a network (``static/js/children.js``); one test holds the two together.
"""

from __future__ import annotations

import re
from enum import Enum

from rapidfuzz import fuzz

from registry.places.names import number_of, plain

SIMILAR_NAME = 85
SAME_PARENT, OTHER_PARENT = 85, 60
"""Shares of 100 as rapidfuzz counts them. Similar is asked about, so the limits err on the side of asking."""

_DOUBLED_LETTER = re.compile(r"([A-Z])\1+")
_TITLES = frozenset("BAPAK BPK BP BAK IBU BU NY NYONYA TN TUAN SDR SDRI ALM ALMH".split())  # noqa: SIM905 - a list of words reads better as words

_MUHAMMAD = (
    "M MHD MUH MUHAMAD MUHAMMED MUKHAMAD MUKHAMMAD MUCHAMAD MUCHAMMAD MOH MOHD MOHAMAD MOHAMMAD MOCH "
    "MOCHAMAD MOCHAMMAD"
)
_WRITTEN_OUT = {**dict.fromkeys(_MUHAMMAD.split(), "MUHAMMAD"), "ABD": "ABDUL", "ST": "SITI"}
_UNNAMED = re.compile(r"^(?:BY|BAYI|BABY)\b|^(?:AN|ANAK) (?:IBU|BU|NY|NYONYA|BAPAK|BPK|BP)\b")


def folded(name: str) -> str:
    """A name for comparing: no case, blank, punctuation or doubled letter."""
    return _DOUBLED_LETTER.sub(r"\1", plain(name).replace(" ", ""))


def name_key(name: str) -> str:
    """Under which two spellings are one name: as :func:`folded`, but a single letter or a number behind it is
    kept apart, since that is how a posyandu tells twins: SITI II is SITI 2, and neither SITI nor SITI III.
    """
    words = plain(name).split()
    if len(words) > 1 and (len(words[-1]) == 1 or number_of(words[-1])):
        return f"{folded(' '.join(words[:-1]))}|{number_of(words[-1]) or words[-1]}"
    return folded(name)


def marked_apart(one: str, other: str) -> bool:
    """Whether two names are those of twins by what stands behind them: SITI A and SITI B."""
    (name, _, mark), (other_name, _, other_mark) = (
        name_key(one).partition("|"),
        name_key(other).partition("|"),
    )
    return name == other_name and bool(mark and other_mark) and mark != other_mark


def is_unnamed(name: str) -> bool:
    """Whether a baby is called after its mother only, as it is until it gets its own: BY NY AMINAH."""
    return _UNNAMED.match(plain(name)) is not None


class Parents(Enum):
    SAME = 1
    OTHER = 2
    UNKNOWN = 3


def compared_parents(one: str, other: str) -> Parents:
    """Whether two notes of the parents' names are of the same people."""
    words, others = _untitled(one), _untitled(other)
    if not words or not others:
        return Parents.UNKNOWN
    if _is_part(words, others) or _is_part(others, words):
        return Parents.SAME
    alike = fuzz.token_sort_ratio(" ".join(words), " ".join(others))
    if alike >= SAME_PARENT:
        return Parents.SAME
    return Parents.OTHER if alike < OTHER_PARENT else Parents.UNKNOWN


def _is_part(words: set[str], others: set[str]) -> bool:
    """All words are among the others, a letter for a word that begins so where another word is whole."""
    rest = words - others
    if not rest:
        return True
    initials = all(len(word) == 1 and any(other.startswith(word) for other in others) for word in rest)
    return initials and any(len(word) > 1 for word in words - rest)


def _untitled(name: str) -> set[str]:
    return set(plain(name).split()) - _TITLES


def similar_names(one: str, other: str) -> bool:
    """Whether two names differ by no more than a slip of the pen."""
    return fuzz.ratio(folded(one), folded(other)) >= SIMILAR_NAME


def like_names(one: str, other: str) -> bool:
    """Whether two names may be of one child: similar, or all words of one are in the other, in any order."""
    words, others = _words(one), _words(other)
    if similar_names(one, other):
        return True
    return bool(words and others) and (words <= others or others <= words)


def _words(name: str) -> set[str]:
    return {_WRITTEN_OUT.get(word, word) for word in plain(name).split()}


def perhaps_one_child(name: str, parent: str, other_name: str, other_parent: str) -> bool:
    """Whether two children of one birth date and sex may be the same: alike in name or in parents.

    A name that is part of the other counts as alike: Siti, and Siti Nurhaliza.
    """
    return like_names(name, other_name) or compared_parents(parent, other_parent) is Parents.SAME
