"""Gives, changes and takes roles at places. That of a cadre follows her term, which ``kpm.actions`` keeps.

Each change is logged of the account, whichever way it was made.
"""

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
    membership, is_new = Membership.objects.get_or_create(user=user, role=role, **at)
    if is_new:
        _log(by, None, membership)
    return is_new


@transaction.atomic
def store_membership(*, by: User, membership: Membership, reason: str = "") -> None:
    """Store a membership that was checked, new or changed."""
    before = Membership.objects.filter(pk=membership.pk).first()
    membership.save()
    _log(by, before, membership, reason)


@transaction.atomic
def delete_membership(*, by: User, membership: Membership, reason: str = "") -> None:
    """Take a role at a place away."""
    _log(by, membership, None, reason)
    membership.delete()


def _log(by: User, before: Membership | None, after: Membership | None, reason: str = "") -> None:
    """Log what differs; a membership that goes from one user to another is logged of both."""
    users = dict.fromkeys(one.user_id for one in (before, after) if one)
    changes = [
        FieldChange(
            ChangeSubject.ACCOUNT,
            user,
            "role",
            *("" if one is None or one.user_id != user else role_text(one) for one in (before, after)),
        )
        for user in users
    ]
    log_changes(changes, by=by, reason=reason)


def role_text(membership: Membership) -> str:
    """Return a membership as the log writes it: ``cadre 33.01.02.2009 2024-01-01..2024-12-31``."""
    place = membership.place
    text = f"{membership.role} {place_code(place) if place else ''}"
    if not membership.since and not membership.until:
        return text
    return f"{text} {membership.since or ''}..{membership.until or ''}"
