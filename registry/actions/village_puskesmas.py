"""The puskesmas that serves a village: chosen where its kecamatan has two, or put right."""

from __future__ import annotations

from django.db import transaction

from registry.actions.change_log import FieldChange, log_changes
from registry.actions.requirements import require_reason
from registry.actions.village_code import get_village_to_change
from registry.errors import Invalid
from registry.models import ChangeSubject, Puskesmas, User, Village


@transaction.atomic
def change_puskesmas(*, by: User, village_code: str, puskesmas_id: int | None, reason: str) -> Village:
    """Have a village served by this puskesmas of its kecamatan, or by none that is known.

    Its staff see the children of the village from then on; stored figures are of villages and stay.
    Raises NotFound (no such village, or not for this user) and Invalid (no reason, the same puskesmas, or
    one of another kecamatan).
    """
    reason = require_reason(reason)
    list(Village.objects.select_for_update().filter(pk=village_code).values_list("pk", flat=True))
    village = get_village_to_change(by, village_code)
    chosen = None if puskesmas_id is None else village.kecamatan.puskesmas.filter(pk=puskesmas_id).first()
    if puskesmas_id is not None and chosen is None:
        raise Invalid.of("puskesmas_elsewhere", "puskesmas", kecamatan=village.kecamatan)
    if chosen == village.puskesmas:
        raise Invalid.of("unchanged", "puskesmas")
    Village.objects.filter(pk=village.pk).update(puskesmas=chosen)
    log_puskesmas(by, village, village.puskesmas, chosen, reason)
    village.puskesmas = chosen
    return village


def log_puskesmas(
    by: User, village: Village, old: Puskesmas | None, new: Puskesmas | None, reason: str = ""
) -> None:
    """Log that another puskesmas serves the village, by their names."""
    change = FieldChange(ChangeSubject.VILLAGE, village.pk, "puskesmas", str(old or ""), str(new or ""))
    log_changes([change], by=by, reason=reason)
