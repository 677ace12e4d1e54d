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
from registry.exports.forms import ExportRequestForm
from registry.exports.log_page import export_log_table, log_lines
from registry.exports.response import export_response
from registry.models import ExportForm, ExportKind, ExportLog

TAKEN_SHOWN = 20
_FIELD_OF = {"from": "month_from", "place": "place", "unmasked": "unmasked", "reason": "reason"}


@require_http_methods(["GET", "HEAD", "POST"])
@people_required
def take_away(request: HttpRequest) -> HttpResponseBase:
    """Show the form; posted, give the file. That is logged before a byte leaves, so it is never a GET."""
    user = user_of(request)
    if request.method != "POST":
        taken = ExportLog.objects.visible_to(user).select_related("user")
        return export_response(request, {"taken": lambda: export_log_table(taken)}) or _page(
            request, ExportRequestForm(user=user)
        )
    form = ExportRequestForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, form, status=400)
    data = form.cleaned_data
    try:
        exported = export(
            user,
            ExportKind(data["kind"]),
            get_place(data["place"], user),
            (data["month_from"], data["month_to"]),
            ExportForm(data["form"]),
            unmasked=data.get("unmasked", False),
            reason=data.get("reason", ""),
        )
    except Refused as refused:
        form.add_error(_FIELD_OF.get(refused.field or ""), refused.message)
        return _page(request, form, status=400)
    return FileResponse(
        exported.file, as_attachment=True, filename=exported.name, content_type=exported.content_type
    )


def _page(request: HttpRequest, form: ExportRequestForm, status: int = 200) -> HttpResponse:
    taken = ExportLog.objects.visible_to(user_of(request)).select_related("user")
    shown = log_lines(taken[: TAKEN_SHOWN + 1])
    context: dict[str, Any] = {
        "form": form,
        "taken": shown[:TAKEN_SHOWN],
        "more": len(shown) > TAKEN_SHOWN,
    }
    return render(request, "registry/export.html", context, status=status)
