"""The figures of a village and month, counted by ``registry.figures`` and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.child import Sex
from registry.models.place import Village

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AgeGroup(models.TextChoices):
    """Completed months, as ``registry.growth.AgeGroupCode``."""

    M00_05 = "00-05", _("0-5 bulan")
    M06_11 = "06-11", _("6-11 bulan")
    M12_23 = "12-23", _("12-23 bulan")
    M24_35 = "24-35", _("24-35 bulan")
    M36_47 = "36-47", _("36-47 bulan")
    M48_59 = "48-59", _("48-59 bulan")


class CountedMonth(models.Model):
    """A month whose figures are stored for every village. Its row is the lock that opens a month once."""

    month = models.DateField(_("bulan"), primary_key=True, help_text=_("hari pertama bulan"))
    opened_at = models.DateTimeField(_("dibuka pada"), auto_now_add=True)

    class Meta:
        verbose_name = _("bulan terhitung")
        verbose_name_plural = _("bulan terhitung")
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


def _count(label: StrOrPromise) -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(label, default=0)


class VillageMonth(models.Model):
    """Children of one village, month, sex and age group, counted by what ``docs/definitions.md`` says.

    A cell with no child in it has no row.
    """

    village = models.ForeignKey(
        Village,
        on_delete=models.CASCADE,
        related_name="months",
        db_index=False,  # that of each cell begins with it
        verbose_name=_("desa/kelurahan"),
    )
    month = models.DateField(_("bulan"), help_text=_("hari pertama bulan"))
    sex = models.PositiveSmallIntegerField(_("jenis kelamin"), choices=Sex)
    age_group = models.CharField(_("kelompok umur"), max_length=5, choices=AgeGroup)

    registered = _count(_("semua balita, terdaftar (S)"))
    measured = _count(_("diukur"))
    haz_believed = _count(_("TB/U valid"))
    stunted = _count(_("stunting"))
    severely_stunted = _count(_("sangat pendek"))
    waz_believed = _count(_("BB/U valid"))
    underweight = _count(_("berat badan kurang"))
    severely_underweight = _count(_("berat badan sangat kurang"))
    whz_believed = _count(_("BB/TB valid"))
    wasted = _count(_("gizi kurang atau buruk"))
    severely_wasted = _count(_("gizi buruk"))
    overweight = _count(_("gizi lebih atau obesitas"))
    gained = _count(_("naik (N)"))
    not_gained = _count(_("tidak naik (T)"))
    not_before = _count(_("tidak ditimbang bulan lalu (O)"))
    first = _count(_("baru (B)"))
    twice_not_gained = _count(_("berat tidak naik 2 bulan berturut-turut (2T)"))
    missed_twice = _count(_("dua bulan tidak diukur"))
    late = _count(_("diterima terlambat"))

    class Meta:
        verbose_name = _("angka desa per bulan")
        verbose_name_plural = _("angka desa per bulan")
        ordering = ["village", "month", "sex", "age_group"]
        # With the id, so that the version of a month is read from the index alone.
        indexes = [models.Index(fields=["month", "village", "id"])]
        constraints = [
            models.UniqueConstraint("village", "month", "sex", "age_group", name="village_month_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.month:%Y-%m} {self.sex} {self.age_group}"


class HeightSpread(models.Model):
    """How the heights for age that count in a village and month are spread, for comparing with WHO's curve.

    ``total`` and ``squares`` are sums of hundredths of an SD, whole numbers, so that sums over villages are
    exact; ``bins`` counts half SD from -6 to 6. A village month without such a child has no row.
    """

    village = models.ForeignKey(
        Village, on_delete=models.CASCADE, related_name="spreads", verbose_name=_("desa/kelurahan")
    )
    month = models.DateField(_("bulan"), help_text=_("hari pertama bulan"))
    count = models.PositiveIntegerField(_("TB/U valid"))
    total = models.BigIntegerField(_("jumlah z, perseratus"))
    squares = models.BigIntegerField(_("jumlah kuadrat z, persepuluh ribu"))
    bins = models.JSONField(_("banyaknya tiap setengah SD"))

    class Meta:
        verbose_name = _("sebaran TB/U desa per bulan")
        verbose_name_plural = _("sebaran TB/U desa per bulan")
        ordering = ["village", "month"]
        constraints = [models.UniqueConstraint("month", "village", name="height_spread_once")]

    def __str__(self) -> str:
        return f"{self.village_id} {self.month:%Y-%m} {self.count}"


class QualityMonth(models.Model):
    """How good the measurements of a month are: of a village, or of one posyandu or recorder in it.

    What ``registry.statistics.quality`` says. Graded in the night, since one save must not wait for it.
    """

    is_derived = True

    village = models.ForeignKey(
        Village,
        on_delete=models.CASCADE,
        related_name="qualities",
        db_index=False,  # that of village, month and posyandu begins with it
        verbose_name=_("desa/kelurahan"),
    )
    month = models.DateField(_("bulan"), help_text=_("hari pertama bulan"))
    posyandu = models.ForeignKey(
        "registry.Posyandu", on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("posyandu")
    )
    recorder = models.ForeignKey(
        "registry.User",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )
    count = models.PositiveIntegerField(_("anak diukur"))
    grade = models.CharField(_("mutu"), max_length=12)
    points = models.PositiveSmallIntegerField(_("poin"))
    possible = models.PositiveSmallIntegerField(_("poin paling banyak"))
    reasons = models.JSONField(_("sebab"), help_text=_("kode pemeriksaan dengan nilainya"))
    graded_at = models.DateTimeField(_("dinilai pada"), auto_now_add=True)

    class Meta:
        verbose_name = _("mutu data per bulan")
        verbose_name_plural = _("mutu data per bulan")
        ordering = ["village", "month"]
        indexes = [models.Index(fields=["month", "village"])]
        constraints = [
            models.UniqueConstraint(
                "village",
                "month",
                name="quality_once_a_village",
                condition=models.Q(posyandu__isnull=True, recorder__isnull=True),
            ),
            models.UniqueConstraint("village", "month", "posyandu", name="quality_once_a_posyandu"),
            models.UniqueConstraint("village", "month", "recorder", name="quality_once_a_recorder"),
            models.CheckConstraint(
                condition=models.Q(posyandu__isnull=True) | models.Q(recorder__isnull=True),
                name="quality_of_one_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.month:%Y-%m} {self.grade}"


# The counters of a cell, in the order they are reported.
COUNTERS = tuple(
    field.name for field in VillageMonth._meta.fields if type(field) is models.PositiveIntegerField
)
