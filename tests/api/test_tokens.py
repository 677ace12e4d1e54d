"""Signing in by token: who, how often, and out again."""

from __future__ import annotations

from typing import Any

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from registry.models import User
from tests.factories import make_cadre

URL = "/api/v1/token/"
PASSWORD = "a-long-test-password"


@pytest.fixture
def siti(db: None) -> User:
    return make_cadre()


def sign_in(user: User, password: str = PASSWORD) -> Any:
    return APIClient().post(URL, {"username": user.username, "password": password})


def with_token(token: str) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_name_and_password_give_a_token_that_opens_the_api(siti: User) -> None:
    answer = sign_in(siti)
    assert answer.status_code == 201
    assert answer.json()["expires_at"][:4].isdigit()
    assert with_token(answer.json()["token"]).get("/api/v1/children/").status_code == 200


def test_a_token_posts_without_csrf(siti: User) -> None:
    token = sign_in(siti).json()["token"]
    assert with_token(token).post("/api/v1/measurements/", {}).status_code == 400


def test_a_session_posts_only_with_csrf(siti: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(siti)
    answer = client.post("/api/v1/measurements/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_a_wrong_password_is_400_and_does_not_say_which_was_wrong(siti: User) -> None:
    wrong, nobody = sign_in(siti, "wrong"), sign_in(User(username="nobody"))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_password")
    assert nobody.json() == wrong.json()


def test_a_user_who_was_closed_gets_no_token(siti: User) -> None:
    User.objects.filter(pk=siti.pk).update(is_active=False)
    assert sign_in(siti).status_code == 400


@pytest.mark.both_databases
@pytest.mark.parametrize("body", [{}, {"username": "x"}, {"username": "a\x00", "password": "b"}, [], None])
def test_a_body_that_is_no_sign_in_is_400(db: None, body: Any) -> None:
    answer = APIClient().post(URL, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_the_password_is_taken_as_it_is_with_its_blanks(siti: User) -> None:
    assert sign_in(siti, f" {PASSWORD}").status_code == 400


def test_signing_out_ends_this_token_and_no_other(siti: User) -> None:
    first, second = sign_in(siti).json()["token"], sign_in(siti).json()["token"]
    assert with_token(first).delete(URL).status_code == 204
    assert with_token(first).get("/api/v1/villages/").status_code == 401
    assert with_token(second).get("/api/v1/villages/").status_code == 200


def test_signing_out_without_a_token_is_401(db: None) -> None:
    assert APIClient().delete(URL).status_code == 401


def test_a_token_nobody_gave_is_401_in_the_apis_shape(db: None) -> None:
    answer = with_token("x" * 64).get("/api/v1/villages/")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
    assert answer["WWW-Authenticate"] == "Token"


def test_the_eleventh_token_ends_the_oldest(siti: User) -> None:
    tokens = [sign_in(siti).json()["token"] for _ in range(11)]
    assert AuthToken.objects.filter(user=siti).count() == 10
    assert with_token(tokens[0]).get("/api/v1/villages/").status_code == 401
    assert with_token(tokens[1]).get("/api/v1/villages/").status_code == 200


def test_ten_wrong_passwords_lock_the_name_in_the_apis_shape(siti: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    for _ in range(10):
        last = sign_in(siti, "wrong")
    assert (last.status_code, last.json()["code"]) == (429, "sign_in_locked")
    assert sign_in(siti).status_code == 429


def test_thirty_attempts_a_minute_from_one_address_are_enough(db: None) -> None:
    answers = [APIClient().post(URL, {"username": f"u{i}", "password": "x"}) for i in range(31)]
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "throttled")
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_new_password_ends_the_tokens_that_the_old_one_gave(siti: User) -> None:
    token = sign_in(siti).json()["token"]
    siti.set_password("another-long-password")
    siti.save()
    assert with_token(token).get("/api/v1/children/").status_code == 401


def test_taking_the_password_away_ends_the_tokens(siti: User) -> None:
    token = sign_in(siti).json()["token"]
    siti.set_unusable_password()
    siti.save()
    assert with_token(token).get("/api/v1/children/").status_code == 401


def test_saving_a_user_without_a_new_password_keeps_the_tokens(siti: User) -> None:
    token = sign_in(siti).json()["token"]
    siti.full_name = "Siti Contoh"
    siti.save()
    assert with_token(token).get("/api/v1/children/").status_code == 200
