"""A phone that two people share: the back button shows nothing of who signed out."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registry.models import Role
from tests.factories import PASSWORD, make_child, make_district, make_user, make_village, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/dashboard/", "/import/", "/nothing/", "/work/roster.json"])
def test_no_page_of_somebody_signed_in_is_kept(address: str) -> None:
    browser = signed_in(make_user(Role.CADRE, make_village()))
    answer = browser.get(address, follow=True)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


def test_no_page_of_a_child_is_kept() -> None:
    village = make_village()
    cadre = make_user(Role.CADRE, village)
    child = make_child(cadre, village, birth_date=date(2023, 1, 10))
    browser = signed_in(cadre)
    assert browser.get(f"/children/{child.pk}/").headers["Cache-Control"] == "private, no-store"


def test_a_form_that_was_refused_is_kept_by_the_browser_alone_until_signing_out() -> None:
    village = make_village()
    cadre = make_user(Role.CADRE, village)
    child = make_child(cadre, village, birth_date=date(2023, 1, 10))
    browser = signed_in(cadre)
    refused = browser.post(f"/children/{child.pk}/edit/", {"name": ""})
    assert (refused.status_code, refused.headers["Cache-Control"]) == (422, "private, no-cache")
    assert browser.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache"'


def test_no_table_taken_away_is_kept_on_the_way() -> None:
    browser = signed_in(make_user(Role.DISTRICT, make_district()))
    assert browser.get("/dashboard/?format=csv").headers["Cache-Control"] == "private, no-store"


def test_the_api_says_for_itself_what_may_be_asked_again() -> None:
    browser = signed_in(make_user(Role.DISTRICT, make_district()))
    answer = browser.get("/api/v1/district/summary/")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" in answer.headers


def test_the_phone_is_told_who_signed_in_last_and_forgets_it_at_sign_out() -> None:
    cadre = make_user(Role.CADRE, make_village())
    browser = Client()
    assert "who" not in browser.get("/accounts/login/").cookies
    answer = browser.post("/accounts/login/", {"username": cadre.username, "password": PASSWORD})
    assert answer.cookies["who"].value == str(cadre.pk)
    assert not answer.cookies["who"]["httponly"]  # the page reads it
    assert "who" not in browser.get("/import/").cookies  # said once
    assert browser.post("/accounts/logout/").cookies["who"].value == ""
