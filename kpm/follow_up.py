"""Which children of a village need somebody now, why, and since when. Reads, writes nothing.

A reason stands until a value says otherwise: a child seen as gizi buruk stays on the list when it is not
measured again. Limits and classes are those of ``registry.growth``; a value that WHO's limits do not believe
says nothing but "measure again".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.advice import has_flag, label_words, step_words
from kpm.advice_rules import SOLID_FOOD_MONTHS, Step
from registry.calendar_months import add_months, month_of
from registry.growth import (
    LABELS,
    GainCode,
    Label,
    age_in_days,
    completed_months,
    is_believed,
    is_odd_head,
    is_overweight,
    is_severely_stunted,
    is_severely_underweight,
    is_severely_wasted,
    is_stunted,
    is_underweight,
    is_wasted,
    label_muac,
    label_waz,
    label_whz,
    twice_not_gained,
    under_five,
)
from registry.growth.labels import ACT, ACT_AT_ONCE
from registry.models import Child, Measurement, MeasurementState, User, Village

MONTHS_UNMEASURED = 2
"""Whole calendar months without any measurement after which a child is visited."""


class Reason(StrEnum):
    """Why a child is on the list, most urgent first. Classes have the codes of ``registry.growth.LABELS``."""

    SEVERELY_WASTED = "severely_wasted"
    SEVERELY_UNDERWEIGHT = "severely_underweight"
    SEVERELY_STUNTED = "severely_stunted"
    TWICE_NOT_GAINED = "twice_not_gained"
    WASTED = "wasted"
    STUNTED = "stunted"
    UNDERWEIGHT = "underweight"
    NOT_GAINED = "not_gained"
    OBESE = "obese"
    OVERWEIGHT = "overweight"
    RISK_OVERWEIGHT = "risk_overweight"
    ODD_HEAD = "odd_head"
    MEASURE_AGAIN = "measure_again"
    PENDING_CHOICE = "rival"
    NOT_MEASURED = "not_measured"


class Urgency(StrEnum):
    """When somebody has to go, soonest first."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    VISIT = "visit"


RANK = {reason: rank for rank, reason in enumerate(Reason)}

# As kpm.advice says on the page of the child, so that the list and the page ask for the same.
_STEP = {
    Reason.SEVERELY_WASTED: Step.REFER_TODAY,
    Reason.SEVERELY_STUNTED: Step.REFER,
    Reason.SEVERELY_UNDERWEIGHT: Step.REFER_TODAY,
    Reason.TWICE_NOT_GAINED: Step.REFER,
    Reason.WASTED: Step.REFER,
    Reason.STUNTED: Step.REFER,
    Reason.UNDERWEIGHT: Step.REFER,
    Reason.NOT_GAINED: Step.REFER,
    Reason.OBESE: Step.REFER,
    Reason.OVERWEIGHT: Step.REFER,
    Reason.RISK_OVERWEIGHT: Step.REFER,
    Reason.ODD_HEAD: Step.REFER,
    Reason.MEASURE_AGAIN: Step.MEASURE_AGAIN,
}
_URGENCY = {Step.REFER_TODAY: Urgency.TODAY, Step.REFER: Urgency.THIS_WEEK}
_CHIP = {Urgency.TODAY: "now", Urgency.THIS_WEEK: "act", Urgency.VISIT: "watch"}

# Who is gizi buruk is gizi kurang too: the worse one is said.
_IMPLIED = {
    Reason.SEVERELY_WASTED: Reason.WASTED,
    Reason.SEVERELY_STUNTED: Reason.STUNTED,
    Reason.SEVERELY_UNDERWEIGHT: Reason.UNDERWEIGHT,
    Reason.OBESE: Reason.OVERWEIGHT,
    Reason.TWICE_NOT_GAINED: Reason.NOT_GAINED,
}


class FollowUpMeasurement(NamedTuple):
    """One measurement as far as the list needs it; the fields are the columns of ``Measurement``."""

    child_id: UUID
    measured_on: date
    state: str
    age_days: int
    weight_kg: Decimal | None
    lenhei_cm: Decimal | None
    muac_cm: Decimal | None
    oedema: bool
    haz: float | None
    haz_flag: bool
    waz: float | None
    waz_flag: bool
    whz: float | None
    whz_flag: bool
    baz_flag: bool
    gain: str
    confirmed_doubts: Sequence[str] = ()
    hcz: float | None = None


@dataclass(frozen=True, slots=True)
class StandingReason:
    """A reason, and the first day of the unbroken run of days on which it was seen."""

    reason: Reason
    since: date
    urgency: Urgency

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
    last: FollowUpMeasurement | None

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
    """Return the children under five of ``village`` who need somebody on the day ``on``: two queries.

    Each stands once, by its worst reason, then by since when (oldest first), then by name.
    """
    children = Child.objects.visible_to(user).living_in(village, on)
    seen = _load_series(children, on)
    rows = []
    for child in children.select_related("posyandu"):
        age_days = age_in_days(child.birth_date, on)
        if not under_five(age_days):
            continue
        series = seen.get(child.pk, [])
        if reasons := find_reasons(series, enrolled_on=_enrolment_day(child), on=on):
            in_force = [m for m in series if m.state == MeasurementState.IN_FORCE]
            rows.append(FollowUpRow(child, age_days, reasons, in_force[-1] if in_force else None))
    return sorted(rows, key=_sort_key)


def list_unsaid_reasons(
    child: Child, rows: Iterable[Measurement], on: date, said: Collection[str]
) -> list[tuple[StandingReason, str]]:
    """Return why ``child`` is on the list, with what to do, but for what ``said`` asks for already."""
    age_days = age_in_days(child.birth_date, on)
    if not (child.is_active and under_five(age_days)):
        return []
    counting = (MeasurementState.IN_FORCE, MeasurementState.PENDING_CHOICE)
    series = sorted((m for m in rows if m.state in counting), key=lambda m: m.measured_on)
    # A stored measurement has all that the list loads of one.
    reasons = find_reasons(cast(Any, series), enrolled_on=_enrolment_day(child), on=on)
    row = FollowUpRow(child, age_days, reasons, None) if reasons else None
    steps = set(row.next_steps).difference(said) if row else set()
    asked = [(one, next_step_words(one.reason, one.urgency)) for one in reasons]
    return [(one, step) for one, step in asked if step in steps and one.reason != Reason.PENDING_CHOICE]


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


def find_reasons(
    series: Sequence[FollowUpMeasurement], *, enrolled_on: date, on: date
) -> tuple[StandingReason, ...]:
    """Return why a child needs somebody on the day ``on``, the worst first; empty for one who does not.

    ``series``: those in force or pending a choice up to that day, oldest first. Pure.
    """
    in_force = [m for m in series if m.state == MeasurementState.IN_FORCE]
    since = _find_standing(in_force)
    if pending := [m.measured_on for m in series if m.state == MeasurementState.PENDING_CHOICE]:
        since[Reason.PENDING_CHOICE] = pending[0]
    if missed := _not_measured_since(in_force[-1].measured_on if in_force else None, enrolled_on, on):
        since[Reason.NOT_MEASURED] = missed
    standing = (reason for reason in Reason if reason in since)
    return tuple(StandingReason(reason, since[reason], _urgency_of(reason, in_force)) for reason in standing)


def urgency_of(reason: Reason) -> Urgency:
    """Return how soon a reason asks for somebody where nothing else is known."""
    step = _STEP.get(reason)
    return _URGENCY.get(step, Urgency.VISIT) if step else Urgency.VISIT


def _urgency_of(reason: Reason, in_force: Sequence[FollowUpMeasurement]) -> Urgency:
    """Return how soon, as ``kpm.advice_rules`` has it: a thin baby today, who is short alone this week."""
    is_baby = bool(in_force) and completed_months(in_force[-1].age_days) < SOLID_FOOD_MONTHS
    if reason == Reason.WASTED and is_baby:
        return Urgency.TODAY
    if reason == Reason.SEVERELY_UNDERWEIGHT and not is_baby:
        # With oedema there is no weight: then neither is believed, and it is today.
        last = next(m for m in reversed(in_force) if m.oedema or is_believed(m.waz, m.waz_flag))
        return Urgency.THIS_WEEK if is_believed(last.whz, last.whz_flag) else Urgency.TODAY
    return urgency_of(reason)


def reason_words(reason: Reason) -> str:
    """Return a reason as its chip says it: the official class, or what is the matter."""
    return {
        Reason.SEVERELY_UNDERWEIGHT: _("Di bawah garis merah (BGM)"),
        Reason.TWICE_NOT_GAINED: _("Berat tidak naik dua kali (2T)"),
        Reason.NOT_GAINED: _("Berat tidak naik (T)"),
        Reason.ODD_HEAD: _("Lingkar kepala di luar −2 dan +2"),
        Reason.MEASURE_AGAIN: _("Perlu ukur ulang"),
        Reason.PENDING_CHOICE: _("Menunggu pilihan bidan"),
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
    if step := _STEP.get(reason):
        return step_words(next((one for one, soon in _URGENCY.items() if soon == urgency), step))
    return {
        Reason.PENDING_CHOICE: _("Minta bidan memilih nilai yang benar dari dua nilai hari itu."),
        Reason.NOT_MEASURED: _(
            "Kunjungi rumahnya, tanyakan kabarnya, lalu timbang dan ukur. Kalau pindah atau meninggal, "
            "catat di halaman anaknya."
        ),
    }[reason]


def _find_standing(in_force: Iterable[FollowUpMeasurement]) -> dict[Reason, date]:
    """Return the reasons that measurements give, each with the first day of its unbroken run up to the last.

    A measurement that says nothing of a reason leaves it as it was. Weight for length and the arm each speak
    for themselves: who was gizi buruk by one of them is well again by the same one (WHO 2013, Updates on the
    management of severe acute malnutrition).
    """
    known: dict[Reason, dict[str, bool]] = defaultdict(dict)
    since: dict[Reason, date] = {}
    codes: dict[date, GainCode] = {}
    for m in in_force:
        for reason, measure, holds in (*_reasons_by_measure(m), *_gain_reason(m, codes)):
            known[reason][measure] = holds
        for reason, by_measure in known.items():
            if any(by_measure.values()):
                since.setdefault(reason, m.measured_on)
            else:
                since.pop(reason, None)
    for worse, implied in _IMPLIED.items():
        if worse in since:
            since.pop(implied, None)
    return since


def _reasons_by_measure(m: FollowUpMeasurement) -> Iterator[tuple[Reason, str, bool]]:
    """Return what one measurement says: a reason, by which measure, and whether it holds."""
    if is_believed(m.haz, m.haz_flag):
        yield Reason.SEVERELY_STUNTED, "haz", is_severely_stunted(m.haz)
        yield Reason.STUNTED, "haz", is_stunted(m.haz)
    if m.oedema or is_believed(m.waz, m.waz_flag):
        yield Reason.SEVERELY_UNDERWEIGHT, "waz", is_severely_underweight(m.waz, m.oedema)
        yield Reason.UNDERWEIGHT, "waz", is_underweight(m.waz, m.oedema)
        is_told = is_believed(m.whz, m.whz_flag)  # by weight for length
        yield Reason.RISK_OVERWEIGHT, "waz", not is_told and _is_class(label_waz(m.waz), "risk_overweight")
    if m.oedema or is_believed(m.whz, m.whz_flag):
        yield Reason.SEVERELY_WASTED, "whz", is_severely_wasted(m.whz, m.oedema)
        yield Reason.WASTED, "whz", is_wasted(m.whz, m.oedema)
        yield Reason.OVERWEIGHT, "whz", is_overweight(m.whz)
        yield Reason.OBESE, "whz", _is_class(label_whz(m.whz), "obese")
    if m.muac_cm is not None and (arm := label_muac(float(m.muac_cm), m.age_days)):
        yield Reason.SEVERELY_WASTED, "muac", arm.severity >= ACT_AT_ONCE
        yield Reason.WASTED, "muac", arm.severity >= ACT
    if m.hcz is not None:
        yield Reason.ODD_HEAD, "head", is_odd_head(m.hcz)
    # It asks a measurement for its flags and for nothing else, and these are here.
    yield Reason.MEASURE_AGAIN, "", has_flag(cast(Measurement, m))


def _is_class(label: Label | None, code: str) -> bool:
    return label is not None and label.code == code


def _gain_reason(m: FollowUpMeasurement, codes: dict[date, GainCode]) -> Iterator[tuple[Reason, str, bool]]:
    """Return 2T on the day of ``m``; its code joins ``codes``, the last one of each month.

    A weight nobody believes has not been seen to rise or not to rise.
    """
    if not m.gain or m.waz_flag:
        return
    month = month_of(m.measured_on)
    codes[month] = GainCode(m.gain)
    last_two = [codes.get(add_months(month, -1)), codes[month]]
    yield Reason.TWICE_NOT_GAINED, "", twice_not_gained(last_two)
    yield Reason.NOT_GAINED, "", codes[month] == GainCode.T


def _not_measured_since(last: date | None, enrolled_on: date, on: date) -> date | None:
    """Return the day after the ``last`` one, or the day of enrolment, when whole months have passed since."""
    if add_months(month_of(last or enrolled_on), MONTHS_UNMEASURED + 1) > on:
        return None
    return last + timedelta(days=1) if last else enrolled_on


def _enrolment_day(child: Child) -> date:
    """Return the local day from which the register waits for a first measurement."""
    return max(child.birth_date, timezone.localdate(child.created_at))


def _sort_key(row: FollowUpRow) -> tuple[int, date, str, date, UUID]:
    worst = row.reasons[0]
    child = row.child
    return RANK[worst.reason], worst.since, child.sort_name, child.birth_date, child.pk


def _load_series(children: QuerySet[Child], on: date) -> dict[UUID, list[FollowUpMeasurement]]:
    """Return the measurements in force or pending a choice of each child up to ``on``, oldest first."""
    counting = (MeasurementState.IN_FORCE, MeasurementState.PENDING_CHOICE)
    rows = (
        Measurement.objects.filter(child__in=children.values("pk"), state__in=counting, measured_on__lte=on)
        .order_by("measured_on")
        .values_list(*FollowUpMeasurement._fields)
    )
    seen: dict[UUID, list[FollowUpMeasurement]] = defaultdict(list)
    for row in rows.iterator(chunk_size=5000):
        m = FollowUpMeasurement(*row)
        seen[m.child_id].append(m)
    return seen
