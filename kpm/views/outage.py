"""The answer to a request that failed: of a database that is not there for a moment, when to come back."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from registry.api.errors import envelope
from registry.db.outage import is_outage
from registry.observability.request_id import current_request_id, incident_number

RETRY_AFTER = 15
"""Seconds: a restart of the database takes about so long, and a large file some times that."""


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Return 503 with Retry-After while the database cannot answer, else our page of a fault (500).

    Django calls it inside of the exception. Nothing here asks the database: nobody is looked up.
    """
    if not is_outage(sys.exc_info()[1]):
        return _answer_fault(request)
    sentence = _("Register sedang sibuk atau baru dinyalakan kembali. Tunggu sebentar, lalu coba lagi.")
    answer: HttpResponse
    if _wants_json(request):
        answer = _answer_json("busy", sentence, 503)
    else:
        context = {
            "sentence": sentence,
            "fields": _list_typed_fields(request),
            "path": request.get_full_path(),
            "incident": incident_number(),
        }
        answer = HttpResponse(render_to_string("503.html", context), status=503)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer_fault(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        return _answer_json("server_error", _("Server sedang terganggu. Coba lagi nanti."), 500)
    return HttpResponse(render_to_string("500.html", {"incident": incident_number()}), status=500)


def _answer_json(code: str, sentence: str, status: int) -> HttpResponse:
    """Return the API's shape, with the number under which the log has what happened."""
    return JsonResponse({**envelope(code, sentence), "request_id": current_request_id()}, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or not request.accepts("text/html")


def _list_typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form has sent, to be sent again; nothing of a file or of a form with a password.

    With its own token: a form of another site is refused when it is sent again.
    """
    if request.method != "POST" or request.FILES or any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]
