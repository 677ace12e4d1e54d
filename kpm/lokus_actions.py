"""The only code that writes which villages are lokus. Atomic; refuses in a sentence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kpm.models import LokusVillage
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.requirements import require_reason
from registry.errors import Invalid, NotFound
from registry.models import ChangeSubject, Role, User, Village


@transaction.atomic
def declare_lokus(
    *, by: User, year: int, village_codes: Collection[str], decree_number: str, decree_date: date
) -> int:
    """Store which villages a decree names for a year; return how many were not lokus of that year before.

    A village that is lokus already gets this decree. Raises NotFound (a village outside the area, or a user
    who does not decide it) and Invalid (no village, no number).
    """
    decree_number = " ".join(decree_number.split())[:60]
    if not village_codes:
        raise Invalid("villages_missing", _("Belum ada desa yang dikenali. Periksa daftarnya."), "lines")
    if not decree_number:
        raise Invalid("decree_missing", _("Tulis nomor SK."), "decree_number")
    _require_deciding(by)
    mine = (
        Village.objects.with_people_visible_to(by)
        .filter(pk__in=village_codes)
        .select_for_update(of=("self",))
    )
    villages = list(mine.order_by("pk"))
    if len(villages) != len(set(village_codes)):
        raise NotFound.of("village_not_found", "lines")
    known = {one.village_id: one for one in LokusVillage.objects.filter(year=year, village__in=villages)}
    for village in villages:
        lokus = known.get(village.pk) or LokusVillage(year=year, village=village)
        lokus.decree_number, lokus.decree_date = decree_number, decree_date
        store_lokus(by=by, lokus=lokus)
    return len(villages) - len(known)


@transaction.atomic
def store_lokus(*, by: User, lokus: LokusVillage) -> None:
    """Store one that was checked, new or changed."""
    before = LokusVillage.objects.filter(pk=lokus.pk).first()
    lokus.save()
    _log(by, before, lokus)


@transaction.atomic
def remove_lokus(*, by: User, lokus_id: int, reason: str) -> LokusVillage:
    """Remove a village that is lokus no longer, or was entered by mistake.

    Raises Invalid (no reason) and NotFound (none in the user's area, or a user who does not decide it).
    """
    reason = require_reason(reason)
    _require_deciding(by)
    mine = Village.objects.with_people_visible_to(by)
    found = LokusVillage.objects.select_for_update().filter(pk=lokus_id, village__in=mine).first()
    if found is None:
        raise NotFound.of("village_not_found", "village")
    delete_lokus(by=by, lokus=found, reason=reason)
    return found


@transaction.atomic
def delete_lokus(*, by: User, lokus: LokusVillage, reason: str = "") -> None:
    """Delete one; the change log keeps what it was."""
    _log(by, lokus, None, reason)
    LokusVillage.objects.filter(pk=lokus.pk).delete()


def _require_deciding(by: User) -> None:
    if not by.has_role(Role.DISTRICT, Role.ADMIN):
        raise NotFound("not_yours", _("Desa lokus dicatat oleh petugas kabupaten."))


def _log(by: User, before: LokusVillage | None, after: LokusVillage | None, reason: str = "") -> None:
    """Log it of its village; of two where the admin has put another one there."""
    rows = [one for one in (before, after) if one]
    log_changes(
        [
            FieldChange(
                ChangeSubject.VILLAGE,
                code,
                "lokus",
                *(one.words if one and one.village_id == code else "" for one in (before, after)),
            )
            for code in dict.fromkeys(one.village_id for one in rows)
        ],
        by=by,
        reason=reason,
    )
