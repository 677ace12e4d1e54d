"""The family's growth card: one A4 page to print."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kpm.card import card_of
from kpm.exports_children import card_list
from kpm.history import history_of
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child
from registry.access.withheld import require_shared
from registry.exports.page_table import PageTables
from registry.exports.response import export_response
from registry.growth import age_in_days


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show the child's charts, newest measurements and next steps for its family, without the NIK."""
    child = get_child(user_of(request), child_id)
    today = timezone.localdate()
    age_days = age_in_days(child.birth_date, max(today, child.birth_date))
    drawn = card_of(child, history_of(child), age_days)

    def lists() -> PageTables:
        require_shared(user_of(request), child)
        return {"card": lambda: card_list(child, drawn)}

    if file := export_response(request, lists):
        return file
    context = {
        "child": child,
        "age_days": age_days,
        "today": today,
        "card": drawn,
    }
    return render(request, "kpm/card.html", context)
