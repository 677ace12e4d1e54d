"""Deletes old failed sign-ins. The night job calls it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.management.base import BaseCommand
from django.utils import timezone

KEPT = timedelta(days=7)
"""Long enough to look into a night of guessing; the lock itself lasts a quarter of an hour."""


class Command(BaseCommand):
    help = "Menghapus catatan masuk yang gagal, yang lebih tua dari tujuh hari."

    def handle(self, *args: Any, **options: Any) -> None:
        until = timezone.now() - KEPT
        for model in (AccessAttempt, AccessFailureLog, AccessLog):
            model.objects.filter(attempt_time__lt=until).delete()
