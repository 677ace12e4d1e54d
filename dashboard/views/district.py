"""Where an officer starts: the district, or the place of whoever works at a part of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dashboard.links import address_of
from dashboard.sections import Section
from dashboard.views.answer import answer
from registry.access.decorators import figures_page, user_of
from registry.access.loaders import get_start_place
from registry.models import District


@figures_page
def district(request: HttpRequest, section: Section = Section.OVERVIEW) -> HttpResponse:
    """The district against its target; others are led to their own kecamatan, puskesmas or village."""
    place = get_start_place(user_of(request))
    if isinstance(place, District):
        return answer(request, place, section)
    address = address_of(place, section=section)
    asked = request.GET.urlencode()
    return redirect(f"{address}?{asked}" if asked else address)
