"""Who may see a NIK whole, which is only ever in a file, for a reason that is logged.

Everywhere else a NIK is masked for everybody (``Child.nik_masked``).
"""

from __future__ import annotations

from registry.access.visible_places import Place, villages_of
from registry.errors import Invalid
from registry.models import Role, User, Village

ROLES_WITH_NIK = frozenset({Role.PUSKESMAS, Role.DISTRICT, Role.ADMIN})
"""Who feeds the national system, which knows children by their NIK. Nobody else needs it whole in a file."""

MIN_REASON_LENGTH = 10
"""Characters of a reason that says anything."""

_MAX_REASON_LENGTH = 200


def can_see_nik(user: User, place: Place | None = None) -> bool:
    """Return whether ``user`` may have whole NIK in a file of ``place``; without a place: of any.

    Three things make it so: the account is active, it holds one of ``ROLES_WITH_NIK``, and that very role
    reaches all of ``place``. So a puskesmas sees those of its own villages, and an officer who is a cadre
    somewhere else sees none there.
    """
    area = user.area(roles=ROLES_WITH_NIK)
    if place is None:
        return bool(area)
    inside = Village.objects.filter(area.as_q("")).values("pk")
    return bool(area) and not villages_of(place).exclude(pk__in=inside).exists()


def require_nik_reason(user: User, place: Place, reason: str) -> str:
    """Return the reason as it is logged.

    Raises Invalid for a user who may not see the NIK whole, and for a reason that says nothing.
    """
    if not can_see_nik(user, place):
        raise Invalid.of("nik_not_allowed", "unmasked")
    return require_written_reason(reason, "nik_reason_missing")


def require_written_reason(reason: str, sentence: str) -> str:
    """Return the reason as it is logged. Raises Invalid, with that sentence, for one that says nothing."""
    written = " ".join(reason.split())
    if len(written) < MIN_REASON_LENGTH:
        raise Invalid.of("reason_missing", "reason", sentence=sentence, least=MIN_REASON_LENGTH)
    return written[:_MAX_REASON_LENGTH]
