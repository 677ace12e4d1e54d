"""Logs whose data was shown to whom."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from registry.access.reading import Readings
from registry.models import ReadLog, ReadSubject, User

_WAIT_MS = 500
"""How long a page waits for another writer of SQLite."""

logger = logging.getLogger(__name__)


def store_readings(user: User, readings: Readings, path: str) -> None:
    """Log what is new today of what ``user`` was shown at ``path``.

    A page does not wait for a database that is busy writing: what cannot be stored goes to the program's log.
    """
    today, start = timezone.localdate(), path[:20]
    shown = [(ReadSubject.CHILD, str(pk)) for pk in sorted(readings.children)]
    shown += [(ReadSubject.VILLAGE, code) for code in sorted(readings.villages)]
    shown += [(ReadSubject.NIK, str(pk)) for pk in sorted(readings.niks)]
    known = set(
        ReadLog.objects.filter(
            user=user, day=today, subject_id__in=[subject_id for _subject, subject_id in shown]
        ).values_list("subject", "subject_id")
    )
    rows = [
        ReadLog(
            user=user, day=today, subject=subject, subject_id=pk, path=start, reason=readings.reason[:200]
        )
        for subject, pk in shown
        if (subject, pk) not in known
    ]
    if not rows:
        return
    try:
        with _hardly_waiting():
            ReadLog.objects.bulk_create(rows, ignore_conflicts=True)
    except OperationalError as error:
        said = ", ".join(f"{row.subject} {row.subject_id}" for row in rows)
        logger.warning("not in the table of readings (%s): user %s, %s, %s", error, user.pk, start, said)


@contextmanager
def _hardly_waiting() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(settings.DATABASES["default"]["OPTIONS"]["timeout"] * 1000)
    try:
        _set_busy_timeout(_WAIT_MS)
        yield
    finally:
        _set_busy_timeout(usual)


def _set_busy_timeout(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
