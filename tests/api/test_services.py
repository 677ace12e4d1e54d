"""Services and conditions as a phone posts them, and the scorecards that villages have published."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from kpm.models import ConditionRecord, ServiceRecord
from kpm.scorecard.periods import Quarter
from kpm.scorecard_actions import publish_scorecard
from registry.models import Child, Role, User, Village
from tests.api.conftest import SignIn
from tests.factories import make_child, make_user, make_village

pytestmark = pytest.mark.both_databases


@pytest.fixture
def baby(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, birth_date=date(2023, 6, 20))


def service(child: Child, /, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "child": str(child.pk), "service": "counselling", "on": "2024-08-20"} | more


def test_a_service_sent_twice_is_stored_once(api: APIClient, baby: Child, cadre: User) -> None:
    sent = service(baby)
    for _twice in range(2):
        assert api.post("/api/v1/services/", sent, format="json").status_code == 201
    stored = ServiceRecord.objects.get()
    assert (stored.child, stored.service, stored.on, stored.by) == (
        baby,
        "counselling",
        date(2024, 8, 20),
        cadre,
    )


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"on": "2024-09-03"}, 400, "future"),  # today is 2 September
        ({"on": "2023-06-19"}, 400, "before_start"),
        ({"service": "weighing"}, 400, "service_not_typed"),
        ({"service": "iron_tablets"}, 400, "service_not_typed"),
        ({"service": "lessons"}, 400, "quantity"),
        ({"service": "lessons", "quantity": 5, "out_of": 4}, 400, "quantity"),
        ({"child": None}, 400, "person_missing"),
        ({"child": "1d9cbb2f-5d4c-4b7b-9f0a-1f6ad6f5a001"}, 404, "child_not_found"),
    ],
)
def test_what_cannot_be_is_refused(
    more: dict[str, Any], status: int, code: str, api: APIClient, baby: Child
) -> None:
    answer = api.post("/api/v1/services/", service(baby, **more), format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not ServiceRecord.objects.exists()


def test_an_id_of_another_service_is_a_conflict(api: APIClient, baby: Child) -> None:
    sent = service(baby)
    assert api.post("/api/v1/services/", sent, format="json").status_code == 201
    answer = api.post("/api/v1/services/", sent | {"service": "parenting_class"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "id_used")


def test_water_is_asked_once_for_the_household(api: APIClient, baby: Child) -> None:
    sent = {
        "id": str(uuid4()),
        "child": str(baby.pk),
        "condition": "safe_water",
        "on": "2024-08-20",
        "is_met": True,
    }
    for _twice in range(2):
        assert api.post("/api/v1/conditions/", sent, format="json").status_code == 201
    stored = ConditionRecord.objects.get()
    assert stored.household == baby.households.get().household
    assert stored.child is None


def test_the_child_of_another_village_is_not_there(signed_in: SignIn, baby: Child) -> None:
    other = signed_in(make_user(Role.CADRE, make_village("33.01.02.2010", "Karangkandri")))
    assert other.post("/api/v1/services/", service(baby), format="json").status_code == 404


def test_a_published_scorecard_is_read_by_right(signed_in: SignIn, baby: Child, cadre: User) -> None:
    village = baby.village
    publish_scorecard(by=cadre, village_code=village.pk, quarter=Quarter(2024, 2))
    client = signed_in(make_user(Role.CLIENT))
    [card] = client.get("/api/v1/scorecards/?year=2024&quarter=2").json()["results"]
    # Nothing was recorded of the child: weighed, counselled, height, four conditions, immunisation and class.
    assert (card["village"], card["quarter"], card["people"]) == (village.pk, 2, 1)
    assert card["score"] == {"yes": 0, "applicable": 9, "percent": 0.0}
    water = next(
        one
        for one in card["indicators"]
        if one["indicator"] == "safe_water" and one["group"] == "young_child"
    )
    assert (water["yes"], water["applicable"]) == (0, 1)
    lessons = next(one for one in card["indicators"] if one["indicator"] == "lessons")
    assert lessons["percent"] is None
    assert client.get("/api/v1/scorecards/?quarter=1").json()["results"] == []
    far = signed_in(make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja")))
    assert far.get("/api/v1/scorecards/").json()["results"] == []
