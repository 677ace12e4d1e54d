"""One village, and the way to its children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.door import names_page, village_at
from dashboard.sections import Section
from dashboard.views.answer import answer


@names_page
def village(request: HttpRequest, code: str, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Its figures in a month, for whoever works there or above."""
    return answer(request, village_at(code), section)
