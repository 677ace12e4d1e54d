"""The whole record of a child, for its parent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kpm.parent_record import ParentRecord
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child
from registry.exports.response import export_response


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show all that is on record of a child, to print; posted, the same as a file. Either is logged."""
    child = get_child(user_of(request), child_id)
    made = ParentRecord(child)
    if file := export_response(request, {"record": made.table}):
        return file
    context = {"child": child, "sections": made.sections(), "today": timezone.localdate()}
    return render(request, "kpm/record.html", context)
