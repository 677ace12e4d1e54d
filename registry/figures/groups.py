"""The figures of a place by sex and age group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from registry.access.visible_places import Place, can_see_place, place_name, require_place, villages_of
from registry.figures.count import count_month
from registry.figures.counts import Counts, total
from registry.figures.prevalence import Summary, summary_of
from registry.models import AgeGroup, CountedMonth, Sex, User, VillageMonth
from registry.models.month import COUNTERS

Group = tuple[int, str]
"""Sex and age group, as in ``VillageMonth``."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Children of one sex or age group, or of both; None stands for all of them."""

    sex: Sex | None
    age_group: AgeGroup | None
    summary: Summary


def group_rows(place: Place, month: date, user: User) -> list[GroupRow]:
    """All children of ``place``, then by sex; each age group the same way. Raises PlaceNotVisible."""
    require_place(place, user)
    counts = counts_by_group(place, month)
    name, hide = place_name(place), not can_see_place(place, user, people=True)
    by_age = ((sex, age) for age in AgeGroup for sex in (None, *Sex))
    wanted: list[tuple[Sex | None, AgeGroup | None]] = [(sex, None) for sex in (None, *Sex)]
    wanted.extend(by_age)
    return [
        GroupRow(sex, age, summary_of(name, month, _sum(counts, sex, age), hide_small=hide))
        for sex, age in wanted
    ]


def counts_by_group(place: Place, month: date) -> dict[Group, Counts]:
    """Counters of ``place`` by sex and age group; a group without children is left out.

    A month nobody has opened yet is counted from the raw rows, as the figures of a place are.
    """
    inside = villages_of(place)
    if CountedMonth.objects.filter(pk=month).exists():
        stored = (
            VillageMonth.objects.filter(month=month, village__in=inside)
            .order_by("sex", "age_group")
            .values_list("sex", "age_group")
            .annotate(*(Sum(name) for name in COUNTERS))
        )
        return {(row[0], row[1]): Counts(*row[2:]) for row in stored}
    found: dict[Group, Counts] = {}
    tally = count_month(month, list(inside.values_list("pk", flat=True)))
    for cell, values in tally.as_values().items():
        group = (cell.sex, cell.age_group)
        found[group] = found.get(group, Counts()) + Counts(*values)
    return found


def _sum(counts: Mapping[Group, Counts], sex: Sex | None, age: AgeGroup | None) -> Counts:
    parts: Iterable[Counts] = (
        found for (of_sex, of_age), found in counts.items() if sex in (None, of_sex) and age in (None, of_age)
    )
    return total(parts)
