"""Yes, no or not applicable: each indicator of a person in a quarter, by the dates of the services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from itertools import islice

from kpm.scorecard.indicators import (
    FIRST_RULES,
    INDICATORS,
    LivingCondition,
    ScorecardRules,
    ScoredService,
    ScoreGroup,
    ScoreIndicator,
)
from kpm.scorecard.periods import Period, Quarter, VillageStay, birthday, month_period, whole_months


class ScoreAnswer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer to one indicator, and what it rests on: ``had`` of ``needed``.

    ``is_late``: complete, but after the day it was due. ``never_asked``: nobody has recorded it, so it is a
    no.
    """

    answer: ScoreAnswer
    had: int = 0
    needed: int = 0
    is_late: bool = False
    never_asked: bool = False


NOT_APPLICABLE = Judgement(ScoreAnswer.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class ServiceGiven:
    """A service on its own day, not the day of its entry. ``quantity``: tablets, else 1."""

    service: ScoredService
    on: date
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """What was found when somebody asked."""

    condition: LivingCondition
    on: date
    is_met: bool


@dataclass(frozen=True, slots=True)
class MonthOfLessons:
    """Lessons held in a month, by any of its days, and those attended."""

    month: date
    held: int
    attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPerson:
    """What is recorded of somebody. ``at_risk``: when home visits are due."""

    stays: Sequence[VillageStay]
    services: Sequence[ServiceGiven] = ()
    conditions: Sequence[ConditionSeen] = ()
    at_risk: Sequence[Period] = ()
    lessons: Sequence[MonthOfLessons] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPregnancy(ScoredPerson):
    """One pregnancy from the first day of the last period (HPHT) on."""

    last_period: date
    delivered: date | None = None
    lost: date | None = None

    def pregnant(self, rules: ScorecardRules) -> Period:
        """Return the days of the pregnancy; the day of delivery, or on which it was lost, is the last."""
        ended = self.delivered or self.lost or self.last_period + _days(rules.pregnancy_days)
        return Period(self.last_period, ended)

    def eligible(self, rules: ScorecardRules) -> Period:
        """Return the days of the pregnancy and those in which visits after birth are due."""
        if self.delivered is None:
            return self.pregnant(rules)
        return Period(self.last_period, self.delivered + _days(rules.postnatal_days))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredChild(ScoredPerson):
    """A child; its days in a group go from birthday to birthday, not by WHO's months."""

    born: date

    @property
    def young(self) -> Period:
        return Period(self.born, birthday(self.born, 2) - _days(1))

    @property
    def preschool(self) -> Period:
        return Period(birthday(self.born, 2), birthday(self.born, 7) - _days(1))


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """One person of one form: counted in ``village`` (code), where it lived on its last eligible day."""

    group: ScoreGroup
    village: str
    judgements: Mapping[ScoreIndicator, Judgement] = field(default_factory=dict)


def judge_person(
    person: ScoredPerson, quarter: Quarter, rules: ScorecardRules = FIRST_RULES, until: date | None = None
) -> list[ScorecardRow]:
    """Return the rows of ``person`` in ``quarter``: two for a child that turns two in it, none for others.

    ``until``: the last day of which anything is known; a month that is not over then asks for nothing yet.
    Source: Panduan KPM, with the readings of docs/definitions.md where it leaves a choice.
    """
    rows = []
    for group, eligible in _groups_of(person, rules):
        known = eligible.intersect(Period(date.min, until))
        if last := known and _last_eligible(person.stays, known, quarter):
            day, village = last
            judge = _Judge(person, quarter, rules, eligible.first, day)
            rows.append(ScorecardRow(group, village, judge.answers(group)))
    return rows


def _groups_of(person: ScoredPerson, rules: ScorecardRules) -> list[tuple[ScoreGroup, Period]]:
    if isinstance(person, ScoredPregnancy):
        return [(ScoreGroup.PREGNANT, person.eligible(rules))]
    if isinstance(person, ScoredChild):
        return [(ScoreGroup.YOUNG_CHILD, person.young), (ScoreGroup.PRESCHOOL_CHILD, person.preschool)]
    return []


def _last_eligible(
    stays: Sequence[VillageStay], eligible: Period, quarter: Quarter
) -> tuple[date, str] | None:
    """Return the last day of the quarter on which somebody counts, and the village of that day."""
    within = eligible.intersect(quarter.period)
    found = []
    for stay in stays:
        days = within and within.intersect(stay.period)
        if days and days.last:
            found.append((days.last, stay.village))
    return max(found, default=None)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges one person of one group.

    ``since``: the first day on which the person counts at all; ``day``: the last one in the quarter.
    """

    person: ScoredPerson
    quarter: Quarter
    rules: ScorecardRules
    since: date
    day: date

    def answers(self, group: ScoreGroup) -> dict[ScoreIndicator, Judgement]:
        """Return every indicator of ``group`` in the order of its form."""
        return {indicator: _JUDGES[indicator](self) for indicator in INDICATORS[group]}

    def months(self) -> list[Period]:
        """Return the months of the quarter that count, the latest first."""
        return [month for month in self.all_months() if month.first in self.quarter.period]

    def all_months(self) -> Iterator[Period]:
        """Yield the months that count up to the end of the quarter, the latest first."""
        return whole_months(self.person.stays, Period(self.since, self.day))

    def count(self, service: ScoredService, within: Period) -> int:
        """Return how much of ``service`` was given on the days ``within``."""
        given = (one for one in self.person.services if one.service is service and one.on in within)
        return sum(one.quantity for one in given)

    def judge_each_month(self, service: ScoredService, months: Sequence[Period] | None = None) -> Judgement:
        """Return yes where each month that counts has the service."""
        months = self.months() if months is None else months
        return _quota(sum(self.count(service, month) > 0 for month in months), len(months))

    def judge_visits_at_risk(self) -> Judgement:
        """Return yes where each month that was at risk on all of its days has a visit."""
        risky = [m for m in self.months() if any(risk.covers(m) for risk in self.person.at_risk)]
        return self.judge_each_month(ScoredService.HOME_VISIT, risky)

    def judge_condition(self, condition: LivingCondition) -> Judgement:
        """Return what was last found by the last eligible day; never asked is no."""
        seen = [one for one in self.person.conditions if one.condition is condition and one.on <= self.day]
        if not seen:
            return Judgement(ScoreAnswer.NO, needed=1, never_asked=True)
        # Of two answers on one day the later one in the list counts.
        return _quota(int(sorted(seen, key=lambda one: one.on)[-1].is_met), 1)

    # --- Form 2A ------------------------------------------------------------------------------------------

    def judge_by_weeks(self, service: ScoredService) -> Judgement:
        """Return yes where all that is due by these weeks of pregnancy was given since it began."""
        pregnant = self._pregnant()
        if pregnant is None or pregnant.last is None or pregnant.last < self.quarter.period.first:
            return NOT_APPLICABLE
        until = min(self.day, pregnant.last)
        weeks = (until - pregnant.first).days // 7
        due = sum(weeks >= week for week in self.rules.weeks_due)
        return _quota(self.count(service, Period(pregnant.first, until)), due)

    def judge_tablets(self) -> Judgement:
        """Return yes where the tablets of the whole months were given, or all of the pregnancy before."""
        pregnant = self._pregnant()
        months = [month for month in self.months() if pregnant and pregnant.covers(month)]
        if pregnant is None or not months:
            return NOT_APPLICABLE
        before = self.count(
            ScoredService.IRON_TABLETS, Period(pregnant.first, self.quarter.period.first - _days(1))
        )
        missing = max(0, self.rules.tablets - before)
        needed = min(self.rules.tablets_a_month * len(months), missing)
        had = self.count(ScoredService.IRON_TABLETS, Period(self.quarter.period.first, self.day))
        return _quota(had, needed) if needed else Judgement(ScoreAnswer.YES, before, self.rules.tablets)

    def judge_postnatal(self) -> Judgement:
        """Return yes where the visits were made; asked in the quarter in which the last day for them is."""
        delivered = self.person.delivered if isinstance(self.person, ScoredPregnancy) else None
        last = delivered and delivered + _days(self.rules.postnatal_days)
        if delivered is None or last != self.day:
            return NOT_APPLICABLE
        return _quota(
            self.count(ScoredService.POSTNATAL_VISIT, Period(delivered, last)), self.rules.postnatal_visits
        )

    def _pregnant(self) -> Period | None:
        return self.person.pregnant(self.rules) if isinstance(self.person, ScoredPregnancy) else None

    # --- Forms 2B and 2C ----------------------------------------------------------------------------------

    def judge_immunisation(self) -> Judgement:
        """Return yes where it is complete, late after the first birthday; not asked before that day."""
        due = birthday(self.since, 1)
        if self.day < due:
            return NOT_APPLICABLE
        complete = [
            one.on for one in self.person.services if one.service is ScoredService.IMMUNISATION_COMPLETE
        ]
        day = min(complete, default=None)
        if day is None or day > self.day:
            return _quota(0, 1)
        return Judgement(ScoreAnswer.YES, 1, 1, is_late=day > due)

    def judge_height(self) -> Judgement:
        """Return yes where the last whole months, six as a rule, have a height; not asked before that many.

        Moving makes a month no whole one; a height of that month is one of these months too.
        """
        if not self.months():
            return NOT_APPLICABLE
        last = list(islice(self.all_months(), self.rules.height_months))
        if len(last) < self.rules.height_months:
            return NOT_APPLICABLE
        return _quota(self.count(ScoredService.HEIGHT, Period(last[-1].first, last[0].last)), 1)

    def judge_lessons(self) -> Judgement:
        """Return yes where enough of the lessons held were attended; does not apply where none were held."""
        firsts = {month.first for month in self.months()}
        months = [one for one in self.person.lessons if month_period(one.month).first in firsts]
        held = sum(one.held for one in months)
        return _quota(sum(one.attended for one in months), -(-held * self.rules.lessons_percent // 100))


def _quota(had: int, needed: int) -> Judgement:
    """Return yes for enough, and that the indicator does not apply where nothing is needed."""
    if not needed:
        return NOT_APPLICABLE
    return Judgement(ScoreAnswer.YES if had >= needed else ScoreAnswer.NO, had, needed)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _each_month(service: ScoredService) -> Callable[[_Judge], Judgement]:
    return partial(_Judge.judge_each_month, service=service)


def _condition(condition: LivingCondition) -> Callable[[_Judge], Judgement]:
    return partial(_Judge.judge_condition, condition=condition)


_JUDGES: Mapping[ScoreIndicator, Callable[[_Judge], Judgement]] = {
    ScoreIndicator.CHECK_UPS: partial(_Judge.judge_by_weeks, service=ScoredService.CHECK_UP),
    ScoreIndicator.IRON_TABLETS: _Judge.judge_tablets,
    ScoreIndicator.POSTNATAL_VISITS: _Judge.judge_postnatal,
    ScoreIndicator.COUNSELLING: partial(_Judge.judge_by_weeks, service=ScoredService.COUNSELLING),
    ScoreIndicator.VISITS_AT_RISK: _Judge.judge_visits_at_risk,
    ScoreIndicator.SAFE_WATER: _condition(LivingCondition.SAFE_WATER),
    ScoreIndicator.LATRINE: _condition(LivingCondition.LATRINE),
    ScoreIndicator.INSURANCE: _condition(LivingCondition.INSURANCE),
    ScoreIndicator.IMMUNISATION: _Judge.judge_immunisation,
    ScoreIndicator.WEIGHED_MONTHLY: _each_month(ScoredService.WEIGHING),
    ScoreIndicator.HEIGHT_TWICE: _Judge.judge_height,
    ScoreIndicator.COUNSELLED_MONTHLY: _each_month(ScoredService.COUNSELLING),
    ScoreIndicator.BIRTH_CERTIFICATE: _condition(LivingCondition.BIRTH_CERTIFICATE),
    ScoreIndicator.PARENTING_CLASSES: _each_month(ScoredService.PARENTING_CLASS),
    ScoreIndicator.LESSONS: _Judge.judge_lessons,
}
