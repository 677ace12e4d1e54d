"""The village's weighing report of a month (SKDN): one A4 page for the posyandu's folder."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kpm.exports_staff import villages_list
from kpm.skdn_report import (
    LETTERS,
    has_books,
    has_weighing,
    posyandu_rows,
    skdn_groups,
    skdn_numbers,
    skdn_tables,
)
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village, list_villages
from registry.access.query import find_month
from registry.calendar_months import add_months, current_month
from registry.exports.response import export_response
from registry.figures.default_month import default_month_of_workspace
from registry.figures.skdn import skdn


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the report of ``?village=CODE&month=YYYY-MM``, or the villages to choose from."""
    month, village = find_month(request.GET) or default_month_of_workspace(), find_village(request)
    context: dict[str, Any] = {"month": month, "village": village, "today": timezone.localdate()}
    if village is None:
        villages = list_villages(user_of(request)).order_by("kecamatan__name", "kecamatan_id", "name")
        if file := export_response(request, {"villages": lambda: villages_list(villages)}):
            return file
        context["villages"] = villages
        return render(request, "kpm/skdn.html", context)
    found = skdn(village, month, user_of(request))
    if file := export_response(request, skdn_tables(user_of(request), found)):
        return file
    posyandu = posyandu_rows(found)
    context |= {
        "report": found,
        "query": f"village={village.pk}&month={month:%Y-%m}&",
        "letters": LETTERS,
        "groups": list(skdn_groups(found)),
        "posyandu": posyandu,
        "posyandu_waits": any(row.is_waiting for row in posyandu),
        "books_asked": has_books(found.total),
        "weighed": has_weighing(found.total),
        "numbers": skdn_numbers(found.total),
        "before": add_months(month, -1),
        "after": add_months(month, 1) if month < current_month() else None,
    }
    return render(request, "kpm/skdn.html", context)
