"""Meetings and trainings, and who came; ``event_papers`` has what they decide and their files."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kpm.attendance_paste import read_pasted_attendance
from kpm.event_actions import HOLDERS, can_keep, correct_event, hold_event, set_attendance
from kpm.event_history import event_history
from kpm.exports_staff import attendance_counts_list, attendance_list, events_list, training_effects_list
from kpm.figures import KecamatanAttendance, attendance, attendance_counts, mark_overdue
from kpm.forms.event import EditEventForm, EventForm
from kpm.forms.fields import submit
from kpm.models import Event, EventDecision, EventKind
from kpm.training import training_effects
from registry.access.decorators import people_required, roles_required, user_of
from registry.access.loaders import get_or_404, list_villages
from registry.errors import Refused
from registry.exports.page_table import ExportTable, PageTables
from registry.exports.response import export_response
from registry.models import Role, User


@people_required
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Show the events that the user sees, newest first, with how many of the user's cadres came."""
    if file := export_response(request, {"events": lambda: _all_events(request)}):
        return file
    page = Paginator(_visible_events(request), 50).get_page(request.GET.get("page"))
    counts = attendance_counts(user=user_of(request), events=page.object_list)
    may_hold = user_of(request).has_role(*HOLDERS)
    context = {"page": page, "counts": counts.items(), "may_hold": may_hold}
    return render(request, "kpm/events.html", context)


def _visible_events(request: HttpRequest) -> QuerySet[Event]:
    return Event.objects.visible_to(user_of(request)).select_related("village")


def _all_events(request: HttpRequest) -> ExportTable:
    """Return all pages of the list as one."""
    return events_list(attendance_counts(user=user_of(request), events=_visible_events(request)))


@roles_required(*HOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_event(request: HttpRequest) -> HttpResponse:
    """Store a meeting or training, then open the page to tick who came."""
    user = user_of(request)
    villages = list_villages(user).order_by("kecamatan__name", "name")
    of_district = user.has_role(Role.DISTRICT, Role.ADMIN)
    form = EventForm(request.POST or None, villages=villages, of_district=of_district)
    if event := submit(form, lambda: hold_event(by=user, **form.cleaned_data)):
        messages.success(request, _("Kegiatan tercatat."))
        return redirect("kpm:event", event.pk)
    return render(request, "kpm/event_new.html", {"form": form}, status=422 if form.errors else 200)


@roles_required(*HOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Put right what was written of an event, with the reason; for who may write it."""
    user, found = user_of(request), get_or_404(_visible_events(request), pk=event_id)
    if not can_keep(user, found):
        raise Http404
    form = EditEventForm(request.POST or None, event=found)

    def act() -> Event:
        values = dict(form.cleaned_data)
        kind, reason, values["date"] = values.pop("kind"), values.pop("reason"), values.pop("on")
        return correct_event(by=user, event_id=found.pk, kind=kind, reason=reason, values=values)

    if submit(form, act):
        messages.success(request, _("Kegiatan tersimpan."))
        return redirect("kpm:event", found.pk)
    context = {"event": found, "form": form}
    return render(request, "kpm/event_new.html", context, status=422 if form.errors else 200)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show one event: attendance by kecamatan, ticked on one screen and saved with one button."""
    found = get_or_404(_visible_events(request), pk=event_id)
    user = user_of(request)
    if file := export_response(request, _lists(found, user)):
        return file
    groups = attendance(event=found, user=user)
    sentence, pasted = "", None
    if "pasted" in request.POST:
        pasted = read_pasted_attendance(request.POST["pasted"], groups)
    elif request.method == "POST":
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
    context = _event_context(found, groups, user) | {"sentence": sentence, "pasted": pasted}
    return render(request, "kpm/event.html", context, status=422 if sentence else 200)


def _event_context(event: Event, groups: list[KecamatanAttendance], user: User) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "event": event,
        "groups": groups,
        "called": sum(group.called_count for group in groups),
        "came": sum(group.came for group in groups),
        "is_past": event.date <= today,
        "effects": training_effects(event=event, user=user) if event.kind == EventKind.TRAINING else [],
        "today": today,
        "decisions": mark_overdue(event.decisions.all(), today),
        "asked": mark_overdue(EventDecision.objects.asked_at(event).select_related("event"), event.date),
        "materials": event.materials.all(),
        "may_keep": can_keep(user, event),
        "changes": event_history(event),
        "new_id": uuid4(),
    }


def _posted_numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(pk) for pk in request.POST.getlist(name) if pk.isascii() and pk.isdigit() and len(pk) < 16]


def _lists(event: Event, user: User) -> PageTables:
    return {
        "counts": lambda: attendance_counts_list(event, attendance(event=event, user=user)),
        "names": lambda: attendance_list(event, attendance(event=event, user=user)),
        "effects": lambda: training_effects_list(event, training_effects(event=event, user=user)),
    }
