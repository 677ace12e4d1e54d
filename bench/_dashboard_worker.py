"""A process with one district open that answers what bench/dashboard.py asks, a line of JSON each.

Two of them, with a small and a large district, take turns page by page, so that a slow moment of the machine
meets both.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
django.setup()

# As the server runs: its way with memory, too.
# ruff: noqa: E402  Django's models can be imported only now.
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse

import cilacap_stunting.wsgi  # noqa: F401
from bench._dashboard_pages import addresses
from demo.signins import SIGN_INS
from registry.calendar_months import add_months, current_month
from registry.figures import latest_month, prevalence
from registry.growth.rules import LAST_DAY
from registry.models import Child, District, Measurement, User, VillageMonth

_clients: dict[str, Client] = {}


class Queries:
    """Counts statements and the milliseconds they take, and keeps the slowest."""

    def __init__(self) -> None:
        self.count, self.ms, self.slowest_ms, self.slowest = 0, 0.0, 0.0, ""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = (time.perf_counter() - start) * 1000
            self.count += 1
            self.ms += took
            if took > self.slowest_ms:
                self.slowest_ms, self.slowest = took, sql


def client_of(username: str) -> Client:
    """Signed in, speaking as a browser does behind the server."""
    if username not in _clients:
        client = Client(raise_request_exception=False, SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
        client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
        _clients[username] = client
    return _clients[username]


def open_page(username: str, path: str, times: int, cold: bool) -> dict[str, Any]:
    """Open a page some times, ``cold`` with an empty cache at first. Milliseconds of each, and of what."""
    client = client_of(username)
    if cold:
        cache.clear()
    took, busy = [], []
    for _turn in range(times):
        queries = Queries()
        start, busy_before = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(queries):
            response = client.get(path, secure=settings.HTTPS)
        took.append((time.perf_counter() - start) * 1000)
        busy.append((time.process_time() - busy_before) * 1000)
    return {
        "status": response.status_code,
        "to": response.headers.get("Location", ""),
        "ms": took,
        "cpu_ms": busy,
        "bytes": len(response.content),
        "queries": queries.count,
        "db_ms": queries.ms,
        "slowest_ms": queries.slowest_ms,
        "slowest": queries.slowest,
    }


def facts() -> dict[str, Any]:
    """How much there is, which pages, and who signs in."""
    found, unknown = addresses()
    return {
        "children": Child.objects.count(),
        "measurements": Measurement.objects.count(),
        "cells": VillageMonth.objects.count(),
        "addresses": found,
        "unknown": unknown,
        "users": [[str(s.role), s.username] for s in SIGN_INS],
        "cache": settings.CACHES["default"]["BACKEND"],
        "debug": settings.DEBUG,
    }


def timed(work: Callable[[], Any], times: int) -> dict[str, Any]:
    took, found = [], None
    for _turn in range(times):
        start = time.perf_counter()
        found = work()
        took.append((time.perf_counter() - start) * 1000)
    return {"ms": took, "found": found}


def compare(times: int) -> dict[str, Any]:
    """The district's rate of the latest month as the pages read it, and counted from the measurements."""
    district = District.objects.get()
    officer = User.objects.get(username="kabupaten")
    month = latest_month(district, officer) or current_month()

    def stored() -> list[int | None]:
        figure = prevalence(district, month, officer)
        return [figure.numerator, figure.denominator]

    def raw() -> list[int]:
        latest = (
            Measurement.objects.in_force()
            .filter(measured_on__gte=month, measured_on__lt=add_months(month, 1), age_days__lte=LAST_DAY)
            .filter(haz__isnull=False, haz_flag=False)
            .order_by("child_id", "-measured_on")
            .distinct("child_id")
        )
        counted = Measurement.objects.filter(pk__in=latest.values("pk")).aggregate(
            stunted=Count("pk", filter=Q(haz__lt=-2)), believed=Count("pk")
        )
        return [counted["stunted"], counted["believed"]]

    raw()
    return {"month": f"{month:%Y-%m}", "stored": timed(stored, times), "raw": timed(raw, times)}


_ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    "facts": facts,
    "open": open_page,
    "compare": compare,
}


def main() -> None:
    logging.getLogger("django.request").setLevel(logging.ERROR)  # that a role has no page is an answer
    client = Client(SERVER_NAME="localhost")
    client.get(reverse(settings.LOGIN_URL), secure=settings.HTTPS)  # the process is up; no page was opened
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _ANSWERS[asked.pop("do")](**asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
