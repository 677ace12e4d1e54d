"""What pages say of cases and their steps, and which step is offered first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpm.cases.course import CaseOutcome
from kpm.cases.standing import Urgency
from kpm.models import MAY_ANSWER, TREATMENT_STEPS, Case, CaseStep, ReferredTo, StepAction
from registry.models import User
from registry.validation_messages import spoken_date

DAYS_TO_ANSWER = 7
"""After so many days an unanswered referral is for the next level (docs/definitions.md)."""


@dataclass(frozen=True, slots=True)
class StepChoice:
    """A step that can be recorded with one tap: ``value`` names it in a form."""

    action: StepAction
    referred_to: str = ""

    @property
    def value(self) -> str:
        return f"{self.action}:{self.referred_to}" if self.referred_to else str(self.action)

    @classmethod
    def read(cls, value: str) -> StepChoice:
        """Return the choice that a form names."""
        action, _separator, referred_to = value.partition(":")
        return cls(StepAction(action), referred_to)

    @property
    def words(self) -> str:
        return step_action_words(self.action, self.referred_to)


def step_action_words(action: str, referred_to: str = "") -> str:
    """Return what was done, as a cadre says it."""
    if action == StepAction.REFERRED:
        return _("dirujuk ke %(whom)s") % {"whom": ReferredTo(referred_to).label}
    return str(StepAction(action).label)


def list_choices() -> list[StepChoice]:
    """Return every step that there is, in the order in which they are usually done."""
    found = []
    for action in StepAction:
        targets = ReferredTo.values if action == StepAction.REFERRED else [""]
        found += [StepChoice(action, whom) for whom in targets]
    return found


def list_step_choices(user: User) -> list[StepChoice]:
    """Return every step that ``user`` may record."""
    return [one for one in list_choices() if one.action not in TREATMENT_STEPS or user.roles & MAY_ANSWER]


def next_step(cases: Sequence[Case], user: User) -> StepChoice:
    """Return the step that comes next: who treats answers a referral; who does not refers, then visits."""
    is_referral_open = any(case.waiting_since for case in cases)
    if user.roles & MAY_ANSWER:
        if is_referral_open:
            return StepChoice(StepAction.ARRIVED)
        if any(case.arrived_on and not case.treated_on for case in cases):
            return StepChoice(StepAction.TREATED)
    needs_referral = any(case.urgency != Urgency.VISIT and not case.referred_on for case in cases)
    if needs_referral and not is_referral_open:
        whom = ReferredTo.PUSKESMAS if user.roles & MAY_ANSWER else ReferredTo.MIDWIFE
        return StepChoice(StepAction.REFERRED, whom)
    return StepChoice(StepAction.VISITED)


def waiting_words(cases: Iterable[Case], today: date) -> str:
    """Return whom a referral waits for and since when; after a week who has to look now; else nothing."""
    waiting = max((case for case in cases if case.waiting_since), key=_waits_since, default=None)
    if waiting is None or waiting.waiting_since is None:
        return ""
    days = (today - waiting.waiting_since).days
    said = {
        "whom": ReferredTo(waiting.waiting_for).label,
        "date": spoken_date(waiting.waiting_since),
        "days": days,
        "next": ReferredTo(held_by(waiting, today)).label,
    }
    return waiting_sentences()["soon" if days < DAYS_TO_ANSWER else "late"] % said


def waiting_sentences() -> dict[str, str]:
    """Return what is said of a referral that waits, within the week in which it is answered and after it."""
    return {
        "soon": _("Dirujuk ke %(whom)s %(date)s, belum dijawab."),
        "late": _("Dirujuk ke %(whom)s %(date)s, %(days)d hari belum dijawab: sekarang urusan %(next)s."),
    }


def open_words(days: int) -> str:
    """Return for how long a case is open, with the place of the number in it."""
    return ngettext("Terbuka %(days)d hari.", "Terbuka %(days)d hari.", days)


def held_by(case: Case, today: date) -> str:
    """Return who has to answer its referral today, the next level after each week; empty without one."""
    if case.waiting_since is None:
        return ""
    levels = ReferredTo.values
    weeks = max((today - case.waiting_since).days, 0) // DAYS_TO_ANSWER
    return levels[min(levels.index(case.waiting_for) + weeks, len(levels) - 1)]


def _waits_since(case: Case) -> date:
    return case.waiting_since or date.min


def outcome_words(outcome: str) -> str:
    """Return how a case has ended."""
    return {
        CaseOutcome.RECOVERED: _("membaik"),
        CaseOutcome.MEASURED: _("sudah diukur"),
        CaseOutcome.DIED: _("meninggal"),
        CaseOutcome.LEFT: _("pindah keluar kabupaten"),
        CaseOutcome.TURNED_FIVE: _("genap lima tahun"),
    }[CaseOutcome(outcome)]


def case_step_words(step: CaseStep) -> str:
    """Return a step with its day and its note."""
    words = f"{spoken_date(step.on)}: {step_action_words(step.action, step.referred_to)}"
    return f"{words} ({step.note})" if step.note else words
