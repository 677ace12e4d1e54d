"""Reminders of a village: posyandu days, their calendars, and texts to paste into WhatsApp."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpm.follow_up import list_follow_up
from kpm.forms.fields import submit
from kpm.forms.posyandu_days import PosyanduDaysForm
from kpm.navigation import WITH_CHILDREN
from kpm.reminders import (
    cadre_text,
    family_text,
    list_posyandu_days,
    read_calendar,
    sign_calendar,
    village_text,
    write_calendar,
)
from kpm.views.choose_village import choose_village
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village, get_child, get_village_or_404, list_villages
from registry.access.reading import note_villages
from registry.actions.community_page import MAY_PUBLISH
from registry.actions.posyandu_days import renew_calendar, set_posyandu_days
from registry.models import Village


@people_required
@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    """Show the posyandu days of ``?village=CODE`` and what to paste; the list with names to its own team."""
    village = find_village(request)
    if village is None:
        return choose_village(request, _("Pengingat untuk desa mana?"), "")
    user, today = user_of(request), timezone.localdate()
    days = list_posyandu_days(village, today)
    context = {
        "village": village,
        "days": days,
        "calendar": request.build_absolute_uri(reverse("kpm:calendar", args=[sign_calendar(village)])),
        "village_text": village_text(village, days),
        "may_publish": user.has_role(*MAY_PUBLISH),
    }
    if user.has_role(*WITH_CHILDREN):
        note_villages([village.pk])
        rows = list_follow_up(user=user, village=village, on=today)
        context["cadre_text"] = cadre_text(village, rows, days, today)
    return render(request, "kpm/reminders.html", context)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest, code: str) -> HttpResponse:
    """Set when the posyandu of a village open."""
    village = get_village_or_404(list_villages(user_of(request)), code)
    form = PosyanduDaysForm(village, request.POST if request.method == "POST" else None)
    by = user_of(request)
    if submit(form, lambda: (set_posyandu_days(by=by, village_code=village.pk, days=form.read_days()),)):
        messages.success(request, _("Hari posyandu tersimpan."))
        return _back(village)
    context = {"form": form, "village": village}
    return render(request, "kpm/posyandu_days.html", context, status=422 if form.errors else 200)


@people_required
@require_POST
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Give the calendars of a village other addresses."""
    user = user_of(request)
    known = get_village_or_404(list_villages(user), code)
    village = renew_calendar(by=user, village_code=known.pk)
    messages.success(request, _("Alamat kalender diganti. Alamat lama tidak berlaku lagi."))
    return _back(village)


@people_required
@require_safe
def family(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show the text for the family of one child, which has not died or left."""
    child = get_child(user_of(request), child_id)
    if not child.is_active:
        raise Http404
    context = {"child": child, "text": family_text(child, timezone.localdate())}
    return render(request, "kpm/family_reminder.html", context)


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give the posyandu days of a token, to whoever has it: programs that read calendars do not sign in."""
    found = read_calendar(token)
    if found is None:
        raise Http404
    content = write_calendar(*found, timezone.localdate())
    headers = {
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": 'inline; filename="posyandu.ics"',
    }
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _back(village: Village) -> HttpResponse:
    return redirect(f"{reverse('kpm:reminders')}?village={village.pk}")
