"""One measurement of a child and what WHO's standards say of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.child import Child
from registry.models.place import Village

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from registry.models.access import User


class Position(models.TextChoices):
    """How the child was measured, in WHO's codes."""

    LYING = "L", _("telentang")
    STANDING = "H", _("berdiri")
    UNKNOWN = "", _("tidak dicatat")


class MeasurementState(models.TextChoices):
    IN_FORCE = "in_force", _("berlaku")
    SUPERSEDED = "superseded", _("diganti koreksi")
    VOID = "void", _("dibatalkan")
    PENDING_CHOICE = "rival", _("menunggu pilihan bidan desa")


class Source(models.TextChoices):
    FORM = "form", _("formulir")
    API = "api", _("API")
    FILE = "file", _("berkas")
    DEMO = "demo", _("contoh")


class Gain(models.TextChoices):
    """Weight rose or not (SKDN), as ``registry.growth.GainCode``."""

    ROSE = "N", _("naik")
    NOT_ROSE = "T", _("tidak naik")
    NOT_BEFORE = "O", _("bulan lalu tidak ditimbang")
    FIRST = "B", _("pertama kali ditimbang")


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def visible_to(self, user: User) -> MeasurementQuerySet:
        """Return those of the children ``user`` may see: the way in to measurements."""
        return self.filter(user.area(people=True).as_q("child__village__"))

    def reachable_by(self, user: User) -> MeasurementQuerySet:
        """Return those of the children ``reachable_by`` the user: for loading one by its id."""
        return self.filter(child__in=Child.objects.reachable_by(user))

    def in_force(self) -> MeasurementQuerySet:
        return self.filter(state=MeasurementState.IN_FORCE)


def _z(label: str) -> models.FloatField[float | None, float | None]:
    return models.FloatField(label, null=True, blank=True, help_text=_("z-score WHO 2006, dua desimal"))


def _flag(label: StrOrPromise) -> models.BooleanField[bool, bool]:
    return models.BooleanField(label, default=False)


class Measurement(models.Model):
    """What was seen on one day. Never edited: a correction supersedes it, a void says why.

    ``gain`` and nothing else may change later, since it depends on the measurements before it.
    """

    # Made by the one who recorded it, so that sending again is harmless.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="measurements", verbose_name=_("anak")
    )
    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        related_name="measurements",
        db_index=False,  # that of village and day begins with it
        verbose_name=_("desa/kelurahan"),
        help_text=_("tempat anak tinggal pada hari diukur"),
    )
    measured_on = models.DateField(_("tanggal ukur"))
    weight_kg = models.DecimalField(_("berat (kg)"), max_digits=5, decimal_places=3, null=True, blank=True)
    lenhei_cm = models.DecimalField(
        _("panjang/tinggi (cm)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    position = models.CharField(
        _("cara ukur"), max_length=1, choices=Position, blank=True, default=Position.UNKNOWN
    )
    muac_cm = models.DecimalField(_("LiLA (cm)"), max_digits=4, decimal_places=1, null=True, blank=True)
    head_cm = models.DecimalField(
        _("lingkar kepala (cm)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    oedema = models.BooleanField(_("bengkak (edema) di kedua punggung kaki"), default=False)

    # Worked out when recorded, by registry.growth.
    age_days = models.PositiveIntegerField(_("umur (hari)"))
    clenhei_cm = models.DecimalField(
        _("panjang/tinggi terkoreksi (cm)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    position_disbelieved = models.BooleanField(_("cara ukur tidak valid"), default=False)
    haz = _z("TB/U")
    waz = _z("BB/U")
    whz = _z("BB/TB")
    baz = _z("IMT/U")
    hcz = _z("LK/U")
    acz = _z("LiLA/U")
    haz_flag = _flag(_("TB/U tidak valid"))
    waz_flag = _flag(_("BB/U tidak valid"))
    whz_flag = _flag(_("BB/TB tidak valid"))
    baz_flag = _flag(_("IMT/U tidak valid"))
    hcz_flag = _flag(_("LK/U tidak valid"))
    acz_flag = _flag(_("LiLA/U tidak valid"))
    gain = models.CharField(_("kenaikan berat"), max_length=1, choices=Gain, blank=True)

    # Where it came from and what became of it.
    confirmed_doubts = models.JSONField(_("keraguan yang dipastikan"), default=list, blank=True)
    source = models.CharField(_("sumber"), max_length=4, choices=Source)
    upload = models.ForeignKey(
        "registry.Upload",
        on_delete=models.PROTECT,
        related_name="measurements",
        null=True,
        blank=True,
        verbose_name=_("berkas"),
    )
    recorded_by = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    received_at = models.DateTimeField(_("diterima pada"), default=timezone.now, editable=False)
    client_time = models.DateTimeField(_("jam di perangkat"), null=True, blank=True)
    state = models.CharField(
        _("status"), max_length=10, choices=MeasurementState, default=MeasurementState.IN_FORCE
    )
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="superseded_by",
        null=True,
        blank=True,
        verbose_name=_("mengganti"),
    )
    reason = models.CharField(_("alasan koreksi atau pembatalan"), max_length=200, blank=True)
    voided_by = models.ForeignKey(
        "registry.User",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,  # one of those that are, below
        verbose_name=_("dibatalkan oleh"),
    )
    voided_at = models.DateTimeField(_("dibatalkan pada"), null=True, blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengukuran")
        verbose_name_plural = _("pengukuran")
        ordering = ["child", "measured_on"]
        indexes = [
            models.Index(fields=["village", "measured_on"]),
            models.Index("voided_by", condition=Q(voided_by__isnull=False), name="measurement_voided_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                "child", "measured_on", name="measurement_once_a_day", condition=Q(state="in_force")
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True) | Q(weight_kg__range=("0.5", "40")),
                name="measurement_weight_range",
            ),
            models.CheckConstraint(
                condition=Q(lenhei_cm__isnull=True) | Q(lenhei_cm__range=("30", "140")),
                name="measurement_lenhei_range",
            ),
            models.CheckConstraint(
                condition=Q(muac_cm__isnull=True) | Q(muac_cm__range=("5", "35")),
                name="measurement_muac_range",
            ),
            models.CheckConstraint(
                condition=Q(head_cm__isnull=True) | Q(head_cm__range=("20", "65")),
                name="measurement_head_range",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=False)
                | Q(lenhei_cm__isnull=False)
                | Q(muac_cm__isnull=False)
                | Q(head_cm__isnull=False),
                name="measurement_not_empty",
            ),
            models.CheckConstraint(
                condition=~Q(state="void")
                | (~Q(reason="") & Q(voided_by__isnull=False) & Q(voided_at__isnull=False)),
                name="measurement_void_says_why",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(reason=""), name="measurement_correction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.measured_on}"

    @property
    def is_in_force(self) -> bool:
        return self.state == MeasurementState.IN_FORCE

    @property
    def is_pending_choice(self) -> bool:
        """Return whether another value of that day is in force, and the midwife has yet to choose."""
        return self.state == MeasurementState.PENDING_CHOICE
