"""What was put right of a child, place, appointment, account or target: who, when, why, what stood before."""

from __future__ import annotations

import json

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.nik import seal, unseal


class ChangeSubject(models.TextChoices):
    """What a change is about. The values are for programs and never change."""

    CHILD = "child", _("anak")
    VILLAGE = "village", _("desa/kelurahan")
    APPOINTMENT = "appointment", _("penunjukan KPM")
    ACCOUNT = "account", _("akun")
    TARGET = "target", _("target")
    BENEFICIARY = "beneficiary", _("sasaran layanan")
    EVENT = "event", _("kegiatan")


class ChangeLog(models.Model):
    """One field that was changed. It is written with the change, and never changes.

    ``subject_id`` is the id, code or number of the subject and no foreign key: the log outlives it. All
    changes of one action have the same ``at``. Nobody: a command or a migration changed it.
    """

    subject = models.CharField(_("tentang"), max_length=11, choices=ChangeSubject)
    subject_id = models.CharField(_("nomor"), max_length=36)
    field = models.CharField(_("isian"), max_length=30)
    values_sealed = models.TextField(_("nilai lama dan baru (tersandi)"), editable=False)
    by = models.ForeignKey(
        "registry.User",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("diubah oleh"),
    )
    at = models.DateTimeField(_("pada"), default=timezone.now, editable=False)
    reason = models.CharField(_("alasan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("perubahan")
        verbose_name_plural = _("perubahan")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "subject_id", "at"], name="change_by_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=ChangeSubject.values), name="change_subject_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.field} {timezone.localdate(self.at):%Y-%m-%d}"

    @staticmethod
    def seal_values(old: str, new: str) -> str:
        """Return both values as they are stored: values of a child say who it is, so none stands readable."""
        return seal(json.dumps([old, new], ensure_ascii=False))

    @property
    def values(self) -> tuple[str, str]:
        """Return the old and the new value, each empty where there was none.

        Raises ``cryptography.fernet.InvalidToken`` when no key fits.
        """
        old, new = json.loads(unseal(self.values_sealed))
        return old, new
