"""What is kept of a sign-in: enough to slow down guessing, and nothing of what was typed.

The rows are django-axes' own, in the database, so all workers count together.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from ipware.ip import get_client_ip

from registry.models import User
from registry.nik import keyed_hash

PAIR_LIMIT = 10
"""Wrong passwords for one name from one address."""

NAME_LIMIT = 20
"""Wrong passwords for one name from all addresses together."""

ADDRESS_LIMIT = 30
"""Names that failed from one address and have not signed in since: a district's training has one address."""


class SignInHandler(AxesDatabaseHandler):
    """Counts failed sign-ins against three limits, of which django-axes knows one, and keeps nothing typed.

    A name's own limit and an address's own limit do not hold where that name has signed in from that address
    before: neither a guesser elsewhere nor a neighbour behind the same mobile address locks a cadre out.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return how many limits are reached; one locks (``AXES_FAILURE_LIMIT``)."""
        return len(self._list_reached(request, credentials))

    def count_seconds_to_wait(self, request: HttpRequest, credentials: dict[str, Any] | None) -> int:
        """Return the seconds until no limit is reached any more. What is tried meanwhile adds nothing."""
        reached = self._list_reached(request, credentials)
        failed_at = [attempts.aggregate(at=Max("attempt_time"))["at"] for attempts in reached]
        if not failed_at:
            return 1
        return max(1, ceil((max(failed_at) - get_cool_off_threshold(request)).total_seconds()))

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Keep no field of the form: after an ended session it carries all that was typed of a child."""
        if request is None:
            super().user_login_failed(sender, credentials, request, **kwargs)
            return
        typed = request.GET, request.POST
        request.GET, request.POST = QueryDict(), QueryDict()
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = typed

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        """Remember that this name signs in from this address."""
        super().user_logged_in(sender, request, user, **kwargs)
        pair = {"username": user.username, "ip_address": request.axes_ip_address}  # type: ignore[attr-defined]
        if not AccessLog.objects.filter(**pair).update(attempt_time=timezone.now()):
            AccessLog.objects.create(**pair)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget the failures of this name from this address only: those of others are guesses still."""
        *_others, pair = self.filter_user_attempts(request, credentials)
        return int(pair.delete()[0])

    def _list_reached(
        self, request: HttpRequest, credentials: dict[str, Any] | None
    ) -> list[QuerySet[AccessAttempt]]:
        """Return the recent failures of each limit that is reached."""
        of_name, at_address, pair = self.get_user_attempts(request, credentials)
        reached = [pair] if _count_failures(pair) >= PAIR_LIMIT else []
        name, address = name_of_attempt(request, credentials), request.axes_ip_address  # type: ignore[attr-defined]
        if AccessLog.objects.filter(username=name, ip_address=address).exists():
            return reached
        if _count_failures(of_name) >= NAME_LIMIT:
            reached.append(of_name)
        if at_address.aggregate(n=Count("username", distinct=True))["n"] >= ADDRESS_LIMIT:
            reached.append(at_address)
        return reached


def _count_failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0


def find_client_address(request: HttpRequest) -> str | None:
    """Return the address that a request counts under: of IPv6 the /64, which belongs to one subscriber."""
    found, _is_trusted = get_client_ip(
        request, request_header_order=settings.AXES_IPWARE_META_PRECEDENCE_ORDER
    )
    if not found:
        return None
    address = ip_address(found)
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), 64), strict=False).network_address)


def count_seconds_locked(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Return the seconds for which a refused sign-in stays refused."""
    handler: SignInHandler = AxesProxyHandler.get_implementation()
    return handler.count_seconds_to_wait(request, credentials)


def render_locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Return the page that says how long to wait (``AXES_LOCKOUT_CALLABLE``)."""
    seconds = count_seconds_locked(request, credentials)
    context = {"minutes": ceil(seconds / 60)}
    page = render(request, "registration/locked_out.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page


def find_locked_out_page(request: HttpRequest, username: str) -> HttpResponse | None:
    """Return the page that says how long to wait, where ``username`` may try no code now."""
    credentials = {"username": username}
    if not settings.AXES_ENABLED or AxesProxyHandler.is_allowed(request, credentials):
        return None
    return render_locked_out(request, None, credentials)


def name_of_attempt(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the name that an attempt is counted under: a user's own, of anything else only a keyed hash.

    People type passwords and NIK where the name belongs. Capitals are no new attempts.
    """
    typed = str((credentials or request.POST).get("username") or "")
    if not typed:
        return typed
    user = User.objects.find_by_name(typed)
    return user.username if user else f"?{keyed_hash(typed.casefold())[:32]}"
