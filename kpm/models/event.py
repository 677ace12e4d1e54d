"""Coordination meetings, trainings and *rembuk*, and which cadres came."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpm.models.cadre import Cadre


class EventKind(models.TextChoices):
    RAKOR = "rakor", _("rapat koordinasi")
    TRAINING = "training", _("pelatihan")
    REMBUK = "rembuk", _("rembuk stunting")


class Event(models.Model):
    """Something cadres of the whole district are called to. One day, or up to ``end_date``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("jenis"), max_length=8, choices=EventKind)
    title = models.CharField(_("judul"), max_length=160)
    date = models.DateField(_("tanggal"))
    end_date = models.DateField(_("sampai tanggal"), null=True, blank=True)
    place = models.CharField(_("tempat"), max_length=120, blank=True)
    topic = models.CharField(_("pokok bahasan"), max_length=300, blank=True)
    cadres = models.ManyToManyField(
        Cadre, through="Attendance", related_name="events", verbose_name=_("yang hadir")
    )

    class Meta:
        verbose_name = _("kegiatan")
        verbose_name_plural = _("kegiatan")
        ordering = ["-date", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("date")),
                name="event_days_in_order",
                violation_error_message=_("Tanggal selesai tidak bisa sebelum tanggal mulai."),
            ),
            models.CheckConstraint(condition=~Q(title=""), name="event_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """A cadre came to an event."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="attendances", verbose_name=_("kegiatan")
    )
    cadre = models.ForeignKey(
        Cadre, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("kader (KPM)")
    )

    class Meta:
        verbose_name = _("kehadiran")
        verbose_name_plural = _("kehadiran")
        ordering = ["event", "cadre"]
        constraints = [models.UniqueConstraint("event", "cadre", name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.cadre} - {self.event}"
