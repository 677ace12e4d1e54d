"""One code typed in two browsers at once signs in one of them."""

from __future__ import annotations

from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from registry.models import Role
from tests.accounts.codes import code_at, give_app, give_recovery_codes
from tests.actions.test_races import at_once
from tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NO_SHARED_MEMORY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@time_machine.travel("2024-08-20T09:00:00+07:00", tick=False)
def test_a_code_typed_twice_at_once_signs_in_once(settings: Settings) -> None:
    settings.CACHES = settings.CACHES | NO_SHARED_MEMORY  # as two workers have none
    officer = make_user(Role.DISTRICT, username="agus")
    give_app(officer)
    of_app = [code_at(timezone.now().timestamp() + shift) for shift in (-30, 0, 30)]
    for code in (*of_app, *give_recovery_codes(officer)[:2]):
        browsers = [Client(), Client()]
        for browser in browsers:
            browser.post("/accounts/login/", {"username": "agus", "password": PASSWORD})
        at_once(*[partial(browser.post, "/accounts/code/", {"code": code}) for browser in browsers])
        assert sum("_auth_user_id" in browser.session for browser in browsers) == 1, code
