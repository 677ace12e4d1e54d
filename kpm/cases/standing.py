"""Why a child needs somebody after each of its measurements, how soon, and since when. Pure.

A reason stands until a value says otherwise: a child seen as gizi buruk stays so when it is not measured
again. Limits and classes are those of ``registry.growth``; a value that WHO's limits do not believe says
nothing but "measure again".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from kpm.advice_rules import SOLID_FOOD_MONTHS, Step
from registry.calendar_months import add_months, month_of
from registry.growth import (
    GainCode,
    Label,
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
)
from registry.growth.labels import ACT, ACT_AT_ONCE

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

STEP_OF = {
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
"""As kpm.advice says on the page of the child, so that the list and the page ask for the same."""

URGENCY_OF = {Step.REFER_TODAY: Urgency.TODAY, Step.REFER: Urgency.THIS_WEEK}


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


def unseen_since(last: date | None, enrolled_on: date) -> date:
    """Return the first day of which nothing is known: after the ``last`` measurement, else of enrolment."""
    return last + timedelta(days=1) if last else enrolled_on


def missed_from(last: date | None, enrolled_on: date) -> date:
    """Return the day from which a child has missed two whole months since it was measured or enrolled."""
    return add_months(month_of(last or enrolled_on), MONTHS_UNMEASURED + 1)


def urgency_of(reason: Reason) -> Urgency:
    """Return how soon a reason asks for somebody where nothing else is known."""
    step = STEP_OF.get(reason)
    return URGENCY_OF.get(step, Urgency.VISIT) if step else Urgency.VISIT


def urgency_in(reason: Reason, in_force: Sequence[FollowUpMeasurement]) -> Urgency:
    """Return how soon, as ``kpm.advice_rules`` has it: a thin baby today, who is short alone this week."""
    is_baby = bool(in_force) and completed_months(in_force[-1].age_days) < SOLID_FOOD_MONTHS
    if reason == Reason.WASTED and is_baby:
        return Urgency.TODAY
    if reason == Reason.SEVERELY_UNDERWEIGHT and not is_baby:
        # With oedema there is no weight: then neither is believed, and it is today.
        last = next(m for m in reversed(in_force) if m.oedema or is_believed(m.waz, m.waz_flag))
        return Urgency.THIS_WEEK if is_believed(last.whz, last.whz_flag) else Urgency.TODAY
    return urgency_of(reason)


def walk_standing(
    in_force: Iterable[FollowUpMeasurement],
) -> Iterator[tuple[FollowUpMeasurement, Mapping[Reason, date]]]:
    """Yield each measurement, oldest first, with the reasons that stand after it: one mapping, that changes.

    Each reason has the first day of the unbroken run of days on which it was seen. A measurement that says
    nothing of a reason leaves it as it was. Weight for length and the arm each speak for themselves: who was
    gizi buruk by one of them is well again by the same one (WHO 2013, Updates on the management of severe
    acute malnutrition).
    """
    known: dict[Reason, dict[str, bool]] = defaultdict(dict)
    since: dict[Reason, date] = {}
    codes: dict[date, GainCode] = {}
    for m in in_force:
        for reason, measure, holds in (*_reasons_by_measure(m), *_gain_reason(m, codes)):
            known[reason][measure] = holds
            if any(known[reason].values()):
                since.setdefault(reason, m.measured_on)
            else:
                since.pop(reason, None)
        yield m, since


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
    yield Reason.MEASURE_AGAIN, "", m.haz_flag or m.waz_flag or m.whz_flag or m.baz_flag


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
