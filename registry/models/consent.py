"""What a parent agrees to, and that a parent has agreed or no longer does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.child import Child

if TYPE_CHECKING:
    from datetime import date


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def in_use_on(self, day: date) -> ConsentTextQuerySet:
        """Return the versions that a parent can have agreed to by ``day``, newest first."""
        return self.filter(since__lte=day)


class ConsentText(models.Model):
    """A version of the text. It never changes: a parent has agreed to these words."""

    version = models.PositiveSmallIntegerField(_("versi"), unique=True)
    since = models.DateField(_("berlaku sejak"))
    text = models.TextField(_("isi persetujuan"))
    text_en = models.TextField(_("isi dalam bahasa Inggris"), blank=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("naskah persetujuan")
        verbose_name_plural = _("naskah persetujuan")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.version} ({self.since:%Y-%m-%d})"


class ConsentKind(models.TextChoices):
    """What a parent has said. The values are for programs and never change."""

    GIVEN = "given", _("setuju")
    WITHDRAWN = "withdrawn", _("dicabut")


class ParentRelation(models.TextChoices):
    MOTHER = "mother", _("ibu")
    FATHER = "father", _("ayah")
    GUARDIAN = "guardian", _("wali")


class ConsentMethod(models.TextChoices):
    SIGNED = "signed", _("ditandatangani di kertas")
    SPOKEN = "spoken", _("lisan di depan saksi")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def withdrawn(self) -> ConsentQuerySet:
        """Return the withdrawals that hold: those after which nobody has agreed again."""
        after = Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), pk__gt=OuterRef("pk"))
        again = Consent.objects.filter(after, kind=ConsentKind.GIVEN, child=OuterRef("child"))
        return self.filter(~Exists(again), kind=ConsentKind.WITHDRAWN)


class Consent(models.Model):
    """A parent agreed, or withdrew that, on a day. It never changes: the newest row says what holds."""

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="consents", verbose_name=_("anak")
    )
    kind = models.CharField(_("isi"), max_length=9, choices=ConsentKind)
    text = models.ForeignKey(
        ConsentText,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("naskah persetujuan"),
    )
    on = models.DateField(_("tanggal"))
    # Empty once the child's record is pseudonymised.
    person_name = models.CharField(_("nama"), max_length=120, blank=True)
    relation = models.CharField(_("hubungan"), max_length=8, choices=ParentRelation)
    method = models.CharField(_("cara"), max_length=6, choices=ConsentMethod, blank=True)
    recorded_by = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    recorded_at = models.DateTimeField(_("dicatat pada"), default=timezone.now, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("persetujuan orang tua")
        verbose_name_plural = _("persetujuan orang tua")
        ordering = ["-on", "-pk"]
        indexes = [models.Index("child", condition=Q(kind="withdrawn"), name="consent_withdrawn")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="given", text__isnull=False) & ~Q(method="")
                | Q(kind="withdrawn", text__isnull=True, method=""),
                name="consent_given_says_to_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%Y-%m-%d}"

    @property
    def is_withdrawn(self) -> bool:
        return self.kind == ConsentKind.WITHDRAWN
