"""In whose name a command works."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import Membership, Role, User


def get_acting_user(username: str, *, ask: str, returncode: int) -> User:
    """Return the active user of that name; without a name the only administrator.

    Raises CommandError with ``returncode``, and with the sentence ``ask`` where there is not exactly one.
    """
    if username:
        user = User.objects.find_by_name(username)
        if user is None or not user.is_active:
            raise CommandError(
                _("Tidak ada pengguna aktif bernama %(name)s.") % {"name": username}, returncode=returncode
            )
        return user
    held = Membership.objects.held_on(timezone.localdate()).filter(role=Role.ADMIN)
    admins = list(User.objects.filter(is_active=True, memberships__in=held).distinct()[:2])
    if len(admins) != 1:
        raise CommandError(ask, returncode=returncode)
    return admins[0]
