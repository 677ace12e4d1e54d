"""What left the register as files that name children, or describe each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.access import Role
from registry.models.place import District

if TYPE_CHECKING:
    from registry.models.access import User


class ExportKind(models.TextChoices):
    """What a file holds. The values are for programs and never change."""

    EPPGBM = "eppgbm", _("e-PPGBM")
    SIGIZI_IDENTITY = "sigizi-identitas", _("Sigizi, identitas")
    SIGIZI_MEASUREMENT = "sigizi-pengukuran", _("Sigizi, pengukuran")
    ANTHRO = "anthro", _("WHO Anthro dan ENA, tanpa nama")
    SHOWN = "daftar-halaman", _("Daftar di halaman")


LAYOUTS = tuple(kind for kind in ExportKind if kind != ExportKind.SHOWN)
"""What ``/export/`` writes; a list of a page is taken where it stands."""


class ExportForm(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (.xlsx)"
    XLS = "xls", "Excel 97-2003 (.xls)"


class ExportLogQuerySet(models.QuerySet["ExportLog"]):
    def visible_to(self, user: User) -> ExportLogQuerySet:
        """Return the user's own, and for those who answer for a kabupaten all that left it."""
        if not user.is_active:
            return self.none()
        answers_for = user.area(roles=(Role.ADMIN, Role.DISTRICT)).districts
        return self.filter(Q(user=user) | Q(district__in=answers_for))


class ExportLog(models.Model):
    """One file: who took it, of where and when, how many children, and whether with their NIK.

    It is written before the first byte is handed over, and never changes.
    """

    user = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="exports", verbose_name=_("pengguna")
    )
    at = models.DateTimeField(_("pada"), auto_now_add=True)
    kind = models.CharField(_("isi"), max_length=20, choices=ExportKind)
    page = models.CharField(
        _("halaman"), max_length=80, blank=True, help_text=_("daftar mana, dan bagaimana disaring")
    )
    form = models.CharField(_("format"), max_length=4, choices=ExportForm)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="+", verbose_name=_("kabupaten")
    )
    place_code = models.CharField(_("kode wilayah"), max_length=20)
    month_from = models.DateField(_("dari bulan"), null=True, blank=True, help_text=_("hari pertama bulan"))
    month_to = models.DateField(_("sampai bulan"), null=True, blank=True, help_text=_("hari pertama bulan"))
    rows = models.PositiveIntegerField(_("baris"))
    children = models.PositiveIntegerField(_("anak"))
    withheld = models.PositiveIntegerField(
        _("tidak disertakan"), default=0, help_text=_("anak yang persetujuan orang tuanya dicabut")
    )
    unmasked = models.BooleanField(_("dengan NIK utuh"), default=False)
    reason = models.CharField(_("alasan"), max_length=200, blank=True)

    objects = ExportLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("berkas keluar")
        verbose_name_plural = _("berkas keluar")
        ordering = ["-at"]
        indexes = [models.Index(fields=["district", "-at"], name="export_by_district")]
        constraints = [
            models.CheckConstraint(
                condition=Q(unmasked=False) | ~Q(reason=""), name="export_with_nik_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place_code} {timezone.localdate(self.at):%Y-%m-%d}"
