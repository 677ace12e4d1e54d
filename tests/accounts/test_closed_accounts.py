"""A closed account is told so, and opened again it does not open what was signed in before."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken
from pytest_django.fixtures import Settings

from registry.models import Role, User
from tests.factories import PASSWORD, make_cadre, make_user, make_village, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PHONE = ("/work/session.json", "/work/roster.json")
API = "/api/v1/villages/"


@pytest.fixture
def cadre() -> User:
    return make_cadre()


@pytest.fixture
def browser(cadre: User) -> Client:
    return signed_in(cadre)


def make_token(user: User) -> dict[str, Any]:
    """Return the headers of a program that has signed in."""
    sent = {"username": user.username, "password": PASSWORD}
    answer = Client().post("/api/v1/token/", sent, content_type="application/json")
    return {"Authorization": f"Token {answer.json()['token']}"}


def set_open(user: User, is_open: bool) -> None:
    user.is_active = is_open
    user.save()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("id", "Akun ini sudah ditutup. Kalau itu keliru, minta petugas kabupaten membukanya lagi."),
        ("en", "This account was closed. If that is a mistake, ask the district office to open it again."),
    ],
)
def test_phone_and_api_hear_that_the_account_is_closed(
    cadre: User, browser: Client, language: str, sentence: str
) -> None:
    token = make_token(cadre)
    set_open(cadre, False)
    headers = {"Accept-Language": language}
    for url in PHONE:
        answer = browser.get(url, headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {"code": "account_closed", "detail": sentence}
        assert answer["Cache-Control"] == "private, no-store"
    for answer in (browser.get(API, headers=headers), Client().get(API, headers=headers | token)):
        assert answer.status_code == 401
        assert answer.json() == {"code": "account_closed", "detail": sentence, "errors": {}}
        assert answer["WWW-Authenticate"] == "Token"


def test_others_hear_nothing_of_closed_accounts(cadre: User, browser: Client) -> None:
    other = make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja"), "wati")
    ended = signed_in(other)
    Session.objects.all().delete()
    set_open(cadre, False)
    for client in (ended, Client()):
        assert client.get(PHONE[0]).json() == {"code": "not_authenticated"}
        assert client.get(API).json()["code"] == "not_authenticated"
    answer = Client().get(API, headers={"Authorization": "Token " + "x" * 64})
    assert answer.json()["code"] == "authentication_failed"


def test_opened_again_old_sessions_and_tokens_stay_dead(cadre: User, browser: Client) -> None:
    token = make_token(cadre)
    neighbour = signed_in(make_user(Role.DISTRICT))
    set_open(cadre, False)
    set_open(cadre, True)
    assert browser.get(PHONE[0]).json() == {"code": "not_authenticated"}
    assert Client().get(API, headers=token).status_code == 401
    assert not AuthToken.objects.filter(user=cadre).exists()
    assert neighbour.get(reverse("home"), follow=True).status_code == 200
    assert neighbour.get(PHONE[0]).status_code == 200
    assert Client().get(API, headers=make_token(cadre)).status_code == 200


def test_it_does_not_matter_how_the_account_is_closed_and_opened(cadre: User, browser: Client) -> None:
    User.objects.filter(pk=cadre.pk).update(is_active=False)
    stored = User.objects.get(pk=cadre.pk)
    stored.is_active = True
    stored.save(update_fields=["is_active"])
    assert browser.get(PHONE[0]).status_code == 401


def test_an_open_account_that_is_saved_keeps_them(cadre: User, browser: Client) -> None:
    token = make_token(cadre)
    cadre.full_name = "Siti Contoh"
    cadre.save()
    assert browser.get(PHONE[0]).status_code == 200
    assert Client().get(API, headers=token).status_code == 200


def test_signing_in_for_a_token_makes_no_session(cadre: User, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    for password, status in ((PASSWORD, 201), ("wrong", 400)):
        sent = {"username": cadre.username, "password": password}
        answer = client.post("/api/v1/token/", sent, content_type="application/json")
        assert answer.status_code == status
        assert not answer.cookies
    assert not Session.objects.exists()
