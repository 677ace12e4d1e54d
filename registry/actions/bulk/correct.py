"""Correcting many measurements at once, as a file that completes them does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from registry.actions.bulk.plan import Entry
from registry.actions.bulk.store import measurement_plan, store_planned
from registry.actions.observation import Observation
from registry.actions.requirements import require_reason
from registry.db.batches import chunks
from registry.db.locks import lock_children
from registry.errors import NotFound
from registry.models import Child, Measurement, Source, Upload, User


@dataclass(frozen=True, slots=True)
class Correction:
    """What a stored measurement should have said; the new one is stored under ``id``, which nothing has."""

    id: UUID
    measurement_id: UUID
    observation: Observation


@transaction.atomic
def correct_measurements(
    *,
    by: User,
    corrections: Sequence[Correction],
    reason: str,
    source: Source = Source.FILE,
    upload: Upload | None = None,
) -> list[Measurement]:
    """Supersede each measurement, one after the other, its doubts confirmed. All are stored, or none.

    Raises as ``correct_measurement`` of the first that cannot be.
    """
    reason = require_reason(reason)
    child_of = _locked_children([c.measurement_id for c in corrections])
    entries = [
        Entry(
            c.id,
            child_of[c.measurement_id],
            c.observation,
            confirmed=True,
            corrects=c.measurement_id,
            reason=reason,
        )
        for c in corrections
        if c.measurement_id in child_of
    ]
    plan = measurement_plan(by=by, entries=entries, in_their_order=True)
    for outcome in plan.outcomes:
        if outcome.error is not None:
            raise outcome.error
    if len(entries) < len(corrections):
        raise NotFound.of("measurement_not_found", "id")
    store_planned(plan, by=by, source=source, upload=upload)
    return plan.list_new()


def _locked_children(measurement_ids: Sequence[UUID]) -> dict[UUID, Child]:
    """Return the child of each measurement that there is, locked until the transaction ends."""
    child_ids: dict[UUID, UUID] = {}
    for chunk in chunks(measurement_ids):
        rows = Measurement.objects.filter(pk__in=chunk).order_by()
        child_ids.update(rows.values_list("pk", "child_id"))
    lock_children(child_ids.values())
    children: dict[UUID, Child] = {}
    for chunk in chunks(sorted(set(child_ids.values()))):
        children.update(Child.objects.in_bulk(chunk))
    return {pk: children[child_id] for pk, child_id in child_ids.items()}
