"""Today is 2 September 2024; two villages of Kesugihan; somebody of each kind to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from rest_framework.test import APIClient

from registry.models import Child, Role, User, Village
from tests.factories import make_cadre, make_child, make_user, make_village

SignIn = Callable[[User], APIClient]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(datetime(2024, 9, 2, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))):
        yield


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(user: User) -> APIClient:
        client = APIClient()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def village(db: None) -> Village:
    return make_village()


@pytest.fixture
def elsewhere(db: None) -> Village:
    return make_village("33.01.01.2001", "Tambakreja")


@pytest.fixture
def cadre(village: Village) -> User:
    return make_cadre(village)


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, birth_date=date(2022, 3, 14))


@pytest.fixture
def api(cadre: User, signed_in: SignIn) -> APIClient:
    """The cadre of the village, signed in."""
    return signed_in(cadre)


@pytest.fixture
def officer(village: Village, signed_in: SignIn) -> APIClient:
    """An officer of the district, signed in."""
    return signed_in(make_user(Role.DISTRICT))


@pytest.fixture
def machine(village: Village, signed_in: SignIn) -> APIClient:
    """Another system, which sees figures and no people."""
    return signed_in(make_user(Role.CLIENT))
