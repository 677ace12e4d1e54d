"""Figures over time and across places: what the dashboard draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum

from registry.access.visible_places import Place, can_see_place, place_name, require_place, villages_of
from registry.calendar_months import months_back
from registry.figures.counts import COUNTED, Counts, sum_by, total
from registry.figures.prevalence import Prevalence, Summary, counts_by_village, summary_of
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

Home = TypeVar("Home", Village, Kecamatan)


def trend(
    place: Place, month: date, user: User, *, months: int = 24, indicator: Indicator = Indicator.STUNTED
) -> list[Prevalence]:
    """Return the rate of each of the ``months`` months that end with ``month``, oldest first.

    A month in which nobody was measured has rate None. Raises PlaceNotVisible.
    """
    require_place(place, user)
    wanted = months_back(month, months)
    names = ("registered", "measured", *COUNTED[indicator])
    rows = (
        VillageMonth.objects.filter(month__range=(wanted[0], wanted[-1]), village__in=villages_of(place))
        .order_by("month")
        .values_list("month")
        .annotate(*(Sum(name) for name in names))
    )
    counts = {row[0]: Counts(**dict(zip(names, row[1:], strict=True))) for row in rows}
    if month not in counts:  # not opened yet: the page that shows this trend counts it from the raw rows
        counts[month] = total(counts_by_village(villages_of(place), month).values())
    hide = not can_see_place(place, user, people=True)
    name = place_name(place)
    return [summary_of(name, m, counts.get(m, Counts()), hide_small=hide).rates[indicator] for m in wanted]


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
    counts = counts_by_village(inside, month)
    hide = not can_see_place(place, user, people=True)
    return [
        PlaceFigures(v, summary_of(place_name(v), month, counts.get(v.pk, Counts()), hide_small=hide))
        for v in inside.select_related("kecamatan").order_by("pk")
    ]


def kecamatan_rows(place: Place, month: date, user: User) -> list[PlaceFigures[Kecamatan]]:
    """Return the kecamatan of ``place``, each the sum of its villages there. Raises PlaceNotVisible."""
    return kecamatan_sums(village_rows(place, month, user))


def kecamatan_sums(rows: Sequence[PlaceFigures[Village]]) -> list[PlaceFigures[Kecamatan]]:
    """Return ``rows`` added up by kecamatan, by code; hidden counts stay hidden."""
    kecamatan = {row.place.kecamatan_id: row.place.kecamatan for row in rows}
    counts = sum_by((row.place.kecamatan_id, row.summary.counts) for row in rows)
    hide = any(row.summary.suppressed for row in rows)
    return [
        PlaceFigures(k, summary_of(place_name(k), rows[0].summary.month, counts[code], hide_small=hide))
        for code, k in sorted(kecamatan.items())
    ]


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
    """Where a rate stands against a target."""

    BELOW = "below"
    ABOVE = "above"
    UNCLEAR = "unclear"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"


def verdict(found: Prevalence, target: Target | None) -> Verdict:
    """Return below or above only when the whole interval lies on one side; on the target is below."""
    if target is None:
        return Verdict.NO_TARGET
    if found.rate is None or found.low is None or found.high is None:
        return Verdict.NO_DATA
    limit = float(target.percent) / 100
    if found.high <= limit:
        return Verdict.BELOW
    if found.low > limit:
        return Verdict.ABOVE
    return Verdict.UNCLEAR


def target_for(district: District, year: int, indicator: Indicator = Indicator.STUNTED) -> Target | None:
    """Return the target in force in ``year``: its own, else the latest one before it, else None."""
    return targets_for(district, [year], indicator)[year]


def targets_for(
    district: District, years: Iterable[int], indicator: Indicator = Indicator.STUNTED
) -> dict[int, Target | None]:
    """Return :func:`target_for` of each of ``years``, by one query."""
    known = list(Target.objects.filter(district=district, indicator=indicator).order_by("year"))
    return {year: next((t for t in reversed(known) if t.year <= year), None) for year in years}


def surveys_of(district: District, indicator: Indicator = Indicator.STUNTED) -> Sequence[SurveyEstimate]:
    """Return what surveys found, oldest first. Shown next to the register, never joined with it."""
    return list(SurveyEstimate.objects.filter(district=district, indicator=indicator).order_by("year"))
