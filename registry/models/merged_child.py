"""A record of a child that was merged into another one of the same child."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.child import Child

UNDO_DAYS = 30
"""So long a merge can be undone. Then what it changed is forgotten, and only the old id stays."""


class MergedChild(models.Model):
    """The id of a record that is gone, and the record that has become its: it answers under both ids."""

    id = models.UUIDField(primary_key=True, editable=False)  # that the merged record had
    kept = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="merged", verbose_name=_("digabung ke")
    )
    # As of the child: the same entry sent again is known by it.
    entry_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Both records as they were, sealed: it names them. Empty once nobody can undo the merge any more.
    snapshot_sealed = models.BinaryField(default=b"", editable=False)
    by = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("digabung oleh")
    )
    at = models.DateTimeField(_("digabung pada"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("catatan ganda yang digabung")
        verbose_name_plural = _("catatan ganda yang digabung")
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def can_be_undone(self) -> bool:
        """Return whether what the merge changed is still known."""
        return bool(self.snapshot_sealed) and timezone.now() < self.at + timedelta(days=UNDO_DAYS)
