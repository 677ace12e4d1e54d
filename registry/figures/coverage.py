"""Who was measured of those registered, by place and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from registry.access.visible_places import Place, require_place, villages_of
from registry.calendar_months import months_back
from registry.figures.counts import Counts, total
from registry.figures.prevalence import counts_by_village, stored_counts
from registry.models import Kecamatan, User, Village


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One place with its counters of each month, oldest first; None where nobody was registered.

    Only ``registered``, ``measured`` and ``haz_believed`` are filled in.
    """

    place: Village | Kecamatan
    months: tuple[Counts | None, ...]

    @property
    def is_silent(self) -> bool:
        """Return whether children are registered this month and nobody has been measured."""
        now = self.months[-1]
        return now is not None and now.registered > 0 and not now.has_data


def coverage_rows(place: Place, month: date, user: User, *, months: int = 12) -> list[CoverageRow]:
    """Return the villages of ``place`` with the ``months`` months that end with ``month``: three queries.

    Raises PlaceNotVisible.
    """
    require_place(place, user)
    inside = villages_of(place)
    wanted = months_back(month, months)
    counters = ("registered", "measured", "haz_believed")
    stored = stored_counts(inside, wanted, counters, "village_id")
    found = {(code, at): counts for (at, code), counts in stored}
    if not any(at == month for _code, at in found):  # not opened yet: counted from the raw rows
        for code, counts in counts_by_village(inside, month).items():
            found[code, month] = Counts(counts.registered, counts.measured, counts.haz_believed)
    return [
        CoverageRow(village, tuple(found.get((village.pk, at)) for at in wanted))
        for village in inside.select_related("kecamatan").order_by("pk")
    ]


def by_kecamatan(rows: Sequence[CoverageRow]) -> list[CoverageRow]:
    """Return the same by kecamatan: each the sum of its villages in ``rows``, by code."""
    groups: dict[Kecamatan, list[CoverageRow]] = defaultdict(list)
    for row in rows:
        if isinstance(row.place, Village):
            groups[row.place.kecamatan].append(row)
    return [
        CoverageRow(kecamatan, tuple(map(_total, zip(*(row.months for row in inside), strict=True))))
        for kecamatan, inside in sorted(groups.items(), key=lambda group: group[0].pk)
    ]


def _total(parts: Iterable[Counts | None]) -> Counts | None:
    known = [counts for counts in parts if counts is not None]
    return total(known) if known else None
