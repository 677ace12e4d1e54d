"""Switching the public page of a village on and off."""

from __future__ import annotations

from django.db import transaction

from registry.access.loaders import get_writable_village
from registry.actions.change_log import FieldChange, log_changes
from registry.errors import NotFound
from registry.models import ChangeSubject, Role, User, Village

MAY_PUBLISH = (Role.PUSKESMAS, Role.DISTRICT, Role.ADMIN)
"""Who decides that a village shows a few figures to everybody."""


@transaction.atomic
def switch_community_page(*, by: User, village_code: str, is_public: bool) -> Village:
    """Show the page of a village to everybody, or to nobody; the same again changes nothing.

    Raises NotFound for a village outside the area, and for a user who does not decide it.
    """
    village = get_writable_village(by=by, code=village_code)
    if not by.has_role(*MAY_PUBLISH):
        raise NotFound.of("village_not_found", "village")
    old = village.has_community_page
    Village.objects.filter(pk=village.pk).update(has_community_page=is_public)
    village.has_community_page = is_public
    change = FieldChange(ChangeSubject.VILLAGE, village.pk, "community_page", _word(old), _word(is_public))
    log_changes([change], by=by)
    return village


def _word(is_public: bool) -> str:
    return "on" if is_public else "off"
