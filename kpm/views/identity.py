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
from kpm.move_request_actions import ask_for_move, list_destinations
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child, list_villages
from registry.actions import close_child, move_child, reopen_child, update_child
from registry.actions.drawn_rows import drawn_course
from registry.actions.identity_merge import ChangedMeanwhile
from registry.actions.identity_questions import IdentityDoubtful
from registry.models import Child
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
    """Move the child to a village of the user's area; of one beyond it, ask its people."""
    child = get_child(user_of(request), child_id)
    villages = list_destinations(child).select_related("kecamatan").order_by("kecamatan__name", "name")
    form = MoveForm(request.POST or None, villages=villages)
    if said := submit(form, lambda: _move_or_ask(request, child, form.cleaned_data)):
        messages.success(request, said)
        return redirect("kpm:child", child.pk)
    context = {"form": form, "child": child, "drawn": drawn_course(child)}
    return render(request, "kpm/move.html", context, status=_status(request))


def _move_or_ask(request: HttpRequest, child: Child, typed: dict[str, Any]) -> str:
    """Return what was done, in a sentence."""
    user, code, day = user_of(request), typed["village"], typed["moved_on"]
    if list_villages(user).filter(pk=code).exists():
        moved = move_child(
            by=user, child_id=child.pk, village_code=code, moved_on=day, drawn=request.POST.get("drawn")
        )
        sentence = _("%(name)s sekarang tercatat di %(village)s.")
        return sentence % {"name": moved.name, "village": moved.village}
    asked = ask_for_move(by=user, child_id=child.pk, village_code=code, moved_on=day)
    sentence = _(
        "Permintaan pindah dikirim ke %(village)s. Sampai dijawab, %(name)s tetap tercatat di %(home)s."
    )
    return sentence % {"name": child.name, "village": asked.to_village, "home": asked.from_village}


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
