"""The figures of a place by sex and age group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.access.visible_places import Place, can_see_place, place_name, require_place, villages_of
from registry.figures.counts import Counts, total
from registry.figures.prevalence import Summary, counts_by, summary_of
from registry.models import AgeGroup, Sex, User


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Children of one sex or age group, or of both; None stands for all of them."""

    sex: Sex | None
    age_group: AgeGroup | None
    summary: Summary


def group_rows(place: Place, month: date, user: User) -> list[GroupRow]:
    """Return all children of ``place``, then by sex; each age group the same way. Raises PlaceNotVisible."""
    require_place(place, user)
    counts = counts_by(villages_of(place), month, "sex", "age_group")
    name, hide = place_name(place), not can_see_place(place, user, people=True)
    return [
        GroupRow(sex, age, summary_of(name, month, _sum(counts, sex, age), hide_small=hide))
        for age in (None, *AgeGroup)
        for sex in (None, *Sex)
    ]


def _sum(counts: Mapping[tuple[Any, ...], Counts], sex: Sex | None, age: AgeGroup | None) -> Counts:
    return total(
        found for (of_sex, of_age), found in counts.items() if sex in (None, of_sex) and age in (None, of_age)
    )
