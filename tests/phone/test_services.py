"""The phone names who lacks which service as the register does, on 20 August 2024."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from kpm.convergence_actions import end_beneficiary
from kpm.models import Beneficiary, BeneficiaryEnd, GroupInUse
from kpm.scorecard.indicators import ScoredService
from kpm.service_month import ServedPerson, ServiceTab, read_service_month
from kpm.workspace_strings import list_strings
from registry.models import Child, Role, User, Village
from tests.factories import make_child, make_posyandu, make_user, make_village, measure, signed_in
from tests.kpm.convergence.test_actions import ask, register, serve
from tests.phone.conftest import RunOnPhone

AUGUST, TODAY = date(2024, 8, 1), date(2024, 8, 20)
TABS = (ServiceTab.PREGNANT, ServiceTab.TEENAGE_GIRL, ServiceTab.YOUNG_CHILD)
MEDIANS = (
    (0, 3.3, 50),
    (3, 6.2, 60.5),
    (6, 7.6, 66.8),
    (9, 8.6, 71),
    (12, 9.3, 75),
    (18, 10.5, 81.5),
    (31, 13, 91),
)

SERVED = """({ roster, entries, words }) => {
    const children = phone.mergeEntries(roster, entries, growth, words.kbm);
    const rows = phone.listServed(roster, children, entries, "2024-08-01", words.services);
    return rows.map(({ id, tab, services, lacks }) => [
        id, tab, services.map(({ service, on, isTyped }) => [service, on, isTyped]), lacks,
    ]);
}"""


@pytest.fixture
def village(db: None) -> Iterator[Village]:
    with time_machine.travel(datetime(2024, 8, 20, 2, tzinfo=UTC), tick=True):
        yield make_village("33.01.02.2009", "Kesugihan Kidul")


@pytest.fixture
def cadre(village: Village) -> User:
    return make_user(Role.CADRE, village)


def median(born: date, on: date) -> tuple[str, str]:
    """Weight and length of a child who is well."""
    months = (on - born).days / 30.4375
    for (first, kg, cm), (last, more_kg, more_cm) in pairwise(MEDIANS):
        if months <= last:
            part = (months - first) / (last - first)
            return f"{kg + part * (more_kg - kg):.2f}", f"{cm + part * (more_cm - cm):.1f}"
    raise ValueError(months)


def fill_village(dice: random.Random, by: User, village: Village) -> tuple[list[Child], list[Beneficiary]]:
    """Children of up to 30 months, some at risk, with women and girls, and what is known of all of them."""
    GroupInUse.objects.create(district_id="33.01", group="teenage_girl", since=AUGUST)
    posts = [make_posyandu(village, name) for name in ("Mawar", "Anggrek")]
    children = []
    for number in range(10):
        post = dice.choice([None, *(post.pk for post in posts)])
        born = TODAY - timedelta(days=dice.randint(20, 900))
        child = make_child(
            by, village, name=f"Anak {dice.randint(1, 999)}", birth_date=born, posyandu_id=post
        )
        children.append(child)
        if number < 2:
            measure(child, max(born, date(2024, 7, 5)), "2.5", "44.0", position="L", confirmed=True)
        elif dice.random() < 0.7:
            on = max(born, TODAY - timedelta(days=dice.randint(0, 250)))
            kg, cm = median(born, on)
            measure(child, on, kg, dice.choice([cm, None]), position="L", confirmed=True)
        if dice.random() < 0.3:
            serve(by, "immunisation_complete", max(born, date(2024, 6, 3)), child_id=child.pk)
    women = []
    for number in range(6):
        last_period = TODAY - timedelta(days=dice.randint(30, 270))
        one = register(by, village, f"Ibu {dice.randint(1, 99)}-{number}", last_period=last_period)
        women.append(one)
        if dice.random() < 0.4:
            ask(by, "kek", beneficiary_id=one.pk)
    mother = register(by, village, "Ibu Nifas", last_period=date(2023, 11, 1))
    end = {"ended_by": BeneficiaryEnd.DELIVERED, "on": dice.choice([date(2024, 7, 20), date(2024, 8, 3)])}
    end_beneficiary(by=by, beneficiary_id=mother.pk, **end)  # type: ignore[arg-type]
    girl = register(by, village, "Rini", group=ServiceTab.TEENAGE_GIRL, last_period=None)
    women += [mother, girl]
    for one in women:
        if dice.random() < 0.4:
            serve(by, "counselling", date(2024, 8, dice.randint(1, 20)), beneficiary_id=one.pk)
    return children, women


def type_entries(
    dice: random.Random, village: Village, children: list[Child], women: list[Beneficiary]
) -> list[dict[str, Any]]:
    """What a cadre has typed without a network, with a child that is new on her phone."""
    born = {
        "id": str(uuid4()),
        "village": village.pk,
        "name": "Zaki Baru",
        "sex": "L",
        "birth_date": "2024-02-02",
    }
    entries = [
        entry("child", born["id"], born),
        entry("service", born["id"], service(born["id"], "counselling")),
    ]
    for child in children:
        first = max(child.birth_date, date(2024, 8, 2))
        on = first + timedelta(days=dice.randint(0, (TODAY - first).days))
        is_well = not child.measurements.filter(weight_kg="2.5").exists()
        if is_well and dice.random() < 0.5:
            kg, cm = median(child.birth_date, on)
            values: dict[str, Any] = {"weight_kg": float(kg)}
            values |= {"lenhei_cm": float(cm), "position": "L"} if dice.random() < 0.5 else {}
            body = {"id": str(uuid4()), "child": str(child.pk), "measured_on": on.isoformat(), **values}
            entries.append(
                entry("measurement", child.pk, body | {"confirmed": ["weight_jump", "length_jump"]})
            )
        if dice.random() < 0.4:
            body = {"id": str(uuid4()), "child": str(child.pk), "action": dice.choice(["visited", "refused"])}
            entries.append(entry("step", child.pk, body | {"on": on.isoformat()}))
        for name in dice.sample(
            ["counselling", "parenting_class", "immunisation_complete"], dice.randint(0, 2)
        ):
            entries.append(entry("service", child.pk, service(child.pk, name, on)))
    for one in women:
        for name in dice.sample(list(ServiceTab(one.group).typed), 1):
            entries.append(entry("service", "", service(one.pk, name, whom="beneficiary")))
    return entries


def entry(kind: str, child: object, body: dict[str, Any]) -> dict[str, Any]:
    village = body.get("village", "33.01.02.2009")
    return {
        "id": body["id"],
        "kind": kind,
        "child": str(child),
        "state": "waiting",
        "village": village,
        "body": body,
    }


def service(whose: object, name: str, on: date = TODAY, whom: str = "child") -> dict[str, Any]:
    return {"id": str(uuid4()), whom: str(whose), "service": name, "on": on.isoformat(), "quantity": 1}


def send(client: Client, entries: list[dict[str, Any]]) -> None:
    """Send what was typed, as the phone does."""
    addresses = {"child": "children/", "step": "cases/steps/", "service": "services/"}
    for one in entries:
        if one["kind"] == "measurement":
            sent = {"items": [one["body"]]}
            answer = client.post("/api/v1/measurements/batch/", sent, content_type="application/json")
            assert answer.json()["results"][0]["status"] == "stored", answer.json()
        else:
            address = f"/api/v1/{addresses[one['kind']]}"
            answer = client.post(address, one["body"], content_type="application/json")
            assert answer.status_code == 201, answer.json()


def in_python(one: ServedPerson) -> list[Any]:
    due = [[due.service, due.on.isoformat() if due.on else "", due.is_typed] for due in one.services]
    return [str(one.person.pk), one.tab, due, one.lacks]


@pytest.mark.parametrize("seed", range(4))
def test_waiting_entries_change_the_list_as_they_do_once_they_are_sent(
    run_on_phone: RunOnPhone, cadre: User, village: Village, seed: int
) -> None:
    dice, client = random.Random(seed), signed_in(cadre)
    children, women = fill_village(dice, cadre, village)
    entries = type_entries(dice, village, children, women)
    roster = client.get("/work/roster.json").json()
    assert roster["village"]["code"] == village.pk
    words = list_strings()
    asked = {"roster": roster | {"at": 1}, "words": {"services": words["services"], "kbm": words["kbm"]}}

    def read() -> list[list[Any]]:
        return [
            in_python(one) for tab in TABS for one in read_service_month(cadre, village, AUGUST, tab).people
        ]

    assert run_on_phone(SERVED, asked | {"entries": []}) == read()
    new, *found = run_on_phone(SERVED, asked | {"entries": entries})
    send(client, entries)
    stored = read()
    assert [one for one in stored if one[0] != entries[0]["id"]] == found
    assert new in stored
    due = {service for _id, _tab, services, _lacks in stored for service, *_had in services}
    assert {ScoredService.HOME_VISIT, ScoredService.POSTNATAL_VISIT} <= due
    assert UUID(new[0]) in Child.objects.values_list("pk", flat=True)


def test_in_a_new_month_without_a_network_nothing_of_the_last_one_is_had_but_what_lasts(
    run_on_phone: RunOnPhone,
) -> None:
    """Five months of a height are kept: that of April counts in September, that of March no more."""
    people = [
        {
            "id": name,
            "tab": "young_child",
            "born": born,
            "due": ["weighing", "height", "immunisation_complete", "counselling"],
            "had": {"weighing": "2024-08-05", "height": height, "immunisation_complete": "2024-01-05"},
        }
        for name, born, height in (
            ("april", "2023-06-20", "2024-04-01"),
            ("march", "2023-06-20", "2024-03-31"),
            ("two", "2022-09-30", "2024-08-05"),
        )
    ]
    roster = {"children": [], "village": {"code": "v"}, "at": 1}
    roster |= {"services": {"height_months": 6, "people": people}}
    words = {"services": list_strings()["services"], "kbm": []}
    script = SERVED.replace("2024-08-01", "2024-09-01")
    found = run_on_phone(script, {"roster": roster, "entries": [], "words": words})
    assert [(name, lacks) for name, _tab, _services, lacks in found] == [
        ("april", ["weighing", "counselling"]),
        ("march", ["weighing", "height", "counselling"]),
    ]
