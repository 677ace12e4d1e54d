"""Officers sign in with a second factor. Nothing opens between password and code, or before it is set up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from registry.models import ChangeLog, Role, User
from registry.nik import unseal
from tests.accounts.codes import code_at, code_now, give_app, give_recovery_codes, key_on, set_up_app
from tests.factories import (
    PASSWORD,
    make_child,
    make_district,
    make_kecamatan,
    make_puskesmas,
    make_user,
    make_village,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SET_UP = "/accounts/security/app/"
OFFICERS = [Role.KECAMATAN, Role.DISTRICT, Role.ADMIN]
OTHERS = [Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS, Role.CLIENT]
PAGES = [
    "/",
    "/dashboard/",
    "/dashboard/?format=csv",
    "/people/",
    "/export/",
    "/import/",
    "/admin/",
    "/admin/registry/child/",
    "/api/v1/district/summary/",
    "/work/roster.json",
    "/accounts/security/codes/",
]


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


def user_of(role: Role) -> User:
    places = {
        Role.CADRE: make_village,
        Role.MIDWIFE: make_village,
        Role.PUSKESMAS: make_puskesmas,
        Role.KECAMATAN: make_kecamatan,
    }
    return make_user(role, places.get(role, make_district)(), "agus")


def type_password(browser: Client, **more: str) -> Any:
    return browser.post("/accounts/login/", {"username": "agus", "password": PASSWORD} | more)


def type_code(browser: Client, code: str, **more: str) -> Any:
    return browser.post("/accounts/code/", {"code": code} | more)


def sign_in(code: str) -> tuple[Client, Any]:
    browser = Client()
    type_password(browser)
    return browser, type_code(browser, code)


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def is_closed(browser: Client, address: str) -> bool:
    """Nothing of the page comes back: a step of signing in, or a refusal."""
    answer = browser.get(address)
    steps = ("/accounts/login/", "/accounts/security/app/", "/admin/login/")
    return answer.status_code in {401, 403} or answer.headers.get("Location", "").startswith(steps)


@pytest.mark.parametrize("role", OFFICERS)
def test_an_officer_without_one_opens_nothing_but_setting_it_up(role: Role) -> None:
    user_of(role)
    browser = Client()
    type_password(browser)
    assert [page for page in PAGES if not is_closed(browser, page)] == []
    assert browser.get("/dashboard/").headers["Location"] == SET_UP
    assert browser.get("/admin/").headers["Location"] == SET_UP
    refused = browser.get("/api/v1/district/summary/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_not_set_up")
    assert browser.get(SET_UP).status_code == 200


@pytest.mark.parametrize("role", OTHERS)
def test_others_work_with_their_password_and_are_offered_none(role: Role) -> None:
    user_of(role)
    browser = Client()
    assert type_password(browser)["Location"] == "/"
    assert browser.get("/accounts/security/").status_code == 404
    assert "/accounts/security/" not in browser.get("/", follow=True).content.decode()
    assert browser.get("/api/v1/villages/").status_code == 200


def test_a_superuser_without_a_place_needs_one_too() -> None:
    User.objects.create_superuser("agus", password=PASSWORD)
    browser = Client()
    type_password(browser)
    assert browser.get("/admin/").headers["Location"] == SET_UP
    assert browser.get(SET_UP).status_code == 200


def test_setting_it_up_opens_the_site_and_gives_codes_once(officer: User) -> None:
    browser = Client()
    type_password(browser)
    _secret, answer = set_up_app(browser)
    assert answer["Location"] == "/accounts/security/codes/"
    codes = browser.get("/accounts/security/codes/").content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code>", codes)) == 10
    again = browser.get("/accounts/security/codes/").content.decode()
    assert re.findall(r"\d{8}", again.split("<main", 1)[1].split("</main", 1)[0]) == []
    assert browser.get("/dashboard/").status_code == 200
    assert browser.get("/api/v1/district/summary/").status_code == 200
    logged = ChangeLog.objects.get(subject="account", field="second_factor")
    assert (logged.subject_id, logged.values, logged.by) == (str(officer.pk), ("", "totp"), officer)


def test_setting_it_up_later_asks_for_the_password_again(
    officer: User, clock: time_machine.Coordinates
) -> None:
    browser = Client()
    type_password(browser)
    clock.shift(901)
    assert browser.get(SET_UP)["Location"].startswith("/accounts/password/again/")


def test_a_key_rotated_away_before_the_first_code_is_another_key(officer: User) -> None:
    browser = Client()
    type_password(browser)
    browser.get(SET_UP)
    session = browser.session
    session["mfa.totp.secret"] = "gAAAAA-not-ours"
    session.save()
    assert "Kode itu salah" in browser.post(SET_UP, {"code": "123456"}).content.decode()
    assert set_up_app(browser)[1].status_code == 302


def test_a_wrong_first_code_sets_nothing_up(officer: User) -> None:
    browser = Client()
    type_password(browser)
    browser.get(SET_UP)
    assert "Kode itu salah" in browser.post(SET_UP, {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()


def test_the_key_lies_sealed_in_session_and_database(officer: User) -> None:
    browser = Client()
    type_password(browser)
    page = browser.get(SET_UP).content.decode()
    shown = key_on(page)
    pending = browser.session["mfa.totp.secret"]
    assert (shown in pending, unseal(pending)) == (False, shown)
    browser.post(SET_UP, {"code": code_now(shown)})
    assert "mfa.totp.secret" not in browser.session
    app = Authenticator.objects.get(type="totp")
    codes = Authenticator.objects.get(type="recovery_codes")
    assert unseal(app.data["secret"]) == shown
    assert codes.data["seed"].startswith("gAAAA")


def test_the_picture_is_the_servers_own(officer: User) -> None:
    browser = Client()
    type_password(browser)
    page = browser.get(SET_UP)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_between_password_and_code_nothing_opens(officer: User) -> None:
    give_app(officer)
    browser = Client()
    assert type_password(browser)["Location"] == "/accounts/code/"
    assert not is_signed_in(browser)
    assert [page for page in PAGES if not is_closed(browser, page)] == []
    assert officer.last_login is None


def test_the_right_code_signs_in_and_leads_on(officer: User) -> None:
    give_app(officer)
    browser = Client()
    type_password(browser, next="/people/")
    assert type_code(browser, code_now())["Location"] == "/people/"
    assert browser.get("/people/").status_code == 200


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_clock_half_a_minute_wrong_still_signs_in(officer: User, seconds: int) -> None:
    give_app(officer)
    _browser, answer = sign_in(code_at(timezone.now().timestamp() + seconds))
    assert answer.status_code == 302


@pytest.mark.parametrize("seconds", [-60, 60])
def test_an_older_or_later_code_does_not(officer: User, seconds: int) -> None:
    give_app(officer)
    browser, answer = sign_in(code_at(timezone.now().timestamp() + seconds))
    assert answer.status_code == 200
    assert not is_signed_in(browser)


def test_a_code_works_once_also_with_another_spelling_and_another_worker(officer: User) -> None:
    give_app(officer)
    code = code_now()
    assert is_signed_in(sign_in(code)[0])
    cache.clear()  # another worker's memory knows nothing of it
    browser, answer = sign_in(f"{code[:3]} {code[3:]}")
    assert "sudah dipakai" in answer.content.decode()
    assert not is_signed_in(browser)


def test_the_code_that_set_it_up_signs_nobody_in(officer: User) -> None:
    browser = Client()
    type_password(browser)
    secret, _answer = set_up_app(browser)
    assert not is_signed_in(sign_in(code_now(secret))[0])


def test_a_recovery_code_works_once(officer: User) -> None:
    give_app(officer)
    first, second, *_others = give_recovery_codes(officer)
    assert [is_signed_in(sign_in(code)[0]) for code in (first, first, second)] == [True, False, True]


def test_wrong_codes_close_the_name_and_say_for_how_long(
    officer: User, settings: Settings, clock: time_machine.Coordinates
) -> None:
    settings.AXES_ENABLED = True
    give_app(officer)
    browser = Client()
    type_password(browser)
    answers = [type_code(browser, "000000") for _turn in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    assert answers[-1]["Retry-After"] == "900"
    assert type_code(browser, code_now()).status_code == 429  # the right one neither
    assert type_password(Client()).status_code == 429
    clock.shift(901)
    browser, answer = sign_in(code_now())
    assert (answer.status_code, is_signed_in(browser)) == (302, True)


def test_typing_the_password_again_between_codes_gives_no_more_tries(
    officer: User, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    give_app(officer)
    answers = [sign_in("000000")[1].status_code for _turn in range(11)]
    assert answers == [200] * 9 + [429, 302]  # the eleventh has no password step before it


def test_a_session_of_before_is_closed_where_its_user_has_one_now(officer: User) -> None:
    give_app(officer)
    old = signed_in(officer)
    refused = old.get("/api/v1/district/summary/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    assert old.get("/people/")["Location"] == "/accounts/login/?next=/people/"
    assert not is_signed_in(old)


@pytest.mark.parametrize("page", ["app", "passkey"])
def test_a_session_of_before_adds_no_other_one_of_its_own(
    officer: User, clock: time_machine.Coordinates, page: str
) -> None:
    """Whoever has the password alone, and signed in before the officer set one up."""
    guesser = Client()
    type_password(guesser)
    assert guesser.get("/accounts/security/passkey/").status_code == 200
    clock.shift(60)
    give_app(officer)
    assert guesser.get(f"/accounts/security/{page}/")["Location"].startswith("/accounts/login/")
    assert not is_signed_in(guesser)


ANSWERS = [
    "",
    "null",
    "5",
    '{"id": "x"}',
    '{"id": 1, "rawId": {}, "response": {}}',
    '{"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "é"}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "YQ", "signature": "YQ", "attestationObject": "YQ"}}',
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_no_passkey_gives_is_refused_in_words(officer: User, answer: str) -> None:
    browser = Client()
    type_password(browser)
    browser.get("/accounts/security/passkey/")
    added = browser.post("/accounts/security/passkey/", {"credential": answer})
    give_app(officer)
    browser = Client()
    type_password(browser)
    browser.get("/accounts/code/")
    signed = browser.post("/accounts/code/", {"credential": answer})
    for page in (added, signed):
        assert page.status_code == 200
        assert 'class="notice notice--act"' in page.content.decode()
    assert not is_signed_in(browser)


def test_what_was_typed_when_the_session_ended_goes_along(officer: User) -> None:
    give_app(officer)
    child = make_child(village=make_village(), birth_date=date(2023, 1, 10))
    address = f"/children/{child.pk}/edit/"
    kept = json.dumps([["name", "Siti Nurhaliza"]])
    browser = Client()
    step = type_password(browser, next=address, kept=kept).content.decode()
    assert "Langkah kedua" in step
    assert "Siti Nurhaliza" in step
    assert not any("Siti" in json.dumps(row.get_decoded()) for row in Session.objects.all())
    page = type_code(browser, code_now(), next=address, kept=kept).content.decode()
    assert "Kirim isian tadi" in page
    assert 'value="Siti Nurhaliza"' in page


def test_a_first_password_is_changed_after_the_code(officer: User) -> None:
    give_app(officer)
    User.objects.update(must_change_password=True)
    browser, page = sign_in(code_now())
    assert "Ganti kata sandi" in page.content.decode()
    assert browser.get("/people/")["Location"].startswith("/accounts/password/")


def test_a_first_password_is_changed_before_setting_up(officer: User) -> None:
    User.objects.update(must_change_password=True)
    browser = Client()
    type_password(browser)
    assert browser.get("/people/")["Location"].startswith("/accounts/password/")
    new = "sungai-serayu-42"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    browser.post("/accounts/password/", typed)
    assert browser.get("/people/")["Location"] == SET_UP
    assert browser.get(SET_UP).status_code == 200


def test_the_second_step_ends_after_a_quarter_of_an_hour(
    officer: User, clock: time_machine.Coordinates
) -> None:
    give_app(officer)
    browser = Client()
    type_password(browser)
    clock.shift(901)
    assert type_code(browser, code_now())["Location"] == "/accounts/login/"
    assert not is_signed_in(browser)


def test_a_lost_key_lets_no_code_through(officer: User) -> None:
    app = give_app(officer)
    app.data["secret"] = "gAAAAA-not-ours"
    app.save()
    empty = code_now("")
    assert [is_signed_in(sign_in(code)[0]) for code in (code_now(), empty)] == [False, False]


def test_nothing_changes_without_the_password_again(officer: User, clock: time_machine.Coordinates) -> None:
    app = give_app(officer)
    clock.shift(60)
    browser, _answer = sign_in(code_now())
    for address in ("/accounts/security/passkey/", "/accounts/security/codes/new/"):
        assert browser.get(address)["Location"].startswith("/accounts/password/again/")
    asked = browser.post("/accounts/security/remove/", {"factor": app.pk})
    assert asked["Location"] == "/accounts/password/again/?next=%2Faccounts%2Fsecurity%2Fremove%2F"
    wrong = browser.post(asked["Location"], {"password": "wrong"})
    assert "Kata sandi itu tidak cocok" in wrong.content.decode()
    assert Authenticator.objects.exists()
    browser.post(asked["Location"], {"password": PASSWORD})
    assert not Authenticator.objects.exists()
    assert browser.get("/people/")["Location"] == SET_UP
    assert ChangeLog.objects.get(field="second_factor").values == ("totp", "")


def test_wrong_passwords_before_a_change_are_limited_too(
    officer: User, settings: Settings, clock: time_machine.Coordinates
) -> None:
    give_app(officer)
    clock.shift(60)
    browser, _answer = sign_in(code_now())
    settings.AXES_ENABLED = True
    answers = [browser.post("/accounts/password/again/", {"password": "wrong"}) for _turn in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429] * 2
    assert answers[-1]["Retry-After"] == "900"


def test_signing_in_within_the_second_of_setting_it_up_is_no_first_set_up(
    officer: User, clock: time_machine.Coordinates
) -> None:
    clock.shift(0.3)
    give_app(officer)
    clock.shift(0.6)
    browser, _answer = sign_in(code_now())
    assert browser.get("/accounts/security/passkey/")["Location"].startswith("/accounts/password/again/")


def test_the_factor_of_somebody_else_is_not_removed(officer: User) -> None:
    other = give_app(make_user(Role.DISTRICT))
    browser = Client()
    type_password(browser)
    set_up_app(browser)
    browser.post("/accounts/security/remove/", {"factor": other.pk})
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_new_recovery_codes_end_the_old_ones(officer: User, clock: time_machine.Coordinates) -> None:
    give_app(officer)
    old = give_recovery_codes(officer)[0]
    clock.shift(60)
    browser, _answer = sign_in(code_now())
    again = "/accounts/password/again/?next=/accounts/security/codes/new/"
    browser.post(again, {"password": PASSWORD})
    browser.post("/accounts/security/codes/new/")
    assert (
        len(re.findall(r"<li><code>\d{8}</code>", browser.get("/accounts/security/codes/").content.decode()))
        == 10
    )
    assert not is_signed_in(sign_in(old)[0])


@pytest.mark.parametrize(
    "address",
    ["signup/", "email/", "password/reset/", "inactive/", "confirm-email/", "social/", "login/code/", "2fa/"],
)
def test_no_other_page_of_the_library_is_there(address: str) -> None:
    assert Client().get(f"/accounts/{address}").status_code == 404


def test_the_admin_has_no_way_in_of_its_own(officer: User) -> None:
    way = Client().get("/admin/login/?next=/admin/registry/child/")
    assert way["Location"] == "/accounts/login/?next=/admin/registry/child/"
    away = Client().get("/admin/login/?next=https://example.org/")
    assert away["Location"] == "/accounts/login/?next=/admin/"
    User.objects.create_superuser("teknisi", password=PASSWORD)
    posted = Client()
    posted.post("/admin/login/", {"username": "teknisi", "password": PASSWORD})
    assert not is_signed_in(posted)


def test_an_officer_who_is_no_administrator_is_told_so_by_the_admin(
    settings: Settings, officer: User
) -> None:
    settings.SECOND_FACTOR = False
    assert signed_in(officer).get("/admin/", follow=True).status_code == 403


def test_switched_off_nobody_must_but_who_has_one_is_asked(settings: Settings, officer: User) -> None:
    settings.SECOND_FACTOR = False
    browser = Client()
    assert type_password(browser)["Location"] == "/"
    assert browser.get("/people/").status_code == 200
    secret, _answer = set_up_app(browser)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        fresh = Client()
        assert type_password(fresh)["Location"] == "/accounts/code/"
        assert not is_signed_in(fresh)
        type_code(fresh, code_now(secret))
        assert is_signed_in(fresh)


def test_a_cadres_page_asks_no_more_of_the_database(settings: Settings) -> None:
    browser = signed_in(make_user(Role.CADRE, make_village()))
    counts = []
    for needed in (True, False):
        settings.SECOND_FACTOR = needed
        with CaptureQueriesContext(connection) as queries:
            browser.get("/roster/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
