"""The village's follow-up list: whom to refer, to visit or to measure again."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kpm.case_words import list_step_choices
from kpm.exports_children import follow_up_list
from kpm.follow_up import (
    Reason,
    children_by_reason,
    group_by_urgency,
    list_follow_up,
    reason_words,
    urgency_words,
)
from kpm.home_visits import list_home_visits
from kpm.models import MoveRequest
from kpm.views.choose_village import choose_village
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village, list_villages
from registry.access.query import BadQuery
from registry.access.reading import note_villages
from registry.access.withheld import leave_out_withheld
from registry.exports.response import export_response


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest) -> HttpResponse:
    """Show the children of ``?village=CODE`` who need somebody, all or those of ``?reason=``."""
    reason, village = _reason_asked(request), find_village(request)
    if village is None:
        kept = f"&reason={reason}" if reason else ""
        return choose_village(request, _("Tindak lanjut di desa mana?"), kept)
    note_villages([village.pk])
    user, today = user_of(request), timezone.localdate()
    rows = list_follow_up(user=user, village=village, on=today)
    shown = [row for row in rows if reason is None or row.has(reason)]
    lists = {"follow-up": lambda: follow_up_list(user, village, today, shown, reason)}
    if file := export_response(request, lists):
        return file
    context = {
        "village": village,
        "today": today,
        "several": list_villages(user_of(request)).count() > 1,
        "handed_over": MoveRequest.objects.awaiting_answer().filter(to_village=village).count(),
        "total": len(rows),
        "shown": len(shown),
        "sections": group_by_urgency(shown),
        "reason": reason,
        "choices": list_step_choices(user),
        "query": f"village={village.pk}&" + (f"reason={reason}&" if reason else ""),
        "reason_word": reason_words(reason) if reason else "",
        "reasons": [(one, reason_words(one), count) for one, count in children_by_reason(rows).items()],
    }
    return render(request, "kpm/follow_up.html", context)


@people_required
@require_safe
def home_visits(request: HttpRequest) -> HttpResponse:
    """Show the children of ``?village=CODE`` with an open case, to print and to take along to their homes."""
    village = find_village(request)
    if village is None:
        return choose_village(request, _("Daftar kunjungan rumah di desa mana?"), "")
    note_villages([village.pk])
    user, today = user_of(request), timezone.localdate()
    rows = list_follow_up(user=user, village=village, on=today)
    rows, withheld = leave_out_withheld(user, rows, lambda row: row.child.pk)
    visits = list_home_visits(rows)
    sections = [
        (urgency_words(urgency), list(of)) for urgency, of in groupby(visits, lambda v: v.row.urgency)
    ]
    context = {"village": village, "today": today, "sections": sections, "total": len(visits)}
    return render(request, "kpm/home_visits.html", context | {"withheld": withheld})


def _reason_asked(request: HttpRequest) -> Reason | None:
    """Return the reason of ``?reason=``, None without one. Raises :class:`BadQuery`."""
    text = request.GET.get("reason", "")
    if not text:
        return None
    try:
        return Reason(text)
    except ValueError as error:
        sentence = _("Alasan “%(text)s” tidak dikenal. Buka Tindak lanjut, lalu pilih alasan di sana.")
        raise BadQuery(sentence % {"text": text[:20]}) from error
