"""Open every page of figures of one district and print a line of JSON; run by bench/dashboard.py."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
django.setup()

# ruff: noqa: E402  Django's models can be imported only now.
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse

from dashboard.sections import Section
from dashboard.urls import pages
from demo.district import TOUR_VILLAGE
from registry.calendar_months import add_months, current_month
from registry.figures import latest_month, prevalence
from registry.growth.rules import LAST_DAY
from registry.models import (
    CountedMonth,
    District,
    Measurement,
    Posyandu,
    Puskesmas,
    User,
    Village,
    VillageMonth,
)

OFFICER = "kabupaten"


def page_addresses() -> dict[str, str]:
    """Return a path for each page of figures: of the tour's village, what is above it, and every section."""
    village = Village.objects.get(pk=TOUR_VILLAGE)
    numbers = {
        name: model.objects.order_by("pk").values_list("pk", flat=True)[0]
        for name, model in (("puskesmas", Puskesmas), ("posyandu", Posyandu))
    }
    found = {}
    for pattern in pages:
        name, parameters = str(pattern.name), pattern.pattern.converters
        level = name.removesuffix("_section")
        given = {
            "code": village.pk if level == "village" else village.kecamatan_id,
            "number": numbers.get(level),
        }
        known = {key: given[key] for key in parameters if key in given}
        for more in _sections() if "section" in parameters else [{}]:
            label = " ".join([level, *map(str, more.values())])
            found[label] = reverse(f"dashboard:{name}", kwargs=known | more)
    first = CountedMonth.objects.order_by("month").first()
    if first is not None:
        found["district, month not stored"] = f"{found['district']}?month={add_months(first.month, -1):%Y-%m}"
    return found | {f"district .{form}": f"{found['district']}?format={form}" for form in ("csv", "xlsx")}


def _sections() -> list[dict[str, Section]]:
    """Return the argument of each address that names a section; the overview has none."""
    return [{"section": section} for section in Section if section is not Section.OVERVIEW]


def open_page(client: Client, path: str, times: int) -> dict[str, Any]:
    """Return the milliseconds of opening a page with an empty cache, and then ``times`` with a warm one."""
    cache.clear()
    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        cold, response = timed(lambda: client.get(path, secure=settings.HTTPS))
    if response.status_code != 200:
        sys.exit(f"{path} answers {response.status_code}")
    warm = [timed(lambda: client.get(path, secure=settings.HTTPS))[0] for _turn in range(times)]
    return {"cold": cold, "warm": warm, "queries": len(statements), "bytes": len(response.content)}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the milliseconds that ``work`` took, and its result."""
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def compare(times: int) -> dict[str, Any]:
    """Return how long the district's rate takes from stored figures, and from the raw rows by the ORM."""
    district, officer = District.objects.get(), User.objects.get(username=OFFICER)
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

    return {
        "same": stored() == raw(),
        "stored": [timed(stored)[0] for _turn in range(times)],
        "raw": [timed(raw)[0] for _turn in range(times)],
    }


def main(times: int) -> None:
    """Open each page as the district's officer and print what was measured."""
    client = Client(raise_request_exception=False, SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(User.objects.get(username=OFFICER), "django.contrib.auth.backends.ModelBackend")
    opened = {label: open_page(client, path, times) for label, path in page_addresses().items()}
    counts = {"measurements": Measurement.objects.count(), "cells": VillageMonth.objects.count()}
    print(json.dumps({**counts, "pages": opened, "comparison": compare(times)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
