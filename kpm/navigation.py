"""The site's menu and who it is for: one table, read by ``templates/base.html``."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Membership, Role, User

WITH_CHILDREN = frozenset({Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS})
OFFICERS = frozenset({Role.KECAMATAN, Role.DISTRICT, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: its address name, its words, and the roles that get it."""

    name: str
    words: str | Promise
    roles: frozenset[Role]


MENU = (
    Entry("kpm:roster", _("Anak bulan ini"), WITH_CHILDREN | OFFICERS),
    Entry("kpm:follow_up", _("Tindak lanjut"), WITH_CHILDREN | OFFICERS),
    Entry("dashboard:district", _("Angka stunting"), WITH_CHILDREN | OFFICERS),
    Entry("kpm:cadres", _("Kader (KPM)"), OFFICERS),
    Entry("kpm:events", _("Kegiatan"), OFFICERS),
    Entry("registry:import", _("Unggah berkas"), WITH_CHILDREN | OFFICERS),
)


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    words: str
    current: bool


def menu_for(user: User, path: str) -> list[Link]:
    """The menu of ``user``, with the entry marked that the address ``path`` belongs to."""
    links = []
    for entry in MENU:
        if not user.roles.isdisjoint(entry.roles):
            url = reverse(entry.name)
            links.append(Link(url, str(entry.words), path.startswith(url)))
    if user.is_staff:
        links.append(Link(reverse("admin:index"), str(_("Administrasi")), current=False))
    return links


def posts_of(user: User) -> list[Membership]:
    """What ``user`` is and where, for the header: one query."""
    return list(
        Membership.objects.filter(user=user).select_related("village", "kecamatan", "puskesmas", "district")
    )
