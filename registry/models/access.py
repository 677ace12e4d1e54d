"""Who may see and write what: users, their roles at places, and the area that follows from them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.place import District, Kecamatan, Puskesmas, Village


class Role(models.TextChoices):
    CADRE = "cadre", _("Kader (KPM)")
    MIDWIFE = "midwife", _("Bidan desa")
    PUSKESMAS = "puskesmas", _("Nutrisionis (TPG) puskesmas")
    KECAMATAN = "kecamatan", _("Petugas kecamatan")
    DISTRICT = "district", _("Petugas kabupaten")
    ADMIN = "admin", _("Administrator kabupaten")
    CLIENT = "client", _("Sistem lain (angka saja)")


# A REST client reads figures only; everybody else works with the children of the own area.
ROLES_WITH_PEOPLE = frozenset(Role) - {Role.CLIENT}

_PLACE_FIELD = {
    Role.CADRE: "village",
    Role.MIDWIFE: "village",
    Role.PUSKESMAS: "puskesmas",
    Role.KECAMATAN: "kecamatan",
    Role.DISTRICT: "district",
    Role.ADMIN: "district",
    Role.CLIENT: "district",
}


@dataclass(frozen=True)
class Area:
    """The places a user reaches. Empty sets reach nothing."""

    districts: frozenset[str] = frozenset()
    kecamatan: frozenset[str] = frozenset()
    puskesmas: frozenset[int] = frozenset()
    villages: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.districts or self.kecamatan or self.puskesmas or self.villages)

    @property
    def is_one_village(self) -> bool:
        """Return whether it is a single village by itself, and no puskesmas or kecamatan of one."""
        wider = self.districts or self.kecamatan or self.puskesmas
        return not wider and len(self.villages) == 1

    def has(self, village: Village) -> bool:
        """Return whether it reaches ``village``; a query where its kecamatan is not loaded."""
        return (
            village.pk in self.villages
            or village.puskesmas_id in self.puskesmas
            or village.kecamatan_id in self.kecamatan
            or (bool(self.districts) and village.kecamatan.district_id in self.districts)
        )

    def as_q(self, path: str) -> Q:
        """Return a filter on villages; ``path`` is the lookup that leads to one, such as ``village__``."""
        q = Q(**{f"{path}pk__in": self.villages})
        if self.puskesmas:
            q |= Q(**{f"{path}puskesmas_id__in": self.puskesmas})
        if self.kecamatan:
            q |= Q(**{f"{path}kecamatan_id__in": self.kecamatan})
        if self.districts:
            q |= Q(**{f"{path}kecamatan__district_id__in": self.districts})
        return q


class AccountManager(UserManager["User"]):
    """Finds an account by its name in whatever capitals: a name that differs only in them is the same."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)

    def find_by_name(self, username: str) -> User | None:
        return self.filter(username__iexact=username).first()


class User(AbstractUser):
    """Somebody who signs in: a cadre, an officer, or another system."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("nama lengkap"), max_length=120, blank=True)
    must_change_password = models.BooleanField(
        _("harus mengganti kata sandi"),
        default=False,
        help_text=_("Kata sandi pertama dibuat orang lain: pengguna menggantinya sebelum bekerja."),
    )

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        constraints = [
            # As ``iexact`` compares.
            models.UniqueConstraint(
                Upper("username"),
                name="user_once_in_any_capitals",
                violation_error_message=_(
                    "Nama pengguna itu sudah dipakai; huruf besar dan kecil tidak dibedakan."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """End the sessions and tokens of before where a closed account is opened again."""
        fields = kwargs.get("update_fields")
        may_open = self.is_active and self.pk and (fields is None or "is_active" in fields)
        if may_open and User.objects.filter(pk=self.pk, is_active=False).exists():
            self.end_sessions_and_tokens()
        super().save(*args, **kwargs)

    def end_sessions_and_tokens(self) -> None:
        """Sign the user out everywhere."""
        self.auth_token_set.all().delete()  # type: ignore[attr-defined]  # knox adds it
        # A session names its user in what it holds only. It is done rarely.
        for session in Session.objects.iterator():
            if session.get_decoded().get(SESSION_KEY) == str(self.pk):
                session.delete()

    def set_unusable_password(self) -> None:
        """End the tokens too: who may no longer sign in by password keeps none of the API."""
        super().set_unusable_password()
        if not self._state.adding:
            self.auth_token_set.all().delete()  # type: ignore[attr-defined]  # knox adds it

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Return the roles this user holds anywhere."""
        return frozenset(Role(m.role) for m in self._held)

    @property
    def known_roles(self) -> frozenset[Role]:
        """Return the roles where they were asked for already: a line of the log makes no query."""
        roles: frozenset[Role] = self.__dict__.get("roles", frozenset())
        return roles

    @cached_property
    def _held(self) -> list[Membership]:
        if not self.is_active:
            return []
        return list(self.memberships.held_on(timezone.localdate()))

    def has_role(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def sees_people(self) -> bool:
        """Return whether the user may open children by name somewhere."""
        return not self.roles.isdisjoint(ROLES_WITH_PEOPLE)

    def area(self, *, people: bool = False, roles: Collection[Role] = tuple(Role)) -> Area:
        """Return the places this user reaches in ``roles``, or in those that see ``people`` by name."""
        held = [m for m in self._held if m.role in (ROLES_WITH_PEOPLE if people else roles)]
        return Area(
            districts=frozenset(m.district_id for m in held if m.district_id),
            kecamatan=frozenset(m.kecamatan_id for m in held if m.kecamatan_id),
            puskesmas=frozenset(m.puskesmas_id for m in held if m.puskesmas_id),
            villages=frozenset(m.village_id for m in held if m.village_id),
        )


_PLACE_FIELDS = ("district", "kecamatan", "puskesmas", "village")


def _role_matches_place() -> Q:
    """Return the condition that a membership has exactly the place its role asks for."""
    q = Q()
    for role, wanted in _PLACE_FIELD.items():
        q |= Q(role=role, **{f"{field}__isnull": field != wanted for field in _PLACE_FIELDS})
    return q


def _once(name: str, *fields: str, **condition: bool) -> models.UniqueConstraint:
    """Return that a user holds a role once with the same value of all ``fields``."""
    return models.UniqueConstraint(
        *("user", "role", *fields),
        name=f"membership_once_{name}",
        condition=Q(**{f"{field}__isnull": False for field in fields}, **condition),
        violation_error_message=_("Pengguna ini sudah punya peran itu di wilayah itu."),
    )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held_on(self, day: date) -> MembershipQuerySet:
        """Return those that hold on ``day``; the first and the last day are part of it."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day)
        )


class Membership(models.Model):
    """A role at a place, from a first to a last day if it has them: a cadre at her village, an officer.

    ``kpm.actions`` keeps the days of a cadre equal to those of her terms; terms that follow one another
    without a gap are one membership. What the days mean for somebody says ``registry.access.periods``.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("pengguna")
    )
    role = models.CharField(_("peran"), max_length=9, choices=Role)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kabupaten")
    )
    kecamatan = models.ForeignKey(
        Kecamatan, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kecamatan")
    )
    puskesmas = models.ForeignKey(
        Puskesmas, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("puskesmas")
    )
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("desa/kelurahan")
    )
    since = models.DateField(
        _("hari pertama"),
        null=True,
        blank=True,
        help_text=_("Kosong: sejak dibuat. Akses mulai pukul 00.00 hari itu."),
    )
    until = models.DateField(
        _("hari terakhir"),
        null=True,
        blank=True,
        help_text=_("Kosong: tidak berakhir. Akses berakhir malam itu."),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("keanggotaan")
        verbose_name_plural = _("keanggotaan")
        constraints = [
            models.CheckConstraint(
                condition=_role_matches_place(),
                name="membership_place_fits_role",
                violation_error_message=_(
                    "Isi satu wilayah saja, sesuai peran: kader dan bidan - desa; puskesmas - puskesmas; "
                    "kecamatan - kecamatan; kabupaten, administrator, sistem lain - kabupaten."
                ),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="membership_days_in_order",
                violation_error_message=_("Hari terakhir tidak boleh sebelum hari pertama."),
            ),
            *(_once(place, place) for place in ("district", "kecamatan", "puskesmas")),
            _once("village", "village", since__isnull=True),
            _once("village_since", "village", "since"),  # a cadre comes back after a time without a term
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} - {self.place}"

    def starts_after(self, day: date) -> bool:
        return self.since is not None and self.since > day

    def ended_before(self, day: date) -> bool:
        return self.until is not None and self.until < day

    @property
    def place(self) -> District | Kecamatan | Puskesmas | Village | None:
        return self.village or self.puskesmas or self.kecamatan or self.district
