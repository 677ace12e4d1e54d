"""Counts to hide because their neighbours add up to a total that is shown.

A reader outside the team who sees a kecamatan and all its villages but one knows the one by subtraction. So
a hidden count gets *company*: hidden counts of other villages of the kecamatan (kecamatan of the district).
There is enough of it when a hidden small count can still be any number that would hide it, 1 to 4 as a rule,
to a reader who knows every shown number, these rules and which villages are the company.

1. Bases (registered, measured, weighed, believed) bound one another: a shown one gives a hidden one away. A
   village with a small base is *blank*: only its registered are shown. Its company is another village made
   blank, with large bases. Where the registered would bound who was measured, those of the blank villages are
   hidden too.
2. Elsewhere bases are shown. Each part of one (stunted of the believed, N of N + T, B of O + B) is a column:
   numbers between 0 and a shown whole, hidden where the number or the rest of the whole is small. Its company
   is a village where neither is small.
3. :class:`SuppressedColumn` says when there is enough company, from the hidden sum and the least and most
   that each hidden count can be. Company is taken by code or by the registered, never by the number to hide.
   A zero is no company: the rules give it away. Where no village is left, the whole column is hidden, zeros
   too.

The sum counts as shown even where it is small and hidden itself: a reader may get it elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from math import inf

from registry.figures.counts import (
    BASES,
    GAIN_PARTS,
    PUBLISHED,
    SHARES,
    SMALL_COUNT,
    Counts,
    Share,
    hidden_in,
    is_blank,
    is_small,
)

Hidden = dict[str, frozenset[str]]


class SuppressedColumn:
    """What a reader knows of the hidden counts of one counter: their sum, and the bounds of each."""

    def __init__(self) -> None:
        self._total = 0
        self._least = 0
        self._most: float = 0
        self._width = 0

    def add(self, value: int, least: int, most: float, *, small: bool = False) -> None:
        """Add a hidden count and its bounds; a ``small`` one is to be any number between them."""
        self._total += value
        self._least += least
        self._most += most
        if small:
            self._width = max(self._width, int(most) - least)

    @property
    def is_open(self) -> bool:
        """Return whether the others can make up the sum, whatever within its bounds a small count is."""
        return min(self._most - self._total, self._total - self._least) >= self._width


def hidden_among(siblings: Mapping[str, Counts]) -> Hidden:
    """Return the counters to hide for each of ``siblings``, by code, whose sum is shown. Pure."""
    if sum(counts.registered > 0 for counts in siblings.values()) < 2:  # it is the sum, which hides the same
        return {code: hidden_in(counts, frozenset()) for code, counts in siblings.items()}
    hidden: dict[str, set[str]] = {code: set() for code in siblings}
    blank, registered_too = _blank(siblings)
    for code in blank:
        hidden[code].update(name for name in PUBLISHED if registered_too or name != "registered")
    for share in SHARES:
        codes = _hidden_of(share, siblings, blank)
        names = share.names
        if codes is None:
            codes, names = {code for code, counts in siblings.items() if counts.weighed}, GAIN_PARTS
        for code in codes:
            hidden[code].update(names)
    return {code: hidden_in(siblings[code], frozenset(names)) for code, names in hidden.items()}


def _blank(siblings: Mapping[str, Counts]) -> tuple[Set[str], bool]:
    """Return the blank places and their company; True when their registered are to be hidden too."""
    blank = {code for code, counts in siblings.items() if is_blank(counts)}
    if not blank:
        return blank, False
    company = [
        code
        for code, counts in siblings.items()
        if code not in blank and min(getattr(counts, name) for name in BASES) >= SMALL_COUNT
    ]
    company.sort(reverse=True)
    while True:
        inside = [siblings[code] for code in blank]
        if len(blank) > 1:
            if all(_base_is_open(name, inside, shown=True) for name in BASES):
                return blank, False
            if all(_base_is_open(name, inside, shown=False) for name in BASES):
                return blank, True
        if not company:
            return siblings.keys(), _everybody_came(siblings.values())
        blank.add(company.pop())


def _everybody_came(places: Collection[Counts]) -> bool:
    """Return whether the registered would all but say who was measured, or are few themselves."""
    if any(is_small(counts.registered) for counts in places):
        return True
    return sum(counts.registered - counts.measured for counts in places) < SMALL_COUNT


def _base_is_open(name: str, inside: list[Counts], *, shown: bool) -> bool:
    """Return whether the base ``name`` of blank places is open, their registered ``shown`` or not."""
    if shown and name == "registered":
        return not any(is_small(counts.registered) for counts in inside)
    column = SuppressedColumn()
    for counts in inside:
        value = getattr(counts, name)
        if value < SMALL_COUNT:
            column.add(value, 1, SMALL_COUNT - 1, small=True)  # nobody too: who is hidden may be 1 to 4
        else:
            column.add(value, SMALL_COUNT, counts.registered if shown else inf)
    return column.is_open


def _hidden_of(share: Share, siblings: Mapping[str, Counts], blank: Set[str]) -> Set[str] | None:
    """Return the places that hide ``share``, but for the blank ones, or None.

    It is None when two letters of D are too few to hide, since of one of them there is nearly nobody
    anywhere.
    """
    parts = {code: share.of(counts) for code, counts in siblings.items()}
    column = SuppressedColumn()
    for code in blank:
        part, whole = parts[code]
        column.add(part, 0, whole)
    seen = {code: parts[code] for code in siblings if code not in blank and parts[code][1]}
    hidden = {code for code in seen if share.is_small_in(siblings[code])}
    for code in hidden:
        part, whole = seen[code]
        column.add(part, *_small_bounds(part, whole), small=True)
    most = {
        code: whole - SMALL_COUNT - _count_opposite(share, siblings[code])
        for code, (_part, whole) in seen.items()
    }
    # Company is where neither the part nor the rest is small or nobody.
    company = [code for code, (part, _whole) in seen.items() if SMALL_COUNT <= part <= most[code]]
    company.sort(key=lambda code: (siblings[code].registered, code))
    while hidden and not column.is_open:
        if not company:
            part, whole = (sum(numbers) for numbers in zip(*parts.values(), strict=True))
            few = min(part, whole - part) < SMALL_COUNT
            return None if few and len(share.names) > 1 else seen.keys()
        code = company.pop()
        column.add(seen[code][0], SMALL_COUNT, most[code])
        hidden.add(code)
    return hidden


def _small_bounds(part: int, whole: int) -> tuple[int, int]:
    """Return what a reader knows of a part that is hidden because it or the rest is small."""
    if whole < SMALL_COUNT:
        return 0, whole
    if whole < 2 * SMALL_COUNT - 1:  # whichever it is, it or the rest is small
        return 1, whole - 1
    return (1, SMALL_COUNT - 1) if is_small(part) else (whole - SMALL_COUNT + 1, whole - 1)


def _count_opposite(share: Share, counts: Counts) -> int:
    """Return those of the whole who cannot be of the part, since they are shown to be the opposite."""
    opposite = {"wasted": counts.overweight, "overweight": counts.wasted}.get(share.part, 0)
    return opposite if opposite >= SMALL_COUNT else 0
