"""Second factors: what was set up or removed is logged, and an administrator takes a lost one away."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from registry.accounts.second_factor import FACTOR_TYPES
from registry.actions.change_log import FieldChange, log_changes
from registry.errors import Conflict
from registry.models import ChangeSubject, User

_FIELD = "second_factor"


def log_factor_added(user: User, factor_type: str) -> None:
    """Log that ``user`` set up a factor, or new recovery codes."""
    log_changes([FieldChange(ChangeSubject.ACCOUNT, user.pk, _FIELD, "", factor_type)], by=user)


@transaction.atomic
def remove_factor(user: User, factor_id: int) -> bool:
    """Remove one of the user's own factors; return whether it was there.

    With the last one the recovery codes go.
    """
    User.objects.select_for_update().get(pk=user.pk)
    factors = Authenticator.objects.filter(user=user)
    factor = factors.filter(pk=factor_id, type__in=FACTOR_TYPES).first()
    if factor is None:
        return False
    factor.delete()
    if not factors.filter(type__in=FACTOR_TYPES).exists():
        factors.delete()
    log_changes([FieldChange(ChangeSubject.ACCOUNT, user.pk, _FIELD, factor.type, "")], by=user)
    return True


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None, reason: str = "") -> bool:
    """Take away all factors of ``user`` and log it; return False where there were none.

    The user is signed out everywhere, and at the next sign-in sets up another. ``by`` is None for a command.
    Raises Conflict for one's own: who has only a session could otherwise take the factor away.
    """
    if by == user:
        raise Conflict.of("second_factor_own")
    User.objects.select_for_update().get(pk=user.pk)
    factors = list(Authenticator.objects.filter(user=user).order_by("pk"))
    if not factors:
        return False
    Authenticator.objects.filter(user=user).delete()
    user.end_sessions_and_tokens()
    types = ", ".join(factor.type for factor in factors)
    log_changes([FieldChange(ChangeSubject.ACCOUNT, user.pk, _FIELD, types, "")], by=by, reason=reason)
    return True
