"""Published scorecards of many villages, added up; a village that has published none is not counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max

from kpm.models import Scorecard
from kpm.scorecard.periods import Quarter, quarter_of
from kpm.scorecard.score import VillageScore, score_cells, sum_cells
from kpm.scored_people import read_cells
from registry.access.visible_places import Place, villages_of


@dataclass(frozen=True, slots=True)
class PublishedScore:
    """The score of a place: all yes of all that applies in the villages that have published the quarter."""

    villages: int
    score: VillageScore


NOT_PUBLISHED = PublishedScore(0, score_cells(sum_cells([])))


def quarter_over_by(month: date) -> Quarter:
    """Return the newest quarter that is over at the end of ``month``."""
    this = quarter_of(month)
    if month.month % 3 == 0:
        return this
    return this.add_quarters(-1)


def published_by_place(
    place: Place, quarter: Quarter, *, by: str = "villages"
) -> Mapping[str, PublishedScore]:
    """Return the scores of the villages in ``place`` that have one, or of its kecamatan, by code."""
    found = Scorecard.objects.filter(
        village__in=villages_of(place), year=quarter.year, quarter=quarter.number
    )
    cards: dict[str, list[Scorecard]] = defaultdict(list)
    for card in found.order_by().select_related("village"):
        cards[card.village.kecamatan_id if by == "kecamatan" else card.village_id].append(card)
    return {code: _add_up(of) for code, of in cards.items()}


def published_by_quarter(place: Place, last: Quarter, quarters: int) -> list[tuple[Quarter, PublishedScore]]:
    """Return the score of ``place`` in so many ``quarters`` up to ``last``, the newest first."""
    asked = [last.add_quarters(-back) for back in range(quarters)]
    found = Scorecard.objects.filter(village__in=villages_of(place), year__gte=asked[-1].year)
    cards: dict[Quarter, list[Scorecard]] = defaultdict(list)
    for card in found.order_by():
        cards[Quarter(card.year, card.quarter)].append(card)
    return [(quarter, _add_up(cards.get(quarter, []))) for quarter in asked]


def scorecards_version() -> tuple[Any, ...]:
    """Return a value that changes when a quarter is closed or opened again."""
    found = Scorecard.objects.aggregate(last=Max("pk"), cards=Count("pk"))
    return (found["last"], found["cards"])


def _add_up(cards: Iterable[Scorecard]) -> PublishedScore:
    found = list(cards)
    return PublishedScore(len(found), score_cells(sum_cells(read_cells(card) for card in found)))
