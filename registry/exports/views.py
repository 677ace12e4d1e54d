"""The page where data is taken away, and what was taken."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_place
from registry.errors import Refused
from registry.exports.export_data import export
from registry.exports.forms import ExportAsked
from registry.exports.log_page import taken_list, taken_of
from registry.exports.page_table import file_asked
from registry.models import ExportForm, ExportKind, ExportLog

TAKEN_SHOWN = 20
_FIELD_OF = {"from": "month_from", "place": "place", "unmasked": "unmasked", "reason": "reason"}


@require_http_methods(["GET", "HEAD", "POST"])
@people_required
def take_away(request: HttpRequest) -> HttpResponseBase:
    """The form; posted, the file. Taking it is logged before a byte of it leaves, so it is never a GET."""
    user = user_of(request)
    if request.method != "POST":
        taken = ExportLog.objects.visible_to(user).select_related("user")
        return file_asked(request, {"taken": lambda: taken_list(taken)}) or _page(
            request, ExportAsked(user=user)
        )
    asked = ExportAsked(request.POST, user=user)
    if not asked.is_valid():
        return _page(request, asked, status=400)
    data = asked.cleaned_data
    try:
        made = export(
            user,
            ExportKind(data["kind"]),
            get_place(data["place"], user),
            (data["month_from"], data["month_to"]),
            ExportForm(data["form"]),
            unmasked=data.get("unmasked", False),
            reason=data.get("reason", ""),
        )
    except Refused as refused:
        asked.add_error(_FIELD_OF.get(refused.field or ""), refused.message)
        return _page(request, asked, status=400)
    return FileResponse(made.file, as_attachment=True, filename=made.name, content_type=made.content_type)


def _page(request: HttpRequest, form: ExportAsked, status: int = 200) -> HttpResponse:
    taken = ExportLog.objects.visible_to(user_of(request)).select_related("user")
    shown = taken_of(taken[: TAKEN_SHOWN + 1])
    context: dict[str, Any] = {
        "form": form,
        "taken": shown[:TAKEN_SHOWN],
        "more": len(shown) > TAKEN_SHOWN,
    }
    return render(request, "registry/export.html", context, status=status)
