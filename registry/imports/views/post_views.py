"""What the pages that only take a form share: nobody is shown a page there, so all of them lead elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]
_ASKED_FOR = ("outcome", "page")

FIRST_CHECKED = "unsaved"
"""In the address of a page where somebody wanted to save what had to be checked first."""


def only_posted(view: View) -> View:
    """Whoever opens the address of a form (again, or after signing in) is led to the page of the file."""
    post = require_POST(view)

    @wraps(view)
    def redirect_or_post(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return redirect("registry:import-file", upload_id=upload_id)
        return post(request, upload_id)

    return redirect_or_post


def back_to(
    request: HttpRequest, upload_id: UUID, part: str = "", more: Mapping[str, str] | None = None
) -> HttpResponse:
    """To the page of the file, with the rows that it showed and asked ``more``.

    To that ``part`` of it, where anything is asked.
    """
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in _ASKED_FOR if request.POST.get(name)})
    query.update(more or {})
    part = part if query else ""
    answer = redirect("registry:import-file", upload_id=upload_id)
    answer["Location"] += (f"?{query.urlencode()}" if query else "") + (f"#{part}" if part else "")
    return answer
