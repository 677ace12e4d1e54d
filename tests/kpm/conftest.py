"""A village at its posyandu day: 20 August 2024, with the cadre signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from registry.models import Role, User, Village
from tests.factories import make_district, make_kecamatan, make_user, make_village, signed_in


@pytest.fixture
def _posyandu_day() -> Iterator[None]:
    # 09.00 in Cilacap.
    with time_machine.travel(datetime(2024, 8, 20, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def village(db: None, _posyandu_day: None) -> Village:
    return make_village("33.01.02.2009", "Kesugihan Kidul")


@pytest.fixture
def cadre(village: Village) -> User:
    return make_user(Role.CADRE, village, "sumarni")


@pytest.fixture
def officer(village: Village) -> User:
    return make_user(Role.DISTRICT, make_district(), "dinas")


@pytest.fixture
def camat(village: Village) -> User:
    return make_user(Role.KECAMATAN, make_kecamatan("33.01.02"), "camat")


@pytest.fixture
def page(cadre: User) -> Client:
    """The cadre's browser."""
    return signed_in(cadre)
