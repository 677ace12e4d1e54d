"""What a signed-in browser and the proxies before it may keep: phones are shared."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
