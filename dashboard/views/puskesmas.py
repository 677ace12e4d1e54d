"""The villages that one puskesmas serves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.door import figures_page, puskesmas_at
from dashboard.sections import Section
from dashboard.views.answer import answer


@figures_page
def puskesmas(request: HttpRequest, number: int, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Its figures in a month, for whoever works there or above."""
    return answer(request, puskesmas_at(number), section)
