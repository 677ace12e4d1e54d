"""Who of a village has or lacks which service in a month. Reads only, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from kpm.models import (
    Beneficiary,
    BeneficiaryEnd,
    BeneficiaryGroup,
    Case,
    CaseStep,
    ConditionRecord,
    GroupInUse,
    ServiceRecord,
    StepAction,
)
from kpm.models.convergence import CONDITION_WORDS, OF_A_HOUSEHOLD, SERVICE_WORDS, typed_services
from kpm.scorecard.indicators import LivingCondition, ScorecardRules, ScoredService, ScoreGroup
from kpm.scorecard.periods import birthday, quarter_of
from kpm.scorecard_words import GROUP_WORDS
from kpm.scored_people import RISKS, VISITED_CASES, load_homes, rules_on
from registry.calendar_months import add_months, last_day
from registry.models import Child, Measurement, MeasurementState, User, Village


class ServiceTab(StrEnum):
    """Who is listed together. The last two are groups that a district may use."""

    PREGNANT = "pregnant"
    YOUNG_CHILD = "young_child"
    PRESCHOOL_CHILD = "preschool_child"
    TEENAGE_GIRL = "teenage_girl"
    COUPLE = "couple"

    @property
    def words(self) -> str:
        return str(
            GROUP_WORDS[ScoreGroup(self)] if self in list(ScoreGroup) else BeneficiaryGroup(self).label
        )

    @property
    def typed(self) -> tuple[ScoredService, ...]:
        """Return the services that are typed for its people."""
        return typed_services(None if self in _OF_CHILDREN else BeneficiaryGroup(self))


_OF_CHILDREN = {
    ServiceTab.YOUNG_CHILD: (
        *(ScoredService.WEIGHING, ScoredService.HEIGHT, ScoredService.IMMUNISATION_COMPLETE),
        *(ScoredService.COUNSELLING, ScoredService.PARENTING_CLASS, ScoredService.HOME_VISIT),
    ),
    ServiceTab.PRESCHOOL_CHILD: (ScoredService.LESSONS,),
}


@dataclass(frozen=True, slots=True)
class ServiceDue:
    """A service that is due to somebody: the day ``on`` which she had it, None where she lacks it."""

    service: ScoredService
    on: date | None
    is_typed: bool

    @property
    def words(self) -> str:
        return str(SERVICE_WORDS[self.service])


@dataclass(frozen=True, slots=True)
class ServedPerson:
    """Somebody with what she had, what is ``due`` this month, and her conditions (None: not asked)."""

    person: Child | Beneficiary
    tab: ServiceTab
    had: Mapping[ScoredService, date]
    due: Sequence[ScoredService]
    conditions: Mapping[LivingCondition, bool | None]

    @property
    def lacks(self) -> list[ScoredService]:
        return [service for service in self.due if service not in self.had]

    @property
    def is_child(self) -> bool:
        return isinstance(self.person, Child)

    @property
    def services(self) -> list[ServiceDue]:
        return [ServiceDue(one, self.had.get(one), one in self.tab.typed) for one in self.due]

    @property
    def answers(self) -> list[tuple[LivingCondition, str, bool | None]]:
        return [(one, str(CONDITION_WORDS[one]), is_met) for one, is_met in self.conditions.items()]

    @property
    def key(self) -> str:
        """Return how a button names the person."""
        return f"{'child' if self.is_child else 'beneficiary'}:{self.person.pk}"


@dataclass(frozen=True, slots=True)
class ServiceMonth:
    """The people of the ``tab``, and how many each other tab has."""

    village: Village
    month: date
    tab: ServiceTab
    people: Sequence[ServedPerson]
    counts: Mapping[ServiceTab, int]

    def shares(self) -> list[tuple[ScoredService, int, int]]:
        """Return for each service that is due to somebody how many had it, of how many."""
        asked = {service: [one for one in self.people if service in one.due] for service in ScoredService}
        return [
            (service, sum(service in one.had for one in people), len(people))
            for service, people in asked.items()
            if people
        ]

    def lacking(self, service: ScoredService | None) -> list[ServedPerson]:
        """Return who lacks ``service``; everybody without one."""
        return [one for one in self.people if service is None or service in one.lacks]


def read_service_month(user: User, village: Village, month: date, tab: ServiceTab) -> ServiceMonth:
    """Return the people of ``village`` whom ``user`` may see, children as of the last day of ``month``."""
    rules = rules_on(quarter_of(month))
    by_tab: dict[ServiceTab, list[Child] | list[Beneficiary]] = {
        **_list_beneficiaries(user, village, month, rules),
        **_list_children(user, village, last_day(month)),
    }
    listed = by_tab.get(tab, [])
    people = list(serve_people({tab: listed}, month, rules))
    return ServiceMonth(
        village, month, tab, people, {one: len(by_tab[one]) for one in ServiceTab if one in by_tab}
    )


def read_tapped_services(
    user: User, village: Village, month: date, rules: ScorecardRules
) -> Iterator[ServedPerson]:
    """Yield everybody of a month but preschool children, whose lessons take more than one tap."""
    young = _list_children(user, village, last_day(month), under=2)[ServiceTab.YOUNG_CHILD]
    mothers = _list_beneficiaries(user, village, month, rules)
    return serve_people({**mothers, ServiceTab.YOUNG_CHILD: young}, month, rules)


def serve_people(
    by_tab: Mapping[ServiceTab, Sequence[Child | Beneficiary]], month: date, rules: ScorecardRules
) -> Iterator[ServedPerson]:
    """Yield the people of each tab with what they had and lack in ``month``."""
    listed = [(tab, one) for tab, people in by_tab.items() for one in people]
    ids = [one.pk for _tab, one in listed]
    children = [one.pk for _tab, one in listed if isinstance(one, Child)]
    had = _load_services(ids, month)
    homes = load_homes(children)
    homes |= {one.pk: one.household_id for _tab, one in listed if isinstance(one, Beneficiary)}
    seen = _load_conditions(ids, homes.values(), last_day(month))
    visited = _add_measured(had, children, month, rules) if children else set()
    for tab, one in listed:
        found = seen[one.pk] | seen[homes.get(one.pk)]
        conditions = {condition: found.get(condition) for condition in conditions_of(one)}
        at_risk = one.pk in visited or any(conditions.get(risk) for risk in RISKS)
        yield ServedPerson(one, tab, had[one.pk], _due(one, month, tab, at_risk=at_risk), conditions)


def find_person_month(person: Child | Beneficiary, on: date) -> ServedPerson:
    """Return one person with what it had and lacks in the month of ``on``."""
    rules, month = rules_on(quarter_of(on)), on.replace(day=1)
    by_tab = {tab_of(person, on): [person]}
    return next(serve_people(by_tab, month, rules))


def list_overdue(people: Iterable[ServedPerson], on: date) -> list[Beneficiary]:
    """Return whose pregnancy should be over by the day ``on`` and has no end on record."""
    days = timedelta(days=rules_on(quarter_of(on)).pregnancy_days)
    open_ones = [
        one.person for one in people if isinstance(one.person, Beneficiary) and not one.person.ended_on
    ]
    return [one for one in open_ones if one.last_period and one.last_period + days < on]


def conditions_of(person: Child | Beneficiary) -> list[LivingCondition]:
    """Return what is asked of somebody and her household."""
    own: tuple[LivingCondition, ...] = ()
    if isinstance(person, Child):
        own = (LivingCondition.BIRTH_CERTIFICATE,)
    elif person.group == BeneficiaryGroup.PREGNANT:
        own = RISKS
    return [one for one in LivingCondition if one in OF_A_HOUSEHOLD or one in own]


def tab_of(person: Child | Beneficiary, on: date) -> ServiceTab:
    """Return the tab that somebody stands in on a day."""
    if isinstance(person, Beneficiary):
        return ServiceTab(person.group)
    is_young = on < birthday(person.birth_date, 2)
    return ServiceTab.YOUNG_CHILD if is_young else ServiceTab.PRESCHOOL_CHILD


def due_of_young_child() -> list[ScoredService]:
    """Return what a child under two without a case should have in any month."""
    return [one for one in _OF_CHILDREN[ServiceTab.YOUNG_CHILD] if one is not ScoredService.HOME_VISIT]


def _due(person: Child | Beneficiary, month: date, tab: ServiceTab, *, at_risk: bool) -> list[ScoredService]:
    """Return what somebody should have in ``month``; visits are due to who is at risk."""
    services = _OF_CHILDREN.get(tab, tab.typed)
    out = set() if at_risk else {ScoredService.HOME_VISIT}
    if isinstance(person, Beneficiary):
        if person.ended_by != BeneficiaryEnd.DELIVERED:
            out.add(ScoredService.POSTNATAL_VISIT)
        elif person.ended_on and person.ended_on < month:
            out |= {ScoredService.CHECK_UP, ScoredService.IRON_TABLETS}
    return [service for service in services if service not in out]


def _list_children(
    user: User, village: Village, on: date, *, under: int = 7
) -> dict[ServiceTab, list[Child]]:
    there = Child.objects.visible_to(user).living_in(village, on)
    there = there.filter(birth_date__gt=birthday(on, -under))
    children = sorted(
        there.select_related("posyandu"),
        key=lambda child: (child.posyandu.name if child.posyandu else "", child.sort_name, child.pk),
    )
    tabs: dict[ServiceTab, list[Child]] = {ServiceTab.YOUNG_CHILD: [], ServiceTab.PRESCHOOL_CHILD: []}
    for child in children:
        tabs[tab_of(child, on)].append(child)
    return tabs


def _list_beneficiaries(
    user: User, village: Village, month: date, rules: ScorecardRules
) -> dict[ServiceTab, list[Beneficiary]]:
    """Return who is on the list by group; a mother up to the last day after birth on which she is visited."""
    end = last_day(month)
    used = GroupInUse.objects.filter(district=village.kecamatan.district_id, since__lte=end)
    tabs: dict[ServiceTab, list[Beneficiary]] = {ServiceTab.PREGNANT: []}
    tabs |= {ServiceTab(group): [] for group in used.values_list("group", flat=True)}
    lived = Q(stays__village=village, stays__since__lte=end)
    lived &= Q(stays__until=None) | Q(stays__until__gt=end)
    visited_from = month - timedelta(days=rules.postnatal_days)
    listed = Q(ended_on=None) | Q(ended_on__gt=end)
    listed |= Q(ended_by=BeneficiaryEnd.DELIVERED, ended_on__gte=visited_from)
    there = Beneficiary.objects.filter(lived, listed, group__in=tabs)
    for one in there.visible_to(user).order_by("name", "pk"):
        tabs[ServiceTab(one.group)].append(one)
    return tabs


def _load_services(ids: Sequence[UUID], month: date) -> dict[UUID, dict[ScoredService, date]]:
    """Return what was typed of the month; complete immunisation counts from its day on."""
    of_the_month = Q(on__gte=month) | Q(service=ScoredService.IMMUNISATION_COMPLETE)
    rows = ServiceRecord.objects.filter(
        Q(child__in=ids) | Q(beneficiary__in=ids), of_the_month, on__lte=last_day(month), taken_back_at=None
    )
    had: dict[UUID, dict[ScoredService, date]] = defaultdict(dict)
    for child, beneficiary, service, on in rows.order_by("on").values_list(
        "child", "beneficiary", "service", "on"
    ):
        had[child or beneficiary][ScoredService(service)] = on
    return had


def _add_measured(
    had: dict[UUID, dict[ScoredService, date]], ids: Sequence[UUID], month: date, rules: ScorecardRules
) -> set[UUID]:
    """Add weighings, lengths of the last months and home visits; return who is to be visited."""
    end = last_day(month)
    since = add_months(month, 1 - rules.height_months)
    measured = Measurement.objects.filter(
        child__in=ids, state=MeasurementState.IN_FORCE, measured_on__range=(since, end)
    )
    days = measured.order_by("measured_on").values_list("child", "measured_on", "weight_kg", "lenhei_cm")
    for child, on, kg, cm in days:
        if kg is not None and on >= month:
            had[child][ScoredService.WEIGHING] = on
        if cm is not None:
            had[child][ScoredService.HEIGHT] = on
    steps = CaseStep.objects.filter(
        child__in=ids, action=StepAction.VISITED, taken_back_at=None, on__range=(month, end)
    )
    for child, on in steps.order_by("on").values_list("child", "on"):
        had[child][ScoredService.HOME_VISIT] = on
    cases = Case.objects.filter(
        child__in=ids, kind__in=VISITED_CASES, opened_on__lte=end, closed_on__gt=month
    )
    return set(cases.values_list("child", flat=True))


def _load_conditions(
    ids: Sequence[UUID], homes: Iterable[UUID], on: date
) -> Mapping[UUID | None, dict[LivingCondition, bool]]:
    """Return the newest answers up to a day, by the person or household that they are of."""
    rows = ConditionRecord.objects.filter(
        Q(child__in=ids) | Q(beneficiary__in=ids) | Q(household__in=set(homes)),
        on__lte=on,
        taken_back_at=None,
    )
    seen: dict[UUID | None, dict[LivingCondition, bool]] = defaultdict(dict)
    for row in rows.order_by("on", "recorded_at"):
        subject = row.household_id or row.child_id or row.beneficiary_id
        seen[subject][LivingCondition(row.condition)] = row.is_met
    return seen
