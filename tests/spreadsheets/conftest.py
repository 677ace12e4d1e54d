from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Role, User, Village
from registry.places.load import load_places
from tests.factories import make_user


@pytest.fixture
def officer() -> User:
    """Sees the whole kabupaten, whose places are loaded."""
    load_places()
    return make_user(Role.DISTRICT)


@pytest.fixture
def home(officer: User) -> Village:
    return Village.objects.get(name="Kesugihan Kidul")


@pytest.fixture
def browser(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client
