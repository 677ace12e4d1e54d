"""The only code that writes who lives in which household. Atomic; refuses in a sentence."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kpm.models import Beneficiary, Household, HouseholdChild
from registry.access.loaders import get_child_for_update
from registry.actions.change_log import FieldChange, log_changes
from registry.errors import Invalid
from registry.models import ChangeSubject, Child, User


@transaction.atomic
def join_household(*, by: User, child_id: UUID, other_id: UUID) -> None:
    """Let a child live in the household of another child of its village; the same again changes nothing.

    Raises NotFound (outside the area) and Invalid (itself, a child of another village).
    """
    pair = {pk: get_child_for_update(by=by, child_id=pk) for pk in sorted([child_id, other_id])}
    child, other = pair[child_id], pair[other_id]
    if child == other or child.village_id != other.village_id:
        raise Invalid("other_household", _("Pilih anak lain yang tinggal di desa yang sama."), "other")
    _enter(by, child, find_household(other))


@transaction.atomic
def leave_household(*, by: User, child_id: UUID) -> None:
    """Give a child a household of its own, which undoes a join. Raises NotFound outside the area."""
    child = get_child_for_update(by=by, child_id=child_id)
    _enter(by, child, Household.objects.create(village=child.village))


def find_household(person: Child | Beneficiary) -> Household:
    """Return the household of somebody; one of its own for a child that has none yet."""
    if isinstance(person, Beneficiary):
        return person.household
    if known := current_household(person):
        return known
    made = Household.objects.create(village=person.village)
    HouseholdChild.objects.create(child=person, household=made)
    return made


def current_household(child: Child) -> Household | None:
    """Return the household in which a child lives now; None where none is recorded yet."""
    last = child.households.select_related("household").last()
    return last.household if last else None


def _enter(by: User, child: Child, household: Household) -> None:
    before = current_household(child)
    if before == household:
        return
    HouseholdChild.objects.create(child=child, household=household)
    old = str(before.pk) if before else ""
    log_changes(
        [FieldChange(ChangeSubject.CHILD, child.pk, "household", old, str(household.pk))],
        by=by,
    )
