"""Whose password somebody may renew: those of the own area who stand lower."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from registry.models import Membership, Role, User

_RANK = {
    Role.CADRE: 0,
    Role.MIDWIFE: 0,
    Role.PUSKESMAS: 1,
    Role.KECAMATAN: 2,
    Role.DISTRICT: 3,
    Role.CLIENT: 3,
    Role.ADMIN: 4,
}
RENEWING_ROLES = (Role.PUSKESMAS, Role.KECAMATAN, Role.DISTRICT, Role.ADMIN)


def list_people_below(by: User) -> QuerySet[User]:
    """Return active users all of whose roles are lower than one that ``by`` has over their place.

    A role that has ended counts too: who was an officer is nobody's to take over. Those who open the admin
    have their passwords renewed there.
    """
    below = _memberships_below(by)
    others = Membership.objects.exclude(pk__in=below.values("pk"))
    return User.objects.filter(
        Q(pk__in=below.values("user")) & ~Q(pk__in=others.values("user")),
        is_active=True,
        is_staff=False,
        is_superuser=False,
    )


def _memberships_below(by: User) -> QuerySet[Membership]:
    found = Q(pk__in=())
    for role in by.roles.intersection(RENEWING_ROLES):
        area = by.area(roles=(role,))
        found |= Q(role__in=[lower for lower in Role if _RANK[lower] < _RANK[role]]) & (
            (Q(village__isnull=False) & area.as_q("village__"))
            | Q(puskesmas__kecamatan__in=area.kecamatan)
            | Q(puskesmas__kecamatan__district__in=area.districts)
            | Q(kecamatan__district__in=area.districts)
            | Q(district__in=area.districts)
        )
    return Membership.objects.filter(found)
