"""N, T, O and B of stored measurements, computed again: a series or the table of gains has changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from registry.actions.assessment import recompute_gain
from registry.actions.refresh import affected_village_months, refresh_figures
from registry.db.batches import chunks
from registry.db.locks import lock_children
from registry.models import Child, Measurement, Village


@transaction.atomic
def recompute_village_gains(village: Village) -> int:
    """Compute N, T, O, B of all who live in a village by today's tables; return how many codes that changed.

    The figures of the village months that this changes are counted again.
    """
    children = list(Child.objects.filter(village=village).values_list("pk", flat=True))
    lock_children(children)
    changed = recompute_stored_gain(children)
    refresh_figures(affected_village_months(changed), children={child for child, _day in changed})
    return len(changed)


def recompute_stored_gain(child_ids: Collection[UUID]) -> list[tuple[UUID, date]]:
    """Bring N, T, O, B of stored measurements up to date; return the child and day of those that changed."""
    days: list[tuple[UUID, date]] = []
    for chunk in chunks(sorted(child_ids)):
        changed: list[Measurement] = []
        rows = Measurement.objects.in_force().filter(child__in=chunk).select_related("child")
        for _child, series in groupby(rows.order_by("child_id", "measured_on"), key=attrgetter("child_id")):
            measurements = list(series)
            changed += recompute_gain(measurements[0].child, measurements)
        Measurement.objects.bulk_update(changed, ["gain"])
        days += [(m.child_id, m.measured_on) for m in changed]
    return days
