"""Load one demo district and open its pages of figures; each district has a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Sets Django up as the server has it, its garbage collection too.
import cilacap_stunting.wsgi  # noqa: F401

# isort: split
# Django's models can be imported only now.
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse

from bench._register import fill_register
from bench._timing import take_turns, time_ms
from dashboard.sections import Section
from dashboard.urls import pages
from demo.district import TOUR_VILLAGE
from demo.signins import WRITER
from registry.calendar_months import add_months
from registry.figures import summary
from registry.figures.default_month import default_month_of_figures
from registry.growth.rules import LAST_DAY
from registry.models import (
    Child,
    CountedMonth,
    District,
    Measurement,
    Posyandu,
    Puskesmas,
    User,
    Village,
)


def load_district(children: int, months: int) -> int:
    """Load a demo district unless it was kept; return its measurements."""
    call_command("migrate", interactive=False, verbosity=0)
    if not Child.objects.exists():
        with transaction.atomic():  # so that a load that was broken off is not taken for a whole one
            fill_register(children, months)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
    return Measurement.objects.count()


def open_pages(name: str, times: int) -> dict[str, dict[str, Any]]:
    """Open each page whose label begins with ``name`` as the district's officer; return what each took."""
    client = Client(raise_request_exception=False, SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(User.objects.get(username=WRITER), "django.contrib.auth.backends.ModelBackend")
    return {
        label: open_page(client, path, times)
        for label, path in page_addresses().items()
        if label.startswith(name)
    }


def page_addresses() -> dict[str, str]:
    """Return a path for each page of figures: of the tour's village, what is above it, and every section."""
    village = Village.objects.get(pk=TOUR_VILLAGE)
    numbers = {
        name: model.objects.order_by("pk").values_list("pk", flat=True)[0]
        for name, model in (("puskesmas", Puskesmas), ("posyandu", Posyandu))
    }
    sections = [{"section": section} for section in Section if section is not Section.OVERVIEW]
    found = {}
    for pattern in pages:
        name, parameters = str(pattern.name), pattern.pattern.converters
        level = name.removesuffix("_section")
        given = {
            "code": village.pk if level == "village" else village.kecamatan_id,
            "number": numbers.get(level),
        }
        known = {key: given[key] for key in parameters if key in given}
        for more in sections if "section" in parameters else [{}]:
            label = " ".join([level, *map(str, more.values())])
            found[label] = reverse(f"dashboard:{name}", kwargs=known | more)
    first = CountedMonth.objects.order_by("month").first()
    if first is not None:
        found["district, month not stored"] = f"{found['district']}?month={add_months(first.month, -1):%Y-%m}"
    return found | {f"district .{form}": f"{found['district']}?format={form}" for form in ("csv", "xlsx")}


def open_page(client: Client, path: str, times: int) -> dict[str, Any]:
    """Return the milliseconds of opening a page with an empty cache, and then ``times`` with a warm one."""
    cache.clear()
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        cold, response = time_ms(lambda: client.get(path, secure=settings.HTTPS))
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}")
    warm = [time_ms(lambda: client.get(path, secure=settings.HTTPS))[0] for _turn in range(times)]
    return {"cold": cold, "warm": warm, "queries": len(statements), "bytes": len(response.content)}


def compare_rate(times: int) -> tuple[bool, dict[str, list[float]]]:
    """Return whether the district's rate is the same from stored figures and from the raw rows by the ORM.

    And the milliseconds that each takes.
    """
    district, officer = District.objects.get(), User.objects.get(username=WRITER)
    month = default_month_of_figures(district, officer)

    def sum_stored() -> tuple[int | None, int | None]:
        figure = summary(district, month, officer).stunted
        return figure.numerator, figure.denominator

    def count_raw() -> tuple[int, int]:
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
        return counted["stunted"], counted["believed"]

    return sum_stored() == count_raw(), take_turns({"stored": sum_stored, "raw": count_raw}, times)
