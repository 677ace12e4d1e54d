"""This month in my village."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpm import roster as rosters
from kpm.access import month_asked, village_asked, villages_for
from registry.figures import add_months, current_month, last_day
from registry.pages import people_required, user_of


@people_required
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """The roster of ``?village=CODE`` for ``?month=YYYY-MM``, names beginning with ``?q=``."""
    month = month_asked(request)
    village = village_asked(request)
    if village is None:
        return render(request, "kpm/villages.html", {"villages": villages_for(request), "month": month})
    search = request.GET.get("q", "").strip()[:60]
    today = timezone.localdate()
    found = rosters.roster(
        user=user_of(request),
        village=village,
        month=month,
        on=min(today, last_day(month)),
        search=search,
    )
    context = {
        "roster": found,
        "search": search,
        "previous": add_months(month, -1),
        "next": add_months(month, 1) if month < current_month() else None,
        "is_now": month == current_month(),
        "may_choose": villages_for(request).count() > 1,
    }
    return render(request, "kpm/roster.html", context)
