"""The only code that writes whom services are for and what they had. Atomic; refuses in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.household_actions import find_household
from kpm.models import (
    Beneficiary,
    BeneficiaryEnd,
    BeneficiaryGroup,
    BeneficiaryStay,
    ConditionRecord,
    Household,
    HouseholdChild,
    ServiceRecord,
)
from kpm.models.convergence import OF_A_HOUSEHOLD, typed_services
from kpm.scorecard.indicators import LivingCondition, ScoredService
from registry.access.loaders import get_child_for_update, get_writable_village
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.requirements import require_reason
from registry.actions.retention import GONE, empty_changes
from registry.errors import Conflict, Invalid, NotFound
from registry.models import ChangeLog, ChangeSubject, Child, User

R = TypeVar("R", ServiceRecord, ConditionRecord)

_LONGEST_PREGNANCY_DAYS = 320
_CORRECTED = ("name", "birth_date", "last_period", "rt", "rw")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """What somebody typed of one person and day: of a child, else of a beneficiary."""

    id: UUID
    on: date
    child_id: UUID | None = None
    beneficiary_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry(PersonEntry):
    """A service; ``quantity`` and ``out_of`` as in :class:`ServiceRecord`."""

    service: ScoredService
    quantity: int = 1
    out_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionEntry(PersonEntry):
    """What was found when somebody asked; of water, latrine and insurance it is of the whole household."""

    condition: LivingCondition
    is_met: bool


@transaction.atomic
def register_beneficiary(
    *,
    by: User,
    id: UUID,
    village_code: str,
    name: str,
    group: BeneficiaryGroup = BeneficiaryGroup.PREGNANT,
    birth_date: date | None = None,
    last_period: date | None = None,
    rt: str = "",
    rw: str = "",
) -> Beneficiary:
    """Store somebody for whom services are; the same entry again changes nothing.

    Raises NotFound (outside the area), Invalid (no name, an impossible HPHT), Conflict (known already).
    """
    village = get_writable_village(by=by, code=village_code)
    name = " ".join(name.split())[:120]
    _require_possible_person(group, name, birth_date, last_period)
    if known := Beneficiary.objects.filter(pk=id).first():
        return _require_same_person(known, name, last_period, group)
    same = {"village": village, "group": group, "name__iexact": name, "birth_date": birth_date}
    if Beneficiary.objects.filter(**same, ended_on=None).exists():
        sentence = _("%(name)s sudah ada di daftar desa ini.") % {"name": name}
        raise Conflict("beneficiary_known", sentence, "name")
    added = Beneficiary.objects.create(
        id=id,
        group=group,
        name=name,
        birth_date=birth_date,
        last_period=last_period,
        village=village,
        household=Household.objects.create(village=village),
        rt=rt.strip()[:5],
        rw=rw.strip()[:5],
        created_by=by,
    )
    added.stays.create(village=village, since=last_period or timezone.localdate())
    return added


@transaction.atomic
def correct_beneficiary(*, by: User, beneficiary_id: UUID, reason: str, values: Mapping[str, Any]) -> None:
    """Put right what was typed of somebody, with the reason in the change log. Raises as when registering."""
    found = get_beneficiary_for_update(by=by, beneficiary_id=beneficiary_id)
    reason = require_reason(reason)
    before = {name: getattr(found, name) for name in _CORRECTED}
    for name in _CORRECTED:
        setattr(found, name, values.get(name, before[name]))
    found.name = " ".join(found.name.split())[:120]
    group = BeneficiaryGroup(found.group)
    _require_possible_person(group, found.name, found.birth_date, found.last_period)
    if found.ended_on and found.last_period and found.ended_on < found.last_period:
        raise Invalid("end_before_start", _("HPHT tidak boleh setelah kehamilan berakhir."), "last_period")
    found.save(update_fields=_CORRECTED)
    first = found.stays.first()
    if first and found.last_period and (first.until is None or found.last_period < first.until):
        first.since = found.last_period
        first.save(update_fields=["since"])
    _log(by, found, reason, {name: (before[name], getattr(found, name)) for name in _CORRECTED})


def was_corrected(beneficiary: Beneficiary) -> bool:
    """Return whether what was typed of somebody has been put right since."""
    changes = ChangeLog.objects.filter(subject=ChangeSubject.BENEFICIARY, subject_id=beneficiary.pk)
    return changes.filter(field__in=_CORRECTED).exists()


@transaction.atomic
def end_beneficiary(
    *, by: User, beneficiary_id: UUID, ended_by: BeneficiaryEnd, on: date, children: Collection[UUID] = ()
) -> Beneficiary:
    """Take somebody off the list from ``on`` on; a delivery leads to the ``children`` it brought.

    The same again may add children who were enrolled later. Raises NotFound (outside the area), Invalid
    (a day to come or before the pregnancy, children of no delivery or born on other days).
    """
    # Children first: all locks are taken in this order.
    born = [get_child_for_update(by=by, child_id=pk) for pk in sorted(children)]
    found = get_beneficiary_for_update(by=by, beneficiary_id=beneficiary_id)
    _require_possible_end(found, ended_by, on)
    for child in born:
        if ended_by != BeneficiaryEnd.DELIVERED or abs((child.birth_date - on).days) > 1:
            raise Invalid(
                "born_another_day", _("Tanggal lahir anak berbeda dari tanggal melahirkan."), "children"
            )
        HouseholdChild.objects.get_or_create(child=child, born_of=found, household=found.household)
    before = found.ended_on, found.ended_by
    found.ended_on, found.ended_by = on, ended_by
    found.save(update_fields=["ended_on", "ended_by"])
    _log(by, found, "", {"ended_on": (before[0], on), "ended_by": (before[1], ended_by)})
    return found


@transaction.atomic
def reopen_beneficiary(*, by: User, beneficiary_id: UUID, reason: str) -> Beneficiary:
    """Put somebody on the list again who was taken off it by mistake. Raises Invalid without a reason."""
    found = get_beneficiary_for_update(by=by, beneficiary_id=beneficiary_id)
    reason = require_reason(reason)
    before = found.ended_on, found.ended_by
    found.ended_on, found.ended_by = None, ""
    found.save(update_fields=["ended_on", "ended_by"])
    HouseholdChild.objects.filter(born_of=found).update(born_of=None)
    _log(by, found, reason, {"ended_on": (before[0], None), "ended_by": (before[1], "")})
    return found


@transaction.atomic
def move_beneficiary(*, by: User, beneficiary_id: UUID, village_code: str, on: date) -> Beneficiary:
    """Let somebody live in another village from ``on`` on; her services travel along.

    Raises NotFound (she or the village outside the area) and Invalid (a day to come, or before she came).
    """
    found = get_beneficiary_for_update(by=by, beneficiary_id=beneficiary_id)
    village = get_writable_village(by=by, code=village_code)
    stay = found.stays.get(until=None)
    if on > timezone.localdate() or on <= stay.since:
        raise Invalid("move_day", _("Tanggal pindah harus setelah ia datang dan tidak di masa depan."), "on")
    if village.pk == found.village_id:
        return found
    stay.until = on
    stay.save(update_fields=["until"])
    BeneficiaryStay.objects.create(beneficiary=found, village=village, since=on)
    _log(by, found, "", {"village": (found.village_id, village.pk)})
    found.village = village
    found.save(update_fields=["village"])
    return found


@transaction.atomic
def record_service(*, by: User, entry: ServiceEntry, recorded_by: User | None = None) -> ServiceRecord:
    """Store a service that somebody had; the same entry again changes nothing.

    ``recorded_by``: in whose name ``by`` records it; by default in his own. Raises NotFound (outside the
    area), Invalid (a day that cannot be, a service that fills itself or is not for this person, an impossible
    number) and Conflict (the id is used for something else).
    """
    person = _get_person_for_update(by, entry)
    if known := ServiceRecord.objects.filter(pk=entry.id).first():
        return _require_same(known, entry, known.service == entry.service)
    _require_possible_day(person, entry.on)
    group = None if isinstance(person, Child) else BeneficiaryGroup(person.group)
    if entry.service not in typed_services(group):
        raise Invalid("service_not_typed", _("Layanan ini tidak dicatat dengan tangan di sini."), "service")
    is_lessons = entry.service is ScoredService.LESSONS
    least, most = (0, entry.out_of or 0) if is_lessons else (1, 200)
    if is_lessons == (entry.out_of is None) or not least <= entry.quantity <= most <= 200:
        raise Invalid("quantity", _("Jumlah itu tidak mungkin. Periksa angkanya."), "quantity")
    return ServiceRecord.objects.create(
        id=entry.id,
        **_key_of(person),
        service=entry.service,
        on=entry.on,
        quantity=entry.quantity,
        out_of=entry.out_of,
        by=recorded_by or by,
    )


@transaction.atomic
def record_condition(*, by: User, entry: ConditionEntry) -> ConditionRecord:
    """Store what was found of a person, or of its household; the same entry again changes nothing.

    Raises NotFound (outside the area), Invalid (a day that cannot be, a condition of others) and Conflict.
    """
    person = _get_person_for_update(by, entry)
    if known := ConditionRecord.objects.filter(pk=entry.id).first():
        return _require_same(known, entry, known.condition == entry.condition)
    _require_possible_day(person, entry.on)
    condition = entry.condition
    if condition not in OF_A_HOUSEHOLD:
        is_of_children = condition is LivingCondition.BIRTH_CERTIFICATE
        if is_of_children != isinstance(person, Child):
            raise Invalid("condition_of_others", _("Keadaan ini bukan untuk orang ini."), "condition")
    subject = {"household": find_household(person)} if condition in OF_A_HOUSEHOLD else _key_of(person)
    return ConditionRecord.objects.create(
        id=entry.id, **subject, condition=condition, on=entry.on, is_met=entry.is_met, by=by
    )


@transaction.atomic
def take_back_service(*, by: User, record_id: UUID) -> ServiceRecord:
    """Mark a mistaken service as taken back; it stays readable. Raises NotFound outside the area."""
    return _take_back(by, ServiceRecord.objects.filter(pk=record_id).first())


@transaction.atomic
def take_back_condition(*, by: User, record_id: UUID) -> ConditionRecord:
    """Mark a mistaken answer as taken back. Raises NotFound outside the area."""
    return _take_back(by, ConditionRecord.objects.filter(pk=record_id).first())


def forget_beneficiaries(limit: date) -> int:
    """Take the person out of records that ended up to ``limit``, or were begun by then and never ended.

    Services, conditions and days stay, and so every score.
    """
    over = Q(ended_on__lte=limit) | Q(ended_on=None, created_at__date__lte=limit)
    ids = list(Beneficiary.objects.filter(over).exclude(name=GONE).values_list("pk", flat=True))
    empty_changes(ChangeSubject.BENEFICIARY, {str(pk) for pk in ids})
    return Beneficiary.objects.filter(pk__in=ids).update(name=GONE, birth_date=None, rt="", rw="")


def get_beneficiary_for_update(*, by: User, beneficiary_id: UUID) -> Beneficiary:
    """Return somebody of the list, locked. Raises NotFound outside the area."""
    rows = Beneficiary.objects.visible_to(by).filter(pk=beneficiary_id)
    # Of her alone: the village may change its code meanwhile.
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(
            "beneficiary_not_found", _("Orang ini tidak ada di wilayah kerja Anda."), "beneficiary"
        )
    return found


def _get_person_for_update(by: User, entry: PersonEntry) -> Child | Beneficiary:
    if entry.child_id and not entry.beneficiary_id:
        return get_child_for_update(by=by, child_id=entry.child_id)
    if entry.beneficiary_id and not entry.child_id:
        return get_beneficiary_for_update(by=by, beneficiary_id=entry.beneficiary_id)
    raise Invalid("person_missing", _("Sebut satu anak atau satu sasaran."), "child")


def _take_back(by: User, found: R | None) -> R:
    missing = NotFound("record_not_found", _("Catatan ini tidak ada di wilayah kerja Anda."), "id")
    if found is None:
        raise missing
    _require_reach(by, found, missing)
    if found.taken_back_at is None:
        found.taken_back_by, found.taken_back_at = by, timezone.now()
        found.save(update_fields=["taken_back_by", "taken_back_at"])
    return found


def _require_reach(by: User, found: ServiceRecord | ConditionRecord, missing: NotFound) -> None:
    """Raise NotFound unless the record is of somebody who lives where ``by`` works with people."""
    if found.child_id:
        get_child_for_update(by=by, child_id=found.child_id)
    elif found.beneficiary_id:
        get_beneficiary_for_update(by=by, beneficiary_id=found.beneficiary_id)
    elif isinstance(found, ConditionRecord) and found.household_id:
        children = Child.objects.visible_to(by).filter(households__household=found.household_id)
        mothers = Beneficiary.objects.visible_to(by).filter(household=found.household_id)
        if not children.exists() and not mothers.exists():
            raise missing


def _require_same(known: R, entry: PersonEntry, is_same: bool) -> R:
    child, beneficiary = known.child_id, known.beneficiary_id
    of_a_household = isinstance(known, ConditionRecord) and known.household_id is not None
    of_the_person = of_a_household or (child, beneficiary) == (entry.child_id, entry.beneficiary_id)
    if not (is_same and of_the_person and known.on == entry.on):
        raise _id_used()
    return known


def _require_same_person(
    known: Beneficiary, name: str, last_period: date | None, group: BeneficiaryGroup
) -> Beneficiary:
    if (known.name, known.last_period, known.group) != (name, last_period, group):
        raise _id_used()
    return known


def _require_possible_person(
    group: BeneficiaryGroup, name: str, birth_date: date | None, last_period: date | None
) -> None:
    today = timezone.localdate()
    if not name:
        raise Invalid("name_missing", _("Tulis namanya."), "name")
    if birth_date and not 8 <= today.year - birth_date.year <= 70:
        raise Invalid("birth_date_odd", _("Tanggal lahir itu tidak mungkin. Periksa tahunnya."), "birth_date")
    if (group == BeneficiaryGroup.PREGNANT) != (last_period is not None):
        raise Invalid(
            "last_period_missing",
            _("Tulis hari pertama haid terakhir (HPHT), boleh perkiraan."),
            "last_period",
        )
    if last_period and not 0 <= (today - last_period).days <= 3 * 366:
        raise Invalid("last_period_odd", _("HPHT itu tidak mungkin. Periksa tanggalnya."), "last_period")


def _require_possible_end(found: Beneficiary, ended_by: BeneficiaryEnd, on: date) -> None:
    if on > timezone.localdate():
        raise Invalid("future", _("Tanggal itu tidak boleh setelah hari ini. Periksa tanggalnya."), "on")
    if found.ended_by and found.ended_by != ended_by:
        raise Conflict("ended_before", _("Sudah tercatat berakhir. Buka lagi dulu kalau itu keliru."))
    of_pregnancy = ended_by in (BeneficiaryEnd.DELIVERED, BeneficiaryEnd.LOST)
    if found.last_period is None and of_pregnancy:
        raise Invalid("not_pregnant", _("Hanya kehamilan yang berakhir dengan kelahiran."), "ended_by")
    if found.last_period and not 0 <= (on - found.last_period).days <= _LONGEST_PREGNANCY_DAYS:
        raise Invalid("end_odd", _("Tanggal itu tidak cocok dengan HPHT. Periksa keduanya."), "on")


def _require_possible_day(person: Child | Beneficiary, on: date) -> None:
    if on > timezone.localdate():
        raise Invalid("future", _("Tanggal itu tidak boleh setelah hari ini. Periksa tanggalnya."), "on")
    first = person.birth_date if isinstance(person, Child) else person.last_period
    if first and on < first:
        sentence = _("Tanggal itu sebelum anak lahir.") if isinstance(person, Child) else _("Sebelum HPHT.")
        raise Invalid("before_start", sentence, "on")


def _key_of(person: Child | Beneficiary) -> dict[str, Child | Beneficiary]:
    return {"child" if isinstance(person, Child) else "beneficiary": person}


def _log(by: User, found: Beneficiary, reason: str, values: Mapping[str, tuple[Any, Any]]) -> None:
    changes = [
        FieldChange(ChangeSubject.BENEFICIARY, found.pk, name, *("" if v is None else str(v) for v in pair))
        for name, pair in values.items()
    ]
    log_changes(changes, by=by, reason=reason)


def _id_used() -> Conflict:
    return Conflict("id_used", _("Ada gangguan. Catat sekali lagi."), "id")
