"""How long recording takes in a filled register: one measurement, many at once, opening a month.

In a new database beside the one in DATABASE_URL, which is dropped afterwards. Each measurement is committed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
django.setup()

# ruff: noqa: E402  Django's models can be imported only now.
from django.db import connection
from django.utils import timezone

from demo.district import Shape, invent
from demo.load import load
from demo.people import Place
from demo.signins import make_users
from registry.actions import Entry, Observation, record_measurement, record_measurements
from registry.actions.refresh import rebuild_month
from registry.calendar_months import current_month
from registry.models import Child, CountedMonth, Measurement, User, Village
from registry.places.load import load_places


def fill(children: int, months: int) -> User:
    """A demo district; returns the officer who recorded it."""
    load_places()
    writer = make_users("only-for-the-bench", 2024)
    places = [Place(v.pk, v.kecamatan.name) for v in Village.objects.select_related("kecamatan")]
    shape = Shape(timezone.localdate(), children=children, months=months)
    load(invent(places, shape), writer, lambda what, total: lambda done: None)
    return writer


def unmeasured(count: int) -> tuple[list[Child], date]:
    """Children under five who were not measured today, and today."""
    today = timezone.localdate()
    young = Child.objects.filter(status="active", birth_date__gt=today - timedelta(days=1800))
    return list(young.exclude(measurements__measured_on=today).order_by("pk")[:count]), today


def what(day: date) -> Observation:
    return Observation(measured_on=day, weight_kg=Decimal("11.0"), lenhei_cm=Decimal("84.0"))


def each(actions: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of each."""
    took = []
    for action in actions:
        start = time.perf_counter()
        action()
        took.append((time.perf_counter() - start) * 1000)
    return took


def say(name: str, took: list[float]) -> None:
    cuts = statistics.quantiles(took, n=100) if len(took) > 1 else [took[0]] * 99
    print(f"{name:34} p50 {cuts[49]:8.1f} ms   p95 {cuts[94]:8.1f} ms   n {len(took)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=3000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--count", type=int, default=300, help="measurements one at a time (300)")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        start = time.perf_counter()
        by = fill(options.children, options.months)
        took = time.perf_counter() - start
        rows = Measurement.objects.count()
        rate = rows / took
        print(f"{connection.vendor}: demo of {rows:,} measurements in {took:.1f} s, {rate:,.0f} a second")
        measure(by, options.count)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def measure(by: User, count: int) -> None:
    children, today = unmeasured(count * 2)
    singly, at_once = children[: len(children) // 2], children[len(children) // 2 :]
    say(
        "record one measurement",
        each(
            [
                lambda child=child: record_measurement(
                    by=by, id=uuid4(), child_id=child.pk, seen=what(today), confirmed=True
                )
                for child in singly
            ]
        ),
    )
    entries = [Entry(uuid4(), child, what(today), confirmed=True) for child in at_once]
    say(f"record {len(entries)} at once", each([lambda: record_measurements(by=by, entries=entries)]))
    months = list(CountedMonth.objects.order_by("month").values_list("month", flat=True))
    say("count a month of all villages", each([lambda m=m: rebuild_month(m) for m in months]))
    CountedMonth.objects.filter(month=current_month()).delete()
    say("open this month", each([lambda: rebuild_month(current_month())]))


if __name__ == "__main__":
    main()
