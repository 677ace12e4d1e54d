"""Rows that the tests of a module or folder share, since making them takes long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def kept_for_the_module(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Undo at the end what is written within; each test's own transaction lies inside this one.

    For a fixture of a module or package none of whose tests is ``transaction=True``: those empty the tables.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
