"""The villages of one kecamatan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.door import figures_page, kecamatan_at
from dashboard.sections import Section
from dashboard.views.answer import answer


@figures_page
def kecamatan(request: HttpRequest, code: str, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Its figures in a month, for whoever works there or above."""
    return answer(request, kecamatan_at(code), section)
