"""A child that came back, and putting right what happened to one: undone, or on another day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.forms.child import LifeEventForm, ReturnForm
from kpm.forms.fields import submit
from kpm.life_events import find_life_event
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child
from registry.actions import redate_event, return_child, undo_event
from registry.actions.identity_questions import IdentityDoubtful
from registry.models import Child, ChildStatus


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Record that a child who left the kabupaten lives here again."""
    child = get_child(user_of(request), child_id)
    if child.status != ChildStatus.MOVED:
        return redirect("kpm:child", child.pk)
    form = ReturnForm(request.POST or None)
    if submit(form, lambda: return_child(by=user_of(request), child_id=child.pk, **form.cleaned_data)):
        messages.success(request, _("%(name)s kembali aktif.") % {"name": child.name})
        return redirect("kpm:child", child.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "kpm/come_back.html", {"form": form, "child": child}, status=status)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def life_event(request: HttpRequest, child_id: UUID, key: str) -> HttpResponse:
    """Undo one event of a child, or let it have happened on another day."""
    child = get_child(user_of(request), child_id)
    event = find_life_event(child, key)
    if event is None:
        raise Http404
    is_undone, data = "undo" in request.POST, request.POST.copy()
    if is_undone:
        data["on"] = event.on.isoformat()
    form, confirmed = LifeEventForm(data or None, initial={"on": event.on}), data.getlist("confirmed")

    def put_right() -> Child:
        what: dict[str, Any] = {"child_id": child.pk, "kind": event.kind, "on": event.on}
        what |= {"by": user_of(request), "reason": form.cleaned_data["reason"], "confirmed": confirmed}
        return undo_event(**what) if is_undone else redate_event(**what, new_day=form.cleaned_data["on"])

    if submit(form, put_right):
        if is_undone or form.cleaned_data["on"] != event.on:
            messages.success(request, _("Riwayat %(name)s dibetulkan.") % {"name": child.name})
        else:
            messages.info(request, _("Tanggalnya sama seperti semula: tidak ada yang berubah."))
        return _redirect_to(request, child)
    context = {"form": form, "child": child, "event": event, "confirmed": confirmed}
    if isinstance(form.refusal, IdentityDoubtful):
        context["questions"] = form.refusal.questions
    return render(request, "kpm/life_event.html", context, status=422 if request.method == "POST" else 200)


def _redirect_to(request: HttpRequest, child: Child) -> HttpResponse:
    """Lead to the child, or to the start where it does not live in the user's area by now."""
    is_reached = Child.objects.reachable_by(user_of(request)).filter(pk=child.pk).exists()
    return redirect("kpm:child", child.pk) if is_reached else redirect("home")
