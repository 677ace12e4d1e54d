"""One village, and the way to its children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.sections import Section
from dashboard.views.answer import answer
from registry.access.decorators import names_page
from registry.access.loaders import get_village


@names_page
def village(request: HttpRequest, code: str, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Its figures in a month, for whoever works there or above."""
    return answer(request, get_village(code), section)
