"""The pages of a place: district, kecamatan, puskesmas, village, and a posyandu with its children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dashboard.links import place_url
from dashboard.pages.posyandu import PosyanduPage
from dashboard.sections import Section
from dashboard.views.figure_page import figure_page, month_links
from registry.access.decorators import figures_page, names_page, user_of
from registry.access.loaders import get_kecamatan, get_posyandu, get_puskesmas, get_start_place, get_village
from registry.access.query import find_month
from registry.exports.response import export_response
from registry.figures.default_month import default_month_of_figures
from registry.models import District


@figures_page
def district(request: HttpRequest, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Show the district against its target; lead others to their own kecamatan, puskesmas or village."""
    place = get_start_place(user_of(request))
    if isinstance(place, District):
        return figure_page(request, place, section)
    address, query = place_url(place, section=section), request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@figures_page
def kecamatan(request: HttpRequest, code: str, section: Section = Section.OVERVIEW) -> HttpResponse:
    return figure_page(request, get_kecamatan(code), section)


@figures_page
def puskesmas(request: HttpRequest, number: int, section: Section = Section.OVERVIEW) -> HttpResponse:
    return figure_page(request, get_puskesmas(number), section)


@names_page
def village(request: HttpRequest, code: str, section: Section = Section.OVERVIEW) -> HttpResponse:
    return figure_page(request, get_village(code), section)


@names_page
def posyandu(request: HttpRequest, number: int) -> HttpResponse:
    """Show the figures and the children of a posyandu, to the people who work with them."""
    found, user = get_posyandu(number), user_of(request)
    month = find_month(request.GET) or default_month_of_figures(found.village, user)
    page = PosyanduPage(found, month, user)
    if file := export_response(request, page.files):
        return file
    return render(request, "dashboard/posyandu.html", {"page": page} | month_links(month))
