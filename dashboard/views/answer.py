"""The page of a place, or one of its tables as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.addresses import crumbs_of
from dashboard.door import month_asked
from dashboard.exports import csv_of
from dashboard.page import PlacePage
from dashboard.verdicts import why_surveys_differ
from dashboard.words import month_name
from registry.figures import Place, add_months, can_see, current_month, months_back
from registry.models import Village
from registry.pages import BadAddress, user_of

SORTS = ("name", "kecamatan", "stunted", "believed", "rate", "registered", "measured", "coverage")
FIRST_MONTH = date(2000, 1, 1)
"""Before it no month can be asked for."""


def answer(request: HttpRequest, place: Place) -> HttpResponse:
    """The figures of ``place``. Raises PlaceNotVisible and BadAddress, which ``figures_page`` answers."""
    user = user_of(request)
    month = month_asked(request, place, user)
    page = PlacePage(place, month, user, _sort_asked(request))
    form = request.GET.get("format", "")
    if form not in ("", "csv"):
        raise BadAddress(_("Bentuk berkas itu tidak ada. Yang ada: csv."))
    if form == "csv":
        return _csv(request, page)
    return render(request, "dashboard/place.html", _context(page))


def _csv(request: HttpRequest, page: PlacePage) -> HttpResponse:
    key = request.GET.get("table", "") or next(iter(page.tables))
    if key not in page.tables:
        raise BadAddress(
            _("Tabel itu tidak ada di halaman ini. Yang ada: %(names)s.") % {"names": ", ".join(page.tables)}
        )
    return csv_of(page.tables[key](), place_code=str(page.place.pk), month=page.month)


def _sort_asked(request: HttpRequest) -> str:
    sort = request.GET.get("sort", "") or "-rate"
    if sort.removeprefix("-") not in SORTS:
        raise BadAddress(_("Urutan itu tidak dikenal. Pilih salah satu judul kolom tabel."))
    return sort


def _context(page: PlacePage) -> dict[str, object]:
    tables = {key: make() for key, make in page.tables.items()}
    return {
        "page": page,
        "tables": tables,
        "places": [t for key, t in tables.items() if key in ("kecamatan", "villages")],
        "crumbs": crumbs_of(page.place, page.month, page.user),
        "months": _months(page.month),
        "previous": add_months(page.month, -1) if page.month > FIRST_MONTH else None,
        "next": add_months(page.month, 1) if page.month < current_month() else None,
        "why_surveys_differ": why_surveys_differ(),
        "roster_of": _roster_of(page),
    }


def _months(chosen: date) -> Sequence[tuple[str, str, bool]]:
    """The months to choose from, newest first: three years, and the chosen one wherever it lies."""
    months = sorted({*months_back(current_month(), 36), chosen}, reverse=True)
    return [(f"{m:%Y-%m}", month_name(m), m == chosen) for m in months]


def _roster_of(page: PlacePage) -> str:
    """The village whose children the user may open from here; empty for none."""
    place = page.place
    if isinstance(place, Village) and can_see(place, page.user, people=True):
        return place.pk
    return ""
