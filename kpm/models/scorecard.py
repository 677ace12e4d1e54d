"""The scorecard of a village and quarter as it was published, and the numbers it is judged by."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import User, Village


class ScorecardRule(models.Model):
    """The numbers of the scorecard that a district sets, in force from the quarter of ``since`` on."""

    NUMBERS: ClassVar = (
        *("tablets_a_month", "tablets", "pregnancy_days", "postnatal_visits", "postnatal_days"),
        *("height_months", "lessons_percent"),
    )

    since = models.DateField(_("berlaku sejak"), unique=True)
    weeks_due = models.CharField(_("minggu kehamilan ANC dan kelas"), max_length=40, default="12,24,32,36")
    tablets_a_month = models.PositiveSmallIntegerField(_("tablet sebulan"), default=30)
    tablets = models.PositiveSmallIntegerField(_("tablet seluruhnya"), default=90)
    pregnancy_days = models.PositiveSmallIntegerField(_("hari kehamilan paling lama"), default=294)
    postnatal_visits = models.PositiveSmallIntegerField(_("kunjungan nifas"), default=3)
    postnatal_days = models.PositiveSmallIntegerField(_("hari nifas"), default=42)
    height_months = models.PositiveSmallIntegerField(_("bulan untuk satu ukuran tinggi"), default=6)
    lessons_percent = models.PositiveSmallIntegerField(_("kehadiran PAUD (%)"), default=80)

    class Meta:
        verbose_name = _("aturan skor konvergensi")
        verbose_name_plural = _("aturan skor konvergensi")
        ordering = ["since"]

    def __str__(self) -> str:
        return str(self.since)


class Scorecard(models.Model):
    """The score of a village and quarter as its KPM has published it; what comes later does not change it.

    ``cells``: yes and applicable of each indicator, by ``group.indicator``.
    """

    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="scorecards", verbose_name=_("desa/kelurahan")
    )
    year = models.PositiveSmallIntegerField(_("tahun"))
    quarter = models.PositiveSmallIntegerField(_("triwulan"))
    published_on = models.DateField(_("ditutup pada"))
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("ditutup oleh")
    )
    people = models.PositiveIntegerField(_("orang"))
    cells: Any = models.JSONField(_("angka"), default=dict)

    class Meta:
        verbose_name = _("kartu skor desa")
        verbose_name_plural = _("kartu skor desa")
        ordering = ["-year", "-quarter", "village"]
        constraints = [
            models.UniqueConstraint("village", "year", "quarter", name="scorecard_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="scorecard_quarter_range"),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.year}-{self.quarter}"
