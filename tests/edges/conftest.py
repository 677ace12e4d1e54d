"""A small invented district on 20 August 2024, and the pages that its people can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from tests.factories import signed_in
from tests.once import kept_for_the_module

NOW = datetime(2024, 8, 20, 2, tzinfo=UTC)
VILLAGE = "33.01.02.2016"  # where the kader of the demo works
SignIn = Callable[[str], Client]


@pytest.fixture(scope="package")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the district once for all tests here, in a transaction that is rolled back after them."""
    with kept_for_the_module(django_db_blocker):
        with time_machine.travel(NOW):
            call_command("demo", children=300, months=6, stdout=StringIO())
        yield


@pytest.fixture
def district(_loaded: None, db: None) -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def sign_in(district: None) -> SignIn:
    """The browser of a user of the demo, by username."""

    def browser_of(username: str) -> Client:
        return signed_in(get_user_model().objects.get(username=username))

    return browser_of
