"""How the heights for age of a place are spread, to be compared with WHO's standard curve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt

from registry.access.visible_places import Place, require_place, villages_of
from registry.figures.count import Spread, count_month
from registry.figures.version import is_counted
from registry.models import HeightSpread, User


@dataclass(frozen=True, slots=True)
class HeightsFound:
    """Mean, standard deviation (n - 1) and counts of the heights for age that count, in SD.

    The counts are by half an SD from -6 to 6. mean is None without a child, sd with fewer than two.
    """

    count: int
    mean: float | None
    sd: float | None
    bins: tuple[int, ...]


def heights_of(place: Place, month: date, user: User) -> HeightsFound:
    """Return the spread of heights for age at ``place`` in ``month``. Raises PlaceNotVisible."""
    require_place(place, user)
    return found_of(sum(_spreads(place, month), Spread()))


def found_of(spread: Spread) -> HeightsFound:
    """Return mean and standard deviation of a spread. Pure."""
    n, total, squares = spread.count, spread.total, spread.squares
    bins = tuple(spread.bins)
    if n == 0:
        return HeightsFound(0, None, None, bins)
    # Whole numbers to the end: n * squares - total * total is exact where a difference of means is not.
    sd = sqrt((n * squares - total * total) / (n * (n - 1))) / 100 if n > 1 else None
    return HeightsFound(n, total / n / 100, sd, bins)


def _spreads(place: Place, month: date) -> list[Spread]:
    inside = villages_of(place)
    if is_counted(month):
        rows = HeightSpread.objects.filter(month=month, village__in=inside)
        return [Spread(*row) for row in rows.values_list("count", "total", "squares", "bins")]
    return list(count_month(month, list(inside.values_list("pk", flat=True))).spreads.values())
