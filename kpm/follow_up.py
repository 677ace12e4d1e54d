"""Which children of a village need somebody now, why, and since when. Reads, writes nothing.

A reason stands until a value says otherwise: a child seen as gizi buruk stays on the list when it is not
measured again. Limits and classes are those of ``registry.growth``; a value that WHO's limits do not believe
says nothing but "measure again".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.advice import label_words, step_words
from kpm.case_actions import course_of
from kpm.case_words import StepChoice, next_step, open_words, outcome_words, waiting_words
from kpm.cases.course import ChildCourse, derive_cases
from kpm.cases.standing import (
    RANK,
    STEP_OF,
    URGENCY_OF,
    FollowUpMeasurement,
    Reason,
    Urgency,
)
from kpm.models import Case, CaseStep
from kpm.recovery import load_recovery_words
from registry.db.batches import chunks
from registry.growth import LABELS, age_in_days, under_five
from registry.models import Child, Measurement, MeasurementState, User, Village
from registry.validation_messages import spoken_date

_CHIP = {Urgency.TODAY: "now", Urgency.THIS_WEEK: "act", Urgency.VISIT: "watch"}


@dataclass(frozen=True, slots=True)
class StandingReason:
    """A reason, and the first day of the unbroken run of days on which it was seen.

    ``case``: the stored one, where it comes from there.
    """

    reason: Reason
    since: date
    urgency: Urgency
    case: Case | None = None

    @property
    def word(self) -> str:
        return reason_words(self.reason)

    @property
    def chip(self) -> str:
        """Return the kind of its chip; blue-grey where nothing is known."""
        return "none" if self.reason == Reason.NOT_MEASURED else _CHIP[self.urgency]


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One child with all its ``reasons``, the worst first, and what was ``last`` seen of it."""

    child: Child
    age_days: int
    reasons: tuple[StandingReason, ...]
    last: Measurement | None
    next_choice: StepChoice | None = None
    form_id: UUID = field(default_factory=uuid4)

    @property
    def cases(self) -> list[Case]:
        return [standing.case for standing in self.reasons if standing.case]

    @property
    def state_words(self) -> str:
        """Return how long its oldest case has been open, and whom a referral waits for."""
        if self.days_open is None:
            return ""
        opened = open_words(self.days_open) % {"days": self.days_open}
        visited = max((case.visited_on for case in self.cases if case.visited_on), default=None)
        visit = _("Dikunjungi %(date)s.") % {"date": spoken_date(visited)} if visited else ""
        return " ".join(part for part in (opened, visit, waiting_words(self.cases, self.today)) if part)

    @property
    def today(self) -> date:
        return self.child.birth_date + timedelta(days=self.age_days)

    @property
    def days_open(self) -> int | None:
        """Return for how many days its oldest case has been open; None without one."""
        return max((case.days_open(self.today) for case in self.cases), default=None)

    @property
    def urgency(self) -> Urgency:
        return min((standing.urgency for standing in self.reasons), key=list(Urgency).index)

    @property
    def next_steps(self) -> list[str]:
        """Return what to do, a sentence each; who is referred today need not go this week as well."""
        standing = self.reasons
        if self.urgency == Urgency.TODAY:
            standing = tuple(one for one in standing if one.urgency != Urgency.THIS_WEEK)
        return list(dict.fromkeys(next_step_words(one.reason, one.urgency) for one in standing))

    def has(self, reason: Reason) -> bool:
        return any(standing.reason == reason for standing in self.reasons)


def list_follow_up(*, user: User, village: Village, on: date) -> list[FollowUpRow]:
    """Return the children under five of ``village`` who need somebody on the day ``on``: three queries.

    Each stands once, by its worst reason, then by since when (oldest first), then by name.
    """
    children = Child.objects.visible_to(user).living_in(village, on).values("pk")
    found: dict[Child, list[StandingReason]] = defaultdict(list)
    for case in Case.objects.filter(child__in=children).open_on(on).select_related("child__posyandu"):
        found[case.child].append(standing_of(case))
    for m in _load_pending(children, on):
        found[m.child].append(StandingReason(Reason.PENDING_CHOICE, m.measured_on, Urgency.VISIT))
    last = _load_last([child.pk for child in found], on)
    rows = [
        FollowUpRow(child, age_days, _worst_first(reasons), last.get(child.pk), _choice(reasons, user))
        for child, reasons in found.items()
        if under_five(age_days := age_in_days(child.birth_date, on))
    ]
    return sorted(rows, key=_sort_key)


def list_unsaid_reasons(
    child: Child, rows: Iterable[Measurement], on: date, said: Collection[str]
) -> list[tuple[StandingReason, str]]:
    """Return why ``child`` is on the list, with what to do, but for what ``said`` asks for already."""
    age_days = age_in_days(child.birth_date, on)
    if not (child.is_active and under_five(age_days)):
        return []
    in_force = sorted((m for m in rows if m.is_in_force), key=lambda m: m.measured_on)
    # A stored measurement has all that a case needs of one.
    reasons = find_reasons(course_of(child), cast(Any, in_force), on)
    row = FollowUpRow(child, age_days, reasons, None) if reasons else None
    steps = set(row.next_steps).difference(said) if row else set()
    asked = [(one, next_step_words(one.reason, one.urgency)) for one in reasons]
    return [(one, step) for one, step in asked if step in steps]


def find_reasons(
    child: ChildCourse, in_force: Sequence[FollowUpMeasurement], on: date
) -> tuple[StandingReason, ...]:
    """Return why a child needs somebody on the day ``on``, the worst first; empty for one who does not.

    ``in_force``: its measurements up to that day, oldest first. Pure.
    """
    cases = derive_cases(child, in_force)
    return _worst_first(
        StandingReason(case.reason, case.since, case.urgency)
        for case in cases
        if case.opened_on <= on < case.closed_on
    )


def _choice(reasons: Iterable[StandingReason], user: User) -> StepChoice | None:
    cases = [standing.case for standing in reasons if standing.case]
    return next_step(cases, user) if cases else None


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """One case of a child as its page tells it; without a case, steps that are of none."""

    word: str
    state: str
    steps: tuple[CaseStep, ...]
    case: Case | None = None


def list_case_history(child: Child) -> list[CaseHistory]:
    """Return the cases of ``child`` up to today with what was done, the newest first."""
    today = timezone.localdate()
    steps = list(CaseStep.objects.filter(child=child).select_related("by", "taken_back_by"))
    cases = list(Case.objects.filter(child=child, opened_on__lte=today).order_by("-opened_on", "kind"))
    recovered = load_recovery_words(cases)
    told, seen = [], set[UUID]()
    for case in cases:
        own = tuple(step for step in steps if case.counts(step))
        seen.update(step.pk for step in own)
        word = reason_words(Reason(case.worst))
        if case.spell > 1:
            word = _("%(reason)s, dibuka lagi") % {"reason": word}
        told.append(CaseHistory(word, case_state_words(case, today, recovered), own, case))
    if other := tuple(step for step in steps if step.pk not in seen):
        told.append(CaseHistory(_("Langkah di luar kasus"), "", other))
    return told


def case_state_words(case: Case, today: date, recovered: Mapping[UUID, str] = MappingProxyType({})) -> str:
    """Return since when a case is open and whom it waits for, or how it ended.

    ``recovered``: by which values, from :func:`load_recovery_words`.
    """
    said = {"opened": spoken_date(case.opened_on), "closed": spoken_date(case.closed_on)}
    said["days"] = str(case.days_open(today))
    if case.closed_on > today:
        words = _("Terbuka sejak %(opened)s (%(days)s hari).") % said
        return f"{words} {waiting_words([case], today)}".strip()
    said["outcome"] = outcome_words(case.outcome)
    words = _("Dari %(opened)s sampai %(closed)s (%(days)s hari): %(outcome)s.") % said
    return f"{words} {recovered.get(case.pk, '')}".strip()


def standing_of(case: Case) -> StandingReason:
    """Return the reason that a stored case stands for."""
    return StandingReason(Reason(case.reason), case.since, Urgency(case.urgency), case)


def _worst_first(reasons: Iterable[StandingReason]) -> tuple[StandingReason, ...]:
    return tuple(sorted(reasons, key=lambda one: RANK[one.reason]))


def group_by_urgency(rows: Iterable[FollowUpRow]) -> list[tuple[str, list[FollowUpRow]]]:
    """Return ``rows`` by urgency with the heading of each section; a section of nobody is left out."""
    by_urgency: dict[Urgency, list[FollowUpRow]] = {urgency: [] for urgency in Urgency}
    for row in rows:
        by_urgency[row.urgency].append(row)
    return [(urgency_words(urgency), of) for urgency, of in by_urgency.items() if of]


def children_by_reason(rows: Iterable[FollowUpRow]) -> dict[Reason, int]:
    """Return how many children have each reason, most urgent first; one with two counts in both."""
    counts = Counter(standing.reason for row in rows for standing in row.reasons)
    return {reason: counts[reason] for reason in Reason if counts[reason]}


def reason_words(reason: Reason) -> str:
    """Return a reason as its chip says it: the official class, or what is the matter."""
    return {
        Reason.SEVERELY_UNDERWEIGHT: _("Di bawah garis merah (BGM) atau edema"),
        Reason.TWICE_NOT_GAINED: _("Berat tidak naik 2 bulan berturut-turut (2T)"),
        Reason.NOT_GAINED: _("Berat tidak naik atau kurang dari KBM (T)"),
        Reason.ODD_HEAD: _("Lingkar kepala di luar −2 dan +2"),
        Reason.MEASURE_AGAIN: _("Perlu ukur ulang"),
        Reason.PENDING_CHOICE: _("Menunggu pilihan bidan desa"),
        Reason.NOT_MEASURED: _("Dua bulan tidak diukur"),
    }.get(reason) or label_words(LABELS[reason.value])


def urgency_words(urgency: Urgency) -> str:
    """Return the heading of a section."""
    return {
        Urgency.TODAY: _("Rujuk hari ini"),
        Urgency.THIS_WEEK: _("Rujuk minggu ini"),
        Urgency.VISIT: _("Kunjungi atau ukur ulang"),
    }[urgency]


def next_step_words(reason: Reason, urgency: Urgency) -> str:
    """Return what a reason asks for, as a sentence to a cadre."""
    if step := STEP_OF.get(reason):
        return step_words(next((one for one, soon in URGENCY_OF.items() if soon == urgency), step))
    return {
        Reason.PENDING_CHOICE: _("Minta bidan desa memilih nilai yang benar dari dua nilai hari itu."),
        Reason.NOT_MEASURED: _(
            "Kunjungi rumahnya, tanyakan kabarnya, lalu timbang dan ukur. Kalau pindah atau meninggal, "
            "catat di halaman anaknya."
        ),
    }[reason]


def _sort_key(row: FollowUpRow) -> tuple[int, date, str, date, UUID]:
    worst = row.reasons[0]
    child = row.child
    return RANK[worst.reason], worst.since, child.sort_name, child.birth_date, child.pk


def _load_pending(children: QuerySet[Child, Any], on: date) -> Iterable[Measurement]:
    """Return the first value of each child of which the midwife has not chosen yet."""
    rows = Measurement.objects.filter(
        child__in=children, state=MeasurementState.PENDING_CHOICE, measured_on__lte=on
    )
    by_day = rows.select_related("child__posyandu").order_by("-measured_on")
    return {m.child_id: m for m in by_day}.values()


def _load_last(children: Collection[UUID], on: date) -> dict[UUID, Measurement]:
    """Return the newest measurement in force of each of these children up to ``on``."""
    rows = Measurement.objects.in_force().filter(measured_on__lte=on).order_by("measured_on")
    return {m.child_id: m for chunk in chunks(list(children)) for m in rows.filter(child__in=chunk)}
