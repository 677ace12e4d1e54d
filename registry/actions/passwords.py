"""Passwords: one's own, a first one, and one renewed for somebody who forgot hers. The log never holds one.

A new password ends the sessions and API tokens of its user. What waits on a phone stays: its key is made of
the user's number and not of the password.
"""

from __future__ import annotations

from axes.utils import reset as end_lockout
from django.db import transaction
from django.utils.crypto import get_random_string

from registry.access.people_below import list_people_below
from registry.actions.change_log import FieldChange, log_changes
from registry.errors import Conflict, NotFound
from registry.models import ChangeSubject, Role, User

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper: i, l, o, 0, 1."""


@transaction.atomic
def change_own_password(user: User, password: str) -> None:
    """Store the password that ``user`` has chosen."""
    user.must_change_password = False
    _store_password(user, password, by=user, word="changed")


@transaction.atomic
def renew_password(*, by: User, user_id: int) -> tuple[User, str]:
    """Give somebody below ``by`` a first password again; return the user with it, to be shown once.

    Raises NotFound for anybody else.
    """
    user = list_people_below(by).select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise NotFound.of("person_not_found")
    password = make_password_text()
    # Another system cannot choose one: its program signs in with what is shown.
    user.must_change_password = not user.has_role(Role.CLIENT)
    _store_password(user, password, by=by, word="renewed")
    end_lockout(username=user.username)
    return user, password


@transaction.atomic
def create_account(*, by: User | None, username: str, full_name: str) -> tuple[User, str]:
    """Return a new user without a role, and the first password. Raises Conflict for a name that is taken."""
    if User.objects.find_by_name(username):
        raise Conflict.of("username_taken", "username", name=username)
    user = User(username=username, full_name=full_name, must_change_password=True)
    password = make_password_text()
    _store_password(user, password, by=by, word="first")
    return user, password


def make_password_text() -> str:
    """Return a random password of 59 bits that is read out and typed without mistakes."""
    return "-".join(get_random_string(4, _LETTERS) for _part in range(3))


def _store_password(user: User, password: str, *, by: User | None, word: str) -> None:
    user.set_password(password)
    user.save()
    log_changes([FieldChange(ChangeSubject.ACCOUNT, user.pk, "password", "", word)], by=by)
