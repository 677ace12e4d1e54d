"""The villages to choose from, for a user who works in several and names none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kpm.exports_staff import villages_list
from registry.access.decorators import user_of
from registry.access.loaders import list_villages
from registry.exports.response import export_response


def choose_village(request: HttpRequest, heading: str, kept: str) -> HttpResponse:
    """Return the page to choose a village, or its list as a file; ``kept``: the end of each address."""
    villages = list_villages(user_of(request)).order_by("kecamatan__name", "name")
    if file := export_response(request, {"villages": lambda: villages_list(villages)}):
        return file
    context = {"heading": heading, "villages": villages, "kept": kept}
    return render(request, "kpm/choose_village.html", context)
