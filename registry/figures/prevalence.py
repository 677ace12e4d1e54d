"""The rates of a place and month, from the stored figures: one object for pages, API and exports."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Max, QuerySet, Sum

from registry.access.visible_places import (
    Place,
    PlaceName,
    can_see_place,
    place_name,
    require_place,
    villages_of,
)
from registry.figures.count import CountCell, count_month
from registry.figures.counts import COUNTED, Counts, hidden_in, sum_by, total
from registry.figures.secondary_suppression import hidden_among
from registry.models import (
    CountedMonth,
    Indicator,
    Kecamatan,
    Residence,
    User,
    Village,
    VillageMonth,
)
from registry.models.month import COUNTERS
from registry.statistics import wilson

# Below these a rate is shown pale: it may differ by chance or by who came (docs/definitions.md).
FEW_CHILDREN = 30
LOW_COVERAGE = 0.8
_RAW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Prevalence:
    """A rate with what it rests on.

    ``rate``, ``low``, ``high`` (Wilson 1927, 95 %) and ``coverage`` are fractions 0 to 1. No child measured
    gives None, never 0. ``suppressed`` means hidden because it is small, or because a small one would follow
    from it. ``denominator_hidden`` means that the denominator is to be hidden as well.
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
    denominator_hidden: bool = False

    @property
    def few(self) -> bool:
        """Return whether children are too few to rank or judge. A hidden denominator counts as few."""
        return self.denominator_hidden or self.denominator < FEW_CHILDREN

    @property
    def low_coverage(self) -> bool:
        return self.coverage is None or self.coverage < LOW_COVERAGE

    @property
    def pale(self) -> bool:
        """Return whether to read it with care: few children, or too many not measured."""
        return self.few or self.low_coverage


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything counted about a place in a month, by indicator.

    ``suppressed``: its reader is not of the team; ``hidden``: the counters that this reader may not see.
    """

    place: PlaceName
    month: date
    counts: Counts
    rates: Mapping[Indicator, Prevalence]
    suppressed: bool = False
    hidden: frozenset[str] = frozenset()

    @property
    def stunted(self) -> Prevalence:
        return self.rates[Indicator.STUNTED]


def prevalence(place: Place, month: date, user: User, indicator: Indicator = Indicator.STUNTED) -> Prevalence:
    """Return the rate of ``indicator`` at ``place`` in ``month``, as ``user`` may see it.

    Latest believed measurement of each child under five in the month. Raises PlaceNotVisible.
    """
    return summary(place, month, user).rates[indicator]


def summary(place: Place, month: date, user: User) -> Summary:
    """Return all figures of ``place`` in ``month``. Raises PlaceNotVisible outside the user's area."""
    require_place(place, user)
    if can_see_place(place, user, people=True):
        by_village = counts_by_village(villages_of(place), month)
        return summary_of(place_name(place), month, total(by_village.values()))
    # Outside the team: with its neighbours, since their sum could give it away.
    counts, hidden = _count_with_hidden(place, month)
    return summary_of(place_name(place), month, counts, hide_small=True, hidden=hidden)


def summaries(villages: QuerySet[Village], month: date, user: User) -> list[Summary]:
    """Return a summary for each of ``villages`` that the user may see; a constant number of queries."""
    visible = {v.pk: v for v in villages.filter(user.area().as_q("")).order_by("pk")}
    by_name = set(
        Village.objects.filter(pk__in=visible).with_people_visible_to(user).values_list("pk", flat=True)
    )
    homes = {v.kecamatan_id for v in visible.values()}
    counts, hidden = villages_hidden(Village.objects.filter(kecamatan__in=homes), month)
    return [
        summary_of(place_name(v), month, counts[code])
        if code in by_name
        else summary_of(place_name(v), month, counts[code], hide_small=True, hidden=hidden[code])
        for code, v in visible.items()
    ]


def _count_with_hidden(place: Place, month: date) -> tuple[Counts, frozenset[str]]:
    """Return the counts of ``place``, and which of them to hide from who is not of the team."""
    if isinstance(place, Village):
        counts, hidden = villages_hidden(Village.objects.filter(kecamatan=place.kecamatan_id), month)
        return counts[place.pk], hidden[place.pk]
    if isinstance(place, Kecamatan):
        inside = Village.objects.filter(kecamatan__district=place.district_id)
        by_village = counts_by_village(inside, month)
        homes = inside.values_list("pk", "kecamatan")
        sums = sum_by((home, by_village.get(code, Counts())) for code, home in homes)
        return sums.get(place.pk, Counts()), hidden_among(sums).get(place.pk, frozenset())
    summed = total(counts_by_village(villages_of(place), month).values())
    return summed, hidden_in(summed, frozenset())


def villages_hidden(
    villages: QuerySet[Village], month: date
) -> tuple[dict[str, Counts], dict[str, frozenset[str]]]:
    """Return counts of ``villages``, all those of some kecamatan, and which of them to hide, by code."""
    by_village = counts_by_village(villages, month)
    by_home: dict[str, dict[str, Counts]] = {}
    for code, home in villages.values_list("pk", "kecamatan"):
        by_home.setdefault(home, {})[code] = by_village.get(code, Counts())
    counts = {code: found for siblings in by_home.values() for code, found in siblings.items()}
    hidden = {code: names for siblings in by_home.values() for code, names in hidden_among(siblings).items()}
    return counts, hidden


def summary_of(
    place: PlaceName,
    month: date,
    counts: Counts,
    *,
    hide_small: bool = False,
    hidden: frozenset[str] = frozenset(),
) -> Summary:
    """Return the rates of ``counts``; with ``hide_small`` without small counters and ``hidden``."""
    names = hidden_in(counts, hidden) if hide_small else frozenset()
    rates = {indicator: rate_from(place, month, counts, indicator, hidden=names) for indicator in Indicator}
    return Summary(place, month, counts, rates, suppressed=hide_small, hidden=names)


def rate_from(
    place: PlaceName,
    month: date,
    counts: Counts,
    indicator: Indicator,
    *,
    hidden: frozenset[str] = frozenset(),
) -> Prevalence:
    """Return one rate of ``counts``, hidden when one of its two counters is in ``hidden``."""
    top, bottom = COUNTED[indicator]
    part, whole = getattr(counts, top), getattr(counts, bottom)
    is_hidden = top in hidden or bottom in hidden
    low, high = (None, None) if is_hidden else wilson(part, whole) or (None, None)
    return Prevalence(
        place=place,
        month=month,
        indicator=indicator,
        numerator=None if is_hidden else part,
        denominator=whole,
        rate=None if is_hidden or not whole else part / whole,
        low=low,
        high=high,
        registered=counts.registered,
        measured=counts.measured,
        coverage=None if hidden & {"registered", "measured"} else counts.coverage,
        suppressed=is_hidden,
        denominator_hidden=bottom in hidden,
    )


def counts_by_village(villages: QuerySet[Village], month: date) -> dict[str, Counts]:
    """Return the counters of each village by code; a village without children is left out."""
    return {code: counts for (code,), counts in counts_by(villages, month, "village_id").items()}


def counts_by(villages: QuerySet[Village], month: date, *fields: str) -> dict[tuple[Any, ...], Counts]:
    """Return the counters of ``villages`` by these fields of ``CountCell``; one without children is left out.

    A month nobody has opened yet has no stored rows: it is counted from the raw rows, by the same function
    that would store it.
    """
    if CountedMonth.objects.filter(pk=month).exists():
        stored = (
            VillageMonth.objects.filter(month=month, village__in=villages)
            .order_by(*fields)
            .values_list(*fields)
            .annotate(*(Sum(name) for name in COUNTERS))
        )
        return {row[: len(fields)]: Counts(*row[len(fields) :]) for row in stored}
    cells = _raw_cells(month, list(villages.values_list("pk", flat=True)))
    return sum_by(
        (tuple(getattr(c, name) for name in fields), Counts(*values)) for c, values in cells.items()
    )


def _raw_cells(month: date, codes: list[str]) -> dict[CountCell, tuple[int, ...]]:
    """Return the counters of each cell of the villages with these codes, from the raw rows.

    A page asks for them several times. They are kept for a minute, or until somebody is enrolled or moves. (A
    measurement opens the month, and so ends it.)
    """
    lived = Residence.objects.aggregate(last=Max("pk"))
    what = hashlib.sha256(repr((sorted(codes), lived)).encode()).hexdigest()[:24]
    key = f"raw-{month:%Y-%m}-{what}"
    found: dict[CountCell, tuple[int, ...]] | None = cache.get(key)
    if found is None:
        # Everybody is asked for at once, some children by their ids.
        everywhere = len(codes) == Village.objects.count()
        found = count_month(month, None if everywhere else codes).as_values()
        cache.set(key, found, _RAW_SECONDS)
    return found
