"""The services of a village's month as the phone keeps them, to tick them without a network."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from typing import Any
from uuid import UUID

from kpm.models import Beneficiary
from kpm.scorecard.periods import quarter_of
from kpm.scored_people import rules_on
from kpm.service_month import ServedPerson, read_tapped_services
from registry.models import Child, User, Village


def services_json(user: User, village: Village, month: date, listed: Container[UUID]) -> dict[str, Any]:
    """Return who has or lacks which service. Of ``listed`` children the roster says who they are."""
    rules = rules_on(quarter_of(month))
    people = read_tapped_services(user, village, month, rules)
    return {
        "height_months": rules.height_months,
        "people": [served_json(one) | ({} if one.person.pk in listed else _who(one)) for one in people],
    }


def served_json(one: ServedPerson) -> dict[str, Any]:
    """Return what somebody should have and had, as the phone reads it; what is empty is left out."""
    had = {service: on.isoformat() for service, on in one.had.items()}
    said = {"id": str(one.person.pk), "tab": one.tab, "due": one.due, "had": had}
    return {key: value for key, value in said.items() if value}


def _who(one: ServedPerson) -> dict[str, str]:
    """Return by what a cadre knows the person, and no more."""
    person = one.person
    said = {"name": person.name, "rt": person.rt, "rw": person.rw} | (
        _of_child(person) if isinstance(person, Child) else _of_beneficiary(person)
    )
    return {key: value for key, value in said.items() if value}


def _of_child(child: Child) -> dict[str, str]:
    posyandu = child.posyandu.name if child.posyandu else ""
    return {"born": child.birth_date.isoformat(), "parent": child.parent_name, "posyandu": posyandu}


def _of_beneficiary(one: Beneficiary) -> dict[str, str]:
    return {
        "period": one.last_period.isoformat() if one.last_period else "",
        "delivered": one.ended_on.isoformat() if one.ended_on else "",
    }
