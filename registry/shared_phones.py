"""What somebody signed in was shown stays with nobody: phones are shared, and proxies keep pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


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
