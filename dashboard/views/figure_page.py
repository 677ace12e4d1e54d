"""A page of a place, or one of its tables as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.formatting import month_name
from dashboard.links import list_crumbs, place_url
from dashboard.page_cache import cached_section, draw_figures
from dashboard.pages import PAGES, FigurePage, PageQuery
from dashboard.sections import Section, section_words
from kpm.models import Cadre
from kpm.navigation import OFFICERS
from registry.access.decorators import user_of
from registry.access.loaders import find_widest_place
from registry.access.query import BadQuery, find_month
from registry.access.visible_places import Place, PlaceNotVisible, can_see_place
from registry.calendar_months import add_months, current_month, months_back
from registry.exports.response import export_response
from registry.figures.default_month import default_month_of_figures
from registry.models import Role, Village

SORTS = (
    "name",
    "kecamatan",
    "stunted",
    "believed",
    "rate",
    "over",
    "estimate",
    "change",
    "registered",
    "measured",
    "coverage",
)
BY = ("kecamatan", "villages")
FIRST_MONTH = date(2000, 1, 1)
"""Before it no month can be asked for."""


def figure_page(request: HttpRequest, place: Place, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Return the page of ``place``. Raises PlaceNotVisible and BadQuery, which ``figures_page`` answers."""
    user = user_of(request)
    # Small counts stand on these pages, so they are for the team of the place, and not for everyone who reads
    # its figures as another system.
    if not can_see_place(place, user, people=True):
        raise PlaceNotVisible
    month = find_month(request.GET) or default_month_of_figures(place, user)
    page = PAGES[section](place, month, user, _read_options(request))
    # Which files there are may need the rows of a table, so it is asked only when none is cached.
    if file := export_response(request, lambda: page.files, cached=partial(cached_section, page)):
        return file
    return render(request, "dashboard/page.html", _context(page))


def _read_options(request: HttpRequest) -> PageQuery:
    sort = request.GET.get("sort", "") or "-rate"
    if sort.removeprefix("-") not in SORTS:
        raise BadQuery(_("Urutan itu tidak dikenal. Pilih salah satu judul kolom tabel."))
    by = request.GET.get("by", "")
    if by not in ("", *BY):
        raise BadQuery(_("Pilihan itu tidak ada. Yang ada: %(names)s.") % {"names": ", ".join(BY)})
    return PageQuery(sort, by)


def _context(page: FigurePage) -> dict[str, object]:
    return {
        "page": page,
        "figures": draw_figures(page),
        "crumbs": list_crumbs(page.place, page.month, page.user, page.section),
        "sections": [
            (section_words(s), place_url(page.place, page.month, s), s is page.section) for s in PAGES
        ],
        "roster_of": _roster_of(page),
        "may_change_code": isinstance(page.place, Village) and page.user.has_role(Role.DISTRICT, Role.ADMIN),
        "ending_terms": _count_ending_terms(page),
    } | month_links(page.month)


def month_links(month: date) -> dict[str, object]:
    """Return the months to choose from, and the ones before and after ``month``."""
    return {
        "months": _months(month),
        "previous": add_months(month, -1) if month > FIRST_MONTH else None,
        "next": add_months(month, 1) if month < current_month() else None,
    }


def _months(chosen: date) -> Sequence[tuple[str, str, bool]]:
    """Return the months to choose from, newest first: three years, and the chosen one wherever it lies."""
    months = sorted({*months_back(current_month(), 36), chosen}, reverse=True)
    return [(f"{m:%Y-%m}", month_name(m), m == chosen) for m in months]


def _count_ending_terms(page: FigurePage) -> int:
    """Return how many terms of KPM end soon, on the page that opens first for an officer; 0 elsewhere."""
    if page.section is not Section.OVERVIEW or page.place != find_widest_place(page.user):
        return 0
    if not page.user.has_role(*OFFICERS):
        return 0
    return Cadre.objects.visible_to(page.user).ending_soon(timezone.localdate()).count()


def _roster_of(page: FigurePage) -> str:
    """Return the village whose children the user may open from here; empty for none."""
    place = page.place
    if isinstance(place, Village) and can_see_place(place, page.user, people=True):
        return place.pk
    return ""
