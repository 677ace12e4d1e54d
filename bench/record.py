"""How long recording takes in a filled register: one, ten and two hundred at once, next to the plain ORM.

What a phone sends is planned, stored and counted; the plain ORM only inserts the same rows. In a new database
next to the one in DATABASE_URL, which is dropped afterwards. Each batch is committed.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from statistics import median
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
django.setup()

# ruff: noqa: E402  Django's models can be imported only now.
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench._register import fill_register
from bench._table import TableLine, print_table
from bench._timing import time_ms
from registry.actions import Observation, Submission, TakenDay, record_submissions
from registry.actions.refresh import rebuild_month
from registry.calendar_months import current_month
from registry.models import Child, CountedMonth, Measurement, Source, User


class Way:
    """One way of storing: what each turn took, in milliseconds and queries."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self.queries: list[int] = []

    def time(self, work: Callable[[], object]) -> None:
        """Do the work and note what it took."""
        with CaptureQueriesContext(connection) as captured:
            self.milliseconds.append(time_ms(work)[0])
        self.queries.append(len(captured))

    def line(self, label: str, *more: str) -> TableLine:
        """Return the line of the table: median, longest, queries."""
        took = self.milliseconds
        return label, f"{median(took):,.1f} ms", f"{max(took):,.1f} ms", f"{max(self.queries)}", *more


def list_unmeasured(count: int) -> list[Child]:
    """Return children under five who were measured neither today nor yesterday, village by village."""
    today = timezone.localdate()
    young = Child.objects.filter(status="active", birth_date__gt=today - timedelta(days=1800))
    free = young.exclude(measurements__measured_on__gte=today - timedelta(days=1))
    found = list(free.order_by("village", "pk")[:count])
    if len(found) < count:
        raise SystemExit(f"{count} children are needed and {len(found)} are there: take more --children")
    return found


def record(by: User, children: Sequence[Child], way: Way) -> list[Measurement]:
    """Record one measurement of each child as a phone's batch; return the rows."""
    seen = Observation(measured_on=timezone.localdate(), weight_kg=Decimal("11.0"), lenhei_cm=Decimal("84.0"))
    sent = [Submission(id=uuid4(), child_id=child.pk, observation=seen, confirmed=True) for child in children]
    way.time(
        lambda: record_submissions(by=by, submissions=sent, source=Source.FORM, taken_day=TakenDay.KEEP_BOTH)
    )
    stored = list(Measurement.objects.filter(pk__in=[one.id for one in sent]))
    if len(stored) != len(sent):
        raise SystemExit(f"{len(sent) - len(stored)} of {len(sent)} were not stored")
    return stored


def insert_plainly(
    rows: Sequence[Measurement], way: Way, insert: Callable[[list[Measurement]], object]
) -> None:
    """Insert the same rows of the day before; take them out again."""
    names = [f.attname for f in Measurement._meta.concrete_fields if f.name not in ("id", "measured_on")]
    made = [
        Measurement(
            measured_on=row.measured_on - timedelta(days=1), **{name: getattr(row, name) for name in names}
        )
        for row in rows
    ]
    way.time(lambda: insert(made))
    Measurement.objects.filter(pk__in=[one.pk for one in made]).delete()


@transaction.atomic
def create_each(rows: Sequence[Measurement]) -> None:
    """Insert row by row in one transaction, as ``create`` does."""
    for row in rows:
        row.save(force_insert=True)


def measure_batches(by: User, sizes: Sequence[int], turns: int) -> None:
    """Print what batches of each size take."""
    for size in sizes:
        record(by, list_unmeasured(size), Way())  # warms up
    children = iter(list_unmeasured(turns * sum(sizes)))
    lines: list[TableLine] = [("", "median", "longest", "queries", "of the plain ORM")]
    for size in sizes:
        recorded, create, bulk_create = Way(), Way(), Way()
        for _turn in range(turns):
            stored = record(by, [next(children) for _number in range(size)], recorded)
            insert_plainly(stored, create, create_each)
            insert_plainly(stored, bulk_create, Measurement.objects.bulk_create)
        ratio = median(recorded.milliseconds) / median(create.milliseconds)
        lines.append(recorded.line(f"{size}: record", f"{ratio:.1f} times"))
        lines += [create.line(f"{size}: create"), bulk_create.line(f"{size}: bulk_create")]
    print_table("Measurements recorded at once", *lines)


def measure_months() -> None:
    """Print what counting a month of all villages takes, and opening this one."""
    counted, opened = Way(), Way()
    for month in CountedMonth.objects.order_by("month").values_list("month", flat=True):
        counted.time(lambda month=month: rebuild_month(month))  # type: ignore[misc]
    CountedMonth.objects.filter(month=current_month()).delete()
    opened.time(lambda: rebuild_month(current_month()))
    print_table("Months of all villages", counted.line("count one"), opened.line("open this one"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=3000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--many", type=int, default=200, help="the largest batch (200)")
    parser.add_argument("--turns", type=int, default=5, help="batches of each size (5)")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        took, by = time_ms(lambda: fill_register(options.children, options.months))
        rows = Measurement.objects.count()
        print(f"{connection.vendor}: demo of {rows:,} measurements in {took / 1000:.1f} s")
        measure_batches(by, (1, 10, options.many), options.turns)
        measure_months()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
