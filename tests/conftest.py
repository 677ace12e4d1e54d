"""What every test shares. Fixtures of people and places live beside the tests that use them."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import translation

from tests.moment import EXAMPLE, VARIABLE, BadMoment, TestClock

_CLOCK = pytest.StashKey[TestClock]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--on MOMENT``."""
    parser.addoption("--on", metavar="MOMENT", help=f"run each test as if it were then, such as {EXAMPLE}")


def pytest_configure(config: pytest.Config) -> None:
    """Set the clock to the moment that ``--on`` names; processes that a test starts find it too."""
    if moment := config.getoption("--on"):
        os.environ[VARIABLE] = moment
    try:
        config.stash[_CLOCK] = TestClock()
    except BadMoment as reason:
        raise pytest.UsageError(str(reason)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Set the clock right."""
    if clock := config.stash.get(_CLOCK, None):
        clock.stop()


def pytest_report_header(config: pytest.Config) -> str | None:
    """Return the moment, where it is not now."""
    moment = config.stash[_CLOCK].moment
    return f"as if it were {moment.isoformat()}" if moment else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin each test at the moment."""
    item.config.stash[_CLOCK].set_back()


TESTS = Path(__file__).parent
FOLDERS_ON_BOTH_DATABASES = {"actions", "db", "edges", "figures"}
"""What writes, what counts, and a walk through every page, file and command."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and skip on SQLite what only PostgreSQL can show."""
    skip = pytest.mark.skip(reason="needs PostgreSQL; script/test runs it there")
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder == "browser":
            item.add_marker(pytest.mark.browser)
        if folder in FOLDERS_ON_BOTH_DATABASES and uses_database(item):
            item.add_marker(pytest.mark.both_databases)
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Take what is loaded by now out of the garbage collector's way: it was a tenth of the tests' time."""
    gc.collect()
    gc.freeze()


def uses_database(item: pytest.Item) -> bool:
    """Return whether a test has a mark or a fixture that opens the database."""
    return item.get_closest_marker("django_db") is not None or "db" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Throttles, cached figures and the worker's heartbeat of one test do not reach the next."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    """A language that one test's request asked for does not reach the next."""
    yield
    translation.deactivate()
