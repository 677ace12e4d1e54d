"""Who may see a NIK whole, which is only ever in a file, for a reason that is logged.

Everywhere else a NIK is masked for everybody (``Child.nik_masked``).
"""

from __future__ import annotations

from registry.access.visible_places import Place, villages_of
from registry.errors import Invalid
from registry.models import Role, User, Village
from registry.models.access import Area

ROLES_WITH_NIK = frozenset({Role.PUSKESMAS, Role.DISTRICT, Role.ADMIN})
"""Who feeds the national system, which knows children by their NIK. Nobody else needs it whole in a file."""

MIN_REASON_LENGTH = 10
"""Characters of a reason that says anything."""

_MAX_REASON_LENGTH = 200


def can_see_nik_somewhere(user: User) -> bool:
    """Return whether a role that needs the NIK whole is held anywhere, so that it makes sense to offer it."""
    return user.is_active and user.memberships.filter(role__in=ROLES_WITH_NIK).exists()


def can_see_nik(user: User, place: Place) -> bool:
    """Return whether a role that needs the NIK whole is held over all of ``place``.

    A role that is held elsewhere does not count here.
    """
    held = [m for m in user.memberships.all() if m.role in ROLES_WITH_NIK] if user.is_active else []
    area = Area(
        districts=frozenset(m.district_id for m in held if m.district_id),
        puskesmas=frozenset(m.puskesmas_id for m in held if m.puskesmas_id),
    )
    inside = Village.objects.filter(area.as_q("")).values("pk")
    return bool(held) and not villages_of(place).exclude(pk__in=inside).exists()


def require_nik_reason(user: User, place: Place, reason: str) -> str:
    """Return the reason as it is logged.

    Raises Invalid for a user who may not see the NIK whole, and for a reason that says nothing.
    """
    if not can_see_nik(user, place):
        raise Invalid.of("nik_not_allowed", "unmasked")
    written = " ".join(reason.split())
    if len(written) < MIN_REASON_LENGTH:
        raise Invalid.of("reason_missing", "reason", sentence="nik_reason_missing", least=MIN_REASON_LENGTH)
    return written[:_MAX_REASON_LENGTH]
