"""What was handed in as files."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.models.access import User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> UploadQuerySet:
        """A file full of children's data is for whoever handed it in."""
        return self.filter(user=user)


class Upload(models.Model):
    """A file handed in: sealed until it is taken in or thrown away, its report kept after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="uploads", verbose_name=_("pengguna")
    )
    file_name = models.CharField(_("nama berkas"), max_length=200)
    sha256 = models.CharField(_("sidik berkas"), max_length=64, db_index=True)
    content_sealed = models.BinaryField(_("isi (tersandi)"), editable=False, blank=True)
    created_at = models.DateTimeField(_("diunggah pada"), auto_now_add=True)
    committed_at = models.DateTimeField(_("disimpan pada"), null=True, blank=True)
    # Counts by outcome only; rows name people and are worked out again when shown.
    summary = models.JSONField(_("ringkasan"), default=dict, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("berkas masuk")
        verbose_name_plural = _("berkas masuk")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
