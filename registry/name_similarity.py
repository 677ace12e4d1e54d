"""Whether two names may be of one person: for asking somebody, never for deciding.

The phone asks the same without a network (``static/js/workspace/duplicates.js``); tests/phone compares.
"""

from __future__ import annotations

import re
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from registry.places.names import number_of, plain

SIMILAR_NAME = 85
SAME_PARENT, OTHER_PARENT = 85, 60
"""Shares of 100 as rapidfuzz counts them. Similar is asked about, so the limits err on the side of asking."""

SHORTEST_NAME = 3  # of fewer letters one says nothing

_DOUBLED_LETTER = re.compile(r"([A-Z])\1+")
TITLES = frozenset("BAPAK BPK BP BAK IBU BU NY NYONYA TN TUAN SDR SDRI ALM ALMH".split())  # noqa: SIM905 - a list of words reads better as words

_MUHAMMAD = (
    "M MHD MUH MUHAMAD MUHAMMED MUKHAMAD MUKHAMMAD MUCHAMAD MUCHAMMAD MOH MOHD MOHAMAD MOHAMMAD MOCH "
    "MOCHAMAD MOCHAMMAD"
)
WRITTEN_OUT = {**dict.fromkeys(_MUHAMMAD.split(), "MUHAMMAD"), "ABD": "ABDUL", "ST": "SITI"}
SOUNDS = (
    *(("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("PH", "F"), ("SY", "S")),
    *(("Y", "I"), ("Z", "S"), ("V", "F"), ("Q", "K"), ("H", "")),
)
"""Letters and how they sound, in the order in which they are replaced."""

_SPELLINGS_OF_MUHAMMAD = frozenset(word for word in _MUHAMMAD.split() if len(word) > 6)
_UNNAMED = re.compile(r"^(?:BY|BAYI|BABY)\b|^(?:AN|ANAK) (?:IBU|BU|NY|NYONYA|BAPAK|BPK|BP)\b")


def fold_name(name: str) -> str:
    """Return a name for comparing: no case, blank, punctuation or doubled letter."""
    return _fold_letters(plain(name).replace(" ", ""))


def _fold_letters(letters: str) -> str:
    return _DOUBLED_LETTER.sub(r"\1", letters)


def name_key(name: str) -> str:
    """Return the key under which two spellings are nearly one name.

    It is as :func:`fold_name`, but a single letter or a number at the end is kept apart. That is how a
    posyandu distinguishes twins: SITI II is SITI 2, and not SITI or SITI III.
    """
    words, mark = _split_mark(plain(name).split())
    return _fold_letters("".join(words)) + mark


def sound_of(name: str) -> str:
    """Return a name as it sounds: RIZKI, RIZKY and RISKI are one. Lists put such children together."""
    letters = "".join(WRITTEN_OUT.get(word, word) for word in plain(name).split()) or name
    for written, sound in SOUNDS:
        letters = letters.replace(written, sound)
    return _fold_letters(letters)


def spelling(name: str) -> str:
    """Return ``name_key`` with its doubled letters, which tell twins too: RAFA is not RAFFA.

    Only Muhammad is one name however it is spelt.
    """
    words, mark = _split_mark(plain(name).split())
    return "".join("MUHAMMAD" if word in _SPELLINGS_OF_MUHAMMAD else word for word in words) + mark


def _split_mark(words: list[str]) -> tuple[list[str], str]:
    """Return the words of a name without the mark behind them, and that mark."""
    if len(words) > 1 and (len(words[-1]) == 1 or number_of(words[-1])):
        return words[:-1], f"|{number_of(words[-1]) or words[-1]}"
    return words, ""


class Agreement(StrEnum):
    """How far two records of a person agree in one field."""

    SAME = "same"
    LIKE = "like"  # they differ by what a hand or a spreadsheet gets wrong
    FAR = "far"  # they may be of one child, and twins or siblings may look so too
    OTHER = "other"
    UNKNOWN = "unknown"


class ParentWords:
    """The words of a note of the parents' names, without titles, to be compared with many others."""

    __slots__ = ("in_order", "words")

    def __init__(self, note: str) -> None:
        self.words = set(plain(note).split()) - TITLES
        self.in_order = " ".join(sorted(self.words))


def compared_parents(one: str, other: str) -> Agreement:
    """Return SAME or OTHER people, UNKNOWN where one is not noted or they are neither clearly."""
    return compared_words(ParentWords(one), ParentWords(other))


def compared_words(one: ParentWords, other: ParentWords) -> Agreement:
    """Return :func:`compared_parents` of the words of each note."""
    if not one.words or not other.words:
        return Agreement.UNKNOWN
    if _is_part(one.words, other.words) or _is_part(other.words, one.words):
        return Agreement.SAME
    alike = fuzz.ratio(one.in_order, other.in_order)
    if alike >= SAME_PARENT:
        return Agreement.SAME
    return Agreement.OTHER if alike < OTHER_PARENT else Agreement.UNKNOWN


def _is_part(words: set[str], others: set[str]) -> bool:
    """Return whether all words are among the others; a letter may stand for a word next to a whole one."""
    rest = words - others
    for word in rest:
        if len(word) > 1 or not any(other.startswith(word) for other in others):
            return False
    return not rest or any(len(word) > 1 for word in words - rest)


class NameForms:
    """A name in the forms in which it is compared, worked out once to be compared with many others."""

    __slots__ = ("folded", "full_words", "is_unnamed", "key", "text", "words", "written_out")

    def __init__(self, name: str) -> None:
        self.text = text = plain(name)
        words = text.split()
        full_words = [WRITTEN_OUT.get(word, word) for word in words]
        unmarked, mark = _split_mark(words)
        self.folded = _fold_letters("".join(words))
        self.key = _fold_letters("".join(unmarked)) + mark if mark else self.folded
        self.words, self.full_words = set(words), set(full_words)
        # Words that are cut short in full, and no silent H behind a word: ZAHROH.
        self.written_out = _fold_letters("".join([word.removesuffix("H") for word in full_words]))
        # A baby called after its mother, as it is until it gets its own name: BY NY AMINAH.
        self.is_unnamed = _UNNAMED.match(text) is not None

    def is_similar(self, other: NameForms) -> bool:
        """Return whether the two differ by no more than a slip of the pen."""
        return fuzz.ratio(self.folded, other.folded) >= SIMILAR_NAME

    def may_be_renamed(self, other: NameForms) -> bool:
        """Return whether one was only written otherwise.

        It was where the two are similar, or where all words of one are in the other, in any order.
        """
        words, others = self.full_words, other.full_words
        return self.is_similar(other) or bool(words and others and (words <= others or others <= words))

    def is_like(self, other: NameForms) -> bool:
        """Return whether the two may be of one child; those of twins may be alike too.

        As :meth:`may_be_renamed`, with initials for words, with words joined, or with a letter that differs.
        """
        return (
            self.may_be_renamed(other)
            or _may_be_abbreviated(self.words, other.words)
            or _may_be_abbreviated(self.full_words, other.full_words)
            or _nearly_one(self.written_out, other.written_out)
        )

    def is_marked_apart(self, other: NameForms) -> bool:
        """Return whether the two are of twins by what stands behind them: SITI A and SITI B."""
        (name, _, mark), (other_name, _, other_mark) = self.key.partition("|"), other.key.partition("|")
        return name == other_name and bool(mark and other_mark) and mark != other_mark


def least_ratio(text: str) -> float:
    """Return what share of 100 a form of a name has at least in common with that of a name like it.

    A letter that differs, which is enough in :meth:`NameForms.is_like`, counts more in a short name.
    """
    return min(SIMILAR_NAME, 100 - 100 / max(len(text), SHORTEST_NAME)) - 0.01


def like_names(one: str, other: str) -> bool:
    """Return :meth:`NameForms.is_like` of two names."""
    return NameForms(one).is_like(NameForms(other))


def _may_be_abbreviated(words: set[str], others: set[str]) -> bool:
    return bool(words and others) and (_is_part(words, others) or _is_part(others, words))


def _nearly_one(one: str, other: str) -> bool:
    if fuzz.ratio(one, other) >= SIMILAR_NAME:
        return True
    return min(len(one), len(other)) >= SHORTEST_NAME and Levenshtein.distance(one, other) <= 1
