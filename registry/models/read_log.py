"""Whose data was shown to whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadSubject(models.TextChoices):
    """What was shown. The values are for programs and never change."""

    CHILD = "child", _("anak")
    VILLAGE = "village", _("daftar anak sebuah desa")
    NIK = "nik", _("NIK anak di luar wilayah kerja")


class ReadLog(models.Model):
    """A child, or the list of a village's children, that a user has looked at on a day: once each.

    Also that a user has sent a NIK which a child out of sight has, and was told so.

    It is added to and never changes. ``subject_id`` is the id or code of the subject and no foreign key: the
    log outlives it. Who takes a file stands in ``ExportLog``, who writes in what was written.
    """

    user = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("pengguna")
    )
    day = models.DateField(_("tanggal"))
    at = models.DateTimeField(_("pertama pada"), auto_now_add=True)
    subject = models.CharField(_("yang dibaca"), max_length=7, choices=ReadSubject)
    subject_id = models.CharField(_("nomor"), max_length=36)
    path = models.CharField(_("lewat"), max_length=20, help_text=_("awal alamatnya"))
    reason = models.CharField(_("alasan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pembacaan data anak")
        verbose_name_plural = _("pembacaan data anak")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint("subject_id", "day", "user", "subject", name="read_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} {self.day}"
