"""A page of a place, or one of its tables as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.exports import file_name, written
from dashboard.formatting import month_name
from dashboard.links import address_of, crumbs_of
from dashboard.page_cache import figures_of, kept
from dashboard.pages import PAGES, Asked, Page
from dashboard.sections import Section, section_words
from registry.access.decorators import user_of
from registry.access.loaders import place_not_visible
from registry.access.query import BadQuery, find_month
from registry.access.visible_places import Place, can_see_place
from registry.calendar_months import add_months, current_month, months_back
from registry.exports.file_writers import CONTENT_TYPES
from registry.exports.page_table import FORMS, file_asked
from registry.figures.default_month import default_month_of_figures
from registry.models import ExportForm, Village

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


def answer(request: HttpRequest, place: Place, section: Section = Section.OVERVIEW) -> HttpResponse:
    """The figures of ``place``. Raises PlaceNotVisible and BadQuery, which ``figures_page`` answers."""
    user = user_of(request)
    # Small counts stand on these pages, so they are for the team of the place, and not for whoever reads
    # its figures as another system.
    if not can_see_place(place, user, people=True):
        raise place_not_visible()
    month = find_month(request.GET) or default_month_of_figures(place, user)
    page = PAGES[section](place, month, user, _asked(request))
    if page.lists and (file := file_asked(request, page.lists)):
        return file
    form = request.GET.get("format", "")
    if form not in ("", *FORMS):
        raise BadQuery(_("Bentuk berkas itu tidak ada. Yang ada: %(names)s.") % {"names": ", ".join(FORMS)})
    if form:
        return _file(request, page, ExportForm(form))
    return render(request, "dashboard/page.html", _context(page))


def _file(request: HttpRequest, page: Page, form: ExportForm) -> HttpResponse:
    key = request.GET.get("table", "")
    made = kept(page, f"{key}.{form}", lambda: _made(page, key, form))
    name = file_name(key or page.section.value, str(page.place.pk), page.month, form)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(made, content_type=CONTENT_TYPES[form], headers={"Content-Disposition": disposition})


def _made(page: Page, key: str, form: ExportForm) -> bytes:
    """The table ``key`` of the page, or its first. Raises BadQuery where there is none of that name.

    Only here is it asked which tables there are, since that may need the rows of one.
    """
    tables = page.tables
    if not tables or (key and key not in tables):
        raise BadQuery(
            _("Tabel itu tidak ada di halaman ini. Yang ada: %(names)s.") % {"names": ", ".join(tables)}
        )
    return written(form, tables[key or next(iter(tables))](), page.title, page.month)


def _asked(request: HttpRequest) -> Asked:
    sort = request.GET.get("sort", "") or "-rate"
    if sort.removeprefix("-") not in SORTS:
        raise BadQuery(_("Urutan itu tidak dikenal. Pilih salah satu judul kolom tabel."))
    by = request.GET.get("by", "")
    if by not in ("", *BY):
        raise BadQuery(_("Pilihan itu tidak ada. Yang ada: %(names)s.") % {"names": ", ".join(BY)})
    return Asked(sort, by)


def _context(page: Page) -> dict[str, object]:
    return {
        "page": page,
        "figures": figures_of(page),
        "crumbs": crumbs_of(page.place, page.month, page.user, page.section),
        "sections": [
            (section_words(s), address_of(page.place, page.month, s), s is page.section) for s in PAGES
        ],
        "roster_of": _roster_of(page),
    } | month_links(page.month)


def month_links(month: date) -> dict[str, object]:
    """The months to choose from, and the ones before and after ``month``."""
    return {
        "months": _months(month),
        "previous": add_months(month, -1) if month > FIRST_MONTH else None,
        "next": add_months(month, 1) if month < current_month() else None,
    }


def _months(chosen: date) -> Sequence[tuple[str, str, bool]]:
    """The months to choose from, newest first: three years, and the chosen one wherever it lies."""
    months = sorted({*months_back(current_month(), 36), chosen}, reverse=True)
    return [(f"{m:%Y-%m}", month_name(m), m == chosen) for m in months]


def _roster_of(page: Page) -> str:
    """The village whose children the user may open from here; empty for none."""
    place = page.place
    if isinstance(place, Village) and can_see_place(place, page.user, people=True):
        return place.pk
    return ""
