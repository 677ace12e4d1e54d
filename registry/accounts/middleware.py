"""What somebody signed in was shown stays with nobody: phones are shared, and proxies keep pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


WHO = "who"
"""Cookie with the number of who signed in last. It opens nothing.

The workspace keeps one user's roster on the phone, and must know that the phone is in other hands before it
draws anything, also without a network.
"""


def say_who(answer: Answer) -> Answer:
    """Middleware: whoever is signed in is named in the cookie ``who``."""

    def named(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and request.COOKIES.get(WHO) != str(user.pk):
            response.set_cookie(
                WHO,
                str(user.pk),
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    return named


def keep_no_page(answer: Answer) -> Answer:
    """Middleware: no browser or proxy stores a page of somebody who is signed in.

    Otherwise the back button shows it to whoever holds the phone after signing out. The answer to a POST is
    a form to be put right, which "back" must find again: the browser alone may keep it, and signing out
    clears it (``SignOut``). Answers that say for themselves how they may be kept, as the API's do, stay as
    they are.
    """

    def private(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            kept = request.method == "POST"
            response["Cache-Control"] = "private, no-cache" if kept else "private, no-store"
        return response

    return private
