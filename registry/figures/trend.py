"""Figures over time and across places: what the dashboard draws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from django.core.cache import cache
from django.db.models import Max, OuterRef, QuerySet, Subquery

from registry.access.visible_places import (
    Place,
    PlaceName,
    can_see_place,
    place_name,
    require_place,
    villages_of,
)
from registry.calendar_months import add_months, current_month, months_back
from registry.figures.counts import COUNTED, Counts, hidden_in, total
from registry.figures.prevalence import (
    Prevalence,
    Summary,
    counts_before,
    counts_by_village,
    rate_from,
    stored_counts,
    sum_by_month,
    summary_of,
)
from registry.figures.usual_coverage import MONTHS_BEFORE
from registry.figures.version import digest_of
from registry.models import (
    District,
    Indicator,
    Kecamatan,
    Measurement,
    SurveyEstimate,
    Target,
    User,
    Village,
    VillageMonth,
)

_JUDGED_SECONDS = 60

Home = TypeVar("Home", Village, Kecamatan)


def trend(place: Place, month: date, user: User, *, months: int) -> list[Prevalence]:
    """Return the rate of stunting in each of the ``months`` months that end with ``month``, oldest first.

    A month in which nobody was measured has rate None. Raises PlaceNotVisible.
    """
    require_place(place, user)
    hide = not can_see_place(place, user, people=True)
    return _trend(place_name(place), villages_of(place), month, months, hide_small=hide)


def _trend(
    name: PlaceName,
    villages: QuerySet[Village],
    month: date,
    months: int,
    *,
    hide_small: bool = False,
    count_raw: bool = True,
) -> list[Prevalence]:
    """Return the rates of :func:`trend`. ``count_raw``: count ``month`` where it is not stored."""
    known = months_back(month, months + MONTHS_BEFORE)
    counters = ("registered", "measured", *COUNTED[Indicator.STUNTED])
    counts = {at: stored for (at,), stored in stored_counts(villages, known, counters)}
    if count_raw and month not in counts:
        counts[month] = total(counts_by_village(villages, month).values())
    fullest = max((found.count_believed(Indicator.STUNTED) for found in counts.values()), default=0)
    return [
        rate_from(
            name,
            m,
            of := counts.get(m, Counts()),
            Indicator.STUNTED,
            (counts[earlier] for earlier in known[i : i + MONTHS_BEFORE] if earlier in counts),
            fullest=fullest,
            hidden=hidden_in(of, frozenset()) if hide_small else frozenset(),
        )
        for i, m in enumerate(known[MONTHS_BEFORE:])
    ]


@dataclass(frozen=True, slots=True)
class PlaceFigures(Generic[Home]):
    """A village with its kecamatan, or a kecamatan, and its figures."""

    place: Home
    summary: Summary

    @property
    def stunted(self) -> Prevalence:
        return self.summary.stunted


PlaceRows = Sequence[PlaceFigures[Village]] | Sequence[PlaceFigures[Kecamatan]]


def village_rows(place: Place, month: date, user: User) -> list[PlaceFigures[Village]]:
    """Return the villages inside ``place`` with their figures, by code. Raises PlaceNotVisible."""
    require_place(place, user)
    inside = villages_of(place)
    counts, before = counts_by_village(inside, month), counts_before(inside, month)
    hide = not can_see_place(place, user, people=True)
    return [
        PlaceFigures(
            v,
            summary_of(place_name(v), month, counts.get(v.pk, Counts()), before.get(v.pk), hide_small=hide),
        )
        for v in inside.select_related("kecamatan").order_by("pk")
    ]


def kecamatan_rows(place: Place, month: date, user: User) -> list[PlaceFigures[Kecamatan]]:
    """Return the kecamatan of ``place``, each the sum of its villages there. Raises PlaceNotVisible."""
    return kecamatan_sums(village_rows(place, month, user))


def kecamatan_sums(rows: Sequence[PlaceFigures[Village]]) -> list[PlaceFigures[Kecamatan]]:
    """Return ``rows`` added up by kecamatan, by code; hidden counts stay hidden."""
    inside: dict[Kecamatan, list[Summary]] = defaultdict(list)
    for row in rows:
        inside[row.place.kecamatan].append(row.summary)
    hide = any(row.summary.suppressed for row in rows)
    return [
        PlaceFigures(
            kecamatan,
            summary_of(
                place_name(kecamatan),
                of[0].month,
                total(one.counts for one in of),
                sum_by_month(one.before for one in of),
                hide_small=hide,
            ),
        )
        for kecamatan, of in sorted(inside.items(), key=lambda found: found[0].pk)
    ]


def latest_judged_month(villages: QuerySet[Village]) -> date | None:
    """Return the last of twelve months that is over and covered as usual in ``villages``, or None.

    Every page asks for it, so it is kept for a minute, or until a figure is stored anywhere: what a recount
    stores has new ids. (One that only takes rows away is seen after that minute.)
    """
    last, nobody = add_months(current_month(), -1), PlaceName("", "", "")
    newest = VillageMonth.objects.aggregate(newest=Max("pk"))["newest"]
    key = f"judged-{digest_of((str(villages.query), last, newest))}"
    kept: list[date] | None = cache.get(key)
    if kept is None:
        found = _trend(nobody, villages, last, 12, count_raw=False)
        kept = [m.month for m in found if m.denominator and m.is_judged][-1:]
        cache.set(key, kept, _JUDGED_SECONDS)
    return kept[0] if kept else None


def latest_month(place: Place, user: User) -> date | None:
    """Return the last month with a measured child at ``place``, or None. Raises PlaceNotVisible."""
    require_place(place, user)
    # From the newest month back, where the first row decides; the largest of all would look at each.
    rows = VillageMonth.objects.filter(village__in=villages_of(place), measured__gt=0).order_by("-month")
    return rows.values_list("month", flat=True).first()


def last_received(place: Place, user: User) -> date | None:
    """Return the day of the last measurement in force at ``place``: how fresh the figures are."""
    require_place(place, user)
    found: date | None = villages_of(place).annotate(last=_last_measured()).aggregate(day=Max("last"))["day"]
    return found


def last_received_by_village(villages: QuerySet[Village]) -> dict[str, date]:
    """Return :func:`last_received` of each of ``villages`` (those the user may see), by code."""
    rows = villages.annotate(last=_last_measured()).filter(last__isnull=False).values_list("pk", "last")
    return dict(rows)


def _last_measured() -> Subquery:
    """Return the newest day of a village, from the end of its index: no row of a measurement is read."""
    newest = Measurement.objects.in_force().filter(village=OuterRef("pk")).order_by("-measured_on")
    return Subquery(newest.values("measured_on")[:1])


class Verdict(StrEnum):
    """Where a rate stands against a target, or why that is not said."""

    BELOW = "below"
    ABOVE = "above"
    UNCLEAR = "unclear"
    RUNNING = "running"
    THIN = "thin"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"


def verdict(found: Prevalence, target: Target | None) -> Verdict:
    """Return below or above only when the whole interval lies on one side; on the target is below.

    What pages, API and files all say. A month that is running or thinly covered is not judged. Some of many
    small places lie wholly on one side by chance alone, so one that is too small to be ranked is unclear. Low
    coverage leaves the side as it is: there a note warns.
    """
    if found.rate is None or found.low is None or found.high is None:
        return Verdict.NO_DATA
    if target is None:
        return Verdict.NO_TARGET
    if not found.is_judged:
        return Verdict.RUNNING if found.is_running else Verdict.THIN
    if found.few or holds_target(found, target):
        return Verdict.UNCLEAR
    return Verdict.BELOW if found.high <= float(target.percent) / 100 else Verdict.ABOVE


def holds_target(found: Prevalence, target: Target | None) -> bool:
    """Return whether the target lies within the interval; at its upper end it does not."""
    if target is None or found.low is None or found.high is None:
        return False
    return found.low <= float(target.percent) / 100 < found.high


def target_for(district: District, year: int) -> Target | None:
    """Return the stunting target in force in ``year``: its own, else the latest before it, else None."""
    return targets_for(district, [year])[year]


def targets_for(district: District, years: Iterable[int]) -> dict[int, Target | None]:
    """Return :func:`target_for` of each of ``years``, by one query."""
    known = list(Target.objects.filter(district=district, indicator=Indicator.STUNTED).order_by("year"))
    return {year: next((t for t in reversed(known) if t.year <= year), None) for year in years}


def surveys_of(district: District) -> Sequence[SurveyEstimate]:
    """Return what surveys found of stunting, oldest first. Shown next to the register, not joined with it."""
    surveys = SurveyEstimate.objects.filter(district=district, indicator=Indicator.STUNTED)
    return list(surveys.order_by("year"))
