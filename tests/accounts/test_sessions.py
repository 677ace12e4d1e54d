"""Sessions: the database does not hold what a browser sends."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from registry.accounts.sessions import SessionStore
from registry.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PASSWORD = "timbang-tiap-bulan"


@pytest.fixture
def signed_in_client() -> Client:
    """Return a browser that signed in by the form, after it had opened the page without an account."""
    User.objects.create_user(username="sari", password=PASSWORD)
    client = Client()
    client.get(reverse("login"))
    assert client.post(reverse("login"), {"username": "sari", "password": PASSWORD}).status_code == 302
    return client


def opens(cookie: str) -> bool:
    """Return whether the cookie opens a page of signed-in users."""
    client = Client()
    client.cookies["sessionid"] = cookie
    return client.get(reverse("password_change")).status_code == 200


def test_what_a_backup_holds_of_a_session_opens_nothing(signed_in_client: Client) -> None:
    cookie = signed_in_client.cookies["sessionid"].value
    assert opens(cookie)
    [row] = Session.objects.all()
    assert cookie not in (row.session_key, row.session_data)
    assert not opens(row.session_key)


def test_signing_out_takes_the_session_out_of_the_database(signed_in_client: Client) -> None:
    cookie = signed_in_client.cookies["sessionid"].value
    signed_in_client.post(reverse("logout"))
    assert not Session.objects.exists()
    assert not opens(cookie)


def test_a_cookie_that_a_visitor_chose_becomes_no_session() -> None:
    chosen = "a" * 32
    session = SessionStore(chosen)
    session["seen"] = 3
    session.save()
    assert session.session_key != chosen
    assert not session.exists(chosen)
    assert session.exists(str(session.session_key))


def test_what_a_session_holds_is_changed_in_place(signed_in_client: Client) -> None:
    session = signed_in_client.session
    session["seen"] = 3
    session.save()
    assert Session.objects.count() == 1
    assert signed_in_client.session["seen"] == 3


def test_an_expired_session_opens_nothing(signed_in_client: Client) -> None:
    cookie = signed_in_client.cookies["sessionid"].value
    session = signed_in_client.session
    session.set_expiry(-1)
    session.save()
    assert not opens(cookie)
