"""Two records of one child: looking for the other one, comparing both, merging them and taking that back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpm.duplicates import compare_records, list_candidates
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child
from registry.access.reading import note_child
from registry.actions import merge_children, undo_merge
from registry.actions.identity_questions import IdentityDoubtful
from registry.errors import Refused


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show records alike, and those whose names the posted ``q`` finds, to compare with this one."""
    child = get_child(user_of(request), child_id)
    search = request.POST.get("q", "").replace("\0", "")[:60]
    found = list_candidates(user_of(request), child, search)
    for one in found:
        note_child(one.pk)
    context = {"child": child, "search": search, "found": found}
    return render(request, "kpm/duplicates.html", context)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, child_id: UUID, other_id: UUID) -> HttpResponse:
    """Compare both records; what is sent says which one is right in each field and on each day."""
    child, other = (get_child(user_of(request), pk) for pk in (child_id, other_id))
    if child.pk == other.pk:  # merged meanwhile
        return redirect("kpm:child", child.pk)
    comparison, error = compare_records(child, other, request.POST or None), ""
    context: dict[str, Any] = {"confirmed": request.POST.getlist("confirmed")}
    if request.method == "POST":
        try:
            merge_children(
                by=user_of(request),
                kept_id=child.pk,
                merged_id=other.pk,
                taken=comparison.taken,
                chosen=comparison.chosen,
                confirmed=context["confirmed"],
            )
        except IdentityDoubtful as doubtful:
            context["questions"] = doubtful.questions
        except Refused as refused:
            error = refused.message
        else:
            sentence = _("Dua catatan %(name)s menjadi satu. Bisa diurungkan selama 30 hari.")
            messages.success(request, sentence % {"name": child.name})
            return redirect("kpm:child", child.pk)
    context |= {"child": child, "other": other, "comparison": comparison, "error": error}
    return render(request, "kpm/merge.html", context, status=422 if request.method == "POST" else 200)


@people_required
@require_POST
def unmerge(request: HttpRequest, child_id: UUID, merged_id: UUID) -> HttpResponse:
    """Take a merge back: both records are as they were."""
    child = get_child(user_of(request), child_id)
    try:
        undo_merge(by=user_of(request), merged_id=merged_id)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        sentence = _(
            "Penggabungan diurungkan: kedua catatan kembali seperti semula. Pengukuran yang dicatat "
            "setelah digabung tetap di catatan ini; periksa milik siapa."
        )
        messages.success(request, sentence)
    return redirect("kpm:child", child.pk)
