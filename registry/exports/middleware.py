"""Logs each file with names before its first byte leaves: the one place that does so for all pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from registry.actions.export_log import record_export


def log_files_with_names(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a middleware that stores the ``export_log`` which ``export_response`` put on its answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if log := getattr(response, "export_log", None):
            record_export(log)
        return response

    return middleware
