"""One posyandu and its children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.door import month_asked, names_page, posyandu_at
from dashboard.pages.posyandu import PosyanduPage
from dashboard.views.answer import month_links
from registry.access.decorators import user_of
from registry.exports.page_table import file_asked


@names_page
def posyandu(request: HttpRequest, number: int) -> HttpResponse:
    """Its figures in a month and its children, for whoever works with them."""
    found, user = posyandu_at(number), user_of(request)
    month = month_asked(request, found.village, user)
    page = PosyanduPage(found, month, user)
    if file := file_asked(request, page.lists):
        return file
    return render(request, "dashboard/posyandu.html", {"page": page} | month_links(month))
