"""Recording, correcting and voiding one measurement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from registry.access.loaders import get_measurement_for_update
from registry.actions.bulk.plan import TakenDay
from registry.actions.bulk.submit import Recorded, Submission, record_submissions
from registry.actions.gain import recompute_stored_gain
from registry.actions.observation import Observation
from registry.actions.refresh import affected_village_months, refresh_figures
from registry.actions.requirements import require_in_force, require_reason, require_work_on
from registry.models import Measurement, MeasurementState, Source, User


def record_measurement(
    *,
    by: User,
    id: UUID,
    child_id: UUID,
    observation: Observation,
    confirmed: bool | Collection[str] = False,
    source: Source = Source.FORM,
    client_time: datetime | None = None,
) -> Recorded:
    """Store one measurement under the id its recorder made; the same id and values again change nothing.

    ``confirmed`` is True, or the codes of the doubts that somebody has looked at and confirmed.

    Raises NotFound (child outside the user's area), Invalid (a value or day that cannot be), Conflict
    (the id is used for something else, or the child has a measurement that day) and Doubtful.
    """
    sent = Submission(
        id=id, child_id=child_id, observation=observation, confirmed=confirmed, client_time=client_time
    )
    return _record(by, sent, source)


def correct_measurement(
    *,
    by: User,
    id: UUID,
    measurement_id: UUID,
    observation: Observation,
    reason: str,
    confirmed: bool | Collection[str] = False,
    source: Source = Source.FORM,
) -> Recorded:
    """Supersede a measurement by a new one, stored under ``id``; the old one stays, out of force.

    Raises as :func:`record_measurement`; Invalid without a reason, Conflict when the measurement is no
    longer in force.
    """
    sent = Submission(
        id=id, corrects=measurement_id, observation=observation, reason=reason, confirmed=confirmed
    )
    return _record(by, sent, source)


def _record(by: User, sent: Submission, source: Source) -> Recorded:
    [result] = record_submissions(by=by, submissions=[sent], source=source, taken_day=TakenDay.REFUSE)
    if isinstance(result, Exception):
        raise result
    return result


@transaction.atomic
def void_measurement(*, by: User, measurement_id: UUID, reason: str) -> Measurement:
    """Take a measurement out of force; it stays readable with the reason. Voiding twice changes nothing."""
    reason = require_reason(reason)
    measurement = get_measurement_for_update(by=by, measurement_id=measurement_id)
    if measurement.state == MeasurementState.VOID:
        return measurement
    require_in_force(measurement)
    require_work_on(by, measurement)
    mark_void(measurement, by=by, reason=reason)
    recount_after(measurement)
    return measurement


def mark_void(measurement: Measurement, *, by: User, reason: str) -> None:
    """Store that the measurement is void; figures are counted by the caller."""
    measurement.state, measurement.reason = MeasurementState.VOID, reason
    measurement.voided_by, measurement.voided_at = by, timezone.now()
    measurement.save(update_fields=["state", "reason", "voided_by", "voided_at"])


def recount_after(changed: Measurement) -> None:
    """Bring up to date what depends on a measurement that is in force now, or is so no longer."""
    gains = recompute_stored_gain([changed.child_id])
    months = affected_village_months([(changed.child_id, changed.measured_on), *gains])
    refresh_figures(months, children=[changed.child_id])
