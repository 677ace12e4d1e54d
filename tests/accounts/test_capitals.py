"""A user name is the same in whatever capitals: where it is typed, made and counted."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.db import IntegrityError
from django.test import Client

from kpm.actions import find_account, free_username
from registry.actions.passwords import create_account
from registry.errors import Conflict
from registry.management.users import get_acting_user
from registry.models import Role, User
from tests.admin.pages import address
from tests.admin.test_access import memberships, user_form
from tests.factories import PASSWORD, make_user, make_village, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sri() -> User:
    return make_user(Role.CADRE, make_village(), "bu-Sri")


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["bu-Sri", "BU-SRI", "bu-sri"])
def test_signing_in_takes_any_capitals_on_the_site_and_the_api(sri: User, typed: str) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"username": typed, "password": PASSWORD})
    assert browser.session["_auth_user_id"] == str(sri.pk)
    sent = {"username": typed, "password": PASSWORD}
    assert Client().post("/api/v1/token/", sent, "application/json").status_code == 201


def test_attempts_are_counted_together_whatever_the_capitals(sri: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    for typed in ("bu-sri", "BU-SRI", "nobody", "NOBODY"):
        Client().post("/accounts/login/", {"username": typed, "password": "salah"})
    counted = {one.username: one.failures_since_start for one in AccessAttempt.objects.all()}
    assert counted.pop("bu-Sri") == 2
    assert list(counted.values()) == [2]


@pytest.mark.both_databases
def test_the_database_and_the_action_refuse_a_second_one(sri: User) -> None:
    with pytest.raises(Conflict, match="sudah dipakai"):
        create_account(by=None, username="BU-sri", full_name="Sri Lain")
    with pytest.raises(IntegrityError):
        get_user_model().objects.create_user(username="BU-sri")


def test_the_admin_refuses_a_second_one_new_or_renamed(sri: User) -> None:
    site, other = signed_in(make_user(Role.ADMIN)), make_user()
    person = {
        "username": "BU-SRI",
        "full_name": "Sri Lain",
        "usable_password": "true",
        "password1": "panjang-dan-rahasia-7",
        "password2": "panjang-dan-rahasia-7",
    }
    site.post(address(User, "add"), person | memberships())
    assert User.objects.filter(username__iexact="bu-sri").get() == sri
    given = user_form(other, **memberships()) | {"username": "BU-SRI"}
    page = site.post(address(User, "change", other.pk), given)
    assert "huruf besar dan kecil tidak dibedakan" in page.content.decode()
    assert User.objects.filter(username__iexact="bu-sri").get() == sri


def test_an_account_is_found_by_any_capitals_where_one_is_named(sri: User) -> None:
    officer = make_user(Role.DISTRICT)
    assert find_account(by=officer, username="BU-sri") == sri
    assert get_acting_user("BU-SRI", ask="", returncode=2) == sri
    User.objects.filter(pk=sri.pk).update(is_active=False)
    with pytest.raises(CommandError, match="BU-SRI"):
        get_acting_user("BU-SRI", ask="", returncode=2)


@pytest.mark.both_databases
def test_a_name_from_the_code_of_a_village_is_free_in_any_capitals() -> None:
    make_user(username="KPM.3301022016")
    assert free_username("33.01.02.2016") == "kpm.3301022016.2"


def test_the_migration_names_accounts_that_differ_only_in_capitals() -> None:
    migration = import_module("registry.migrations.0012_account_once_in_any_capitals")
    assert migration.find_clashes(["aa", "AA", "b", "Aa", "B c"]) == [["AA", "Aa", "aa"]]
