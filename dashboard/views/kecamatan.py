"""The villages of one kecamatan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.sections import Section
from dashboard.views.answer import answer
from registry.access.decorators import figures_page
from registry.access.loaders import get_kecamatan


@figures_page
def kecamatan(request: HttpRequest, code: str, section: Section = Section.OVERVIEW) -> HttpResponse:
    """Its figures in a month, for whoever works there or above."""
    return answer(request, get_kecamatan(code), section)
