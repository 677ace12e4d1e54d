"""What each process counts for ``/metrics``: requests by route, refusals, wrong passwords.

With several processes of gunicorn they lie in files, which ``gunicorn.conf.py`` names and empties.
"""

from __future__ import annotations

import os
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("register_requests", "Requests answered", ["route", "method", "status"])
DURATION = Histogram("register_request_seconds", "Time to answer", ["route"], buckets=SECONDS)
REFUSALS = Counter("register_refusals", "Requests refused or put off", ["status"])
SIGN_INS_FAILED = Counter("register_sign_ins_failed", "Wrong passwords, also of the API")
LOCKOUTS = Counter("register_lockouts", "Sign-ins that reached a limit")


def count_request(route: str, method: str | None, status: int, seconds: float) -> None:
    """Count an answer; its status by class, of a refusal also in full."""
    is_known = method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # a client may send any
    REQUESTS.labels(route, method if is_known else "other", f"{status // 100}xx").inc()
    DURATION.labels(route).observe(seconds)
    if status >= 400 and status != 500:
        REFUSALS.labels(str(status)).inc()


@receiver(user_login_failed, dispatch_uid="count_failed_sign_in")
def count_failed_sign_in(request: HttpRequest | None = None, **_more: Any) -> None:
    """Count a wrong password."""
    SIGN_INS_FAILED.inc()


@receiver(user_locked_out, dispatch_uid="count_lockout")
def count_lockout(**_more: Any) -> None:
    """Count a sign-in at which a limit is reached, and each refused after it."""
    LOCKOUTS.inc()


def write_metrics(gauges: Collector) -> bytes:
    """Return what all processes have counted, and the ``gauges`` of now, in Prometheus's format."""
    now = CollectorRegistry()
    now.register(gauges)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(now)
    counted = CollectorRegistry()
    MultiProcessCollector(counted)
    return generate_latest(counted) + generate_latest(now)
