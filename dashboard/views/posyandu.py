"""One posyandu and its children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.pages.posyandu import PosyanduPage
from dashboard.views.answer import month_links
from registry.access.decorators import names_page, user_of
from registry.access.loaders import get_posyandu
from registry.access.query import find_month
from registry.exports.response import export_response
from registry.figures.default_month import default_month_of_figures


@names_page
def posyandu(request: HttpRequest, number: int) -> HttpResponse:
    """Its figures in a month and its children, for whoever works with them."""
    found, user = get_posyandu(number), user_of(request)
    month = find_month(request.GET) or default_month_of_figures(found.village, user)
    page = PosyanduPage(found, month, user)
    if file := export_response(request, page.files):
        return file
    return render(request, "dashboard/posyandu.html", {"page": page} | month_links(month))
