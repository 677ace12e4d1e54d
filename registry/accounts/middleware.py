"""What a signed-in browser and the proxies before it may keep: phones are shared."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from registry.validation_messages import refusal_message

NextHandler = Callable[[HttpRequest], HttpResponse]


USER_COOKIE = "who"
"""Cookie with the number of the user who signed in last. It opens nothing.

The workspace keeps one user's roster on the phone, and must know that the phone is in other hands before it
draws anything, also without a network.
"""


def signed_in_user_cookie(get_response: NextHandler) -> NextHandler:
    """Set the cookie ``who`` for a signed-in user (middleware)."""

    def set_user_cookie(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and request.COOKIES.get(USER_COOKIE) != str(user.pk):
            response.set_cookie(
                USER_COOKIE,
                str(user.pk),
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    return set_user_cookie


OPEN_BEFORE_OWN_PASSWORD = (
    *("password_change", "logout", "set_language"),
    *("kpm:shell", "kpm:service_worker", "kpm:manifest", "kpm:sign_out"),
    *("registry:health", "registry:ready", "registry:metrics"),
)


@cache
def _list_open_addresses() -> frozenset[str]:
    return frozenset(reverse(name) for name in OPEN_BEFORE_OWN_PASSWORD)


def own_password_first(get_response: NextHandler) -> NextHandler:
    """Let a user whose password somebody else made open nothing before changing it (middleware).

    It looks at sessions only: an API token is not one. A program and the phone get 403, which the phone
    takes for a session that has ended: what waits there is sent after the change.
    """

    def ask_for_own_password(request: HttpRequest) -> HttpResponse:
        if request.path in _list_open_addresses():
            return get_response(request)
        if not getattr(request.user, "must_change_password", False):
            return get_response(request)
        if not request.accepts("text/html") or request.path.startswith("/api/"):
            code = "password_must_change"
            return JsonResponse({"code": code, "detail": refusal_message(code)}, status=403)
        return redirect_to_login(request.get_full_path(), reverse("password_change"))

    return ask_for_own_password


_CLOSED_TO_OTHERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def closed_to_other_sites(get_response: NextHandler) -> NextHandler:
    """Let no other site load an answer, and no page ask for what the register never needs (middleware)."""

    def set_headers(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in _CLOSED_TO_OTHERS.items():
            response.headers.setdefault(name, value)
        return response

    return set_headers


def no_store_for_signed_in(get_response: NextHandler) -> NextHandler:
    """Let no browser or proxy store a page of a signed-in user (middleware).

    Otherwise the back button shows it to the next person who holds the phone after signing out. The answer to
    a POST is a form to be put right, which "back" must find again: the browser may keep it, and signing out
    clears it (``CacheClearingLogoutView``). An answer that already has ``Cache-Control``, as the API's have,
    stays as it is.
    """

    def set_cache_control(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            is_form = request.method == "POST"
            response["Cache-Control"] = "private, no-cache" if is_form else "private, no-store"
        return response

    return set_cache_control
