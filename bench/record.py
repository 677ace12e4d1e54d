"""How long recording takes in a filled register: one, ten and two hundred at once, next to the plain ORM.

What a phone sends is planned, stored and counted; the plain ORM only inserts the same rows. In a new database
next to the one in DATABASE_URL, which is dropped afterwards. Each batch is committed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
django.setup()

# ruff: noqa: E402  Django's models can be imported only now.
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench._table import table
from demo.district import Shape, invent
from demo.load import load
from demo.people import Place
from demo.signins import make_users
from registry.actions import Observation, Submission, TakenDay, record_submissions
from registry.actions.refresh import rebuild_month
from registry.calendar_months import current_month
from registry.models import Child, CountedMonth, Measurement, Source, User, Village
from registry.places.load import load_places


def fill(children: int, months: int) -> User:
    """Load a demo district; return the officer who recorded it."""
    load_places()
    writer = make_users("only-for-the-bench", 2024)
    places = [Place(v.pk, v.kecamatan.name) for v in Village.objects.select_related("kecamatan")]
    shape = Shape(timezone.localdate(), children=children, months=months)
    load(invent(places, shape), writer, lambda what, total: lambda done: None)
    return writer


def unmeasured(count: int) -> list[Child]:
    """Return children under five who were measured neither today nor yesterday, village by village."""
    today = timezone.localdate()
    young = Child.objects.filter(status="active", birth_date__gt=today - timedelta(days=1800))
    free = young.exclude(measurements__measured_on__gte=today - timedelta(days=1))
    found = list(free.order_by("village", "pk")[:count])
    if len(found) < count:
        raise SystemExit(f"{count} children are needed and {len(found)} are there: take more --children")
    return found


@dataclass
class Took:
    """What each turn of one way of storing took, in milliseconds and queries."""

    milliseconds: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    def time(self, work: Callable[[], object]) -> None:
        """Do the work and note what it took."""
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            work()
            self.milliseconds.append((time.perf_counter() - start) * 1000)
        self.queries.append(len(captured))

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    def cells(self) -> tuple[str, str, str]:
        return f"{self.median:,.1f} ms", f"{max(self.milliseconds):,.1f} ms", f"{max(self.queries)}"


def record(by: User, children: Sequence[Child], took: Took) -> list[Measurement]:
    """Record one measurement of each child as a phone's batch; return the rows."""
    seen = Observation(measured_on=timezone.localdate(), weight_kg=Decimal("11.0"), lenhei_cm=Decimal("84.0"))
    sent = [Submission(id=uuid4(), child_id=child.pk, observation=seen, confirmed=True) for child in children]
    took.time(
        lambda: record_submissions(by=by, submissions=sent, source=Source.FORM, taken_day=TakenDay.KEEP_BOTH)
    )
    stored = list(Measurement.objects.filter(pk__in=[one.id for one in sent]))
    if len(stored) != len(sent):
        raise SystemExit(f"{len(sent) - len(stored)} of {len(sent)} were not stored")
    return stored


def copies(rows: Sequence[Measurement]) -> list[Measurement]:
    """Return the same rows of the day before, not stored."""
    names = [f.attname for f in Measurement._meta.concrete_fields if f.name not in ("id", "measured_on")]
    return [
        Measurement(
            measured_on=row.measured_on - timedelta(days=1), **{name: getattr(row, name) for name in names}
        )
        for row in rows
    ]


def insert_plainly(rows: Sequence[Measurement], create: Took, bulk_create: Took) -> None:
    """Insert copies of ``rows`` by ``create`` and by ``bulk_create``; take them out again."""

    def create_each() -> None:
        with transaction.atomic():
            for one in made:
                one.save(force_insert=True)

    made = copies(rows)
    create.time(create_each)
    Measurement.objects.filter(pk__in=[one.pk for one in made]).delete()
    made = copies(rows)
    bulk_create.time(lambda: Measurement.objects.bulk_create(made))
    Measurement.objects.filter(pk__in=[one.pk for one in made]).delete()


def measure(by: User, sizes: Sequence[int], turns: int) -> None:
    """Print what one, ten and two hundred take, and what counting a month does."""
    children = iter(unmeasured((turns + 1) * sum(sizes)))
    lines = [("", "median", "longest", "queries", "of the plain ORM")]
    for size in sizes:
        ways = recorded, create, bulk_create = Took(), Took(), Took()
        for _turn in range(turns + 1):  # the first one warms up
            stored = record(by, [next(children) for _number in range(size)], recorded)
            insert_plainly(stored, create, bulk_create)
        for way in ways:
            del way.milliseconds[0], way.queries[0]
        lines.append((f"{size}: record", *recorded.cells(), f"{recorded.median / create.median:.1f} times"))
        lines += [(f"{size}: create", *create.cells()), (f"{size}: bulk_create", *bulk_create.cells())]
    table("Measurements recorded at once", *lines)
    counted, opened = Took(), Took()
    for month in CountedMonth.objects.order_by("month").values_list("month", flat=True):
        counted.time(lambda month=month: rebuild_month(month))  # type: ignore[misc]
    CountedMonth.objects.filter(month=current_month()).delete()
    opened.time(lambda: rebuild_month(current_month()))
    table("Months of all villages", ("count one", *counted.cells()), ("open this one", *opened.cells()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=3000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--many", type=int, default=200, help="the largest batch (200)")
    parser.add_argument("--turns", type=int, default=5, help="batches of each size (5)")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        start = time.perf_counter()
        by = fill(options.children, options.months)
        took = time.perf_counter() - start
        rows = Measurement.objects.count()
        print(f"{connection.vendor}: demo of {rows:,} measurements in {took:.1f} s")
        measure(by, (1, 10, options.many), options.turns)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
