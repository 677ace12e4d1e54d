"""Stores what a file says of somebody, through the actions of services, and takes a whole file back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kpm.beneficiary_match import find_beneficiary, find_child, person_id
from kpm.beneficiary_table import WrittenPerson, number_services
from kpm.convergence_actions import (
    ConditionEntry,
    ServiceEntry,
    end_beneficiary,
    record_condition,
    record_service,
    register_beneficiary,
    reopen_beneficiary,
    was_corrected,
)
from kpm.household_actions import current_household
from kpm.models import (
    Beneficiary,
    BeneficiaryGroup,
    ConditionRecord,
    Household,
    HouseholdChild,
    ServiceRecord,
)
from kpm.models.convergence import groups_in_use
from registry.errors import Invalid, refusing_unreadable
from registry.models import Child, Upload, User
from registry.nik import seal_bytes, unseal_bytes


@dataclass
class BroughtRecords:
    """Ids of what a file has brought: people, services, answers, and whom it took off the list."""

    people: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What a row has brought to a ``person``."""

    person: Child | Beneficiary
    is_new: bool
    services: int
    answers: int
    is_ended: bool

    @property
    def is_known(self) -> bool:
        return not (self.is_new or self.services or self.answers or self.is_ended)


@transaction.atomic
def store_row(
    *, by: User, row: WrittenPerson, brought: BroughtRecords, settled: Collection[UUID]
) -> StoredRow:
    """Store all of a row that the register lacks, or nothing. Raises Refused; ``settled``: as in the matcher.

    What the register says otherwise stays: name, HPHT, RT and RW, and a day on which she ended.
    """
    new = BroughtRecords()
    found: Child | Beneficiary | None
    found = find_child(by, row) if row.group is None else find_beneficiary(by, row, settled)
    person = found or _register(by, row, new)
    kind = "child" if isinstance(person, Child) else "beneficiary"
    new.services += _store_services(by, row, person, kind)
    new.answers += _store_answers(by, row, person, kind)
    if isinstance(person, Beneficiary) and row.ended_on and row.ended_by and person.ended_on is None:
        end_beneficiary(by=by, beneficiary_id=person.pk, ended_by=row.ended_by, on=row.ended_on)
        new.ended.append(str(person.pk))
    for name, ids in asdict(new).items():
        getattr(brought, name).extend(ids)
    return StoredRow(person, found is None, len(new.services), len(new.answers), bool(new.ended))


def _register(by: User, row: WrittenPerson, new: BroughtRecords) -> Beneficiary:
    group = row.group or BeneficiaryGroup.PREGNANT
    if group not in groups_in_use(row.village):
        raise Invalid("group_unused", _("Kelompok ini belum didata di kabupaten ini."), "group")
    person = register_beneficiary(
        by=by,
        id=person_id(row),
        village_code=row.village.pk,
        name=row.name,
        group=group,
        birth_date=row.birth_date,
        last_period=row.last_period,
        rt=row.rt,
        rw=row.rw,
    )
    new.people.append(str(person.pk))
    return person


def _store_services(by: User, row: WrittenPerson, person: Child | Beneficiary, kind: str) -> Iterator[str]:
    known = ServiceRecord.objects.filter(**{kind: person})
    ids = {str(one.pk) for one in known}
    days = [(one.service, one.on) for one in known if one.taken_back_at is None]
    for service, on, quantity, nth in number_services(row.services):
        pk = uuid5(person.pk, f"{service}|{on}|{nth}")
        if days.count((service, on)) >= nth or str(pk) in ids:
            continue
        entry: dict[str, Any] = {"id": pk, "on": on, f"{kind}_id": person.pk}
        record_service(by=by, entry=ServiceEntry(service=service, quantity=quantity, **entry))
        yield str(pk)


def _store_answers(by: User, row: WrittenPerson, person: Child | Beneficiary, kind: str) -> Iterator[str]:
    home = person.household if isinstance(person, Beneficiary) else current_household(person)
    for condition, is_met, on in row.answers:
        of_person = Q(**{kind: person}) | Q(household=home, household__isnull=False)
        known = ConditionRecord.objects.filter(of_person, condition=condition)
        pk = uuid5(person.pk, f"{condition}|{on}|{is_met}")
        newest = known.filter(taken_back_at=None, on__lte=on).order_by("on", "recorded_at").last()
        if (newest and newest.is_met == is_met) or known.filter(pk=pk).exists():
            continue
        entry: dict[str, Any] = {"id": pk, "on": on, f"{kind}_id": person.pk}
        record_condition(by=by, entry=ConditionEntry(condition=condition, is_met=is_met, **entry))
        yield str(pk)


def save_brought(upload: Upload, brought: BroughtRecords) -> None:
    """Store with a file what it has brought, by ids alone, so that it can be taken back."""
    upload.changes_sealed = seal_bytes(json.dumps(asdict(brought)).encode())
    upload.save(update_fields=["changes_sealed"])


@transaction.atomic
def take_back_brought(*, by: User, upload: Upload) -> dict[str, int]:
    """Delete what a file has brought, as far as ``by`` works there and nobody has worked with it since.

    Services and answers that were taken back by hand stay as they are, and whoever has them. So does
    somebody with services of others, with a child, or who has moved or was corrected.
    """
    if not upload.changes_sealed:
        return dict.fromkeys(("people", "records", "reopened", "people_kept"), 0)
    with refusing_unreadable():
        brought = BroughtRecords(**json.loads(unseal_bytes(bytes(upload.changes_sealed))))
    mine = Beneficiary.objects.visible_to(by).select_for_update(of=("self",))
    people = list(mine.filter(pk__in={*brought.people, *brought.ended}).order_by("pk"))
    records = _delete_records(by, brought)
    reopened = _reopen(by, people, brought.ended, upload)
    gone = 0
    for one in people:
        if str(one.pk) in brought.people and _is_untouched(one):
            household = one.household_id
            one.delete()
            _delete_empty(household)
            gone += 1
    return {
        "people": gone,
        "records": records,
        "reopened": reopened,
        "people_kept": len(brought.people) - gone,
    }


def _delete_records(by: User, brought: BroughtRecords) -> int:
    people = Beneficiary.objects.visible_to(by)
    children = Child.objects.visible_to(by)
    homes = Q(household__beneficiaries__in=people) | Q(household__children__child__in=children)
    mine = Q(beneficiary__in=people) | Q(child__in=children)
    services = ServiceRecord.objects.filter(mine, pk__in=brought.services, taken_back_at=None)
    answers = ConditionRecord.objects.filter(mine | homes, pk__in=brought.answers, taken_back_at=None)
    return sum(_delete(rows) for rows in (services, answers))


def _delete(rows: Any) -> int:
    model = rows.model
    ids = set(rows.values_list("pk", flat=True))
    model.objects.filter(pk__in=ids).delete()
    return len(ids)


def _reopen(by: User, people: Iterable[Beneficiary], ended: Collection[str], upload: Upload) -> int:
    reason = _("berkas %(name)s ditarik kembali") % {"name": upload.file_name}
    some = [one for one in people if str(one.pk) in ended and one.ended_on and not one.births.exists()]
    for one in some:
        reopen_beneficiary(by=by, beneficiary_id=one.pk, reason=reason)
    return len(some)


def _is_untouched(one: Beneficiary) -> bool:
    has_more = one.services.exists() or one.conditions.exists() or one.births.exists()
    shares = one.household.conditions.exists() or one.household.children.exists()
    return not has_more and not shares and not was_corrected(one) and one.stays.count() == 1


def _delete_empty(household: UUID) -> None:
    is_used = Beneficiary.objects.filter(household=household).exists()
    if not is_used and not HouseholdChild.objects.filter(household=household).exists():
        Household.objects.filter(pk=household).delete()
