"""What every test shares. Fixtures of people and places live beside the tests that use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser, and skip on SQLite what only PostgreSQL can show."""
    skip = pytest.mark.skip(reason="needs PostgreSQL; script/test runs it there")
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Throttles and cached figures of one test do not reach the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    """A language that one test's request asked for does not reach the next."""
    yield
    translation.deactivate()
