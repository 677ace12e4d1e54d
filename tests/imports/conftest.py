from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.models import Role, Upload, User, Village
from registry.places.load import load_places
from tests.factories import make_user


class Looking(Client):
    """Somebody who has looked at a file as it is checked now, before the button that saves is pressed."""

    def post(self, path: str, data: Any = None, *args: Any, **more: Any) -> Any:
        if path.endswith("/commit/"):
            upload = Upload.objects.filter(pk=path.split("/")[2]).first()
            data = {"mark": upload.summary.get("mark", "") if upload else "", **(data or {})}
        return super().post(path, data, *args, **more)


@pytest.fixture
def client() -> Client:
    return Looking()


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
