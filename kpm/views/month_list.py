"""The children of a village and month as one table, drawn here: to print or to take away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.consent import list_unasked
from kpm.exports_children import month_list
from kpm.month_list import list_lines, section_words
from kpm.roster import list_roster
from kpm.views.choose_village import choose_village
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village
from registry.access.query import find_month
from registry.access.reading import note_villages
from registry.exports.response import export_response
from registry.figures.default_month import default_month_of_workspace
from registry.name_search import matches_search


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def children(request: HttpRequest) -> HttpResponse:
    """Show the month of ``?village=CODE&month=YYYY-MM`` as the register has it; ``q`` looks for names.

    It is posted: no name stands in an address. ``consent=none``: those with no consent on record.
    """
    month, village = find_month(request.GET) or default_month_of_workspace(), find_village(request)
    if village is None:
        kept = f"&month={month:%Y-%m}" if "month" in request.GET else ""
        return choose_village(request, _("Daftar anak di desa mana?"), kept)
    user = user_of(request)
    note_villages([village.pk])
    typed = request.POST.get("q", "").strip()[:60]
    rows = list_roster(user=user, village=village, month=month)
    rows = [row for row in rows if not typed or matches_search(row.child.search_words, typed)]
    unasked = list_unasked([row.child for row in rows])
    if only_unasked := request.GET.get("consent") == "none":
        rows = [row for row in rows if row.child.pk in unasked]
    lines = list_lines(rows, month=month, today=timezone.localdate())
    filtered_by = "no-consent" if only_unasked else ""
    lists = {"roster": lambda: month_list(user, village, month, lines, filtered_by)}
    if file := export_response(request, lists):
        return file
    context = {
        "village": village,
        "month": month,
        "lines": [(section_words(line.section), line) for line in lines],
        "typed": typed,
        "unasked": len(unasked),
        "only_unasked": only_unasked,
        "query": f"village={village.pk}&month={month:%Y-%m}&" + ("consent=none&" if only_unasked else ""),
    }
    return render(request, "kpm/children.html", context)
