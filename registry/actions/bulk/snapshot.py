"""What the register holds already of the children whom entries are about: read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from operator import attrgetter
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from registry.actions.bulk.plan import Lives
from registry.actions.observation import OBSERVED
from registry.calendar_months import add_months, month_of
from registry.db.batches import chunks
from registry.models import Measurement, Residence, User, Village

_READ = (
    "id",
    "child_id",
    "village_id",
    *OBSERVED,
    "age_days",
    "clenhei_cm",
    "haz",
    "haz_flag",
    "waz",
    "waz_flag",
    "whz",
    "gain",
)
"""What the measurements before say of the next one, and a file of one that is stored; the rest is read when
somebody asks."""


def writable_villages(by: User, codes: Collection[str]) -> set[str]:
    """Return those of ``codes`` that are villages where ``by`` works with people."""
    if not codes:
        return set()
    return set(Village.objects.with_people_visible_to(by).filter(pk__in=codes).values_list("pk", flat=True))


def stored_measurements(ids: Sequence[UUID]) -> dict[UUID, Measurement]:
    """Return the measurements stored under ``ids``."""
    return {m.pk: m for chunk in chunks(ids) for m in Measurement.objects.filter(pk__in=chunk)}


def recent_series_of(first_seen: Mapping[UUID, date]) -> dict[UUID, list[Measurement]]:
    """Return each child's measurements in force, oldest first, as far back as those from a day on can need.

    That is all from the month before that day's on, and of earlier ones the last weight, and the last weight
    and length that are believed: what the next are compared with, also for N, T, O and B. A child has years
    of others.
    """
    series: dict[UUID, list[Measurement]] = defaultdict(list)
    for chunk in chunks(sorted(first_seen, key=lambda pk: (first_seen[pk], pk))):
        since = month_of(first_seen[chunk[0]])  # of the first; the later ones have some more
        if since > date.min:  # a mistyped year is refused later
            since = add_months(since, -1)
        last = _last_before(chunk, since)
        asked = Q(measured_on__gte=since) | Q(measured_on__in={day for _child, day in last})
        for row in _read(chunk).filter(asked):
            if row.measured_on >= since or (row.child_id, row.measured_on) in last:
                series[row.child_id].append(row)
    for rows in series.values():
        rows.sort(key=attrgetter("measured_on"))
    return series


def _last_before(children: Sequence[UUID], day: date) -> set[tuple[UUID, date]]:
    """Return each child with the days before ``day`` of its last weight, believed weight, believed length."""
    before = Measurement.objects.in_force().filter(child_id__in=children, measured_on__lt=day)
    last = (
        before.order_by()
        .values_list("child_id")
        .annotate(
            weighed=Max("measured_on", filter=Q(weight_kg__isnull=False)),
            believed=Max("measured_on", filter=Q(weight_kg__isnull=False, waz_flag=False)),
            measured=Max("measured_on", filter=Q(clenhei_cm__isnull=False, haz_flag=False)),
        )
    )
    return {(child, on) for child, *days in last for on in days if on}


def _read(children: Sequence[UUID]) -> QuerySet[Measurement]:
    return Measurement.objects.in_force().filter(child_id__in=children).order_by().only(*_READ)


def residences_of(child_ids: Sequence[UUID]) -> dict[UUID, list[Lives]]:
    """Return where each child has lived, oldest first."""
    homes: dict[UUID, list[Lives]] = defaultdict(list)
    rows: list[tuple[int, UUID, str, date, date | None]] = []
    for chunk in chunks(child_ids):
        lived = Residence.objects.filter(child_id__in=chunk).order_by("since")
        rows += lived.values_list("pk", "child_id", "village_id", "since", "until")
    # One object of each village for all who lived there.
    villages = Village.objects.in_bulk({code for _pk, _child, code, _since, _until in rows})
    for pk, child, code, since, until in rows:
        homes[child].append(Lives(child, villages[code], since, until, pk))
    return homes
