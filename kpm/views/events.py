"""Meetings and trainings, and who came."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kpm.actions import hold_event, set_attendance
from kpm.exports_staff import attendance_counts_list, attendance_list, events_list
from kpm.figures import attendance, attendance_counts
from kpm.forms.event import EventForm
from kpm.forms.fields import submit
from kpm.models import Event
from registry.access.decorators import district_required, officers_required, user_of
from registry.access.loaders import get_or_404
from registry.errors import Refused
from registry.exports.page_table import ExportTable, PageTables
from registry.exports.response import export_response
from registry.models import Role, User


@officers_required
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Show all events, newest first, with how many of the user's cadres came."""
    if file := export_response(request, {"events": lambda: _all_events(request)}):
        return file
    page = Paginator(Event.objects.all(), 50).get_page(request.GET.get("page"))
    counts = attendance_counts(user=user_of(request), events=page.object_list)
    context = {"page": page, "counts": counts.items(), "may_hold": _may_hold(request)}
    return render(request, "kpm/events.html", context)


def _all_events(request: HttpRequest) -> ExportTable:
    """Return all pages of the list as one."""
    return events_list(attendance_counts(user=user_of(request), events=Event.objects.all()))


@district_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_event(request: HttpRequest) -> HttpResponse:
    """Store a meeting or training, then open the page to tick who came."""
    form = EventForm(request.POST) if request.method == "POST" else EventForm.blank()
    if event := submit(form, lambda: hold_event(by=user_of(request), **form.cleaned_data)):
        messages.success(request, _("Kegiatan tercatat."))
        return redirect("kpm:event", event.pk)
    return render(request, "kpm/event_new.html", {"form": form}, status=422 if form.errors else 200)


@officers_required
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show one event: attendance by kecamatan, ticked on one screen and saved with one button."""
    found = get_or_404(Event.objects.all(), pk=event_id)
    user = user_of(request)
    if file := export_response(request, _lists(found, user)):
        return file
    sentence = ""
    if request.method == "POST":
        ticked, drawn = _posted_numbers(request, "cadre"), _posted_numbers(request, "drawn")
        try:
            came = set_attendance(by=user, event_id=found.pk, cadre_ids=ticked, drawn=drawn)
        except Refused as refused:
            sentence = refused.message
        else:
            messages.success(
                request, ngettext("%(count)d KPM hadir.", "%(count)d KPM hadir.", came) % {"count": came}
            )
            return redirect("kpm:event", found.pk)
    groups = attendance(event=found, user=user)
    context = {
        "event": found,
        "groups": groups,
        "called": sum(group.called_count for group in groups),
        "came": sum(group.came for group in groups),
        "is_past": found.date <= timezone.localdate(),
        "sentence": sentence,
    }
    return render(request, "kpm/event.html", context, status=422 if sentence else 200)


def _posted_numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(pk) for pk in request.POST.getlist(name) if pk.isascii() and pk.isdigit() and len(pk) < 16]


def _lists(event: Event, user: User) -> PageTables:
    return {
        "counts": lambda: attendance_counts_list(event, attendance(event=event, user=user)),
        "names": lambda: attendance_list(event, attendance(event=event, user=user)),
    }


def _may_hold(request: HttpRequest) -> bool:
    return user_of(request).has_role(Role.DISTRICT, Role.ADMIN)
