"""The cases of a place by name: which ones an address asks for, and what a row says of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case as SqlCase
from django.db.models import Q, QuerySet, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpm.case_figures import CaseState
from kpm.case_words import DAYS_TO_ANSWER
from kpm.cases.course import CaseKind, CaseOutcome
from kpm.cases.standing import Reason, Urgency
from kpm.follow_up import StandingReason, case_state_words
from kpm.models import Case
from registry.access.visible_places import Place, villages_of
from registry.calendar_months import add_months
from registry.models import User


@dataclass(frozen=True, slots=True)
class CaseQuestion:
    """What an address asks for: the cases found in the month ``found_in``, else those open ``today``."""

    place: Place
    today: date
    state: CaseState = CaseState.ALL
    kind: CaseKind | None = None
    found_in: date | None = None

    @property
    def words(self) -> str:
        """Return which cases are asked for."""
        if self.found_in:
            which = _("ditemukan %(month)s") % {"month": date_format(self.found_in, "F Y")}
        else:
            which = _("terbuka hari ini")
        return ", ".join(part for part in (which, _state_words(self.state)) if part)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A row of the list: the case with its child, why, and how it stands."""

    case: Case
    standing: StandingReason
    state: str


def list_cases(user: User, asked: CaseQuestion) -> QuerySet[Case]:
    """Return the cases that ``asked`` means, as the dashboard counts them, of children ``user`` may see.

    The most urgent come first, then those that have been open longest.
    """
    found = Case.objects.visible_to(user).filter(_is_in(asked.state, asked.today))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.found_in is None:
        found = found.open_on(asked.today).filter(lives_in__in=villages_of(asked.place))
    else:
        until = min(add_months(asked.found_in, 1), asked.today + timedelta(days=1))
        of_month = found.filter(spell=1, opened_on__gte=asked.found_in, opened_on__lt=until)
        found = of_month.filter(village__in=villages_of(asked.place))
    soonest = SqlCase(*(When(urgency=one, then=rank) for rank, one in enumerate(Urgency)))
    return found.select_related("child__posyandu", "lives_in").order_by(soonest, "opened_on", "pk")


def case_lines(cases: Iterable[Case], today: date) -> list[CaseLine]:
    """Return a row for each of ``cases``."""
    return [
        CaseLine(
            case,
            StandingReason(Reason(case.reason), case.since, Urgency(case.urgency), case),
            case_state_words(case, today),
        )
        for case in cases
    ]


def _is_in(state: CaseState, today: date) -> Q:
    better = (CaseOutcome.RECOVERED, CaseOutcome.MEASURED)
    return {
        CaseState.ALL: Q(),
        CaseState.URGENT: Q(urgency=Urgency.TODAY),
        CaseState.UNVISITED: Q(visited_on=None),
        CaseState.OVERDUE: Q(waiting_since__lte=today - timedelta(days=DAYS_TO_ANSWER)),
        CaseState.VISITED: Q(visited_on__isnull=False),
        CaseState.REFERRED: Q(referred_on__isnull=False),
        CaseState.ARRIVED: Q(arrived_on__isnull=False),
        CaseState.TREATED: Q(treated_on__isnull=False),
        CaseState.RECOVERED: Q(outcome__in=better, closed_on__lte=today),
    }[state]


def _state_words(state: CaseState) -> str:
    return {
        CaseState.ALL: "",
        CaseState.URGENT: _("rujuk hari ini"),
        CaseState.UNVISITED: _("belum dikunjungi"),
        CaseState.OVERDUE: _("rujukan tanpa jawaban 7 hari"),
        CaseState.VISITED: _("dikunjungi"),
        CaseState.REFERRED: _("dirujuk"),
        CaseState.ARRIVED: _("sampai di tempat rujukan"),
        CaseState.TREATED: _("ditangani"),
        CaseState.RECOVERED: _("membaik"),
    }[state]
