from __future__ import annotations

import pytest

from registry.models import District, Role, User
from tests.factories import make_district, make_user


@pytest.fixture
def district(db: None) -> District:
    return make_district()


@pytest.fixture
def officer(district: District) -> User:
    """Sees the whole kabupaten."""
    return make_user(Role.DISTRICT, district)
