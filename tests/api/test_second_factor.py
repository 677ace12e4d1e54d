"""The token endpoint is no way around the second factor, and no token of before is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from registry.actions.api_tokens import create_token
from registry.models import Role, User
from tests.accounts.codes import code_now, give_app, give_recovery_codes
from tests.factories import PASSWORD, make_district, make_user, make_village

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2024-08-20T09:00:00+07:00", tick=False) as at:
        yield at


@pytest.fixture(autouse=True)
def _needed(settings: Settings) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def officer() -> User:
    return make_user(Role.DISTRICT, username="agus")


def ask(**more: str) -> Any:
    return APIClient().post("/api/v1/token/", {"username": "agus", "password": PASSWORD} | more)


def read_with(token: str) -> Any:
    return APIClient(headers={"Authorization": f"Token {token}"}).get("/api/v1/district/summary/")


def answer_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "token")


def test_an_officer_sends_the_code_too(officer: User) -> None:
    give_app(officer)
    assert answer_of(ask()) == (400, "second_factor_needed")
    assert answer_of(ask(code="000000")) == (400, "second_factor_wrong")
    answer = ask(code=code_now())
    assert answer_of(answer) == (201, "token")
    assert read_with(answer.json()["token"]).status_code == 200
    assert not Session.objects.exists()


def test_a_code_works_once_here_too(officer: User) -> None:
    give_app(officer)
    code = code_now()
    assert answer_of(ask(code=code)) == (201, "token")
    assert answer_of(ask(code=code)) == (400, "second_factor_wrong")


def test_a_recovery_code_works_once_here_too(officer: User) -> None:
    give_app(officer)
    code = give_recovery_codes(officer)[0]
    assert [answer_of(ask(code=code))[0] for _turn in (1, 2)] == [201, 400]


def test_an_officer_who_has_none_sets_it_up_on_the_site_first(officer: User) -> None:
    assert answer_of(ask(code="000000")) == (403, "second_factor_not_set_up")


def test_a_wrong_password_says_nothing_of_a_second_factor(officer: User) -> None:
    give_app(officer)
    wrong = APIClient().post("/api/v1/token/", {"username": "agus", "password": "x", "code": code_now()})
    assert answer_of(wrong) == (400, "wrong_password")


def test_wrong_codes_are_limited_as_passwords_are(officer: User, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    give_app(officer)
    answers = [ask(code="000000") for _turn in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 9 + [429] * 2
    assert (answers[9].json()["code"], answers[9]["Retry-After"]) == ("sign_in_locked", "900")
    assert ask(code=code_now()).status_code == 429


@pytest.mark.parametrize("role", [Role.CLIENT, Role.CADRE])
def test_others_need_no_code(role: Role) -> None:
    make_user(role, make_district() if role == Role.CLIENT else make_village(), "agus")
    answer = ask()
    assert answer_of(answer) == (201, "token")
    villages = APIClient(headers={"Authorization": f"Token {answer.json()['token']}"}).get(
        "/api/v1/villages/"
    )
    assert villages.status_code == 200


def test_a_token_made_without_one_opens_nothing_any_more(
    officer: User, settings: Settings, clock: time_machine.Coordinates
) -> None:
    token, _ends = create_token(officer)
    settings.SECOND_FACTOR = False
    assert read_with(token).status_code == 200
    settings.SECOND_FACTOR = True
    assert answer_of(read_with(token)) == (401, "authentication_failed")
    clock.shift(60)
    give_app(officer)
    assert read_with(token).status_code == 401
    assert read_with(ask(code=code_now()).json()["token"]).status_code == 200


def test_switched_off_who_has_one_sends_the_code(officer: User, settings: Settings) -> None:
    settings.SECOND_FACTOR = False
    assert answer_of(ask()) == (201, "token")
    give_app(officer)
    assert answer_of(ask()) == (400, "second_factor_needed")
    assert answer_of(ask(code=code_now())) == (201, "token")
