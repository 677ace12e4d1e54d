"""Gives each request its number, and logs it in one line: its route and not its address."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from registry.observability.counters import count_request
from registry.observability.request_id import working_for

HEADER = "X-Request-ID"

_HARMLESS = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
logger = logging.getLogger("registry.request")


class _QueryCount:
    number = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.number += 1
        return execute(*asked)


def observe_request(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the middleware, which must be the first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun, queries = time.perf_counter(), _QueryCount()
        request_id = choose_request_id(request)
        with working_for(request_id), connection.execute_wrapper(queries):
            response = get_response(request)
            response.headers[HEADER] = request_id
            if not request.path.startswith(settings.STATIC_URL):
                _log(request, response, time.perf_counter() - begun, queries.number)
        return response

    return middleware


def choose_request_id(request: HttpRequest) -> str:
    """Return the proxy's number where it has a harmless form, else a new one."""
    sent = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
    return sent if _HARMLESS.fullmatch(sent) else uuid4().hex


def _log(request: HttpRequest, response: HttpResponse, seconds: float, queries: int) -> None:
    status, route = response.status_code, find_route(request)
    count_request(route, request.method, status, seconds)
    fields = {
        "method": request.method,
        "route": route,
        "status": status,
        "ms": round(1000 * seconds),
        "queries": queries,
        "role": _find_role(request) if status < 500 else "",
    }
    logger.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra=fields)


def find_route(request: HttpRequest) -> str:
    """Return the pattern of the address, such as ``import/<uuid:upload_id>/``; ``unknown`` without one."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "unknown"
    return f"/{match.route}"


def _find_role(request: HttpRequest) -> str:
    roles = getattr(getattr(request, "user", None), "known_roles", ())
    return ",".join(sorted(roles))
