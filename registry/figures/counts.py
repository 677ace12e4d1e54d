"""The counters of a place and month, and which of them may leave the team. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter

from registry.models import Indicator

# Which counter of a village month is the numerator and which the denominator of an indicator.
COUNTED = {
    Indicator.STUNTED: ("stunted", "haz_believed"),
    Indicator.WASTED: ("wasted", "whz_believed"),
    Indicator.UNDERWEIGHT: ("underweight", "waz_believed"),
    Indicator.OVERWEIGHT: ("overweight", "whz_believed"),
}
# Outside the team a count below this is hidden, since it may point at a child.
SMALL_COUNT = 5
# D = N + T + O + B: one hidden part of four would follow from D and the other three.
GAIN_PARTS = ("gained", "not_gained", "not_before", "first")


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
        """D of SKDN: N + T + O + B."""
        return self.gained + self.not_gained + self.not_before + self.first

    @property
    def coverage(self) -> float | None:
        """Measured of registered, 0 to 1; None when nobody is registered."""
        return self.measured / self.registered if self.registered else None

    @property
    def participation(self) -> float | None:
        """D/S, 0 to 1; None when nobody is registered."""
        return self.weighed / self.registered if self.registered else None

    @property
    def success(self) -> float | None:
        """N/D, 0 to 1; None when nobody was weighed."""
        return self.gained / self.weighed if self.weighed else None

    def values(self) -> tuple[int, ...]:
        """The counters in their order."""
        return _values(self)

    def __add__(self, other: Counts) -> Counts:
        return total((self, other))


_COUNTERS = tuple(field.name for field in fields(Counts))
_values = attrgetter(*_COUNTERS)


def total(parts: Iterable[Counts]) -> Counts:
    """The sum of any number of counts, column by column: a village page adds up hundreds."""
    rows = [_values(part) for part in parts]
    return Counts(*map(sum, zip(*rows, strict=True)))


def is_small(count: int) -> bool:
    """A count that may point at a child. Nobody is not small: it points at no child."""
    return 0 < count < SMALL_COUNT


def hidden_in(counts: Counts, more: frozenset[str]) -> frozenset[str]:
    """The counters of ``counts`` that who is not of the team may not see: small ones, ``more``, and those of
    N, T, O and B that would give one of them away.
    """
    values = {name: int(getattr(counts, name)) for name in (*_COUNTERS, "weighed")}
    hidden = {name for name, value in values.items() if is_small(value)} | more
    parts = hidden & set(GAIN_PARTS)
    others = sorted(
        (name for name in GAIN_PARTS if name not in parts and values[name]), key=values.__getitem__
    )
    # A lone hidden part follows from D; so do hidden parts that add up to one child each.
    while parts and others and (len(parts) == 1 or sum(values[name] for name in parts) == len(parts)):
        parts.add(others.pop(0))
    return frozenset(hidden | parts)
