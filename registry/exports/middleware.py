"""Logs whose data leaves the register, as a file or on a screen: the one place that does so for all pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from registry.access.reading import noting_readings
from registry.actions.export_log import record_export
from registry.actions.read_log import store_readings
from registry.models import User


def log_files_with_names(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a middleware that stores the ``export_log`` which ``export_response`` put on its answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if log := getattr(response, "export_log", None):
            record_export(log)
        return response

    return middleware


def log_people_read(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a middleware that stores whose data an answer shows: ``registry.access.reading`` notes it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with noting_readings() as readings:
            response = get_response(request)
        user = getattr(request, "user", None)  # of a program too: its token is looked at by the view
        if readings and isinstance(user, User):
            store_readings(user, readings, request.path)
        return response

    return middleware
