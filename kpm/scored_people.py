"""The people of a village's scorecard with their answers. Reads only; the rules are in ``kpm.scorecard``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from kpm.cases.course import CaseKind
from kpm.models import (
    Beneficiary,
    BeneficiaryEnd,
    BeneficiaryGroup,
    BeneficiaryStay,
    Case,
    CaseStep,
    ConditionRecord,
    HouseholdChild,
    Scorecard,
    ScorecardRule,
    ServiceRecord,
    StepAction,
)
from kpm.scorecard.indicators import (
    FIRST_RULES,
    LivingCondition,
    ScorecardRules,
    ScoredService,
    ScoreGroup,
)
from kpm.scorecard.judgement import (
    ConditionSeen,
    MonthOfLessons,
    ScorecardRow,
    ScoredChild,
    ScoredPerson,
    ScoredPregnancy,
    ServiceGiven,
    judge_person,
)
from kpm.scorecard.periods import Period, Quarter, VillageStay, birthday
from kpm.scorecard.score import COLUMNS, ScoreCells, ScoreShare, count_answers
from registry.models import Child, Measurement, MeasurementState, Residence, Village

VISITED_CASES = (CaseKind.WASTING, CaseKind.UNDERWEIGHT, CaseKind.STUNTING)
"""Open cases for which a child is to be visited each month: malnourished or stunted."""

_DAY = timedelta(days=1)
RISKS = (LivingCondition.AT_RISK, LivingCondition.THIN)
"""What makes home visits due to a pregnant woman."""

_MEASURED_DAYS = 400  # the months of a height, also of a child that moved in between


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A row of form 2A, 2B or 2C with the person that it is about."""

    person: Child | Beneficiary
    answers: ScorecardRow


def rules_on(quarter: Quarter) -> ScorecardRules:
    """Return the rules in force on the first day of ``quarter``."""
    found = ScorecardRule.objects.filter(since__lte=quarter.period.first).last()
    if found is None:
        return FIRST_RULES
    numbers: dict[str, Any] = {name: getattr(found, name) for name in ScorecardRule.NUMBERS}
    weeks = tuple(int(week) for week in found.weeks_due.split(","))
    return ScorecardRules(since=found.since, weeks_due=weeks, **numbers)


def list_scored(village: Village, quarter: Quarter) -> list[ScoredRow]:
    """Return the rows of ``village`` in ``quarter`` by group and name: a fixed number of queries.

    Of a running quarter the months count that are over today.
    """
    return list_scored_by_village([village], quarter)[village.pk]


def list_scored_by_village(villages: Collection[Village], quarter: Quarter) -> dict[str, list[ScoredRow]]:
    """Return :func:`list_scored` of each village by its code: the same number of queries as for one."""
    rules, today = rules_on(quarter), timezone.localdate()
    scored: list[tuple[Child | Beneficiary, ScoredPerson]] = [
        *_load_pregnancies(villages, quarter),
        *_load_children(villages, quarter),
    ]
    rows: dict[str, list[ScoredRow]] = {village.pk: [] for village in villages}
    for person, facts in scored:
        for row in judge_person(facts, quarter, rules, today):
            if row.village in rows:
                rows[row.village].append(ScoredRow(person, row))
    groups = list(ScoreGroup)
    for of_village in rows.values():
        of_village.sort(key=lambda row: (groups.index(row.answers.group), row.person.name, row.person.pk))
    return rows


def cells_of(village: Village, quarter: Quarter) -> ScoreCells:
    """Return yes and applicable of each column, as of now."""
    return count_answers(row.answers for row in list_scored(village, quarter))


def write_cells(cells: ScoreCells) -> dict[str, list[int]]:
    """Return columns as a scorecard stores them."""
    return {f"{g}.{i}": [share.yes, share.applicable] for (g, i), share in cells.items()}


def read_cells(card: Scorecard) -> ScoreCells:
    """Return the columns of a published scorecard; a column that it did not have yet applies to nobody."""
    return {key: ScoreShare(*card.cells.get(f"{key[0]}.{key[1]}", (0, 0))) for key in COLUMNS}


def _load_children(villages: Collection[Village], quarter: Quarter) -> Iterator[tuple[Child, ScoredChild]]:
    lived = Residence.objects.filter(village__in=villages, since__lte=quarter.period.last)
    lived = lived.filter(Q(until=None) | Q(until__gt=quarter.period.first))
    oldest = birthday(quarter.period.first, -7)
    found = Child.objects.filter(pk__in=lived.order_by().values("child"), birth_date__gt=oldest)
    people = list(found.filter(birth_date__lte=quarter.period.last).select_related("posyandu"))
    ids = [child.pk for child in people]
    stays = _load_stays(Residence.objects.filter(child__in=ids), "child_id")
    services, lessons = _load_services(ServiceRecord.objects.filter(child__in=ids), "child_id", quarter)
    _add_measured(services, ids, quarter)
    _add_visits(services, ids, quarter)
    risks = _load_risks(ids)
    homes = load_homes(ids)
    conditions = _load_conditions(quarter, households=homes.values(), child__in=ids)
    for child in people:
        last = None if child.is_active else child.status_date
        yield (
            child,
            ScoredChild(
                stays=_end_stays(stays[child.pk], last),
                services=services[child.pk],
                conditions=[*conditions[child.pk], *conditions[homes.get(child.pk)]],
                at_risk=risks[child.pk],
                lessons=lessons[child.pk],
                born=child.birth_date,
            ),
        )


def load_homes(children: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the household in which each child lives now; of a child without one nothing."""
    rows = HouseholdChild.objects.filter(child__in=children).order_by("added_at")
    return dict(rows.values_list("child_id", "household_id"))


def _load_pregnancies(
    villages: Collection[Village], quarter: Quarter
) -> Iterator[tuple[Beneficiary, ScoredPregnancy]]:
    lived = BeneficiaryStay.objects.filter(village__in=villages, since__lte=quarter.period.last)
    lived = lived.filter(Q(until=None) | Q(until__gt=quarter.period.first))
    found = Beneficiary.objects.filter(pk__in=lived.order_by().values("beneficiary"))
    people = list(found.filter(group=BeneficiaryGroup.PREGNANT))
    ids = [one.pk for one in people]
    stays = _load_stays(BeneficiaryStay.objects.filter(beneficiary__in=ids), "beneficiary_id")
    services, _lessons = _load_services(
        ServiceRecord.objects.filter(beneficiary__in=ids), "beneficiary_id", quarter
    )
    households = [one.household_id for one in people]
    conditions = _load_conditions(quarter, households=households, beneficiary__in=ids)
    for one in people:
        is_over = one.ended_by in (BeneficiaryEnd.LEFT, BeneficiaryEnd.DIED)
        yield (
            one,
            ScoredPregnancy(
                stays=_end_stays(stays[one.pk], one.ended_on if is_over else None),
                services=services[one.pk],
                conditions=[*conditions[one.pk], *conditions[one.household_id]],
                at_risk=_risk_periods(conditions[one.pk]),
                last_period=one.last_period or quarter.period.first,
                delivered=one.ended_on if one.ended_by == BeneficiaryEnd.DELIVERED else None,
                lost=one.ended_on if one.ended_by in (BeneficiaryEnd.LOST, BeneficiaryEnd.OVER) else None,
            ),
        )


def _load_stays(rows: QuerySet[Any], key: str) -> Mapping[UUID, list[VillageStay]]:
    stays: dict[UUID, list[VillageStay]] = defaultdict(list)
    for pk, village, since, until in rows.order_by("since").values_list(key, "village_id", "since", "until"):
        stays[pk].append(VillageStay(village, Period(since, until and until - _DAY)))
    return stays


def _end_stays(stays: Sequence[VillageStay], last: date | None) -> list[VillageStay]:
    """Return the stays up to the day on which somebody left or died."""
    if last is None:
        return list(stays)
    cut = ((stay, stay.period.intersect(Period(date.min, last))) for stay in stays)
    return [VillageStay(stay.village, period) for stay, period in cut if period]


def _load_services(
    rows: QuerySet[ServiceRecord], key: str, quarter: Quarter
) -> tuple[dict[UUID, list[ServiceGiven]], dict[UUID, list[MonthOfLessons]]]:
    services: dict[UUID, list[ServiceGiven]] = defaultdict(list)
    lessons: dict[UUID, list[MonthOfLessons]] = defaultdict(list)
    typed = rows.filter(taken_back_at=None, on__lte=quarter.period.last)
    for pk, service, on, count, held in typed.values_list(key, "service", "on", "quantity", "out_of"):
        if held is not None:
            lessons[pk].append(MonthOfLessons(on, held, count))
        else:
            services[pk].append(ServiceGiven(ScoredService(service), on, count))
    return services, lessons


def _add_measured(services: dict[UUID, list[ServiceGiven]], ids: Sequence[UUID], quarter: Quarter) -> None:
    """Add each weighing and each length; a doubted value was measured too."""
    rows = Measurement.objects.filter(
        child__in=ids,
        state=MeasurementState.IN_FORCE,
        measured_on__gt=quarter.period.first - timedelta(days=_MEASURED_DAYS),
        measured_on__lte=quarter.period.last,
    )
    for child, on, kg, cm in rows.values_list("child_id", "measured_on", "weight_kg", "lenhei_cm"):
        if kg is not None:
            services[child].append(ServiceGiven(ScoredService.WEIGHING, on))
        if cm is not None:
            services[child].append(ServiceGiven(ScoredService.HEIGHT, on))


def _add_visits(services: dict[UUID, list[ServiceGiven]], ids: Sequence[UUID], quarter: Quarter) -> None:
    steps = CaseStep.objects.filter(
        child__in=ids, action=StepAction.VISITED, taken_back_at=None, on__lte=quarter.period.last
    )
    for child, on in steps.values_list("child_id", "on"):
        services[child].append(ServiceGiven(ScoredService.HOME_VISIT, on))


def _load_risks(ids: Sequence[UUID]) -> Mapping[UUID, list[Period]]:
    """Return the days on which each child had a case for which it is visited; cases that meet are one."""
    rows = Case.objects.filter(child__in=ids, kind__in=VISITED_CASES).order_by("opened_on")
    risks: dict[UUID, list[Period]] = defaultdict(list)
    for child, opened, closed in rows.values_list("child_id", "opened_on", "closed_on"):
        _join_period(risks[child], Period(opened, closed - _DAY))
    return risks


def _join_period(periods: list[Period], new: Period) -> None:
    last = periods[-1] if periods else None
    if last and last.last and new.last and new.first <= last.last + _DAY:
        periods[-1] = Period(last.first, max(last.last, new.last))
    else:
        periods.append(new)


def _load_conditions(
    quarter: Quarter, *, households: Iterable[UUID], **of_people: Sequence[UUID]
) -> Mapping[UUID | None, list[ConditionSeen]]:
    """Return what was found up to the end of the quarter, by the person or household it is of."""
    asked = ConditionRecord.objects.filter(
        Q(household__in=set(households)) | Q(**of_people), taken_back_at=None, on__lte=quarter.period.last
    )
    seen: dict[UUID | None, list[ConditionSeen]] = defaultdict(list)
    for row in asked.order_by("on", "recorded_at"):
        subject = row.household_id or row.child_id or row.beneficiary_id
        seen[subject].append(ConditionSeen(LivingCondition(row.condition), row.on, row.is_met))
    return seen


def _risk_periods(seen: Sequence[ConditionSeen]) -> list[Period]:
    """Return the days with a risk, from the day it was found to the day before nothing was left of it."""
    periods: list[Period] = []
    now: set[LivingCondition] = set()
    since: date | None = None
    for one in seen:
        if one.condition not in RISKS:
            continue
        now = now | {one.condition} if one.is_met else now - {one.condition}
        if now and since is None:
            since = one.on
        elif not now and since is not None:
            if one.on > since:
                periods.append(Period(since, one.on - _DAY))
            since = None
    return [*periods, Period(since)] if since else periods
