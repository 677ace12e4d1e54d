"""One child: who it is, how it grows, and what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kpm.chart import GrowthChart, draw_charts
from kpm.consent import find_consent
from kpm.early_birth import corrected_by_age
from kpm.exports_children import chart_list, measurements_list
from kpm.follow_up import list_unsaid_reasons
from kpm.history import History, history_of, latest_advice, say_what_counts
from kpm.identity_history import identity_history
from kpm.life_events import list_life_events
from kpm.models import MoveRequest
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child, get_measurement
from registry.access.withheld import require_shared
from registry.actions import MAY_CHOOSE
from registry.exports.page_table import PageTables
from registry.exports.response import export_response
from registry.growth import SexCode, age_in_days, corrected_age_days
from registry.models import Child, User


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show the child's page: latest result, charts, all measurements, what can be done."""
    found = get_child(user_of(request), child_id)
    if found.pk != child_id:  # its record was merged into another
        return redirect("kpm:child", found.pk)
    history = history_of(found)
    merges = list(found.merged.select_related("by")) if found.has_merged else []
    charts = draw_charts(
        SexCode(found.sex), history.in_force, corrected=corrected_by_age(found, history.in_force)
    )
    if file := export_response(request, lambda: _lists(user_of(request), found, history, charts)):
        return file
    today, advice = max(timezone.localdate(), found.birth_date), latest_advice(history)
    age_days = age_in_days(found.birth_date, found.status_date or today)
    context = {
        "child": found,
        "age_days": age_days,
        "corrected_days": corrected_age_days(age_days, found.gestation_weeks),
        "history": history,
        "latest": history.in_force[-1] if history.in_force else None,
        "advice": advice,
        "unsaid": list_unsaid_reasons(found, history.rows, today, advice.sentences if advice else ()),
        "charts": charts,
        "changes": identity_history(found, *(merge.pk for merge in merges)),
        "merges": merges,
        "consent": find_consent(found) if found.has_consent else None,
        "events": list_life_events(found),
        "move_request": MoveRequest.objects.awaiting_answer()
        .filter(child=found)
        .select_related("to_village")
        .first(),
        "is_elsewhere": not user_of(request).area(people=True).has(found.village),
    }
    return render(request, "kpm/child.html", context)


def _lists(user: User, child: Child, history: History, charts: Iterable[GrowthChart]) -> PageTables:
    """Return all measurements, and the numbers of each chart by the index it draws. Raises BadQuery."""
    require_shared(user, child)
    drawn = {chart.key: partial(chart_list, child, chart) for chart in charts}
    return {"measurements": lambda: measurements_list(child, history)} | drawn


@people_required
@require_safe
def measurement(request: HttpRequest, measurement_id: UUID) -> HttpResponse:
    """Show the result of one measurement: the word, what to do next, and the detail."""
    found = get_measurement(user_of(request), measurement_id)
    history = history_of(found.child)
    context = {
        "measurement": found,
        "child": found.child,
        "advice": history.advice_on(found),
        "same_day": history.same_day(found),
        "may_choose": user_of(request).has_role(*MAY_CHOOSE),
        "counts": "" if found.is_in_force else say_what_counts(found),
    }
    return render(request, "kpm/measurement.html", context)
