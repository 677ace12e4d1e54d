"""Guessing passwords ends by name, by address and by both, and locks out nobody who signs in as always."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessLog
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from registry.accounts.attempts import find_client_address
from registry.models import Membership, Role, User
from tests.factories import make_district

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PASSWORD = "timbang-tiap-bulan"
HOME = "10.1.1.1"
TO_ADMIN = "/accounts/login/?next=/admin/"
ELSEWHERE = [f"10.9.0.{number}" for number in range(1, 7)]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2024-08-20T09:00:00+07:00", tick=False) as at:
        yield at


@pytest.fixture(autouse=True)
def _guarded(settings: Settings) -> None:
    settings.AXES_ENABLED = True
    for name in ("sari", "tuti"):
        user = User.objects.create_user(username=name, password=PASSWORD)
        Membership.objects.create(user=user, role=Role.DISTRICT, district=make_district())


def post_form(name: str, password: str, address: str = HOME, url: str = "/accounts/login/") -> Any:
    return Client().post(url, {"username": name, "password": password}, REMOTE_ADDR=address)


def sign_in(name: str, password: str = PASSWORD, address: str = HOME) -> int:
    return int(post_form(name, password, address).status_code)


def ask_for_token(name: str, password: str, address: str = HOME) -> Any:
    return APIClient().post("/api/v1/token/", {"username": name, "password": password}, REMOTE_ADDR=address)


def guess_from_elsewhere(name: str) -> list[int]:
    """Try nine wrong passwords from each of six addresses: one fewer than locks a pair."""
    return [sign_in(name, f"wrong-{n}", address) for n in range(9) for address in ELSEWHERE]


def fail_with_names(count: int, address: str = HOME) -> list[int]:
    return [sign_in(f"kpm.{number}", "wrong", address) for number in range(count)]


def test_a_name_is_locked_at_the_twentieth_wrong_password_from_six_addresses() -> None:
    assert guess_from_elsewhere("sari") == [200] * 19 + [429] * 35
    assert sign_in("sari", address="10.8.8.8") == 429
    assert sign_in("tuti", address=ELSEWHERE[0]) == 302


def test_who_is_attacked_from_elsewhere_signs_in_from_her_usual_address() -> None:
    assert sign_in("sari") == 302
    guess_from_elsewhere("sari")
    assert sign_in("sari") == 302
    assert sign_in("sari", address="10.8.8.8") == 429


def test_at_her_usual_address_ten_wrong_passwords_still_lock_the_pair() -> None:
    sign_in("sari")
    assert [sign_in("sari", f"wrong-{n}") for n in range(10)] == [200] * 9 + [429]
    assert sign_in("sari") == 429


def test_signing_in_at_home_forgives_nothing_that_was_tried_elsewhere() -> None:
    sign_in("sari")
    guess_from_elsewhere("sari")
    sign_in("sari")
    assert sign_in("sari", "wrong-again", ELSEWHERE[0]) == 429


def test_an_address_is_locked_at_the_thirtieth_name() -> None:
    assert fail_with_names(58) == [200] * 29 + [429] * 29
    assert sign_in("sari") == 429
    assert sign_in("sari", address="10.8.8.8") == 302


def test_behind_one_mobile_address_who_signed_in_there_before_still_does() -> None:
    assert sign_in("sari") == 302
    fail_with_names(58)
    assert sign_in("sari") == 302
    assert sign_in("tuti") == 429


def test_a_training_of_forty_who_mistype_once_and_then_sign_in_locks_nobody() -> None:
    for number in range(40):
        User.objects.create_user(username=f"kpm.{number}", password=PASSWORD)
        assert [sign_in(f"kpm.{number}", "wrong"), sign_in(f"kpm.{number}")] == [200, 302]


def test_a_lock_ends_when_it_says_also_if_one_keeps_trying(clock: time_machine.Coordinates) -> None:
    for _turn in range(10):
        page = post_form("sari", "wrong")
    assert (page.status_code, page["Retry-After"]) == (429, "900")
    clock.shift(600)
    page = post_form("sari", PASSWORD)
    assert (page.status_code, page["Retry-After"]) == (429, "300")
    clock.shift(301)
    assert sign_in("sari") == 302


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("id", "salah masuk dengan nama ini atau dari jaringan ini. Tunggu 15 menit, lalu coba lagi."),
        ("en", "wrong sign-ins with this name or from this network. Wait 15 minutes, then try again."),
    ],
)
def test_the_page_says_how_long_to_wait(language: str, sentence: str) -> None:
    fail_with_names(30)
    page: HttpResponse = Client(headers={"Accept-Language": language}).post(
        reverse("login"), {"username": "sari", "password": PASSWORD}, REMOTE_ADDR=HOME
    )
    assert sentence in page.content.decode()


def test_page_the_way_to_the_admin_and_api_count_together() -> None:
    for _turn in range(6):
        assert post_form("sari", "wrong", ELSEWHERE[0]).status_code == 200
        assert post_form("sari", "wrong", ELSEWHERE[1], TO_ADMIN).status_code == 200
        assert ask_for_token("sari", "wrong", ELSEWHERE[2]).status_code == 400
    assert post_form("sari", "wrong", ELSEWHERE[0]).status_code == 200
    assert ask_for_token("sari", "wrong", ELSEWHERE[2]).status_code == 429
    answer = ask_for_token("sari", PASSWORD)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (
        429,
        "sign_in_locked",
        "900",
    )
    assert post_form("sari", PASSWORD, HOME, TO_ADMIN).status_code == 429
    assert sign_in("sari") == 429


def test_a_token_makes_its_address_a_usual_one() -> None:
    assert ask_for_token("sari", PASSWORD).status_code == 201
    guess_from_elsewhere("sari")
    assert ask_for_token("sari", PASSWORD).status_code == 201


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", None),
    ],
)
def test_an_address_of_ipv6_counts_as_its_64(sent: str, counted: str | None) -> None:
    assert find_client_address(RequestFactory().get("/", REMOTE_ADDR=sent)) == counted


def test_who_moves_about_in_one_64_is_locked_as_one() -> None:
    tries = [sign_in("sari", f"wrong-{n}", f"2001:db8:1:2::{n:x}") for n in range(10)]
    assert tries == [200] * 9 + [429]


def test_a_usual_address_is_forgotten_after_thirty_days() -> None:
    sign_in("sari")
    sign_in("sari")
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=29))
    call_command("forget_attempts")
    assert AccessLog.objects.values_list("username", "ip_address", "user_agent").get() == ("sari", HOME, "")
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=31))
    call_command("forget_attempts")
    assert not AccessLog.objects.exists()
