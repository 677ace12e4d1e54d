"""Services of the first 1000 days: a village's month with its buttons, and one person with all she had."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.convergence_actions import take_back_condition, take_back_service
from kpm.exports_services import services_list
from kpm.forms.convergence import HouseholdForm, ServiceTickForm
from kpm.forms.fields import submit
from kpm.household_actions import join_household, leave_household
from kpm.households import list_housemates, list_possible_housemates
from kpm.models import Beneficiary
from kpm.models.convergence import SERVICE_WORDS
from kpm.scorecard.indicators import ScoredService
from kpm.scorecard.periods import Period
from kpm.service_history import list_possible_births, list_typed
from kpm.service_month import ServiceTab, find_person_month, list_overdue, read_service_month
from kpm.service_ticks import ServiceTick, record_tick
from kpm.views.choose_village import choose_village
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village, get_child, get_or_404
from registry.access.query import BadQuery, find_month
from registry.access.reading import note_villages
from registry.calendar_months import add_months, current_month, last_day
from registry.exports.response import export_response
from registry.figures.default_month import default_month_of_workspace
from registry.models import Child, User, Village


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def services(request: HttpRequest) -> HttpResponse:
    """Show who of ``?village=&month=&group=`` has which service, or who lacks ``&lack=``; record a tick."""
    month, village = find_month(request.GET) or default_month_of_workspace(), find_village(request)
    if village is None:
        kept = f"&month={month:%Y-%m}" if "month" in request.GET else ""
        return choose_village(request, _("Layanan keluarga di desa mana?"), kept)
    tab, lack = _read_filters(request.GET)
    query = {"village": village.pk, "month": f"{month:%Y-%m}", "group": tab.value}
    query |= {"lack": lack.value} if lack else {}
    note_villages([village.pk])
    user, days = user_of(request), Period(month, min(last_day(month), timezone.localdate()))
    form = _make_form(request, days)
    if form.is_bound and submit(form, lambda: _record(request, user, form)):
        said, tick = form.cleaned_data, form.cleaned_data["tick"]
        values: dict[str, Any] = query | {"on": said["on"]} | ({"held": said["held"]} if said["held"] else {})
        return redirect(f"{request.path}?{urlencode(values)}" + (f"#p-{tick.person_id}" if tick else ""))
    found = read_service_month(user, village, month, tab)
    people = found.lacking(lack)
    if file := export_response(request, {"services": lambda: services_list(user, found, people, lack)}):
        return file
    context = {"form": form, "found": found, "people": people, "lack": lack, "query": f"{urlencode(query)}&"}
    context |= _month_context(village, month, tab) | {
        "lack_words": SERVICE_WORDS[lack] if lack else "",
        "shares": [(one, SERVICE_WORDS[one], had, due) for one, had, due in found.shares()],
        "tabs": [(one, one.words, count) for one, count in found.counts.items()],
        "overdue": list_overdue(found.people, timezone.localdate()),
    }
    return render(request, "kpm/services.html", context, status=422 if form.is_bound else 200)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def beneficiary(request: HttpRequest, beneficiary_id: UUID) -> HttpResponse:
    """Show a pregnant woman, or somebody of another group, with all she had and what may be changed."""
    user = user_of(request)
    found = get_or_404(
        Beneficiary.objects.visible_to(user).select_related("village__kecamatan"), pk=beneficiary_id
    )
    note_villages([found.village_id])
    context: dict[str, object] = {"births": found.births.select_related("child")}
    if found.ended_by == "delivered" and found.ended_on:
        context["possible_births"] = list_possible_births(user, found, found.ended_on)
    return _person_page(request, found, context)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def child_services(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show a child with all services that were typed of it, and with whom it lives; ``q`` looks for others.

    It is posted: no name stands in an address.
    """
    user, found = user_of(request), get_child(user_of(request), child_id)
    typed = request.POST.get("q", "").strip()[:60]
    if "leave" in request.POST:
        leave_household(by=user, child_id=found.pk)
        messages.success(request, _("Tersimpan: rumah tangga sendiri."))
        return redirect(request.path)
    possible = list_possible_housemates(user, found, typed)
    form = HouseholdForm(request.POST if "join" in request.POST else None, children=possible)
    if form.is_bound and submit(form, lambda: _join(user, found, form)):
        return redirect(request.path)
    context = {"child": found, "household": form, "possible": possible, "typed": typed}
    context["housemates"] = list_housemates(user, found)
    return _person_page(request, found, context)


def _join(user: User, child: Child, form: HouseholdForm) -> bool:
    join_household(by=user, child_id=child.pk, other_id=form.cleaned_data["other"])
    return True


def _person_page(
    request: HttpRequest, person: Child | Beneficiary, context: dict[str, object]
) -> HttpResponse:
    today = timezone.localdate()
    if "take_back" in request.POST:
        _take_back(user_of(request), request.POST["take_back"])
        messages.success(request, _("Catatan dihapus."))
        return redirect(request.path)
    first = person.birth_date if isinstance(person, Child) else person.last_period
    is_tick = not {"q", "join"} & request.POST.keys()
    form = _make_form(request, Period(first or date.min, today), is_tick=is_tick)
    if form.is_bound and submit(form, lambda: _record(request, user_of(request), form)):
        return redirect(f"{request.path}?{urlencode({'on': form.cleaned_data['on']})}")
    context |= {"person": person, "one": find_person_month(person, today), "lines": list_typed(person)}
    context |= {"form": form, "today": today}
    is_refused = form.is_bound or "join" in request.POST
    return render(request, "kpm/person_services.html", context, status=422 if is_refused else 200)


def _make_form(request: HttpRequest, days: Period, *, is_tick: bool = True) -> ServiceTickForm:
    """Return the form of all buttons: filled in where one was pressed."""
    is_posted = is_tick and request.method == "POST" and "format" not in request.POST
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = timezone.localdate()
    proposed = on if on in days else days.last or on
    form = ServiceTickForm(request.POST if is_posted else None, days=days, on=proposed)
    form.initial["held"] = request.GET.get("held", "")[:2]
    return form


def _record(request: HttpRequest, user: User, form: ServiceTickForm) -> bool:
    """Store what the button says; the button beside the day only keeps the day."""
    said = form.cleaned_data
    tick: ServiceTick | None = said["tick"]
    if tick:
        record_tick(
            by=user,
            form_id=said["id"],
            tick=tick,
            on=said["on"],
            quantity=said["quantity"],
            held=said["held"],
        )
        messages.success(request, _("Tercatat: %(words)s.") % {"words": tick.words})
    return True


def _take_back(user: User, value: str) -> None:
    """Take back ``service:<uuid>`` or ``condition:<uuid>``. Raises Http404."""
    kind, _colon, pk = value.partition(":")
    actions = {"service": take_back_service, "condition": take_back_condition}
    try:
        actions[kind](by=user, record_id=UUID(pk))
    except (KeyError, ValueError) as error:
        raise Http404 from error


def _read_filters(query: QueryDict) -> tuple[ServiceTab, ScoredService | None]:
    """Return the tab, and the service that is lacked. Raises BadQuery."""
    try:
        lack = query.get("lack", "")
        return ServiceTab(query.get("group") or ServiceTab.PREGNANT), ScoredService(lack) if lack else None
    except ValueError as error:
        raise BadQuery(_("Pilihan itu tidak dikenal. Buka Layanan keluarga, lalu pilih di sana.")) from error


def _month_context(village: Village, month: date, tab: ServiceTab) -> dict[str, object]:
    return {
        "village": village,
        "month": month,
        "tab": tab,
        "before": add_months(month, -1),
        "after": add_months(month, 1) if month < current_month() else None,
    }
