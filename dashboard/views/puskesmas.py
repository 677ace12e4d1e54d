"""The villages that one puskesmas serves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.sections import Section
from dashboard.views.answer import answer
from registry.access.decorators import figures_page
from registry.access.loaders import get_puskesmas


@figures_page
def puskesmas(request: HttpRequest, number: int, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Its figures in a month, for whoever works there or above."""
    return answer(request, get_puskesmas(number), section)
