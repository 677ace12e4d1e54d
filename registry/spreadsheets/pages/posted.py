"""What the pages that only take a form share: nobody is shown a page there, so all of them lead elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]
_ASKED_FOR = ("outcome", "page")


def only_posted(view: View) -> View:
    """Whoever opens the address of a form (again, or after signing in) is led to the page of the file."""
    post = require_POST(view)

    @wraps(view)
    def guarded(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return redirect("registry:import-file", upload_id=upload_id)
        return post(request, upload_id)

    return guarded


def back_to(request: HttpRequest, upload_id: UUID, part: str = "") -> HttpResponse:
    """To the page of the file, with the rows that it showed; to that ``part`` of it, where they are known."""
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in _ASKED_FOR if request.POST.get(name)})
    return with_query(upload_id, query, part if query else "")


def with_query(upload_id: UUID, query: QueryDict, part: str = "") -> HttpResponse:
    """To the page of the file, asked with ``query``."""
    answer = redirect("registry:import-file", upload_id=upload_id)
    answer["Location"] += (f"?{query.urlencode()}" if query else "") + (f"#{part}" if part else "")
    return answer
