"""The rates of a place and month, from the stored figures. One object for pages, API and exports alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import QuerySet, Sum

from registry.figures.count import count_month
from registry.figures.place import Place, PlaceName, can_see, must_see, place_name, villages_of
from registry.growth import rate_of
from registry.models import CountedMonth, Indicator, User, Village, VillageMonth
from registry.models.month import COUNTERS

# Which counter of a village month is the numerator and which the denominator of an indicator.
COUNTED = {
    Indicator.STUNTED: ("stunted", "haz_believed"),
    Indicator.WASTED: ("wasted", "whz_believed"),
    Indicator.UNDERWEIGHT: ("underweight", "waz_believed"),
    Indicator.OVERWEIGHT: ("overweight", "whz_believed"),
}
# Below these a rate is shown pale: it may differ by chance or by who came (docs/definitions.md).
FEW_CHILDREN = 30
LOW_COVERAGE = 0.8
# Outside the team a count below this is hidden, since it may point at a child.
SMALL_COUNT = 5


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

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Prevalence:
    """A rate with what it rests on. ``rate``, ``low``, ``high`` (Wilson 1927, 95 %) and ``coverage`` are
    fractions 0 to 1. No child measured gives None, never 0. ``suppressed``: hidden because it is small.
    """

    place: PlaceName
    month: date
    indicator: Indicator
    numerator: int | None
    denominator: int
    rate: float | None
    low: float | None
    high: float | None
    registered: int
    measured: int
    coverage: float | None
    suppressed: bool = False

    @property
    def few(self) -> bool:
        """Too few children to rank or to judge."""
        return self.denominator < FEW_CHILDREN

    @property
    def low_coverage(self) -> bool:
        return self.coverage is None or self.coverage < LOW_COVERAGE

    @property
    def pale(self) -> bool:
        """To be read with care: few children, or too many not measured."""
        return self.few or self.low_coverage


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything counted about a place in a month, by indicator."""

    place: PlaceName
    month: date
    counts: Counts
    rates: Mapping[Indicator, Prevalence]
    suppressed: bool = False

    @property
    def stunted(self) -> Prevalence:
        return self.rates[Indicator.STUNTED]


def prevalence(place: Place, month: date, user: User, indicator: Indicator = Indicator.STUNTED) -> Prevalence:
    """The rate of ``indicator`` at ``place`` in ``month``, as ``user`` may see it.

    Latest believed measurement of each child under five in the month. Raises PlaceNotVisible.
    """
    return summary(place, month, user).rates[indicator]


def summary(place: Place, month: date, user: User) -> Summary:
    """All figures of ``place`` in ``month``. Raises PlaceNotVisible outside the user's area."""
    must_see(place, user)
    counts = counts_by_village(villages_of(place), month)
    total = sum(counts.values(), Counts())
    return summary_of(place_name(place), month, total, hide_small=not can_see(place, user, people=True))


def summaries(villages: QuerySet[Village], month: date, user: User) -> list[Summary]:
    """One summary for each of ``villages`` that the user may see, by code; a constant number of queries."""
    visible = {v.pk: v for v in villages.filter(user.area().as_q("")).order_by("pk")}
    inside = Village.objects.filter(pk__in=visible)
    by_name = set(inside.with_people_visible_to(user).values_list("pk", flat=True))
    counts = counts_by_village(inside, month)
    return [
        summary_of(place_name(v), month, counts.get(code, Counts()), hide_small=code not in by_name)
        for code, v in visible.items()
    ]


def summary_of(place: PlaceName, month: date, counts: Counts, *, hide_small: bool = False) -> Summary:
    """The rates that follow from ``counts``."""
    rates = {
        indicator: rate_from(place, month, counts, indicator, hide_small=hide_small)
        for indicator in Indicator
    }
    return Summary(place, month, counts, rates, suppressed=hide_small)


def rate_from(
    place: PlaceName, month: date, counts: Counts, indicator: Indicator, *, hide_small: bool = False
) -> Prevalence:
    """One rate of ``counts``, hidden when it is small and ``hide_small``."""
    top, bottom = COUNTED[indicator]
    found = rate_of(getattr(counts, top), getattr(counts, bottom))
    hidden = hide_small and (is_small(found.numerator) or is_small(found.denominator))
    return Prevalence(
        place=place,
        month=month,
        indicator=indicator,
        numerator=None if hidden else found.numerator,
        denominator=found.denominator,
        rate=None if hidden else found.rate,
        low=None if hidden else found.low,
        high=None if hidden else found.high,
        registered=counts.registered,
        measured=counts.measured,
        coverage=counts.coverage,
        suppressed=hidden,
    )


def is_small(count: int) -> bool:
    """A count that may point at a child. Nobody is not small: it points at no child."""
    return 0 < count < SMALL_COUNT


def counts_by_village(villages: QuerySet[Village], month: date) -> dict[str, Counts]:
    """Counters summed over sex and age group, by village code. A village without children is left out.

    A month nobody has opened yet has no stored rows: it is counted from the raw rows, by the same function
    that would store it.
    """
    if CountedMonth.objects.filter(pk=month).exists():
        stored = (
            VillageMonth.objects.filter(month=month, village__in=villages)
            .order_by("village_id")
            .values_list("village_id")
            .annotate(*(Sum(name) for name in COUNTERS))
        )
        return {row[0]: Counts(*row[1:]) for row in stored}
    cells = count_month(month, list(villages.values_list("pk", flat=True))).as_values()
    return _summed((cell.village_id, values) for cell, values in cells.items())


def _summed(rows: Iterable[tuple[str, tuple[int, ...]]]) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for code, values in rows:
        found[code] = found.get(code, Counts()) + Counts(*values)
    return found
