"""Figures over time and across places: what the dashboard draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Max, Q, QuerySet, Sum

from registry.figures.months import months_back
from registry.figures.place import Place, can_see, must_see, place_name, villages_of
from registry.figures.prevalence import Counts, Prevalence, Summary, counts_by_village, rate_from, summary_of
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
from registry.models.month import COUNTERS


def trend(
    place: Place, month: date, user: User, *, months: int = 24, indicator: Indicator = Indicator.STUNTED
) -> list[Prevalence]:
    """The rate of each of the ``months`` months that end with ``month``, oldest first.

    A month in which nobody was measured has rate None. Raises PlaceNotVisible.
    """
    must_see(place, user)
    wanted = months_back(month, months)
    rows = (
        VillageMonth.objects.filter(month__range=(wanted[0], wanted[-1]), village__in=villages_of(place))
        .order_by("month")
        .values_list("month")
        .annotate(*(Sum(name) for name in COUNTERS))
    )
    counts = {row[0]: Counts(*row[1:]) for row in rows}
    if month not in counts:  # not opened yet: the page that shows this trend counts it from the raw rows
        counts[month] = sum(counts_by_village(villages_of(place), month).values(), Counts())
    hide = not can_see(place, user, people=True)
    name = place_name(place)
    return [rate_from(name, m, counts.get(m, Counts()), indicator, hide_small=hide) for m in wanted]


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village with its kecamatan and its figures, for tables."""

    village: Village
    summary: Summary


@dataclass(frozen=True, slots=True)
class KecamatanRow:
    """A kecamatan, the sum of its villages."""

    kecamatan: Kecamatan
    summary: Summary


def village_rows(place: Place, month: date, user: User) -> list[VillageRow]:
    """The villages inside ``place`` with their figures, by code. Raises PlaceNotVisible."""
    must_see(place, user)
    inside = villages_of(place)
    counts = counts_by_village(inside, month)
    hide = not can_see(place, user, people=True)
    return [
        VillageRow(v, summary_of(place_name(v), month, counts.get(v.pk, Counts()), hide_small=hide))
        for v in inside.select_related("kecamatan").order_by("pk")
    ]


def kecamatan_rows(place: Place, month: date, user: User) -> list[KecamatanRow]:
    """The kecamatan of ``place``, each the sum of its villages there, by code. Raises PlaceNotVisible."""
    must_see(place, user)
    counts: dict[str, Counts] = {}
    kecamatan: dict[str, Kecamatan] = {}
    inside = villages_of(place)
    by_village = counts_by_village(inside, month)
    for v in inside.select_related("kecamatan").order_by("pk"):
        kecamatan[v.kecamatan_id] = v.kecamatan
        counts[v.kecamatan_id] = counts.get(v.kecamatan_id, Counts()) + by_village.get(v.pk, Counts())
    hide = not can_see(place, user, people=True)
    return [
        KecamatanRow(k, summary_of(place_name(k), month, counts[code], hide_small=hide))
        for code, k in kecamatan.items()
    ]


def latest_month(place: Place, user: User) -> date | None:
    """The last month with a measured child at ``place``; None when there is none. Raises PlaceNotVisible."""
    must_see(place, user)
    found: date | None = VillageMonth.objects.filter(
        village__in=villages_of(place), measured__gt=0
    ).aggregate(last=Max("month"))["last"]
    return found


def last_received(place: Place, user: User) -> date | None:
    """The day of the last measurement in force at ``place``: how fresh the figures are."""
    must_see(place, user)
    found: date | None = (
        Measurement.objects.in_force()
        .filter(village__in=villages_of(place))
        .aggregate(last=Max("measured_on"))["last"]
    )
    return found


def last_received_by_village(villages: QuerySet[Village]) -> dict[str, date]:
    """As :func:`last_received` for each of ``villages`` (already those the user may see), by code."""
    return dict(
        Measurement.objects.in_force()
        .filter(village__in=villages)
        .order_by("village_id")
        .values_list("village_id")
        .annotate(last=Max("measured_on"))
    )


class Verdict(StrEnum):
    """Where a rate stands against a target."""

    BELOW = "below"
    ABOVE = "above"
    UNCLEAR = "unclear"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"


def verdict(found: Prevalence, target: Target | None) -> Verdict:
    """Below or above only when the whole interval lies on one side; the target itself counts as met."""
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
    """The target in force in ``year``: its own, else the latest one before it; None when there is none."""
    return (
        Target.objects.filter(Q(year__lte=year), district=district, indicator=indicator)
        .order_by("-year")
        .first()
    )


def surveys_of(district: District, indicator: Indicator = Indicator.STUNTED) -> Sequence[SurveyEstimate]:
    """What surveys found, oldest first. Shown beside the register, never joined with it."""
    return list(SurveyEstimate.objects.filter(district=district, indicator=indicator).order_by("year"))
