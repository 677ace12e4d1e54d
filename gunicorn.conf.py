"""What gunicorn reads by itself where it starts: the register's own log lines, and one place to count in."""

import os
import shutil
from typing import Any

from cilacap_stunting.settings import LOGGING, METRICS_TOKEN, VAR_DIR

logconfig_dict = LOGGING
accesslog = None  # it would hold addresses; registry.observability.middleware logs each request

COUNTS = VAR_DIR / "metrics"
if METRICS_TOKEN:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(COUNTS)  # before a worker imports prometheus_client


def on_starting(server: Any) -> None:
    """Begin to count at nought."""
    if METRICS_TOKEN:
        shutil.rmtree(COUNTS, ignore_errors=True)
        COUNTS.mkdir(mode=0o700, parents=True)


def child_exit(server: Any, worker: Any) -> None:
    """Forget what only a living worker has; its counts stay."""
    if METRICS_TOKEN:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)
