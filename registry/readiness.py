"""What the register needs before it can answer: a database, its migrations, a worker that keeps up."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.db.outage import is_outage
from registry.observability.heartbeat import is_any_alive

WORKER_PATIENCE = timedelta(minutes=10)
"""A worker that runs begins a task within seconds, or after the large file before it."""


def list_what_is_not_ready() -> list[str]:
    """Return ``database``, ``migrations`` or ``worker``, whichever does not let the register work now."""
    try:
        if list_missing_migrations():
            return ["migrations"]
        return [] if is_any_alive() and not count_late_tasks() else ["worker"]
    except Error as error:
        if not is_outage(error):
            raise
        return ["database"]


def list_missing_migrations() -> list[tuple[str, str]]:
    """Return the app and name of each migration of this version that the database has not had."""
    return sorted(_list_known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@cache
def _list_known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


def count_late_tasks() -> int:
    """Return how many tasks have waited for the worker for too long."""
    now = timezone.now()
    since = now - WORKER_PATIENCE
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=since)
    return waiting.exclude(run_after__range=(since, now)).count()
