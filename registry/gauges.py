"""What ``/metrics`` says of now: tasks, the worker, figures, the backup, the disk. No number of people."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, Max, Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from registry.db.outage import is_outage
from registry.models import CountedMonth
from registry.observability.heartbeat import find_last_beat
from registry.observability.marks import BACKUP, FIGURES_CHECK, find_done


class Gauges(Collector):
    """Looks when it is asked; without a database it says that there is none, and the rest."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each gauge."""
        last = find_last_beat()
        age = float("inf") if last is None else max(0.0, time.time() - last)
        yield _gauge("worker_beat_age_seconds", "Since a worker last said that it runs", age)
        yield _gauge(
            "disk_free_bytes", "Free where the register lies", shutil.disk_usage(settings.BASE_DIR).free
        )
        if backup := find_done(BACKUP):
            yield _gauge("backup_timestamp_seconds", "End of the last backup made here", backup[0])
        if check := find_done(FIGURES_CHECK):
            yield _gauge("figures_check_timestamp_seconds", "End of the last check of the figures", check[0])
            yield _gauge("figures_check_differences", "Figures that check found to differ", check[1])
        try:
            of_database = list(_look_into_database())
        except Error as error:
            if not is_outage(error):
                raise
            of_database = [_gauge("database_up", "Whether the database answers", 0)]
        yield from of_database


def _look_into_database() -> Iterator[GaugeMetricFamily]:
    states = dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))
    tasks = GaugeMetricFamily("register_tasks", "Tasks of the worker", labels=["state"])
    for state in ("READY", "RUNNING", "FAILED"):
        tasks.add_metric([state.lower()], states.get(state, 0))
    yield tasks
    oldest = DBTaskResult.objects.ready().aggregate(at=Min("enqueued_at"))["at"]
    yield _gauge("oldest_waiting_task_seconds", "Age of the oldest task that waits", _age(oldest))
    opened = CountedMonth.objects.aggregate(at=Max("opened_at"))["at"]
    if opened:
        yield _gauge("month_opened_timestamp_seconds", "When the newest month was opened", opened.timestamp())
    yield _gauge("database_bytes", "Size of the database", measure_database())
    yield _gauge("database_up", "Whether the database answers", 1)


def measure_database() -> int:
    """Return the bytes that the database takes."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return sum(file.stat().st_size for file in (Path(name), Path(f"{name}-wal")) if file.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size: int = cursor.fetchone()[0]
        return size


def _age(moment: datetime | None) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"register_{name}", meaning, value=value)
