"""Under which key the register's NIK are hashed."""

from __future__ import annotations

from django.db import models


class NikHashKey(models.Model):
    """One row: the key by whose hash NIK are found now. Nothing of the key itself can be told from it."""

    fingerprint = models.CharField(max_length=64, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.fingerprint[:8]
