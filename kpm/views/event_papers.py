"""What an event decides, and its files: each handed over as an attachment, and logged."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpm.case_figures import sum_open_cases
from kpm.event_actions import HOLDERS, add_decision, add_material, settle_decision, take_back_material
from kpm.figures import attendance, mark_overdue
from kpm.forms.event import DecisionForm, DecisionOutcomeForm, MaterialForm
from kpm.forms.fields import PlainForm, submit
from kpm.material_kinds import MOST_BYTES
from kpm.models import Event, EventDecision
from registry.access.decorators import people_required, roles_required, user_of
from registry.access.loaders import get_or_404, get_start_place
from registry.access.visible_places import district_of, place_code
from registry.errors import Refused, refusing_unreadable
from registry.figures.default_month import default_month_of_figures
from registry.figures.prevalence import summary
from registry.models import ExportKind, ExportLog, User
from registry.nik import unseal_bytes


@roles_required(*HOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Ask what was decided, who does it and until when; store it."""
    found = _get_event(request, event_id)
    form = DecisionForm(request.POST or None, initial={"id": uuid4()})
    if submit(form, lambda: add_decision(by=user_of(request), event_id=found.pk, **form.cleaned_data)):
        messages.success(request, _("Keputusan tercatat."))
        return redirect("kpm:event", found.pk)
    return _form_page(request, "kpm/event_decision.html", found, form)


@roles_required(*HOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, event_id: UUID, decision_id: UUID) -> HttpResponse:
    """Store that a decision of this event, or of an earlier one, was done, and what came of it."""
    found = _get_event(request, event_id)
    decision = get_or_404(EventDecision.objects.asked_at(found) | found.decisions.all(), pk=decision_id)
    initial = {"done_on": decision.done_on, "outcome": decision.outcome}
    form = DecisionOutcomeForm(request.POST or None, initial=initial)
    if submit(
        form, lambda: settle_decision(by=user_of(request), decision_id=decision.pk, **form.cleaned_data)
    ):
        messages.success(request, _("Keputusan tersimpan."))
        return redirect("kpm:event", found.pk)
    return _form_page(request, "kpm/event_outcome.html", found, form, decision=decision)


@roles_required(*HOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Take a file for those who see the event."""
    found = _get_event(request, event_id)
    form = MaterialForm(request.POST or None, request.FILES or None, initial={"id": uuid4()})

    def store() -> object:
        file = form.cleaned_data["file"]
        sent = {"id": form.cleaned_data["id"], "file_name": file.name, "content": file.read(MOST_BYTES + 1)}
        return add_material(by=user_of(request), event_id=found.pk, **sent)

    if submit(form, store):
        messages.success(request, _("Berkas tersimpan."))
        return redirect("kpm:event", found.pk)
    return _form_page(request, "kpm/event_material.html", found, form)


@people_required
@require_safe
def pack(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show what is printed for an event: agenda, open decisions, figures of the day, the sheet to sign."""
    found, user = _get_event(request, event_id), user_of(request)
    place = found.village or get_start_place(user)
    month = default_month_of_figures(place, user)
    context = {
        "event": found,
        "groups": attendance(event=found, user=user),
        "decisions": mark_overdue(EventDecision.objects.asked_at(found).select_related("event"), found.date),
        "place": place,
        "month": month,
        "stunted": summary(place, month, user).stunted,
        "cases": sum_open_cases(place, timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "kpm/event_pack.html", context)


@people_required
@require_POST
def take_file(request: HttpRequest, event_id: UUID, material_id: UUID) -> HttpResponse:
    """Hand a file over, never to be shown in the browser."""
    found = _get_event(request, event_id)
    material = get_or_404(found.materials.all(), pk=material_id)
    try:
        with refusing_unreadable():
            content = unseal_bytes(bytes(material.content_sealed))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("kpm:event", found.pk)
    headers = {"Content-Disposition": content_disposition_header(True, material.file_name) or "attachment"}
    response = HttpResponse(content, content_type="application/octet-stream", headers=headers)
    ending = material.file_name.rpartition(".")[2].lower()
    response.export_log = _log_of(user_of(request), found, ending)  # type: ignore[attr-defined]
    return response


def _log_of(user: User, event: Event, ending: str) -> ExportLog:
    place = event.village or get_start_place(user)
    return ExportLog(
        user=user,
        kind=ExportKind.SHOWN,
        page="material",
        form=ending,
        district=district_of(place),
        place_code=place_code(place),
        rows=1,
        children=0,
    )


@roles_required(*HOLDERS)
@require_POST
def take_file_back(request: HttpRequest, event_id: UUID, material_id: UUID) -> HttpResponse:
    """Take a file back that was handed in by mistake."""
    found = _get_event(request, event_id)
    get_or_404(found.materials.all(), pk=material_id)
    try:
        take_back_material(by=user_of(request), event_id=found.pk, material_id=material_id)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Berkas ditarik kembali."))
    return redirect("kpm:event", found.pk)


def _get_event(request: HttpRequest, event_id: UUID) -> Event:
    events = Event.objects.visible_to(user_of(request)).select_related("village__kecamatan__district")
    return get_or_404(events, pk=event_id)


def _form_page(
    request: HttpRequest, template: str, event: Event, form: PlainForm, **context: object
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"event": event, "form": form, **context}, status=status)
