"""The children of a village in blocks, so that a row of a file is compared with a few of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rapidfuzz import fuzz, process

from registry.imports.matching.comparison import (
    NO_SIBLINGS_DAYS,
    ComparedPerson,
    compare,
    judge,
)
from registry.name_similarity import Agreement, NameForms, compared_words, least_ratio


class _NameBlock:
    """The children of one sex and period in a village, found by what may be their name."""

    def __init__(self) -> None:
        self._children: list[ComparedPerson] = []
        self._unnamed: list[ComparedPerson] = []
        self._by_word: dict[str, list[ComparedPerson]] = defaultdict(list)
        self._texts: list[str] = []
        self._of_text: list[ComparedPerson] = []

    def add(self, known: ComparedPerson) -> None:
        name = known.name
        self._children.append(known)
        if name.is_unnamed:
            self._unnamed.append(known)
        for word in name.words | name.full_words:
            self._by_word[word].append(known)
        for text in {name.folded, name.written_out}:
            self._texts.append(text)
            self._of_text.append(known)

    def may_be_named(self, name: NameForms) -> Iterable[ComparedPerson]:
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
        self._by_name: dict[str, list[ComparedPerson]] = defaultdict(list)  # by ``NameForms.key``
        # By sex and 240 days.
        self._blocks: dict[tuple[int | None, int], _NameBlock] = defaultdict(_NameBlock)

    def add(self, known: ComparedPerson) -> None:
        """A child of the village."""
        self._by_name[known.name.key].append(known)
        self._blocks[known.sex, _day_of_birth(known) // NO_SIBLINGS_DAYS].add(known)

    def list_named(self, name: NameForms) -> Sequence[ComparedPerson]:
        """Return who is called so."""
        return self._by_name.get(name.key, ())

    def list_similar(self, name: NameForms) -> list[ComparedPerson]:
        """Return whose name differs by no more than a slip of the pen."""
        return [known for known in chain(*self._by_name.values()) if known.name.is_similar(name)]

    def list_born_otherwise(self, row: ComparedPerson) -> list[ComparedPerson]:
        """Return the children of its name or its parents that ``row`` may mean, the nearest birth first."""
        of_parents = (
            known
            for known in self._born_too_near(row)
            if compared_words(known.parents, row.parents) is Agreement.SAME
        )
        found = {known.id: known for known in (*self.list_named(row.name), *of_parents)}
        likely = [
            known
            for known in found.values()
            if judge(compare(row, known, place=Agreement.SAME)).question == "born_otherwise"
        ]
        born = _day_of_birth(row)
        return sorted(likely, key=lambda known: abs(_day_of_birth(known) - born))

    def _born_too_near(self, row: ComparedPerson) -> Iterator[ComparedPerson]:
        """Yield those who may have that name and were born too near to it to be its siblings."""
        born = _day_of_birth(row)
        period = born // NO_SIBLINGS_DAYS
        for at in (period - 1, period, period + 1):
            if block := self._blocks.get((row.sex, at)):
                for known in block.may_be_named(row.name):
                    if abs(_day_of_birth(known) - born) <= NO_SIBLINGS_DAYS:
                        yield known


def _day_of_birth(person: ComparedPerson) -> int:
    return person.born.toordinal() if person.born else 0
