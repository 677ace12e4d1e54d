"""Coordination meetings, trainings, *rembuk* and *musdes*: which cadres came, and what was decided."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpm.models.cadre import Cadre
from registry.models import Role, User, Village


class EventKind(models.TextChoices):
    RAKOR = "rakor", _("rapat koordinasi")
    TRAINING = "training", _("pelatihan")
    REMBUK = "rembuk", _("rembuk stunting")
    MUSDES = "musdes", _("musyawarah desa")


OF_A_VILLAGE = (EventKind.REMBUK, EventKind.MUSDES)
"""Kinds that a village holds; the others, and a *rembuk* without a village, are the district's."""

STEERING = (Role.KECAMATAN, Role.DISTRICT, Role.ADMIN)
"""Who appoints KPM, and sees the district's events."""


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User) -> EventQuerySet:
        """Return those of the villages where ``user`` works with people; the district's for its officers."""
        of_the_village = user.area(people=True).as_q("village__")
        return self.filter(of_the_village | Q(village=None) if user.has_role(*STEERING) else of_the_village)


class Event(models.Model):
    """Something cadres are called to, of the district or of one village. One day, or up to ``end_date``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("jenis"), max_length=8, choices=EventKind)
    title = models.CharField(_("judul"), max_length=160)
    date = models.DateField(_("tanggal"))
    end_date = models.DateField(_("sampai tanggal"), null=True, blank=True)
    place = models.CharField(_("tempat"), max_length=120, blank=True)
    topic = models.CharField(_("pokok bahasan"), max_length=300, blank=True)
    agenda = models.TextField(_("agenda"), max_length=2000, blank=True, db_default="")
    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        related_name="events",
        db_index=False,  # some dozens of rows a year
        null=True,
        blank=True,
        verbose_name=_("desa/kelurahan"),
        help_text=_("Kosong: kegiatan kabupaten."),
    )
    cadres = models.ManyToManyField(
        Cadre, through="Attendance", related_name="events", verbose_name=_("yang hadir")
    )
    invited = models.ManyToManyField(
        Cadre,
        related_name="invitations",
        blank=True,
        verbose_name=_("yang diundang"),
        help_text=_("Kosong: semua KPM yang bertugas."),
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("kegiatan")
        verbose_name_plural = _("kegiatan")
        ordering = ["-date", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("date")),
                name="event_days_in_order",
                violation_error_message=_("Tanggal selesai tidak boleh sebelum tanggal mulai."),
            ),
            models.CheckConstraint(condition=~Q(title=""), name="event_has_title"),
            models.CheckConstraint(
                condition=Q(village=None) & ~Q(kind=EventKind.MUSDES)
                | Q(village__isnull=False, kind__in=OF_A_VILLAGE),
                name="event_kind_fits_place",
                violation_error_message=_(
                    "Musyawarah desa adalah kegiatan satu desa; rapat koordinasi dan pelatihan "
                    "kegiatan kabupaten."
                ),
            ),
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


class EventDecisionQuerySet(models.QuerySet["EventDecision"]):
    def asked_at(self, event: Event) -> EventDecisionQuerySet:
        """Return what earlier events of that kind and place left open until the day of ``event``."""
        earlier = self.filter(
            event__kind=event.kind, event__village=event.village_id, event__date__lt=event.date
        )
        return earlier.filter(Q(done_on=None) | Q(done_on__gte=event.date))


class EventDecision(models.Model):
    """What an event decided: who does it until when, and once it is done what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("kegiatan")
    )
    text = models.CharField(_("keputusan"), max_length=500)
    responsible = models.CharField(_("penanggung jawab"), max_length=120)
    due_on = models.DateField(_("paling lambat"), null=True, blank=True)
    done_on = models.DateField(_("selesai pada"), null=True, blank=True)
    outcome = models.CharField(_("hasil"), max_length=300, blank=True)

    objects = EventDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("keputusan kegiatan")
        verbose_name_plural = _("keputusan kegiatan")
        ordering = [F("due_on").asc(nulls_last=True), "text"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(outcome=""),
                name="decision_done_says_outcome",
                violation_error_message=_("Tulis apa hasilnya."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_overdue(self, day: date) -> bool:
        """Return whether it is open on ``day``, after the last day that was agreed."""
        is_open = self.done_on is None or self.done_on > day
        return is_open and self.due_on is not None and self.due_on < day


class EventMaterialManager(models.Manager["EventMaterial"]):
    """Leaves the file itself in the database until somebody takes it."""

    def get_queryset(self) -> models.QuerySet[EventMaterial]:
        return super().get_queryset().defer("content_sealed").filter(taken_back_at=None)


class EventMaterial(models.Model):
    """A file for those who see the event, sealed. One handed in by mistake is taken back, and empty then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="materials", verbose_name=_("kegiatan")
    )
    file_name = models.CharField(_("nama berkas"), max_length=200)
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    content_sealed = models.BinaryField(_("isi (tersandi)"), editable=False, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("diunggah oleh")
    )
    uploaded_at = models.DateTimeField(_("diunggah pada"), auto_now_add=True)
    taken_back_at = models.DateTimeField(_("ditarik kembali pada"), null=True, blank=True)

    objects = EventMaterialManager()

    class Meta:
        verbose_name = _("bahan kegiatan")
        verbose_name_plural = _("bahan kegiatan")
        ordering = ["uploaded_at"]

    def __str__(self) -> str:
        return self.file_name
