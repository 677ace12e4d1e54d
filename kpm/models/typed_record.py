"""What tables of typed records have in common: who typed it, and that a mistaken one is taken back."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import User


class Retractable(models.Model):
    """A row that is taken back when it was a mistake, and never deleted."""

    taken_back_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("dihapus oleh"),
    )
    taken_back_at = models.DateTimeField(_("dihapus pada"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class TypedRecord(Retractable):
    """What somebody typed of a day, under an id that the typing device made."""

    id = models.UUIDField(primary_key=True, editable=False)
    on = models.DateField(_("tanggal"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    recorded_at = models.DateTimeField(_("dicatat pada"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
