"""The rates of a place and month, from the stored figures: one object for pages, API and exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet, Sum

from registry.access.visible_places import (
    Place,
    PlaceName,
    can_see_place,
    place_name,
    require_place,
    villages_of,
)
from registry.calendar_months import add_months, current_month, months_back
from registry.figures.count import CountCell, count_month
from registry.figures.counts import COUNTED, Counts, hidden_in, sum_by, total
from registry.figures.secondary_suppression import hidden_among
from registry.figures.usual_coverage import MONTHS_BEFORE, is_thin
from registry.figures.version import digest_of, is_counted, raw_version
from registry.models import Indicator, Kecamatan, User, Village, VillageMonth
from registry.models.month import COUNTERS
from registry.statistics import wilson

# Below these a rate is shown pale: it may differ by chance or by who came (docs/definitions.md).
FEW_CHILDREN = 30
LOW_COVERAGE = 0.8
COVERED = ("registered", *sorted({believed for _part, believed in COUNTED.values()}))

MonthCounts = Mapping[date, Counts]


@dataclass(frozen=True, slots=True)
class Prevalence:
    """A rate with what it rests on.

    ``rate``, ``low``, ``high`` (Wilson 1927, 95%) and ``coverage`` (believed of registered) are fractions 0
    to 1. No child measured gives None, never 0. ``suppressed`` means hidden because it is small, or because a
    small one would follow from it. ``denominator_hidden``: the denominator is to be hidden as well.
    ``is_running``: the month is not over. ``is_thin``: fewer children are covered than is usual there.
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
    is_running: bool = False
    is_thin: bool = False

    @property
    def has_data(self) -> bool:
        """Return ``Counts.has_data`` of the place."""
        return self.measured > 0

    @property
    def known_measured(self) -> int | None:
        """Return the measured; None without data, which is not 0."""
        return self.measured if self.has_data else None

    @property
    def known_denominator(self) -> int | None:
        """Return the denominator; None without data, which is not 0."""
        return self.denominator if self.has_data else None

    @property
    def is_judged(self) -> bool:
        """Return whether anything may be concluded: a running or thinly covered month says who came first."""
        return not (self.is_running or self.is_thin)

    @property
    def few(self) -> bool:
        """Return whether children are too few to rank or judge. A hidden denominator counts as few."""
        return self.denominator_hidden or self.denominator < FEW_CHILDREN

    @property
    def low_coverage(self) -> bool:
        return self.coverage is None or self.coverage < LOW_COVERAGE

    @property
    def pale(self) -> bool:
        """Return whether to read it with care: few children, too many not measured, or a month not judged."""
        return self.few or self.low_coverage or not self.is_judged


@dataclass(frozen=True)
class Summary:
    """Everything counted about a place in a month, by indicator.

    ``suppressed``: its reader is not of the team; ``hidden``: the counters that this reader may not see;
    ``before``: what is stored of the six months before, for how well the place is usually covered. A rate is
    worked out when it is first asked for: a table of 284 villages asks for one of four.
    """

    place: PlaceName
    month: date
    counts: Counts
    suppressed: bool = False
    hidden: frozenset[str] = frozenset()
    before: MonthCounts = field(default_factory=dict)

    @cached_property
    def stunted(self) -> Prevalence:
        return self._rate(Indicator.STUNTED)

    @cached_property
    def rates(self) -> Mapping[Indicator, Prevalence]:
        return {i: self.stunted if i is Indicator.STUNTED else self._rate(i) for i in Indicator}

    def _rate(self, indicator: Indicator) -> Prevalence:
        earlier = self.before.values()
        return rate_from(self.place, self.month, self.counts, indicator, earlier, hidden=self.hidden)


def summary(place: Place, month: date, user: User) -> Summary:
    """Return all figures of ``place`` in ``month``. Raises PlaceNotVisible outside the user's area."""
    require_place(place, user)
    if not can_see_place(place, user, people=True):
        return public_summary(place, month)
    by_village = counts_by_village(villages_of(place), month)
    before = total_before(villages_of(place), month)
    return summary_of(place_name(place), month, total(by_village.values()), before)


def public_summary(place: Place, month: date) -> Summary:
    """Return the figures of ``place`` as they may be seen outside the team, where small counts are hidden."""
    before = total_before(villages_of(place), month)
    # With its neighbours, since their sum could give it away.
    counts, hidden = _count_with_hidden(place, month)
    return summary_of(place_name(place), month, counts, before, hide_small=True, hidden=hidden)


def summaries(villages: QuerySet[Village], month: date, user: User) -> list[Summary]:
    """Return a summary for each of ``villages`` that the user may see; a constant number of queries."""
    visible = {v.pk: v for v in villages.filter(user.area().as_q("")).order_by("pk")}
    by_name = set(
        Village.objects.filter(pk__in=visible).with_people_visible_to(user).values_list("pk", flat=True)
    )
    homes = {v.kecamatan_id for v in visible.values()}
    counts, hidden = villages_hidden(Village.objects.filter(kecamatan__in=homes), month)
    before = counts_before(villages, month)
    return [
        summary_of(place_name(v), month, counts[code], before.get(code, {}))
        if code in by_name
        else summary_of(
            place_name(v), month, counts[code], before.get(code, {}), hide_small=True, hidden=hidden[code]
        )
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
    before: MonthCounts | None = None,
    *,
    hide_small: bool = False,
    hidden: frozenset[str] = frozenset(),
) -> Summary:
    """Return the figures of ``counts``; with ``hide_small`` without small counters and ``hidden``."""
    names = hidden_in(counts, hidden) if hide_small else frozenset()
    return Summary(place, month, counts, hide_small, names, before or {})


def rate_from(
    place: PlaceName,
    month: date,
    counts: Counts,
    indicator: Indicator,
    before: Iterable[Counts] = (),
    *,
    fullest: int = 0,
    hidden: frozenset[str] = frozenset(),
) -> Prevalence:
    """Return one rate of ``counts``, hidden when one of its two counters is in ``hidden``.

    ``before`` and ``fullest``: as :func:`registry.figures.usual_coverage.is_thin` takes them.
    """
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
        coverage=None if hidden & {"registered", bottom} else counts.coverage(indicator),
        suppressed=is_hidden,
        denominator_hidden=bottom in hidden,
        is_running=month >= current_month(),
        is_thin=is_thin(counts, indicator, before, fullest),
    )


def counts_before(villages: QuerySet[Village], month: date) -> Mapping[str, MonthCounts]:
    """Return what is stored of the six months before ``month``, by code and month.

    Filled in are the registered and those with a believed value of each index.
    """
    found: dict[str, dict[date, Counts]] = {}
    for (at, code), counts in stored_counts(villages, _months_before(month), COVERED, "village_id"):
        found.setdefault(code, {})[at] = counts
    return found


def total_before(villages: QuerySet[Village], month: date) -> MonthCounts:
    """Return the same of all ``villages`` together, by month."""
    return {at: counts for (at,), counts in stored_counts(villages, _months_before(month), COVERED)}


def _months_before(month: date) -> list[date]:
    return months_back(add_months(month, -1), MONTHS_BEFORE)


def stored_counts(
    villages: QuerySet[Village], months: Sequence[date], counters: Sequence[str], *fields: str
) -> Iterator[tuple[tuple[Any, ...], Counts]]:
    """Give the ``counters`` stored for ``villages`` in a row of ``months``, by month and these fields."""
    by = ("month", *fields)
    rows = (
        VillageMonth.objects.filter(month__range=(months[0], months[-1]), village__in=villages)
        .order_by(*by)
        .values_list(*by)
        .annotate(*(Sum(name) for name in counters))
    )
    for row in rows:
        yield row[: len(by)], Counts(**dict(zip(counters, row[len(by) :], strict=True)))


def sum_by_month(parts: Iterable[MonthCounts]) -> dict[date, Counts]:
    """Return the counts of several places added up, by month."""
    return sum_by((at, counts) for months in parts for at, counts in months.items())


def counts_by_village(villages: QuerySet[Village], month: date) -> dict[str, Counts]:
    """Return the counters of each village by code; a village without children is left out."""
    return {code: counts for (code,), counts in counts_by(villages, month, "village_id").items()}


def counts_by(villages: QuerySet[Village], month: date, *fields: str) -> dict[tuple[Any, ...], Counts]:
    """Return the counters of ``villages`` by these fields of ``CountCell``; one without children is left out.

    A month nobody has opened yet has no stored rows: it is counted from the raw rows, by the same function
    that would store it.
    """
    if is_counted(month):
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

    A page asks for them several times: they are kept while :func:`raw_version` is the same.
    """
    key = f"raw-{month:%Y-%m}-{digest_of((sorted(codes), raw_version()))}"
    found: dict[CountCell, tuple[int, ...]] | None = cache.get(key)
    if found is None:
        # Everybody is asked for at once, some children by their ids.
        everywhere = len(codes) == Village.objects.count()
        found = count_month(month, None if everywhere else codes).as_values()
        cache.set(key, found)
    return found
