"""A session that ends while somebody fills in a form: nothing typed is lost."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.models import Child, ChildStatus, Role, User
from tests.factories import PASSWORD, make_child, make_user, make_village

pytestmark = pytest.mark.django_db

TYPED = {"name": "Siti Nurhaliza", "sex": "2", "birth_date": "2023-01-11", "birth_weight_kg": "3,1"}


@pytest.fixture
def cadre() -> User:
    return make_user(Role.CADRE, make_village(), "sumarni")


@pytest.fixture
def child(cadre: User) -> Child:
    return make_child(cadre, cadre.memberships.get().village, birth_date=date(2023, 1, 10))


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the page's own form, which stands before those of the footer."""
    form = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


def edit_url(child: Child) -> str:
    return f"/children/{child.pk}/edit/"


def sign_in(browser: Client, page: Any, user: User, password: str = PASSWORD) -> Any:
    return browser.post("/accounts/login/", hidden(page) | {"username": user.username, "password": password})


def test_what_was_typed_comes_back_after_signing_in_and_is_stored(cadre: User, child: Child) -> None:
    browser = Client()
    asked = browser.post(edit_url(child), TYPED)
    assert asked.status_code == 401
    assert "Isian Anda belum tersimpan, tetapi tidak hilang" in asked.content.decode()
    again = sign_in(browser, asked, cadre)
    fields = hidden(again)
    assert {name: fields[name] for name in TYPED} == TYPED
    assert f'action="{edit_url(child)}"' in again.content.decode()
    child.refresh_from_db()
    assert child.birth_date == date(2023, 1, 10)
    browser.post(edit_url(child), fields)
    child.refresh_from_db()
    assert (child.birth_date, child.birth_weight_kg) == (date(2023, 1, 11), Decimal("3.1"))


def test_a_wrong_password_does_not_lose_it(cadre: User, child: Child) -> None:
    browser = Client()
    wrong = sign_in(browser, browser.post(edit_url(child), TYPED), cadre, "salah")
    fields = hidden(sign_in(browser, wrong, cadre))
    assert fields["birth_weight_kg"] == "3,1"


def test_a_button_without_fields_works_after_signing_in_too(cadre: User, child: Child) -> None:
    Child.objects.filter(pk=child.pk).update(status=ChildStatus.DIED, status_date=date(2024, 8, 1))
    browser = Client()
    again = sign_in(browser, browser.post(f"/children/{child.pk}/reopen/"), cadre)
    browser.post(f"/children/{child.pk}/reopen/", hidden(again))
    child.refresh_from_db()
    assert child.is_active


def test_a_page_that_was_only_opened_is_opened_after_signing_in(cadre: User, child: Child) -> None:
    browser = Client()
    asked = browser.get(edit_url(child))
    assert asked.headers["Location"] == f"/accounts/login/?next={edit_url(child)}"
    again = sign_in(browser, browser.get(asked.headers["Location"]), cadre)
    assert again.headers["Location"] == edit_url(child)


def test_a_file_has_to_be_chosen_again(cadre: User) -> None:
    asked = Client().post("/import/", {"file": SimpleUploadedFile("a.csv", b"a,b")})
    assert asked.headers["Location"] == "/accounts/login/?next=/import/"


def test_what_was_typed_is_never_sent_to_another_site(cadre: User) -> None:
    sent = {"username": cadre.username, "password": PASSWORD, "kept": '[["a","b"]]'}
    answer = Client().post("/accounts/login/", sent | {"next": "https://evil.example/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "kept",
    ["", "x", "null", "{}", '[["a"]]', "[[1,2]]", "[" * 9000, json.dumps([["a", "b"]] * 1001), "9" * 60_000],
)
def test_what_was_not_kept_by_us_is_let_go(cadre: User, kept: str) -> None:
    sent = {"username": cadre.username, "password": PASSWORD, "kept": kept, "next": "/roster/"}
    assert Client().post("/accounts/login/", sent).headers["Location"] == "/roster/"
