"""Cases over REST: who gets them, what they say, and steps sent twice."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from registry.models import Child, Role, User, Village
from tests.api.conftest import SignIn
from tests.factories import make_child, make_user, measure

pytestmark = pytest.mark.both_databases

AUGUST = date(2024, 8, 5)


@pytest.fixture
def short(cadre: User, village: Village) -> Child:
    """A girl of 69 cm at 13 months: stunted since 5 August 2024."""
    child = make_child(cadre, village, birth_date=date(2023, 6, 20))
    measure(child, AUGUST, "8.0", "69.0", position="L")
    return child


def stunting(api: APIClient, query: str = "") -> dict[str, Any]:
    answer = api.get(f"/api/v1/cases/?kind=stunting{query}").json()
    [case] = answer["results"]
    assert isinstance(case, dict)
    return case


def step(child: Child, /, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "child": str(child.pk), "action": "visited", "on": "2024-08-20"} | more


def test_a_case_says_why_since_when_and_what_was_done(api: APIClient, short: Child, village: Village) -> None:
    case = stunting(api, "&open=true")
    assert (case["child"], case["village"], case["found_in"]) == (str(short.pk), village.pk, village.pk)
    assert (case["reason"], case["opened_on"], case["spell"]) == ("stunted", "2024-08-05", 1)
    assert [case[name] for name in ("closed_on", "outcome", "visited_on", "held_by")] == [None] * 4
    assert "name" not in case


def test_a_referral_is_held_by_the_next_level_after_a_week(api: APIClient, short: Child) -> None:
    sent = step(short, action="referred", referred_to="midwife", on="2024-08-26")  # today is 2 September
    assert api.post("/api/v1/cases/steps/", sent, format="json").status_code == 201
    case = stunting(api)
    assert (case["referred_on"], case["waiting_since"], case["held_by"]) == (
        "2024-08-26",
        "2024-08-26",
        "puskesmas",
    )


def test_a_case_that_is_over_says_how(api: APIClient, short: Child) -> None:
    measure(short, date(2024, 9, 1), "9.6", "76.5", position="L", confirmed=True)
    case = stunting(api, "&open=false")
    assert (case["closed_on"], case["outcome"]) == ("2024-09-01", "recovered")
    assert api.get("/api/v1/cases/?kind=stunting&open=true").json()["results"] == []


def test_a_step_sent_twice_is_one_and_can_be_taken_back(api: APIClient, short: Child) -> None:
    sent = step(short, note="ibu di sawah")
    first, again = (api.post("/api/v1/cases/steps/", sent, format="json") for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert stunting(api)["visited_on"] == "2024-08-20"
    taken = api.post(f"/api/v1/cases/steps/{sent['id']}/take-back/")
    assert taken.json()["taken_back_at"] is not None
    assert stunting(api)["visited_on"] is None


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"on": "2024-09-03"}, 400, "future"),
        ({"action": "referred"}, 400, "referred_to_nobody"),
        ({"action": "treated"}, 400, "may_not_answer"),
        ({"action": "healed"}, 400, "invalid"),
        ({"child": str(uuid4())}, 404, "child_not_found"),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_its_code(
    api: APIClient, short: Child, changed: dict[str, str], status: int, code: str
) -> None:
    answer = api.post("/api/v1/cases/steps/", step(short, **changed), format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nobody_gets_the_cases_of_others(
    machine: APIClient, signed_in: SignIn, short: Child, elsewhere: Village
) -> None:
    assert machine.get("/api/v1/cases/").status_code == 404
    stranger = signed_in(make_user(Role.CADRE, elsewhere))
    assert stranger.get("/api/v1/cases/").json()["results"] == []
    assert stranger.post("/api/v1/cases/steps/", step(short), format="json").status_code == 404


def test_cases_of_more_than_one_village_need_a_reason(officer: APIClient, short: Child) -> None:
    assert officer.get("/api/v1/cases/").status_code == 400
    assert officer.get("/api/v1/cases/?reason=audit kasus stunting").status_code == 200
    assert officer.get(f"/api/v1/cases/?village={short.village_id}").status_code == 200
