"""A village gets another code from Kemendagri, and with it perhaps another kecamatan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registry.actions.change_log import FieldChange, log_changes
from registry.actions.refresh import refresh_figures
from registry.actions.requirements import require_reason
from registry.db.locks import lock_children, lock_for_key_share
from registry.errors import Conflict, Invalid, NotFound
from registry.models import (
    Boundary,
    ChangeSubject,
    Child,
    FormerVillageCode,
    Kecamatan,
    Posyandu,
    Puskesmas,
    Role,
    User,
    Village,
    VillageMonth,
)
from registry.places.match import dotted_code


@dataclass(frozen=True, slots=True)
class NewVillageCode:
    """What a village becomes: checked, and not stored yet."""

    village: Village
    code: str
    kecamatan: Kecamatan
    puskesmas: Puskesmas | None


def check_village_code(*, by: User, village_code: str, new_code: str, changed_on: date) -> NewVillageCode:
    """Return what the village becomes. Its kecamatan is the one whose code the new code begins with.

    A puskesmas of another kecamatan serves it no more; the only one of the new kecamatan does.
    Raises NotFound (no such village, or not for this user), Invalid (no code, the same one, no such
    kecamatan, a day to come) and Conflict (the code, or the name in the kecamatan, is another village's).
    """
    village = get_village_to_change(by, village_code)
    code = dotted_code(new_code)
    if code is None:
        raise Invalid.of("village_code", "new_code", code=new_code[:20])
    if code == village.pk:
        raise Invalid.of("unchanged", "new_code")
    if changed_on > timezone.localdate():
        raise Invalid.of("day_in_future", "changed_on", today=timezone.localdate())
    kecamatan = Kecamatan.objects.filter(pk=code[:8], district=village.kecamatan.district_id).first()
    if kecamatan is None:
        raise Invalid.of("kecamatan_unknown", "new_code", code=code[:8])
    _require_free(village, code, kecamatan)
    return NewVillageCode(village, code, kecamatan, _puskesmas_of(village, kecamatan))


def get_village_to_change(by: User, village_code: str) -> Village:
    """Return a village with its kecamatan and puskesmas for the district's officer. Raises NotFound."""
    villages = Village.objects.with_people_visible_to(by).select_related("kecamatan", "puskesmas")
    village = villages.filter(pk=village_code).first()
    if village is None or not by.has_role(Role.DISTRICT, Role.ADMIN):
        raise NotFound.of("village_not_found", "village")
    return village


def _require_free(village: Village, code: str, kecamatan: Kecamatan) -> None:
    other = Village.objects.filter(pk=code).first()
    if other:
        raise Conflict.of("village_code_taken", "new_code", code=code, village=other)
    if kecamatan.villages.filter(name=village.name).exclude(pk=village.pk).exists():
        raise Conflict.of("village_name_taken", "new_code", kecamatan=kecamatan, village=village)


def _puskesmas_of(village: Village, kecamatan: Kecamatan) -> Puskesmas | None:
    if village.puskesmas and (
        village.puskesmas.kecamatan_id == kecamatan.pk or village.kecamatan_id == kecamatan.pk
    ):
        return village.puskesmas
    there = list(kecamatan.puskesmas.all()[:2])
    return there[0] if len(there) == 1 else None


@transaction.atomic
def change_village_code(
    *, by: User, village_code: str, new_code: str, changed_on: date, reason: str
) -> Village:
    """Give a village its new code; all that belongs to it follows, and the old code still finds it.

    Raises as ``check_village_code``, and Invalid without a reason.
    """
    reason = require_reason(reason)
    _lock_all_of(village_code)
    new = check_village_code(by=by, village_code=village_code, new_code=new_code, changed_on=changed_on)
    old = new.village
    Village.objects.filter(pk=old.pk).update(code=new.code, kecamatan=new.kecamatan, puskesmas=new.puskesmas)
    # Every table with a village, those of other apps too; the constraints are checked at the end.
    for relation in Village._meta.related_objects:
        rows = relation.related_model._default_manager
        rows.filter(**{relation.field.name: old.pk}).update(**{relation.field.name: new.code})
    Boundary.objects.filter(pk=new.code).delete()
    Boundary.objects.filter(pk=old.pk).update(code=new.code)
    FormerVillageCode.objects.filter(pk=new.code).delete()  # it may have had this code before
    FormerVillageCode.objects.create(code=old.pk, village_id=new.code, changed_on=changed_on)
    _log_code(by, new, reason)
    # They stay the same; counted again, what was drawn of either kecamatan is drawn again.
    months = VillageMonth.objects.filter(village=new.code).values_list("month", flat=True).distinct()
    refresh_figures({(new.code, month) for month in months}, children=())
    return Village.objects.get(pk=new.code)


def _lock_all_of(village_code: str) -> None:
    """Lock in the order of all: children, posyandu, then the village, whose key is going to change."""
    here = Q(residences__village=village_code) | Q(measurements__village=village_code)
    lock_children(Child.objects.filter(here | Q(village=village_code)).values_list("pk", flat=True))
    lock_for_key_share(Posyandu.objects.filter(village=village_code))
    list(Village.objects.select_for_update().filter(pk=village_code).values_list("pk", flat=True))


def _log_code(by: User, new: NewVillageCode, reason: str) -> None:
    old = new.village
    values = {
        "code": (old.pk, new.code),
        "kecamatan": (old.kecamatan_id, new.kecamatan.pk),
        "puskesmas": (str(old.puskesmas or ""), str(new.puskesmas or "")),
    }
    log_changes(
        [FieldChange(ChangeSubject.VILLAGE, new.code, name, *pair) for name, pair in values.items()],
        by=by,
        reason=reason,
    )
