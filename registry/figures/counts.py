"""The counters of a place and month, and which of them may leave the team. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TypeVar

from registry.models import Indicator

Key = TypeVar("Key", bound=Hashable)

# Which counter of a village month is the numerator and which the denominator of an indicator.
COUNTED = {
    Indicator.STUNTED: ("stunted", "haz_believed"),
    Indicator.WASTED: ("wasted", "whz_believed"),
    Indicator.UNDERWEIGHT: ("underweight", "waz_believed"),
    Indicator.OVERWEIGHT: ("overweight", "whz_believed"),
}
# Outside the team a count below this is hidden, since it may point at a child.
SMALL_COUNT = 5
GAIN_PARTS = ("gained", "not_gained", "not_before", "first")

# What others are parts of: who is registered, measured and weighed, and whose index is believed.
BASES = ("registered", "measured", "weighed", "haz_believed", "waz_believed", "whz_believed")
PUBLISHED = (*BASES, *GAIN_PARTS, *(part.value for part in COUNTED))
"""Every counter that other systems see."""


@dataclass(frozen=True, slots=True)
class Share:
    """A counter that is a part of shown ones, and so gives away the rest of them: both are shown or neither.

    ``names`` are hidden together. ``wholes`` add up to the whole: the believed, or a pair of D's letters.
    """

    part: str
    wholes: tuple[str, ...]
    names: tuple[str, ...]

    def of(self, counts: Counts) -> tuple[int, int]:
        """Return the part and the whole."""
        return getattr(counts, self.part), sum(getattr(counts, name) for name in self.wholes)

    def is_small_in(self, counts: Counts) -> bool:
        """Return whether the part or the rest is small: it says what a few children have or lack."""
        part, whole = self.of(counts)
        return is_small(part) or is_small(whole - part)


# N and T go together, and O and B: which two are hidden then says nothing about the numbers in them.
SHARES = (
    *(Share(part, (whole,), (part,)) for part, whole in COUNTED.values()),
    *(Share(pair[0], pair, pair) for pair in (("gained", "not_gained"), ("first", "not_before"))),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """The counters of ``VillageMonth`` summed over cells; whole children."""

    registered: int = 0
    measured: int = 0
    haz_believed: int = 0
    stunted: int = 0
    severely_stunted: int = 0
    waz_believed: int = 0
    underweight: int = 0
    severely_underweight: int = 0
    whz_believed: int = 0
    wasted: int = 0
    severely_wasted: int = 0
    overweight: int = 0
    gained: int = 0
    not_gained: int = 0
    not_before: int = 0
    first: int = 0
    twice_not_gained: int = 0
    missed_twice: int = 0
    late: int = 0

    @property
    def weighed(self) -> int:
        """Return D of SKDN: N + T + O + B."""
        return self.gained + self.not_gained + self.not_before + self.first

    @property
    def has_data(self) -> bool:
        """Return whether anybody of a place was measured; else only its registered are known: no 0."""
        return self.measured > 0

    @property
    def has_weighing(self) -> bool:
        """Return whether anybody of a place was weighed; else D and its letters are not known: no 0."""
        return self.weighed > 0

    def count_believed(self, indicator: Indicator) -> int:
        """Return how many children have a believed value of the index of ``indicator``."""
        return int(getattr(self, COUNTED[indicator][1]))

    def coverage(self, indicator: Indicator = Indicator.STUNTED) -> float | None:
        """Return believed of registered, 0 to 1; None without data, or when nobody is registered."""
        if not (self.has_data and self.registered):
            return None
        return self.count_believed(indicator) / self.registered

    @property
    def participation(self) -> float | None:
        """Return D/S, 0 to 1; None when nobody was weighed, or nobody is registered."""
        return self.weighed / self.registered if self.has_weighing and self.registered else None

    @property
    def success(self) -> float | None:
        """Return N/D, 0 to 1; None when nobody was weighed."""
        return self.gained / self.weighed if self.has_weighing else None

    def values(self) -> tuple[int, ...]:
        """Return the counters in their order."""
        return _values(self)

    def __add__(self, other: Counts) -> Counts:
        return total((self, other))


_COUNTERS = tuple(field.name for field in fields(Counts))
_values = attrgetter(*_COUNTERS)


def total(parts: Iterable[Counts]) -> Counts:
    """Return the sum of any number of counts, column by column: a village page adds up hundreds."""
    rows = [_values(part) for part in parts]
    return Counts(*map(sum, zip(*rows, strict=True)))


def sum_by(parts: Iterable[tuple[Key, Counts]]) -> dict[Key, Counts]:
    """Return the sum of the counts of each key."""
    groups: dict[Key, list[Counts]] = defaultdict(list)
    for key, counts in parts:
        groups[key].append(counts)
    return {key: total(found) for key, found in groups.items()}


def is_small(count: int) -> bool:
    """Return whether a count may point at a child. Nobody is not small: it points at no child."""
    return 0 < count < SMALL_COUNT


def is_blank(counts: Counts) -> bool:
    """Return whether so few children were registered, measured or believed that all is hidden."""
    if any(is_small(getattr(counts, name)) for name in BASES):
        return True
    # Where nearly everybody is wasted, hardly anybody can be overweight, and the other way round.
    return any(0 <= counts.whz_believed - n < SMALL_COUNT <= n for n in (counts.wasted, counts.overweight))


def hidden_in(counts: Counts, more: frozenset[str]) -> frozenset[str]:
    """Return the counters of ``counts`` that only the team may see.

    They are the small ones, ``more``, and what would give one of them away within the place.

    A blank place shows at most how many are registered. Elsewhere a part is hidden where it or the rest of
    its whole is small.
    """
    hidden = {name for name in _COUNTERS if is_small(getattr(counts, name))} | more
    if is_blank(counts) or not hidden.isdisjoint(BASES):
        hidden.update(name for name in PUBLISHED if name != "registered")
    for share in SHARES:
        if share.is_small_in(counts) or not hidden.isdisjoint(share.names):
            hidden.update(share.names)
    return frozenset(hidden)
