"""``/health/`` and ``/ready/``: what a monitor asks without signing in. Neither says anything of people."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from registry.readiness import list_what_is_not_ready

_NOT_KEPT = {"Cache-Control": "no-store"}


@require_safe
def answer_health(request: HttpRequest) -> HttpResponse:
    """Return ``ok`` while this process answers at all; the database is not asked."""
    request.user = AnonymousUser()  # no middleware looks for a session
    return HttpResponse("ok", content_type="text/plain", headers=_NOT_KEPT)


@require_safe
def answer_ready(request: HttpRequest) -> JsonResponse:
    """Return 200 when the register can work, else 503 and what is missing."""
    request.user = AnonymousUser()
    missing = list_what_is_not_ready()
    return JsonResponse({"not_ready": missing}, status=503 if missing else 200, headers=_NOT_KEPT)
