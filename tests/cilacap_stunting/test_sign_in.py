"""Signing in: headers of the page, and the end of guessing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

PASSWORD = "timbang-tiap-bulan"


@pytest.fixture
def guarded(settings: Settings, db: None) -> None:
    settings.AXES_ENABLED = True
    for name in ("sari", "tuti"):
        get_user_model().objects.create_user(username=name, password=PASSWORD)


def sign_in(client: Client, name: str, password: str, address: str = "10.1.1.1") -> int:
    answer = client.post(
        reverse("login"), {"username": name, "password": password}, headers={"X-Real-IP": address}
    )
    return answer.status_code


def guess(client: Client, times: int) -> list[int]:
    return [sign_in(client, "sari", f"wrong-{turn}") for turn in range(times)]


def test_the_right_password_leads_home(client: Client, guarded: None) -> None:
    assert sign_in(client, "sari", PASSWORD) == 302


def test_nine_wrong_passwords_leave_the_door_open(client: Client, guarded: None) -> None:
    assert guess(client, 9) == [200] * 9
    assert sign_in(client, "sari", PASSWORD) == 302


def test_after_ten_wrong_passwords_even_the_right_one_is_refused(client: Client, guarded: None) -> None:
    assert guess(client, 10)[-1] == 429
    assert sign_in(client, "sari", PASSWORD) == 429


def test_someone_else_at_the_same_address_still_signs_in(client: Client, guarded: None) -> None:
    guess(client, 10)
    assert sign_in(client, "tuti", PASSWORD) == 302


def test_an_address_written_by_the_client_does_not_open_the_door(client: Client, guarded: None) -> None:
    guess(client, 10)
    assert sign_in(client, "sari", PASSWORD, address="10.9.9.9") == 429


def test_the_page_allows_scripts_and_styles_of_this_site_only(client: Client, db: None) -> None:
    policy = client.get(reverse("login"))["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    }


def test_no_other_site_loads_an_answer_and_no_page_asks_for_camera_or_place(client: Client, db: None) -> None:
    for address in (reverse("login"), "/api/v1/villages/"):
        headers = client.get(address).headers
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=(), geolocation=()" in headers["Permissions-Policy"]


def test_the_page_speaks_the_language_that_the_reader_asks_for(client: Client, db: None) -> None:
    assert client.get(reverse("login"))["Content-Language"] == "id"
    assert client.get(reverse("login"), headers={"Accept-Language": "en"})["Content-Language"] == "en"


def test_nothing_that_was_typed_is_kept_of_a_failed_sign_in(client: Client, guarded: None) -> None:
    typed = {"username": "sari", "password": "wrong", "kept": '[["name","Siti Rahasia"],["nik","330102"]]'}
    client.post(f"{reverse('login')}?next=/children/?q=rahasia", typed)
    client.post(reverse("login"), typed)
    [attempt] = AccessAttempt.objects.values()
    assert attempt["username"] == "sari"
    assert attempt["failures_since_start"] == 2
    said = str(attempt)
    assert not [word for word in ("Siti", "330102", "rahasia", "kept", "wrong") if word in said]


def test_of_a_name_that_is_nobodys_only_a_hash_is_kept_and_it_is_locked_all_the_same(
    client: Client, guarded: None
) -> None:
    assert [sign_in(client, "3301025403220001", f"wrong-{turn}") for turn in range(10)][-1] == 429
    assert "3301025403220001" not in str(list(AccessAttempt.objects.values()))


def test_attempts_age_out(client: Client, guarded: None) -> None:
    guess(client, 1)
    call_command("forget_attempts")
    assert AccessAttempt.objects.count() == 1
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(days=8))
    call_command("forget_attempts")
    assert not AccessAttempt.objects.exists()
