"""What was handed in as files."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.models.access import User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> UploadQuerySet:
        """Return the user's own: a file of children's data is for the one who handed it in."""
        return self.filter(user=user)


_UploadManager = models.Manager.from_queryset(UploadQuerySet)


class UploadManager(_UploadManager["Upload"]):
    """Leaves the file itself in the database: it may be large, and few who ask for an upload read it."""

    def get_queryset(self) -> UploadQuerySet:
        return UploadQuerySet(self.model, using=self._db).defer("content_sealed")


class UploadStep(models.TextChoices):
    """What is being done with a file, or what it waits for."""

    WAITING = "waiting", _("menunggu diperiksa")
    CHECKING = "checking", _("sedang diperiksa")
    CHECKED = "checked", _("selesai diperiksa")
    QUEUED = "queued", _("menunggu disimpan")
    WRITING = "writing", _("sedang disimpan")
    WRITTEN = "written", _("sudah disimpan")
    LEAVING = "leaving", _("sedang ditarik kembali")
    TAKEN_BACK = "taken_back", _("sudah ditarik kembali")


class RowOutcome(models.TextChoices):
    """What becomes of a row of a file. The values are for programs and never change."""

    NEW_CHILD = "new_child", _("Anak baru")
    NEW_PERSON = "new_person", _("Sasaran baru")
    MEASURED = "measured", _("Pengukuran baru")
    DOUBTFUL = "doubtful", _("Meragukan")
    COMPLETED = "completed", _("Dilengkapi")
    SAME = "same", _("Sudah ada")
    ASK = "ask", _("Perlu diputuskan")
    REFUSED = "refused", _("Ditolak")
    SKIPPED = "skipped", _("Dilewati")

    @property
    def words(self) -> str | Promise:
        return self.label

    @property
    def tone(self) -> str:
        """Return how it is shown: good, watch, act or none."""
        return _TONES.get(self, "none")


_TONES = {
    RowOutcome.NEW_CHILD: "good",
    RowOutcome.NEW_PERSON: "good",
    RowOutcome.MEASURED: "good",
    RowOutcome.COMPLETED: "good",
    RowOutcome.DOUBTFUL: "watch",
    RowOutcome.ASK: "watch",
    RowOutcome.REFUSED: "act",
}


class Upload(models.Model):
    """A file handed in: sealed until it is taken in or thrown away, its report kept after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="uploads", verbose_name=_("pengguna")
    )
    file_name = models.CharField(_("nama berkas"), max_length=200)
    # What its rows are of, by the name of a registry.imports.row_writers.RowWriter; empty: measurements.
    kind = models.CharField(_("jenis berkas"), max_length=20, blank=True, default="", db_default="")
    sha256 = models.CharField(_("sidik berkas"), max_length=64, db_index=True)
    content_sealed = models.BinaryField(_("isi (tersandi)"), editable=False, blank=True)
    created_at = models.DateTimeField(_("diunggah pada"), auto_now_add=True)

    # What is done with it in the background; how far that is stands in the cache "progress".
    step = models.CharField(_("langkah"), max_length=11, choices=UploadStep, default=UploadStep.WAITING)
    moved_at = models.DateTimeField(_("langkah sejak"), null=True, blank=True)
    problem = models.CharField(_("masalah"), max_length=500, blank=True)
    problem_code = models.CharField(_("kode masalah"), max_length=40, blank=True)
    answered_at = models.DateTimeField(_("dijawab pada"), null=True, blank=True)
    # What its owner has said that the file leaves open: village, order of dates, columns, which part.
    answers = models.JSONField(_("jawaban"), default=dict, blank=True)
    # The report of the check, sealed since it names people; gone with the file.
    report_sealed = models.BinaryField(_("hasil pemeriksaan (tersandi)"), editable=False, blank=True)

    # What it changed in children who were there before, sealed: needed to take it back, gone with that.
    changes_sealed = models.BinaryField(_("perubahan (tersandi)"), editable=False, blank=True)

    committed_at = models.DateTimeField(_("disimpan pada"), null=True, blank=True)
    # Counts by outcome only; rows name people and are worked out again when shown.
    summary = models.JSONField(_("ringkasan"), default=dict, blank=True)
    taken_back_at = models.DateTimeField(_("ditarik kembali pada"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        "registry.User",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("ditarik kembali oleh"),
    )

    objects = UploadManager()

    class Meta:
        verbose_name = _("berkas masuk")
        verbose_name_plural = _("berkas masuk")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_answered_since(self) -> bool:
        """Return whether something was answered or decided that the last check does not know."""
        return self.answered_at is not None and (self.moved_at is None or self.answered_at > self.moved_at)


class UploadPlan(models.Model):
    """What a large checked file would write, sealed; apart from the file, since only its import reads it.

    ``state`` is a digest of the register that it was planned for.
    """

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, primary_key=True, related_name="plan")
    state = models.CharField(max_length=64)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.upload)
