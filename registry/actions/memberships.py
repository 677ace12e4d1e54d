"""Gives a role at a place. That of a cadre follows her term, which ``kpm.actions`` keeps."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from registry.access.visible_places import Place, place_code
from registry.actions.change_log import FieldChange, log_changes
from registry.models import ChangeSubject, Membership, Role, User


@transaction.atomic
def give_role(*, by: User, user: User, role: Role, place: Place) -> bool:
    """Give ``user`` the role at the place unless they have it; return whether it is new."""
    at: dict[str, Any] = {place._meta.model_name or "": place}
    _membership, is_new = Membership.objects.get_or_create(user=user, role=role, **at)
    if is_new:
        change = FieldChange(ChangeSubject.ACCOUNT, user.pk, "role", "", f"{role} {place_code(place)}")
        log_changes([change], by=by)
    return is_new
