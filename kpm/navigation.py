"""The site's menu and who it is for: one table, read by ``templates/base.html``."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Membership, Role, User

WITH_CHILDREN = frozenset({Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS})
OFFICERS = frozenset({Role.KECAMATAN, Role.DISTRICT, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu: its address name, its words, and the roles that get it."""

    name: str
    words: str | Promise
    roles: frozenset[Role]


MENU = (
    MenuEntry("kpm:roster", _("Daftar anak bulan ini"), WITH_CHILDREN | OFFICERS),
    MenuEntry("kpm:follow_up", _("Tindak lanjut"), WITH_CHILDREN | OFFICERS),
    MenuEntry("kpm:services", _("Layanan"), WITH_CHILDREN),
    MenuEntry("kpm:own_work", _("Hasil saya"), frozenset({Role.CADRE})),
    MenuEntry("dashboard:district", _("Prevalensi stunting"), WITH_CHILDREN | OFFICERS),
    MenuEntry("kpm:cadres", _("Kader (KPM)"), OFFICERS),
    MenuEntry("kpm:events", _("Kegiatan"), OFFICERS | {Role.MIDWIFE, Role.PUSKESMAS}),
    MenuEntry("kpm:people", _("Akun"), OFFICERS | {Role.PUSKESMAS}),
    MenuEntry("registry:import", _("Unggah berkas"), WITH_CHILDREN | OFFICERS),
)


@dataclass(frozen=True, slots=True)
class MenuLink:
    url: str
    words: str
    current: bool


def menu_for(user: User, path: str) -> list[MenuLink]:
    """Return the menu of ``user``, with the entry marked that the address ``path`` belongs to."""
    links = []
    for entry in MENU:
        if not user.roles.isdisjoint(entry.roles):
            url = reverse(entry.name)
            links.append(MenuLink(url, str(entry.words), path.startswith(url)))
    if user.is_staff:
        links.append(MenuLink(reverse("admin:index"), str(_("Administrasi")), current=False))
    return links


def posts_of(user: User) -> list[Membership]:
    """Return what ``user`` is and where, for the header: one query."""
    held = Membership.objects.held_on(timezone.localdate()).filter(user=user)
    return list(held.select_related("village", "kecamatan", "puskesmas", "district"))
