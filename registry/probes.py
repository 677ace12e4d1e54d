"""``/health/``, ``/ready/``, ``/metrics``: what a monitor asks. None says anything of people."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from registry.gauges import Gauges
from registry.observability.counters import write_metrics
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


@require_safe
def answer_metrics(request: HttpRequest) -> HttpResponse:
    """Return counts and ages for Prometheus to who sends ``METRICS_TOKEN``. Raises Http404 without one."""
    request.user = AnonymousUser()
    if not settings.METRICS_TOKEN:
        raise Http404
    sent = request.headers.get("Authorization", "")
    if not constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer", **_NOT_KEPT})
    return HttpResponse(write_metrics(Gauges()), content_type=CONTENT_TYPE_LATEST, headers=_NOT_KEPT)
