"""Which villages are lokus of a year: named by decree, where the programme looks first."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Village


class LokusVillage(models.Model):
    """A village that a decree names for a year. A mistaken one is removed; the change log keeps it."""

    year = models.PositiveSmallIntegerField(_("tahun"))
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="lokus_years", verbose_name=_("desa/kelurahan")
    )
    decree_number = models.CharField(_("nomor SK"), max_length=60)
    decree_date = models.DateField(_("tanggal SK"))

    class Meta:
        verbose_name = _("desa lokus")
        verbose_name_plural = _("desa lokus")
        ordering = ["-year", "village"]
        constraints = [
            models.UniqueConstraint("year", "village", name="lokus_once_a_year"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="lokus_year_range"),
            models.CheckConstraint(condition=~Q(decree_number=""), name="lokus_has_decree"),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}"

    @property
    def words(self) -> str:
        """Return what the change log says of it."""
        return f"{self.year}: {self.decree_number}, {self.decree_date:%Y-%m-%d}"
