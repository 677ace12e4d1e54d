"""Putting a child's identity right, moving it and closing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpm.forms.child import CloseForm, MoveForm
from kpm.forms.edit_child import EditChildForm, shown_conflicts
from kpm.forms.fields import submit
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child, list_villages
from registry.actions import close_child, move_child, reopen_child, update_child
from registry.actions.drawn_rows import drawn_course
from registry.actions.identity_merge import ChangedMeanwhile
from registry.actions.identity_questions import IdentityDoubtful
from registry.validation_messages import refusal_message


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Correct the identity; an empty NIK field leaves the NIK as it is."""
    child = get_child(user_of(request), child_id)
    is_posted = request.method == "POST"
    form = EditChildForm.from_post(request.POST, child) if is_posted else EditChildForm.of(child)
    confirmed = request.POST.getlist("confirmed")
    updated = submit(
        form,
        lambda: update_child(
            by=user_of(request),
            child_id=child.pk,
            identity=form.typed_identity(),
            reason=form.cleaned_data["reason"],
            confirmed=confirmed,
            drawn=form.cleaned_data["drawn"],
        ),
    )
    if updated:
        messages.success(request, _("Identitas tersimpan."))
        return redirect("kpm:child", child.pk)
    context: dict[str, Any] = {"form": form, "child": child, "confirmed": confirmed}
    match form.refusal:
        case IdentityDoubtful() as doubtful:
            context["questions"] = doubtful.questions
            if doubtful.lacks_reason:
                form.add_error("reason", refusal_message("identity_reason_missing"))
        case ChangedMeanwhile() as changed:
            conflicts = shown_conflicts(changed)
            context |= {"form": form.redrawn(changed), "conflicts": conflicts, "message": changed.message}
    return render(request, "kpm/edit.html", context, status=_status(request))


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Move the child to a village of the user's area; beyond it, the page says whom to ask."""
    child = get_child(user_of(request), child_id)
    villages = list(list_villages(user_of(request)).exclude(pk=child.village_id).order_by("name"))
    form = MoveForm(request.POST or None, villages=villages)
    moved = submit(
        form,
        lambda: move_child(
            by=user_of(request),
            child_id=child.pk,
            village_code=form.cleaned_data["village"],
            moved_on=form.cleaned_data["moved_on"],
            drawn=request.POST.get("drawn"),
        ),
    )
    if moved:
        sentence = _("%(name)s sekarang tercatat di %(village)s.")
        messages.success(request, sentence % {"name": moved.name, "village": moved.village})
        return redirect("kpm:child", moved.pk)
    context = {"form": form, "child": child, "villages": villages, "drawn": drawn_course(child)}
    return render(request, "kpm/move.html", context, status=_status(request))


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Close the record of a child who died or left the kabupaten."""
    child = get_child(user_of(request), child_id)
    form = CloseForm(request.POST or None)
    closed = submit(
        form,
        lambda: close_child(
            by=user_of(request), child_id=child.pk, drawn=request.POST.get("drawn"), **form.cleaned_data
        ),
    )
    if closed:
        messages.success(request, _("Tersimpan. Anak ini tidak lagi di daftar bulan-bulan berikutnya."))
        return redirect("kpm:child", child.pk)
    context = {"form": form, "child": child, "drawn": drawn_course(child)}
    return render(request, "kpm/close.html", context, status=_status(request))


@people_required
@require_POST
def reopen(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Take back a closing that was a mistake."""
    child = get_child(user_of(request), child_id)
    reopen_child(by=user_of(request), child_id=child.pk)
    messages.success(request, _("%(name)s kembali aktif.") % {"name": child.name})
    return redirect("kpm:child", child.pk)


def _status(request: HttpRequest) -> int:
    """Return 422 for a page drawn in answer to a POST, which is a refusal; else 200."""
    return 422 if request.method == "POST" else 200
