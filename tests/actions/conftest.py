"""All of these happen on 15 August 2024, so that ages and "today" stay as they were worked out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from registry.models import Role, User
from tests.factories import make_cadre, make_user


@pytest.fixture(autouse=True)
def _fifteenth_of_august_2024() -> Iterator[None]:
    with time_machine.travel(datetime(2024, 8, 15, 3, 0, tzinfo=UTC)):  # ten in the morning in Cilacap
        yield


@pytest.fixture
def cadre() -> User:
    return make_cadre()


@pytest.fixture
def officer() -> User:
    return make_user(Role.DISTRICT)
