"""Many rows at the speed of the database: COPY on PostgreSQL, one prepared INSERT elsewhere.

Nothing is checked here but what the database itself holds. Only an action may write so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO

from django.db import connection, models

Column = Sequence[str | None]
"""The values of one column as the database reads them from a text; None is NULL."""

_TO_ESCAPE = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
_NULL = r"\N"


def copy_rows(model: type[models.Model], columns: Mapping[str, Column]) -> None:
    """Insert rows given column by column, by the columns' names in the database.

    Columns that are not given become what the database itself gives: NULL. Times are UTC.
    """
    if not any(columns.values()):
        return
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", StringIO(_as_text(columns)))
        else:
            marks = ", ".join(["%s"] * len(columns))
            # Names of our own model, not what somebody sent.
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(insert, list(zip(*columns.values(), strict=True)))


def check_references_at_once() -> None:
    """Check foreign keys after each statement instead of remembering every row until the commit.

    PostgreSQL keeps some 40 bytes of memory a row and key otherwise. Until the end of the transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def analyze(*copied: type[models.Model]) -> None:
    """Tell the planner how large the tables are now; PostgreSQL's own looks only after the commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in copied:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _as_text(columns: Mapping[str, Column]) -> str:
    """PostgreSQL's text format: a line a row, a tab between columns."""
    lines = map("\t".join, zip(*(_escaped(column) for column in columns.values()), strict=True))
    return "\n".join([*lines, ""])


def _escaped(column: Column) -> list[str]:
    if _TO_ESCAPE.search("".join(filter(None, column))):
        column = [value and _TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], value) for value in column]
    return [_NULL if value is None else value for value in column]
