"""A child under five and where it has lived."""

from __future__ import annotations

import uuid
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.models.fields import BytewiseTextField
from registry.models.place import Posyandu, Village
from registry.name_search import search_words, sort_name, spellings_of
from registry.nik import InvalidToken, mask_nik, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from registry.models.access import User


class Sex(models.IntegerChoices):
    """WHO's codes, as ``registry.growth.SexCode``."""

    BOY = 1, _("Laki-laki")
    GIRL = 2, _("Perempuan")

    @property
    def letter(self) -> str:
        """Return L or P, as every file and form of the field writes it."""
        return "L" if self is Sex.BOY else "P"

    @classmethod
    def from_letter(cls, letter: str) -> Sex:
        """Return sex of ``L`` or ``P``. Raises KeyError for anything else."""
        return {"L": cls.BOY, "P": cls.GIRL}[letter]


class ChildStatus(models.TextChoices):
    ACTIVE = "active", _("aktif")
    MOVED = "moved", _("pindah keluar kabupaten")
    DIED = "died", _("meninggal")


class BirthDateBasis(models.TextChoices):
    """How the birth date is known. The values are for programs and never change."""

    DAY = "day", _("tanggal diketahui")
    MONTH = "month", _("perkiraan: hanya bulannya diketahui")
    AGE = "age", _("perkiraan: dihitung dari umur")


class ChildQuerySet(models.QuerySet["Child"]):
    def visible_to(self, user: User) -> ChildQuerySet:
        """Return the children who live now where ``user`` works with people: the way in to children."""
        return self.filter(user.area(people=True).as_q("village__"))

    def reachable_by(self, user: User) -> ChildQuerySet:
        """Return those of ``visible_to``, and who moved out of the area today: for loading one by its id.

        A mistaken move is put right where the child lived, and the posyandu of that day measures it.
        """
        area = user.area(people=True)
        left_today = Residence.objects.filter(area.as_q("village__"), until=timezone.localdate())
        return self.filter(area.as_q("village__") | Q(pk__in=left_today.values("child_id")))

    def writable_by(self, user: User) -> ChildQuerySet:
        """Return those of ``reachable_by`` whose record can still change."""
        return self.reachable_by(user).filter(pseudonymised_at=None)

    def search_by_name(self, text: str) -> ChildQuerySet:
        """Return those in whose name or parents' names each word of ``text`` is, however it is spelt."""
        found = Q()
        for spelling in spellings_of(text):
            found |= Q(*(Q(search_words__contains=word) for word in spelling))
        return self.filter(found)

    def living_in(self, village: Village, on: date) -> ChildQuerySet:
        """Return who was born, alive and living in ``village`` on the day ``on``, at any age."""
        lived = Q(residences__since__lte=on, residences__village=village) & (
            Q(residences__until__isnull=True) | Q(residences__until__gt=on)
        )
        # The residences are asked inside, so that what is joined to the outer rows doubles none of them.
        there = Child.objects.filter(lived, Q(status=ChildStatus.ACTIVE) | Q(status_date__gt=on))
        return self.filter(pk__in=there.values("pk"), birth_date__lte=on)


class Child(models.Model):
    """A child of the register. ``village`` is where it lives now; ``Residence`` keeps the history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nik_sealed = models.TextField(_("NIK (tersandi)"), blank=True, editable=False)
    nik_hash = models.CharField(max_length=64, null=True, blank=True, editable=False)
    # Keyed hash of what was sent when it was enrolled: the same entry sent again is known by it. A file's
    # rows have none.
    entry_digest = models.CharField(max_length=64, blank=True, editable=False)
    name = models.CharField(_("nama"), max_length=120)
    # Of the names: see ``spell_names``.
    sort_name = BytewiseTextField(editable=False, default="")
    search_words = models.TextField(editable=False, default="")
    sex = models.PositiveSmallIntegerField(_("jenis kelamin"), choices=Sex)
    birth_date = models.DateField(_("tanggal lahir"))
    birth_date_basis = models.CharField(
        _("dasar tanggal lahir"), max_length=5, choices=BirthDateBasis, default=BirthDateBasis.DAY
    )
    gestation_weeks = models.PositiveSmallIntegerField(
        _("umur kehamilan saat lahir (minggu penuh)"), null=True, blank=True
    )
    birth_weight_kg = models.DecimalField(
        _("berat lahir (kg)"), max_digits=4, decimal_places=3, null=True, blank=True
    )
    birth_length_cm = models.DecimalField(
        _("panjang lahir (cm)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    parent_name = models.CharField(_("nama orang tua"), max_length=120, blank=True)
    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        related_name="children",
        db_index=False,  # that of village and birth date begins with it
        verbose_name=_("desa/kelurahan"),
    )
    posyandu = models.ForeignKey(
        Posyandu,
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("posyandu"),
    )
    rt = models.CharField(_("RT"), max_length=5, blank=True)
    rw = models.CharField(_("RW"), max_length=5, blank=True)
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    # K of SKDN; unknown until somebody has asked.
    growth_book = models.BooleanField(_("memiliki buku KIA"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=6, choices=ChildStatus, default=ChildStatus.ACTIVE)
    status_date = models.DateField(_("tanggal status"), null=True, blank=True)
    created_at = models.DateTimeField(_("dicatat pada"), auto_now_add=True)
    created_by = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    # Since then the record no longer says who the child is, and cannot be changed.
    pseudonymised_at = models.DateTimeField(_("dipseudonimkan pada"), null=True, blank=True, editable=False)
    # Empty again once somebody has put the child right, moved or closed it by hand: then it stays when the
    # file is taken back.
    upload = models.ForeignKey(
        "registry.Upload",
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("didaftarkan dari berkas"),
    )

    # Of a child that ``registry.access.loaders.get_child`` has loaded: whether it ever lived elsewhere
    # or left, whether another record was merged into its own, and whether a parent was asked for consent.
    has_moved: bool
    has_merged: bool
    has_consent: bool

    # Of a child that a file brings: its NIK until it is stored, since sealing takes as long as all the rest.
    nik_unsealed: str | None = None

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("anak")
        verbose_name_plural = _("anak")
        ordering = ["sort_name", "birth_date"]
        indexes = [
            models.Index(fields=["village", "birth_date"]),
            models.Index(fields=["birth_date", "sex"]),
        ]
        constraints = [
            models.UniqueConstraint("nik_hash", name="nik_once", condition=Q(nik_hash__isnull=False)),
            models.CheckConstraint(condition=Q(sex__in=[1, 2]), name="child_sex_known"),
            models.CheckConstraint(condition=~Q(name=""), name="child_has_name"),
            models.CheckConstraint(condition=Q(status__in=ChildStatus.values), name="child_status_known"),
            models.CheckConstraint(
                condition=Q(birth_date_basis__in=BirthDateBasis.values), name="child_birth_date_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(gestation_weeks__isnull=True) | Q(gestation_weeks__range=(22, 44)),
                name="child_gestation_range",
            ),
            models.CheckConstraint(
                condition=Q(birth_weight_kg__isnull=True) | Q(birth_weight_kg__range=("0.3", "7.0")),
                name="child_birth_weight_range",
            ),
            models.CheckConstraint(
                condition=Q(birth_length_cm__isnull=True) | Q(birth_length_cm__range=("20", "70")),
                name="child_birth_length_range",
            ),
            models.CheckConstraint(
                condition=Q(status="active", status_date__isnull=True)
                | (~Q(status="active") & Q(status_date__isnull=False) & Q(status_date__gte=F("birth_date"))),
                name="child_status_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        self.seal_nik()
        self.spell_names()
        if update_fields := options.get("update_fields"):
            options["update_fields"] = {*update_fields, "sort_name", "search_words"}
        super().save(*args, **options)

    @property
    def nik(self) -> str:
        """Return the NIK as read, whole or not; empty when there is none. Decrypts: log who reads it."""
        return unseal(self.nik_sealed) if self.nik_unsealed is None else self.nik_unsealed

    def seal_nik(self) -> None:
        """Have the NIK as it is stored, and no longer as it was read."""
        if self.nik_unsealed is not None:
            self.nik_sealed, self.nik_unsealed = seal(self.nik_unsealed), None

    def spell_names(self) -> None:
        """Have the names as they are searched and sorted by; ``save`` does it, a bulk insert does not."""
        self.sort_name = sort_name(self.name)
        self.search_words = search_words(self.name, self.parent_name)

    @property
    def nik_if_readable(self) -> str:
        """Return the NIK; empty where there is none, or where the key it was sealed with is lost."""
        try:
            return self.nik
        except InvalidToken:
            return ""

    @property
    def nik_masked(self) -> str:
        """Return the NIK as it may be shown, or that no key opens it."""
        try:
            return mask_nik(self.nik)
        except InvalidToken:
            return gettext("tidak dapat dibaca")

    @property
    def has_nik(self) -> bool:
        """Return whether a whole NIK of 16 digits is on record."""
        return self.nik_hash is not None

    @property
    def has_estimated_birth_date(self) -> bool:
        """Return whether the day of birth is not known."""
        return self.birth_date_basis != BirthDateBasis.DAY

    @property
    def is_active(self) -> bool:
        return self.status == ChildStatus.ACTIVE

    def village_on(self, day: date) -> Village:
        """Return where the child lived on ``day``; before the first known residence, the first one."""
        return home_on(sorted(self.residences.all(), key=lambda r: r.since), day)


class Residence(models.Model):
    """A child lived in ``village`` from ``since`` up to the day before ``until`` (open: until now)."""

    # Both without an index of their own: others begin with them.
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="residences", db_index=False, verbose_name=_("anak")
    )
    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        related_name="residences",
        db_index=False,
        verbose_name=_("desa/kelurahan"),
    )
    since = models.DateField(_("sejak"))
    until = models.DateField(_("sampai sebelum"), null=True, blank=True)

    class Meta:
        verbose_name = _("tempat tinggal")
        verbose_name_plural = _("tempat tinggal")
        ordering = ["child", "since"]
        indexes = [models.Index(fields=["village", "since"])]
        constraints = [
            models.UniqueConstraint("child", name="residence_one_open", condition=Q(until__isnull=True)),
            models.UniqueConstraint("child", "since", name="residence_once_since"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="residence_since_before_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child} - {self.village}"


class LivesSince(Protocol):
    """What has to be known of a residence to tell where a child lived."""

    @property
    def village(self) -> Village: ...
    @property
    def since(self) -> date: ...


class LivesUntil(LivesSince, Protocol):
    """The same, and until when."""

    @property
    def until(self) -> date | None: ...


def home_on(residences: Sequence[LivesSince], day: date) -> Village:
    """Return the village among a child's ``residences``, oldest first, where it lived on ``day``."""
    lived = [home for home in residences if home.since <= day] or residences[:1]
    return lived[-1].village


def time_away_on(residences: Sequence[LivesUntil], day: date) -> tuple[date, date] | None:
    """Return when a child left and came back if it was away on ``day``; on either day it is here."""
    for before, after in pairwise(residences):
        if before.until is not None and before.until < day < after.since:
            return before.until, after.since
    return None
