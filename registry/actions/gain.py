"""N, T, O and B of many children at once: after a file is taken back, and when the table of gains changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from registry.actions.assessment import recompute_gain
from registry.actions.refresh import VillageMonthKey, refresh_figures
from registry.calendar_months import month_of
from registry.db.batches import CHUNK, chunks
from registry.db.locks import lock_children
from registry.models import Child, Measurement, Residence, Village


@transaction.atomic
def recompute_village_gains(village: Village) -> int:
    """Compute N, T, O, B of all who live in a village by today's tables; return how many codes that changed.

    The figures of the village months that this changes are counted again.
    """
    children = list(Child.objects.filter(village=village).values_list("pk", flat=True))
    lock_children(children)
    changed = store_gains(children)
    refresh_figures(list_village_months((m.child_id, m.measured_on) for m in changed))
    return len(changed)


def store_gains(children: Sequence[UUID]) -> list[Measurement]:
    """Bring N, T, O, B of the children's stored measurements up to date; return those that changed."""
    changed: list[Measurement] = []
    for chunk in chunks(children):
        series: dict[UUID, list[Measurement]] = {}
        rows = Measurement.objects.in_force().filter(child__in=chunk).select_related("child")
        for row in rows.order_by("measured_on"):
            series.setdefault(row.child_id, []).append(row)
        for measurements in series.values():
            changed += recompute_gain(measurements[0].child, measurements)
    Measurement.objects.bulk_update(changed, ["gain"], batch_size=CHUNK)
    return changed


def list_village_months(days: Iterable[tuple[UUID, date]]) -> set[VillageMonthKey]:
    """As ``affected_village_months``, for days of measurements of many children at once."""
    months: dict[UUID, set[date]] = {}
    for child_id, day in days:
        months.setdefault(child_id, set()).add(month_of(day))
    found: set[VillageMonthKey] = set()
    for chunk in chunks(sorted(months)):
        for child_id, code in Residence.objects.filter(child__in=chunk).values_list("child_id", "village_id"):
            found.update((code, month) for month in months[child_id])
    return found
