"""The cases of a place by name: which ones an address asks for, and what a row says of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as SqlCase
from django.db.models import QuerySet, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpm.case_figures import CaseState, cases_found_in, cases_open_in, is_in_state
from kpm.cases.course import CaseKind
from kpm.cases.standing import Urgency
from kpm.follow_up import StandingReason, case_state_words, standing_of
from kpm.models import Case
from kpm.recovery import load_recovery_words
from registry.access.visible_places import Place
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
    if asked.found_in is None:
        found = cases_open_in(asked.place, asked.today)
    else:
        found = cases_found_in(asked.place, asked.found_in, asked.today)
    found = found.visible_to(user).filter(is_in_state(asked.state, asked.today))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    soonest = SqlCase(*(When(urgency=one, then=rank) for rank, one in enumerate(Urgency)))
    return found.select_related("child__posyandu", "lives_in").order_by(soonest, "opened_on", "pk")


def case_lines(cases: Iterable[Case], today: date) -> list[CaseLine]:
    """Return a row for each of ``cases``; a recovered one says by which values."""
    cases = list(cases)
    recovered = load_recovery_words(cases)
    return [CaseLine(case, standing_of(case), case_state_words(case, today, recovered)) for case in cases]


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
