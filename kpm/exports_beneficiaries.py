"""All beneficiaries of a village with their services and answers, in the layout that is read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kpm.beneficiary_columns import CONDITIONS, SERVICES, end_words, group_words, titles
from kpm.models import Beneficiary, BeneficiaryEnd, BeneficiaryGroup, ConditionRecord, ServiceRecord
from kpm.scorecard.indicators import ScoredService
from registry.actions.retention import GONE
from registry.exports.cell_formatting import yes_no
from registry.exports.page_table import DataSubjects, ExportTable, Value, list_columns
from registry.models import User, Village

_PEOPLE = ("group", "name", "birth_date", "last_period", "rt", "rw", "village", "village_code")


def beneficiaries_list(user: User, village: Village) -> ExportTable:
    """Return everybody of ``village`` who is or was on the list, for a file of ``user``: four queries."""
    there = Beneficiary.objects.visible_to(user).filter(village=village).exclude(name=GONE)
    people = list(there.order_by("group", "name", "last_period", "pk"))
    services, answers = _load_services(people), _load_answers(people)
    fields = (*_PEOPLE, "ended_on", "ended_by", *SERVICES, *CONDITIONS)
    rows: list[tuple[Value, ...]] = [
        (
            *(group_words()[BeneficiaryGroup(one.group)], one.name, one.birth_date, one.last_period),
            *(one.rt, one.rw, village.name, village.pk, one.ended_on),
            end_words()[BeneficiaryEnd(one.ended_by)] if one.ended_by else "",
            *(_times(services[one.pk, service], service) for service in SERVICES),
            *(_answer(answers, one, condition) for condition in CONDITIONS),
        )
        for one in people
    ]
    return ExportTable(
        "beneficiaries",
        list_columns((titles()[name] for name in fields), naming=1),
        rows,
        part=village.pk,
        about=[(_("Desa/kelurahan"), f"{village.name} ({village.pk})")],
        subjects=DataSubjects(village, children=0),
    )


def _load_services(people: Iterable[Beneficiary]) -> dict[tuple[UUID, str], list[tuple[date, int]]]:
    rows = ServiceRecord.objects.filter(beneficiary__in=people, taken_back_at=None).order_by(
        "on", "recorded_at"
    )
    found: dict[tuple[UUID, str], list[tuple[date, int]]] = defaultdict(list)
    for person, service, on, quantity in rows.values_list("beneficiary", "service", "on", "quantity"):
        found[person, service].append((on, quantity))
    return found


def _load_answers(people: Iterable[Beneficiary]) -> dict[tuple[UUID, str], tuple[bool, date]]:
    """Return the newest answers by the person or household that they are of."""
    homes = {one.household_id for one in people}
    rows = ConditionRecord.objects.filter(
        Q(beneficiary__in=people) | Q(household__in=homes), taken_back_at=None
    ).order_by("on", "recorded_at")
    return {
        (row.household_id or row.beneficiary_id, row.condition): (row.is_met, row.on)  # type: ignore[misc]
        for row in rows
    }


def _times(times: list[tuple[date, int]], service: ScoredService) -> Value:
    """Return a day, or several with what was counted behind each."""
    if service is ScoredService.IRON_TABLETS:
        return "; ".join(f"{on} ({quantity})" for on, quantity in times)
    return times[0][0] if len(times) == 1 else "; ".join(str(on) for on, _one in times)


def _answer(answers: dict[tuple[UUID, str], tuple[bool, date]], one: Beneficiary, condition: str) -> str:
    found = answers.get((one.pk, condition)) or answers.get((one.household_id, condition))
    return f"{yes_no(found[0])} ({found[1]})" if found else ""
