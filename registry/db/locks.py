"""Row locks that hold until the transaction ends; docs/architecture.md says in which order to take them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from registry.db.batches import chunks
from registry.models import Child


def lock_children(ids: Iterable[UUID]) -> None:
    """Lock children against every other writer, always in one order, so that two transactions queue."""
    wanted = sorted(set(ids))
    for chunk in chunks(wanted):
        rows = Child.objects.select_for_update().filter(pk__in=chunk)
        list(rows.order_by("pk").values_list("pk", flat=True))


def lock_for_key_share(rows: QuerySet[Any]) -> set[Any]:
    """Lock ``rows`` against deletion and return their keys. Other transactions may take the same lock.

    PostgreSQL's ``SELECT ... FOR KEY SHARE``, which the ORM does not offer. On SQLite there is one writer at
    a time, and nothing to lock.
    """
    keys = rows.order_by("pk").values_list("pk")
    if connection.vendor != "postgresql":
        return {pk for (pk,) in keys}
    try:
        sql, params = keys.query.sql_with_params()
    except EmptyResultSet:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR KEY SHARE", params)
        return {pk for (pk,) in cursor.fetchall()}
