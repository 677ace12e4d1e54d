"""The children of a village in blocks, so that a row of a file is compared with a few of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from rapidfuzz import fuzz, process

from registry.name_similarity import NameForms, Parents, ParentWords, compared_words, least_ratio

NO_SIBLINGS_DAYS = 240
"""One mother's children are born further apart, or on one day."""


class KnownChild(NamedTuple):
    """What has to be known of a child to ask whether a row may be of it."""

    id: UUID
    name: NameForms
    born: int  # the day, counted as ``date.toordinal`` does
    parent: ParentWords
    sex: int


class _NameBlock:
    """The children of one sex and period in a village, found by what may be their name."""

    def __init__(self) -> None:
        self._children: list[KnownChild] = []
        self._unnamed: list[KnownChild] = []
        self._by_word: dict[str, list[KnownChild]] = defaultdict(list)
        self._texts: list[str] = []
        self._of_text: list[KnownChild] = []

    def add(self, known: KnownChild) -> None:
        name = known.name
        self._children.append(known)
        if name.is_unnamed:
            self._unnamed.append(known)
        for word in name.words | name.full_words:
            self._by_word[word].append(known)
        for text in {name.folded, name.written_out}:
            self._texts.append(text)
            self._of_text.append(known)

    def may_be_named(self, name: NameForms) -> Iterable[KnownChild]:
        """Return no fewer than those whose name is like ``name``; all where a name is not known yet.

        Names that are alike share a word, or are nearly one text. rapidfuzz compares that one with all others
        in one call.
        """
        if name.is_unnamed:
            return self._children
        found = {known.id: known for known in self._unnamed}
        for word in name.words | name.full_words:
            found |= {known.id: known for known in self._by_word.get(word, ())}
        for text in {name.folded, name.written_out}:
            near = process.extract(
                text, self._texts, scorer=fuzz.ratio, score_cutoff=least_ratio(text), limit=None
            )
            found |= {self._of_text[at].id: self._of_text[at] for _text, _ratio, at in near}
        return found.values()


class VillageChildren:
    """Who lives in one village, by name and by parents."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[KnownChild]] = defaultdict(list)  # by ``NameForms.key``
        self._blocks: dict[tuple[int, int], _NameBlock] = defaultdict(_NameBlock)  # by sex and 240 days

    def add(self, known: KnownChild) -> None:
        self.by_name[known.name.key].append(known)
        self._blocks[known.sex, known.born // NO_SIBLINGS_DAYS].add(known)

    def of_parents(self, name: NameForms, sex: int, born: int, parent: ParentWords) -> list[KnownChild]:
        """Return the children that may be one of this identity with a slip in name and birth date.

        They have its parents. They were born too near to it to be its siblings, and their name may be its.
        The nearest come first.
        """
        found = [
            known
            for known in self._born_too_near(name, sex, born)
            if compared_words(known.parent, parent) is Parents.SAME
            and not known.name.is_marked_apart(name)
            and (known.name.is_unnamed or name.is_unnamed or known.name.is_like(name))
        ]
        return sorted(found, key=lambda known: abs(known.born - born))

    def _born_too_near(self, name: NameForms, sex: int, born: int) -> Iterator[KnownChild]:
        """Yield those who may have that name and were born too near to the day ``born`` to be siblings."""
        period = born // NO_SIBLINGS_DAYS
        for at in (period - 1, period, period + 1):
            if block := self._blocks.get((sex, at)):
                for known in block.may_be_named(name):
                    if 0 < abs(known.born - born) <= NO_SIBLINGS_DAYS:
                        yield known
