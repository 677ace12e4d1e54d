"""The children of a village and month as one table, drawn here: to print or to take away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.alike_names import find_alike
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
from registry.models import Child, Village
from registry.name_search import matches_search

_NO_POSYANDU = "none"


class PosyanduFilter:
    """Which children of a village are listed: of one posyandu (``asked`` is its number), of none, or all."""

    def __init__(self, village: Village, asked: str) -> None:
        self.choices = list(village.posyandu.order_by("name"))
        self.chosen = next((one for one in self.choices if str(one.pk) == asked), None)
        self.asked = asked if self.chosen or asked == _NO_POSYANDU else ""

    @property
    def name(self) -> str:
        """Return whose children they are, in words; empty of all."""
        if self.chosen:
            return self.chosen.name
        return _("Belum punya posyandu") if self.asked else ""

    @property
    def slug(self) -> str:
        """Return what the name of a file says of it."""
        if self.chosen:
            return slugify(self.chosen.name)
        return "no-posyandu" if self.asked else ""

    def has(self, child: Child) -> bool:
        """Return whether a child is listed."""
        return not self.asked or child.posyandu_id == (self.chosen.pk if self.chosen else None)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def children(request: HttpRequest) -> HttpResponse:
    """Show the month of ``?village=CODE&month=YYYY-MM`` as the register has it; ``q`` looks for names.

    It is posted: no name stands in an address. ``consent=none``: those with no consent on record.
    ``posyandu=ID``: the children of one, or with ``none`` those of none; names are looked for in all.
    """
    month, village = find_month(request.GET) or default_month_of_workspace(), find_village(request)
    if village is None:
        kept = f"&month={month:%Y-%m}" if "month" in request.GET else ""
        return choose_village(request, _("Daftar anak di desa mana?"), kept)
    user = user_of(request)
    note_villages([village.pk])
    typed = request.POST.get("q", "").strip()[:60]
    rows = list_roster(user=user, village=village, month=month)
    alike = find_alike([row.child for row in rows])
    posyandu = PosyanduFilter(village, "" if typed else request.GET.get("posyandu", ""))
    rows = [row for row in rows if posyandu.has(row.child)]
    rows = [row for row in rows if not typed or matches_search(row.child.search_words, typed)]
    unasked = list_unasked([row.child for row in rows])
    if only_unasked := request.GET.get("consent") == "none":
        rows = [row for row in rows if row.child.pk in unasked]
    lines = list_lines(rows, month=month, today=timezone.localdate(), alike=alike)
    filtered_by = "no-consent" if only_unasked else posyandu.slug
    lists = {"roster": lambda: month_list(user, village, month, lines, filtered_by, posyandu.name)}
    if file := export_response(request, lists):
        return file
    context = {
        "village": village,
        "month": month,
        "lines": [(section_words(line.section), line) for line in lines],
        "posyandu": posyandu,
        "typed": typed,
        "unasked": len(unasked),
        "only_unasked": only_unasked,
        "query": f"village={village.pk}&month={month:%Y-%m}&"
        + (f"posyandu={posyandu.asked}&" if posyandu.asked else "")
        + ("consent=none&" if only_unasked else ""),
    }
    return render(request, "kpm/children.html", context)
