"""Many rows at once, and what PostgreSQL is told about them.

Nothing is checked here but what the database itself holds. Only an action may write so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import connection, models

_ROWS = 2_000
"""Rows of one call of ``bulk_create``, after which somebody may be shown how far it is."""


def insert_rows(
    objects: Sequence[models.Model], progress: Callable[[int], object] = lambda done: None
) -> None:
    """Insert objects of one model; ``progress`` is called with the number of rows since the last call."""
    for start in range(0, len(objects), _ROWS):
        some = objects[start : start + _ROWS]
        type(some[0])._default_manager.bulk_create(some)
        progress(len(some))


def check_references_at_once() -> None:
    """Check foreign keys after each statement instead of remembering every row until the commit.

    PostgreSQL keeps some 40 bytes of memory a row and key otherwise. Until the end of the transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def analyze(*tables: type[models.Model]) -> None:
    """Tell the planner how large the tables are now; PostgreSQL's own looks only after the commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in tables:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
