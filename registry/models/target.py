"""What the district wants to reach and what surveys have found: dated rows, not constants."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.place import District

_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class Indicator(models.TextChoices):
    STUNTED = "stunted", _("stunting")
    WASTED = "wasted", _("gizi kurang atau buruk")
    UNDERWEIGHT = "underweight", _("berat badan kurang")
    OVERWEIGHT = "overweight", _("gizi lebih atau obesitas")


class Survey(models.TextChoices):
    RISKESDAS = "riskesdas", "Riskesdas"
    SSGBI = "ssgbi", "SSGBI"
    SSGI = "ssgi", "SSGI"
    SKI = "ski", "SKI"


class Target(models.Model):
    """The percentage the district wants to be at or under in a year."""

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="targets", verbose_name=_("kabupaten")
    )
    year = models.PositiveSmallIntegerField(
        _("tahun"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    indicator = models.CharField(_("indikator"), max_length=11, choices=Indicator, default=Indicator.STUNTED)
    percent = models.DecimalField(_("persen"), max_digits=4, decimal_places=1, validators=_PERCENT)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("target")
        ordering = ["-year", "indicator"]
        constraints = [
            models.UniqueConstraint("district", "year", "indicator", name="target_once"),
            models.CheckConstraint(condition=models.Q(percent__range=(0, 100)), name="target_percent_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} {self.year}: {self.percent}%"


class SurveyEstimate(models.Model):
    """What a household survey estimated for the district. Never drawn as one line with the register."""

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("kabupaten")
    )
    year = models.PositiveSmallIntegerField(
        _("tahun"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    survey = models.CharField(_("survei"), max_length=9, choices=Survey)
    indicator = models.CharField(_("indikator"), max_length=11, choices=Indicator, default=Indicator.STUNTED)
    percent = models.DecimalField(_("persen"), max_digits=5, decimal_places=2, validators=_PERCENT)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("hasil survei")
        verbose_name_plural = _("hasil survei")
        ordering = ["year", "survey", "indicator"]
        constraints = [
            models.UniqueConstraint("district", "year", "survey", "indicator", name="survey_once"),
            models.CheckConstraint(condition=models.Q(percent__range=(0, 100)), name="survey_percent_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_survey_display()} {self.year}: {self.percent}%"
