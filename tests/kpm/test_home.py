"""Where signing in leads, what the menu offers, and what the frame of every page says."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from kpm.navigation import menu_for
from registry.models import Role, User, Village
from tests.factories import make_district, make_kecamatan, make_user, signed_in


def test_a_cadre_starts_at_her_roster(page: Client) -> None:
    assert page.get("/")["Location"] == "/roster/"


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.KECAMATAN, Role.ADMIN])
def test_an_officer_starts_at_the_figures(village: Village, role: Role) -> None:
    place = make_kecamatan() if role == Role.KECAMATAN else make_district()
    assert signed_in(make_user(role, place)).get("/")["Location"] == "/dashboard/"


def test_a_client_is_told_what_it_may_do(village: Village) -> None:
    text = signed_in(make_user(Role.CLIENT)).get("/").content.decode()
    assert "/api/v1/" in text


def test_without_a_role_one_is_told_whom_to_ask(village: Village) -> None:
    text = signed_in(make_user(username="baru")).get("/").content.decode()
    assert "Minta administrator kabupaten" in text
    assert "<strong>baru</strong>" in text


def test_the_menu_is_by_role(cadre: User, officer: User) -> None:
    assert [link.url for link in menu_for(cadre, "/roster/")] == [
        "/roster/",
        "/follow-up/",
        "/convergence/",
        "/cadres/me/",
        "/dashboard/",
        "/import/",
    ]
    assert [link.url for link in menu_for(officer, "/")] == [
        "/roster/",
        "/follow-up/",
        "/dashboard/",
        "/cadres/",
        "/events/",
        "/people/",
        "/import/",
    ]
    assert [link.current for link in menu_for(cadre, "/roster/")] == [True, *[False] * 5]


def test_staff_get_the_admin_too(village: Village) -> None:
    assert menu_for(make_user(Role.ADMIN), "/")[-1].url == "/admin/"


def test_the_header_says_who_and_where(page: Client) -> None:
    assert "Kader (KPM), Kesugihan Kidul" in page.get("/import/").content.decode()


def test_the_language_is_switched_by_a_post_and_stays(page: Client) -> None:
    page.post("/i18n/setlang/", {"language": "en", "next": "/roster/"})
    assert '<html lang="en">' in page.get("/roster/").content.decode()


def test_no_page_carries_inline_style_or_script(page: Client) -> None:
    for path in ("/roster/", "/children/new/", "/accounts/login/", "/nowhere/"):
        text = page.get(path).content.decode()
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_stands_without_a_request_and_says_what_to_do(name: str) -> None:
    text = render_to_string(f"{name}.html")
    assert '<html lang="id">' in text
    assert "Ke halaman awal" in text


def test_an_expired_form_is_told_in_words(cadre: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cadre)
    answer = client.post("/import/", {})
    assert answer.status_code == 403
    assert "Halaman ini sudah terlalu lama dibuka" in answer.content.decode()


def test_a_wrong_password_is_told_in_words(db: None) -> None:
    answer = Client().post("/accounts/login/", {"username": "x", "password": "y"})
    assert "tidak cocok" in answer.content.decode()
