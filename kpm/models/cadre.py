"""Who is the KPM of a village, by which decree and from when to when."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import Sex, User, Village

ENDING_SOON = timedelta(days=60)
"""A village needs about that long for a musyawarah desa and a decree."""

ADULT_SEXES = [
    (Sex.BOY, pgettext_lazy("orang dewasa", "Laki-laki")),
    (Sex.GIRL, pgettext_lazy("orang dewasa", "Perempuan")),
]
"""The words of ``Sex`` for a grown person: in English a KPM is no girl."""


class CadreQuerySet(models.QuerySet["Cadre"]):
    def visible_to(self, user: User) -> CadreQuerySet:
        """Return cadres of the villages where ``user`` works with people."""
        return self.filter(user.area(people=True).as_q("village__"))

    def in_office(self, day: date) -> CadreQuerySet:
        """Return those whose term covers ``day``; the last day of a term is part of it."""
        return self.filter(Q(term_end__isnull=True) | Q(term_end__gte=day), term_start__lte=day)

    def ending_soon(self, day: date) -> CadreQuerySet:
        """Return those in office on ``day`` whose term ends within ENDING_SOON."""
        return self.in_office(day).filter(term_end__lte=day + ENDING_SOON)


class Cadre(models.Model):
    """One term of one KPM in one village. A village has one at a time; the past ones stay on record."""

    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="cadres", verbose_name=_("desa/kelurahan")
    )
    full_name = models.CharField(_("nama lengkap"), max_length=120)
    sex = models.PositiveSmallIntegerField(_("jenis kelamin"), choices=ADULT_SEXES, null=True, blank=True)
    phone = models.CharField(_("nomor telepon"), max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="cadre_terms",
        null=True,
        blank=True,
        verbose_name=_("akun"),
    )
    musyawarah_desa_date = models.DateField(_("tanggal musyawarah desa"), null=True, blank=True)
    decree_number = models.CharField(_("nomor SK kepala desa"), max_length=60, blank=True)
    decree_date = models.DateField(_("tanggal SK"), null=True, blank=True)
    term_start = models.DateField(_("mulai bertugas"))
    term_end = models.DateField(_("hari terakhir bertugas"), null=True, blank=True)
    handed_over_on = models.DateField(_("serah terima pada"), null=True, blank=True)
    handover_note = models.CharField(
        _("kepada siapa, apa yang diserahkan"), max_length=300, blank=True, db_default=""
    )

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = _("kader (KPM)")
        verbose_name_plural = _("kader (KPM)")
        ordering = ["village", "-term_start"]
        constraints = [
            models.UniqueConstraint(
                "village",
                name="cadre_one_open_term",
                condition=Q(term_end__isnull=True),
                violation_error_message=_("Desa ini masih punya KPM. Akhiri dulu masa tugasnya."),
            ),
            models.UniqueConstraint(
                "village",
                "term_start",
                name="cadre_once_a_start",
                violation_error_message=_("Sudah ada KPM desa ini yang mulai bertugas pada tanggal itu."),
            ),
            models.CheckConstraint(
                condition=Q(term_end__isnull=True) | Q(term_end__gte=F("term_start")),
                name="cadre_term_in_order",
                violation_error_message=_("Hari terakhir bertugas tidak boleh sebelum mulai bertugas."),
            ),
            models.CheckConstraint(condition=~Q(full_name=""), name="cadre_has_name"),
        ]

    def __str__(self) -> str:
        return self.full_name
