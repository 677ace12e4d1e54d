"""Services, households and pregnancies of the invented district, and the quarters that villages closed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from demo.invented_names import GIRLS_FIRST
from kpm.models import (
    Beneficiary,
    BeneficiaryEnd,
    BeneficiaryGroup,
    BeneficiaryStay,
    ConditionRecord,
    Household,
    HouseholdChild,
    ServiceRecord,
)
from kpm.models.convergence import OF_A_HOUSEHOLD
from kpm.scorecard.indicators import LivingCondition, ScoredService
from kpm.scorecard.periods import birthday, quarter_of
from kpm.scorecard_actions import publish_scorecards
from registry.db.bulk_insert import insert_rows
from registry.models import Child, ChildStatus, User, Village

_CHILDREN_A_PREGNANCY = 9
_MONTHLY = ((ScoredService.COUNSELLING, 0.8), (ScoredService.PARENTING_CLASS, 0.6))
_HAVE = {
    LivingCondition.SAFE_WATER: 0.85,
    LivingCondition.LATRINE: 0.75,
    LivingCondition.INSURANCE: 0.8,
    LivingCondition.BIRTH_CERTIFICATE: 0.9,
}
_ASKED, _IMMUNISED, _GO_TO_PAUD, _AT_RISK = 0.95, 0.85, 0.3, 0.2
_LESSONS_A_MONTH = 12
_ROWS_IN_MEMORY = 20_000
_VILLAGES_AT_ONCE = 10


def load_services(
    today: date, by_village: Mapping[str, User], by: User, seed: int, done: Callable[[int], object]
) -> None:
    """Store two quarters of invented services up to ``today``, then close the two quarters that are over.

    ``by_village``: who works in each village; ``by`` elsewhere.
    """
    over = [quarter_of(today).add_quarters(back) for back in (-2, -1)]
    services = _Services(random.Random(seed), over[0].period.first, today)  # noqa: S311  an invented district
    villages = list(Village.objects.order_by("pk"))
    for village in villages:
        services.add_village(village, by_village.get(village.pk, by))
    services.store()
    for start in range(0, len(villages), _VILLAGES_AT_ONCE):
        some = villages[start : start + _VILLAGES_AT_ONCE]
        for quarter, late in zip(over, (24, 8), strict=True):
            codes = [village.pk for number, village in enumerate(some, start) if number % late]
            publish_scorecards(by=by, village_codes=codes, quarter=quarter)  # of so many one is late
        done(len(some))


class _Services:
    """Draws the rows of one village after the other, and stores them together."""

    def __init__(self, dice: random.Random, first: date, today: date) -> None:
        self.dice, self.first, self.today = dice, first, today
        self.rows: dict[type[Any], list[Any]] = {
            model: []
            for model in (
                *(Household, Beneficiary, BeneficiaryStay, HouseholdChild),
                *(ServiceRecord, ConditionRecord),
            )
        }

    def store(self) -> None:
        """Store all rows, what others refer to first."""
        for rows in self.rows.values():
            if rows:
                insert_rows(rows)
                rows.clear()

    def add_village(self, village: Village, by: User) -> None:
        """Draw the households, services and pregnancies of a village."""
        care = self.dice.uniform(0.6, 1.0)  # how well this village works
        living = Child.objects.filter(village=village, status=ChildStatus.ACTIVE)
        children = list(living.filter(birth_date__gt=birthday(self.first, -7)).order_by("birth_date", "pk"))
        for child in children:
            if birthday(child.birth_date, 2) > self.first:
                self._add(HouseholdChild, child=child, household=self._add_household(village, by))
                self._add_conditions(by, child, [LivingCondition.BIRTH_CERTIFICATE])
                self._add_care_of(child, by, care)
            elif self.dice.random() < _GO_TO_PAUD:
                self._add_lessons(child, by)
        for _number in range(max(1, len(children) // _CHILDREN_A_PREGNANCY)):
            self._add_pregnancy(village, by, care)
        if len(self.rows[ServiceRecord]) > _ROWS_IN_MEMORY:
            self.store()

    def _add_household(self, village: Village, by: User) -> Household:
        home: Household = self._add(Household, id=self._uuid(), village=village)
        self._add_conditions(by, home, sorted(OF_A_HOUSEHOLD))
        return home

    def _add_conditions(self, by: User, subject: Any, conditions: list[LivingCondition]) -> None:
        for condition in conditions:
            if self.dice.random() < _ASKED:
                is_met = self.dice.random() < _HAVE[condition]
                on = max(self.first, getattr(subject, "birth_date", self.first))
                of = {type(subject)._meta.model_name: subject}
                self._add_condition(condition, on, by, is_met=is_met, **of)

    def _add_care_of(self, child: Child, by: User, care: float) -> None:
        for day in self._days(max(self.first, child.birth_date), birthday(child.birth_date, 2)):
            for service, share in _MONTHLY:
                if self.dice.random() < share * care:
                    self._add_service(service, day, by, child=child)
        due = birthday(child.birth_date, 1) - timedelta(days=self.dice.randrange(90))
        if child.birth_date < due <= self.today and self.dice.random() < _IMMUNISED:
            self._add_service(ScoredService.IMMUNISATION_COMPLETE, due, by, child=child)

    def _add_pregnancy(self, village: Village, by: User, care: float) -> None:
        last_period = self.today - timedelta(days=self.dice.randrange(10, 300))
        delivered = last_period + timedelta(days=280)
        is_over = delivered < self.today
        woman: Beneficiary = self._add(
            Beneficiary,
            id=self._uuid(),
            group=BeneficiaryGroup.PREGNANT,
            name=f"{self.dice.choice(GIRLS_FIRST)} {self.dice.choice(GIRLS_FIRST)}",
            birth_date=self.today - timedelta(days=self.dice.randrange(19 * 365, 41 * 365)),
            last_period=last_period,
            village=village,
            household=self._add_household(village, by),
            rt=f"{self.dice.randrange(1, 7):03d}",
            rw=f"{self.dice.randrange(1, 13):03d}",
            ended_on=delivered if is_over else None,
            ended_by=BeneficiaryEnd.DELIVERED if is_over else "",
            created_by=by,
        )
        self._add(BeneficiaryStay, beneficiary=woman, village=village, since=last_period)
        found = last_period + timedelta(days=60)
        if found <= self.today and self.dice.random() < _AT_RISK:
            self._add_condition(LivingCondition.AT_RISK, found, by, is_met=True, beneficiary=woman)
        for day in self._days(last_period + timedelta(days=50), delivered):
            if self.dice.random() < care:
                self._add_service(ScoredService.CHECK_UP, day, by, beneficiary=woman)
                self._add_service(ScoredService.IRON_TABLETS, day, by, 30, beneficiary=woman)
            if self.dice.random() < 0.8 * care:
                self._add_service(ScoredService.COUNSELLING, day, by, beneficiary=woman)

    def _days(self, first: date, until: date) -> Iterator[date]:
        """Yield a day of each month from ``first`` on, before ``until`` and today."""
        day = first + timedelta(days=self.dice.randrange(12))
        while day < until and day <= self.today:
            yield day
            day += timedelta(days=30)

    def _add_lessons(self, child: Child, by: User) -> None:
        for day in self._days(self.first, self.today):
            attended = self.dice.randrange(6, _LESSONS_A_MONTH + 1)
            more = {"out_of": _LESSONS_A_MONTH, "child": child}
            self._add_service(ScoredService.LESSONS, day, by, attended, **more)

    def _add_condition(
        self, condition: LivingCondition, on: date, by: User, *, is_met: bool, **of: Any
    ) -> None:
        self._add(ConditionRecord, id=self._uuid(), condition=condition, on=on, is_met=is_met, by=by, **of)

    def _add_service(self, service: ScoredService, on: date, by: User, quantity: int = 1, **of: Any) -> None:
        self._add(ServiceRecord, id=self._uuid(), service=service, on=on, quantity=quantity, by=by, **of)

    def _add(self, model: type[Any], **values: Any) -> Any:
        row = model(**values)
        self.rows[model].append(row)
        return row

    def _uuid(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)
