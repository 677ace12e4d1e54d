"""The convergence scorecard of a village and quarter: who has which service, and closing the quarter."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpm.models import STEERING
from kpm.scorecard.indicators import INDICATORS, ScoreGroup, ScoreIndicator
from kpm.scorecard.judgement import ScoreAnswer
from kpm.scorecard.periods import Quarter, quarter_of
from kpm.scorecard_actions import publish_scorecard, withdraw_scorecard
from kpm.scorecard_report import (
    FORMS,
    GROUP_WORDS,
    INDICATOR_WORDS,
    ScorecardReport,
    quarters_around,
)
from kpm.views.choose_village import choose_village
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village
from registry.access.query import BadQuery
from registry.access.reading import note_villages
from registry.errors import Refused
from registry.exports.response import export_response

_QUARTER = re.compile(r"(20\d\d)-([1-4])", re.ASCII)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def scorecard(request: HttpRequest) -> HttpResponse:
    """Show the scorecard of ``?village=CODE&quarter=YYYY-N``, the people of ``&group=``.

    ``&indicator=`` and ``&answer=``: those of the group behind one number of the recap.
    """
    quarter, village = read_quarter(request.GET), find_village(request)
    if village is None:
        return choose_village(request, _("Kartu skor desa mana?"), f"&quarter={quarter.code}")
    group, indicator, answer = _read_choice(request.GET)
    note_villages([village.pk])
    report = ScorecardReport.load(village, quarter)
    filtered = report.list_chosen(group, indicator, answer)
    if file := export_response(request, report.tables(user_of(request), group, filtered)):
        return file
    around = list(quarters_around(quarter))
    context: dict[str, Any] = {
        "village": village,
        "report": report,
        "quarter": quarter,
        "group": group,
        "groups": [(one, words, FORMS[one]) for one, words in GROUP_WORDS.items()],
        "form": report.form(group, indicator, answer),
        "headings": [INDICATOR_WORDS[one] for one in INDICATORS[group]],
        "filtered": _filter_words(indicator, answer),
        "around": around,
        "query": f"village={village.pk}&quarter={quarter.code}&",
        "is_over": quarter < quarter_of(timezone.localdate()),
        "may_withdraw": user_of(request).has_role(*STEERING),
    }
    return render(request, "kpm/scorecard.html", context)


@people_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Close the quarter of a village, or open it again with a reason."""
    quarter, village = read_quarter(request.POST), request.POST.get("village", "")
    user, reason = user_of(request), request.POST.get("reason")
    try:
        if reason is None:
            publish_scorecard(by=user, village_code=village, quarter=quarter)
            messages.success(request, _("Triwulan ditutup. Angka ini tetap, juga kalau ada yang menyusul."))
        else:
            withdraw_scorecard(by=user, village_code=village, quarter=quarter, reason=reason)
            messages.success(request, _("Triwulan dibuka lagi."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('kpm:scorecard')}?village={village}&quarter={quarter.code}")


def read_quarter(query: QueryDict) -> Quarter:
    """Return the quarter of ``quarter=YYYY-N``, without one that of today. Raises :class:`BadQuery`."""
    text = str(query.get("quarter", ""))
    if not text:
        return quarter_of(timezone.localdate())
    match = _QUARTER.fullmatch(text)
    if match is None:
        raise BadQuery(_("Tulis triwulan seperti 2024-3: tahun, lalu 1 sampai 4."))
    return Quarter(int(match[1]), int(match[2]))


def _read_choice(query: QueryDict) -> tuple[ScoreGroup, ScoreIndicator | None, ScoreAnswer | None]:
    group, indicator, answer = (query.get(name) for name in ("group", "indicator", "answer"))
    try:
        chosen = ScoreGroup(group) if group else ScoreGroup.YOUNG_CHILD
        column = ScoreIndicator(indicator) if indicator else None
        if column and column not in INDICATORS[chosen]:
            raise ValueError(column)
        return chosen, column, ScoreAnswer(answer) if answer else None
    except ValueError as error:
        raise BadQuery(_("Pilihan itu tidak dikenal. Buka kartu skor, lalu pilih di sana.")) from error


def _filter_words(indicator: ScoreIndicator | None, answer: ScoreAnswer | None) -> str:
    if indicator is None or answer is None:
        return ""
    words = {
        ScoreAnswer.YES: _("ya"),
        ScoreAnswer.NO: _("tidak"),
        ScoreAnswer.NOT_APPLICABLE: _("tidak berlaku"),
    }
    return f"{INDICATOR_WORDS[indicator]}: {words[answer]}"
