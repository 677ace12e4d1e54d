"""Who may sign in to the demo: one for each role, and one KPM for each desa, all with one password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from demo.district import TOUR_VILLAGE
from demo.invented_names import person_names
from registry.models import District, Kecamatan, Membership, Puskesmas, Role, User, Village, VillageKind
from registry.places.data import DISTRICT_CODE


@dataclass(frozen=True, slots=True)
class SignIn:
    """A user of the demo; ``place`` is the lookup of the one place its role works at."""

    username: str
    full_name: str
    role: Role
    place: tuple[type[District | Kecamatan | Puskesmas | Village], str, str]
    what: str | Promise


_DISTRICT = (District, "pk", DISTRICT_CODE)
_VILLAGE = (Village, "pk", TOUR_VILLAGE)

# Kesugihan has two puskesmas and nobody has said which village is whose, so that officer works elsewhere.
SIGN_INS = (
    SignIn("kader", "Sri Rahayu", Role.CADRE, _VILLAGE, _("mencatat pengukuran di desanya")),
    SignIn("bidan", "Dewi Anggraeni", Role.MIDWIFE, _VILLAGE, _("memeriksa dan menindaklanjuti di desanya")),
    SignIn("puskesmas", "Wahyu Santoso", Role.PUSKESMAS, (Puskesmas, "name", "Sidareja"), _("petugas gizi")),
    SignIn(
        "kecamatan",
        "Retno Wulandari",
        Role.KECAMATAN,
        (Kecamatan, "pk", TOUR_VILLAGE[:8]),
        _("satu kecamatan"),
    ),
    SignIn("kabupaten", "Agus Prasetyo", Role.DISTRICT, _DISTRICT, _("seluruh kabupaten")),
    SignIn("admin", "Ratna Puspitasari", Role.ADMIN, _DISTRICT, _("mengatur, lewat /admin/")),
    SignIn("klien", "Sistem contoh", Role.CLIENT, _DISTRICT, _("sistem lain, lewat REST: angka saja")),
)

WRITER = "kabupaten"
"""The officer in whose name the demo is recorded."""

_FIELD = {District: "district", Kecamatan: "kecamatan", Puskesmas: "puskesmas", Village: "village"}


def cadre_username(village_code: str) -> str:
    """Return ``kpm.3301022016`` for 33.01.02.2016."""
    return f"kpm.{village_code.replace('.', '')}"


def names_taken() -> list[str]:
    """Return usernames of the demo that somebody has: no real account gets a known password."""
    wanted = Q(username__istartswith="kpm.33")
    for one in SIGN_INS:
        wanted |= Q(username__iexact=one.username)
    taken = User.objects.filter(wanted)
    return sorted(taken.values_list("username", flat=True))


def make_users(password: str, seed: int) -> User:
    """Store the people who may sign in; returns the one who records the demo."""
    hashed = make_password(password)  # once, since making it slow is its purpose
    users = [_user(s.username, s.full_name, hashed, admin=s.role == Role.ADMIN) for s in SIGN_INS]
    places = [s.place[0]._default_manager.get(**{s.place[1]: s.place[2]}) for s in SIGN_INS]
    memberships = [
        Membership(user=user, role=s.role, **{_FIELD[s.place[0]]: place})
        for user, s, place in zip(users, SIGN_INS, places, strict=True)
    ]
    for user, village in zip(*_cadres(hashed, seed), strict=True):
        users.append(user)
        memberships.append(Membership(user=user, role=Role.CADRE, village=village))
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(memberships)
    return User.objects.get(username=WRITER)


def _cadres(hashed: str, seed: int) -> tuple[list[User], Sequence[Village]]:
    """Return one KPM for each desa; a kelurahan has none."""
    villages = list(Village.objects.filter(kind=VillageKind.DESA).order_by("pk"))
    rng = np.random.default_rng([seed, 1])
    names = person_names(rng, rng.random(len(villages)) < 0.8)
    return [
        _user(cadre_username(v.pk), name, hashed) for v, name in zip(villages, names, strict=True)
    ], villages


def _user(username: str, full_name: str, hashed: str, *, admin: bool = False) -> User:
    return User(username=username, full_name=full_name, password=hashed, is_staff=admin, is_superuser=admin)
