"""Two phones, one child, one day: both values are kept, and the midwife says which one counts."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from registry.access.loaders import get_measurement_for_update
from registry.actions.measurements import mark_void, recount_after
from registry.actions.requirements import require_work_on
from registry.errors import Invalid, NotInForce
from registry.models import Measurement, MeasurementState, Role, User

MAY_CHOOSE = (Role.MIDWIFE, Role.PUSKESMAS, Role.KECAMATAN, Role.DISTRICT, Role.ADMIN)


@transaction.atomic
def choose_measurement(*, by: User, measurement_id: UUID) -> Measurement:
    """Let this one count of all that were sent for its child and day. The others stay, out of force.

    Choosing the same one again changes nothing. Raises NotFound outside the user's area, Invalid for a
    cadre, who would judge her own work, and NotInForce for a measurement that is corrected or void.
    """
    chosen = get_measurement_for_update(by=by, measurement_id=measurement_id)
    require_work_on(by, chosen)
    if not by.has_role(*MAY_CHOOSE):
        raise Invalid.of("midwife_chooses")
    same_day = chosen.child.measurements.filter(measured_on=chosen.measured_on).exclude(pk=chosen.pk)
    pending = list(same_day.filter(state=MeasurementState.PENDING_CHOICE))
    if chosen.is_in_force and not pending:
        return chosen
    if not (chosen.is_in_force or chosen.is_pending_choice):
        raise NotInForce(chosen)
    for other in pending:
        mark_void(other, by=by, reason=_("Bidan desa memilih nilai lain dari hari itu."))
    if chosen.is_pending_choice:
        _put_in_force(chosen, same_day.in_force().first())
        recount_after(chosen)
        chosen.refresh_from_db(fields=["gain"])
    return chosen


def _put_in_force(chosen: Measurement, old: Measurement | None) -> None:
    if old is not None:
        old.state = MeasurementState.SUPERSEDED
        old.save(update_fields=["state"])
        chosen.supersedes, chosen.reason = old, _("Dipilih bidan desa dari dua nilai hari itu.")
    chosen.state = MeasurementState.IN_FORCE
    chosen.save(update_fields=["state", "supersedes", "reason"])
