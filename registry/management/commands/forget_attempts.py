"""Deletes old failed sign-ins and the addresses that a name signed in from. The night job calls it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.management.base import BaseCommand
from django.utils import timezone

KEPT = timedelta(days=7)
"""Long enough to look into a night of guessing; the lock itself lasts a quarter of an hour."""

USUAL_ADDRESS = timedelta(days=30)
"""A session lasts two weeks: who comes back from her usual address is known there still."""


class Command(BaseCommand):
    help = "Menghapus catatan masuk: yang gagal sesudah 7 hari, alamat yang biasa sesudah 30 hari."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for model in (AccessAttempt, AccessFailureLog):
            model.objects.filter(attempt_time__lt=now - KEPT).delete()
        AccessLog.objects.filter(attempt_time__lt=now - USUAL_ADDRESS).delete()
