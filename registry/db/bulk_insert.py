"""Many rows at the speed of the database: COPY on PostgreSQL, one prepared INSERT elsewhere.

Nothing is checked here but what the database itself holds. Only an action may write so.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import cache, partial
from io import StringIO
from itertools import islice
from operator import attrgetter
from typing import Any, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

Field = models.Field[Any, Any]
M = TypeVar("M", bound=models.Model)
Column = Sequence[str | None]
"""The values of one column as the database reads them from a text; None is NULL."""

_TO_ESCAPE = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
_NULL = r"\N"


def new_row(model: type[M], columns: Mapping[str, Any]) -> M:
    """As ``model(**columns)``, of columns by their attributes (``child_id``), for a file of many: made as
    pickle makes one, which takes a fifth of the time. Nothing is converted, and no signal is sent.
    """
    constant, made = _defaults(model)
    row = model.__new__(model)
    values = row.__dict__
    values.update(constant, _state=ModelState(), **columns)
    for name, make in made.items():
        if name not in values:
            values[name] = make()
    return row


def set_columns(rows: Iterable[models.Model], **columns: Any) -> None:
    """Set the same in each of many rows, by attribute (``upload_id``): no relation is looked at."""
    for row in rows:
        row.__dict__.update(columns)


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What is in each column of a row that says nothing: the same in each row, or made for each."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    made = {
        name: field.get_default
        for name, field in fields.items()
        if field.has_default() and callable(field.default)
    }
    return {name: field.get_default() for name, field in fields.items() if name not in made}, made


def stored_rows(rows: models.QuerySet[M], names: Iterable[str] | None = None) -> Iterator[M]:
    """The objects of ``rows`` with the columns of these attributes, else all, as ``only`` gives them: in half
    of the time, and what is the same in many of them is kept once.
    """
    fields = [field for field in rows.model._meta.concrete_fields if names is None or field.attname in names]
    attributes = [field.attname for field in fields]
    kept: list[dict[Any, Any] | None] = [{} if _is_alike_in_many(field) else None for field in fields]
    for values in rows.values_list(*attributes):
        row = rows.model.__new__(rows.model)
        row.__dict__["_state"] = _Stored()
        for name, value, once in zip(attributes, values, kept, strict=True):
            row.__dict__[name] = value if once is None else once.setdefault(value, value)
        yield row


def _is_alike_in_many(field: Field) -> bool:
    """Not numbers with a point: of -0.0 and 0.0 only one would be left."""
    if field.primary_key or field.unique:
        return False
    return isinstance(field, models.DecimalField | models.CharField | models.DateField | models.ForeignKey)


class _Stored(ModelState):
    adding, db = False, DEFAULT_DB_ALIAS


class Copying:
    """Rows on their way to the database: PostgreSQL stores some while the program makes others.

    For ``with``; at its end all are stored, in the order in which they were given, or it raises what the
    database said. Whoever asks the database before that waits for them, since a connection does one thing at
    a time. Elsewhere each is stored at once.
    """

    def __enter__(self) -> Self:
        self._cursor = connection.cursor()
        self._set("random_page_cost = 1")
        self._beside = ThreadPoolExecutor(1)
        self._on_their_way: deque[tuple[Future[None], Callable[[], object]]] = deque()
        connection.execute_wrappers.append(self._after_all)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        connection.execute_wrappers.remove(self._after_all)
        try:
            while self._on_their_way and kind is None:
                self._arrived()
            if kind is None:
                self._set("random_page_cost TO DEFAULT")
        finally:
            self._beside.shutdown(cancel_futures=True)  # none is at work when the transaction goes on
            self._cursor.close()

    def rows(
        self, model: type[models.Model], columns: Mapping[str, Column], stored: Callable[[], object] = bool
    ) -> None:
        """Rows given column by column, by the columns' names in the database. ``stored`` is called then.

        Columns that are not given become what the database itself gives: NULL. Times are UTC.
        """
        if not any(columns.values()):
            return
        quote = connection.ops.quote_name
        table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
        if connection.vendor == "postgresql":
            if len(self._on_their_way) >= _MOST_ON_THEIR_WAY:
                self._arrived()
            # The bare cursor: Django's own may only be used by the thread that made it.
            copy, text = self._cursor.cursor.copy_expert, _as_text(columns)
            # Taken at once: for each piece it would wait until the program pauses.
            sent = self._beside.submit(copy, f"COPY {table} ({names}) FROM STDIN", StringIO(text), len(text))
            self._on_their_way.append((sent, stored))
        else:
            marks = ", ".join(["%s"] * len(columns))
            # Names of our own model, not what somebody sent.
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            self._cursor.executemany(insert, list(zip(*columns.values(), strict=True)))
            stored()

    def objects(
        self, objects: Iterable[models.Model], stored: Callable[[int], object] = lambda count: None
    ) -> None:
        """Objects of one model, all their columns, as ``bulk_create`` would; keys that the database makes
        stay unknown. ``stored`` is called with the number of objects since the last call.
        """
        left = iter(objects)
        while some := list(islice(left, _ROWS)):
            self.rows(type(some[0]), _columns_of(some), partial(stored, len(some)))
            for one in some:
                one._state.adding, one._state.db = False, connection.alias

    def _set(self, said: str) -> None:
        """Have villages and users, which rows refer to, found by their index. There are so few of them that
        PostgreSQL would look through all of them for each row, which takes as long as everything else of it.
        """
        if connection.vendor == "postgresql" and connection.in_atomic_block:
            self._cursor.cursor.execute(f"SET LOCAL {said}")

    def _after_all(self, execute: Callable[..., Any], *query: Any) -> Any:
        while self._on_their_way:
            self._arrived()
        return execute(*query)

    def _arrived(self) -> None:
        sent, stored = self._on_their_way.popleft()
        with connection.wrap_database_errors:
            sent.result()
        stored()


def copy_rows(model: type[models.Model], columns: Mapping[str, Column]) -> None:
    """Insert rows as :meth:`Copying.rows` does."""
    with Copying() as copying:
        copying.rows(model, columns)


def copy_objects(objects: Iterable[models.Model]) -> None:
    """Insert objects as :meth:`Copying.objects` does."""
    with Copying() as copying:
        copying.objects(objects)


def _columns_of(objects: Sequence[models.Model]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for field in type(objects[0])._meta.concrete_fields:
        values = _values(field, objects)
        if not (field.primary_key and isinstance(field, models.AutoField) and not any(values)):
            columns[str(field.column)] = _texts(field, values)
    return columns


_ROWS = 2_000
"""Rows of one statement, so that their texts take little memory."""
_MOST_ON_THEIR_WAY = 32  # statements, of half a megabyte each


def _values(field: Field, objects: Sequence[models.Model]) -> list[Any]:
    name = field.attname
    if isinstance(field, models.DateField) and (field.auto_now or field.auto_now_add):
        made = field.pre_save(objects[0], add=True)  # one time for all of a statement
        for one in objects[1:]:
            setattr(one, name, made)
        return [made] * len(objects)
    try:
        return [one.__dict__[name] for one in objects]  # without a look at what each column may be
    except KeyError:  # of one that is read when somebody asks
        return list(map(attrgetter(name), objects))


def _texts(field: Field, values: Sequence[Any]) -> Column:
    """The values of a field as the database reads them from a text, each of them written once."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    write = _writer(field)
    if isinstance(field, models.UUIDField):  # hardly one of them twice, and slow to find in a set
        return [None if value is None else value.hex for value in values]
    try:
        written = {value: None if value is None else write(value) for value in set(values)}
    except TypeError:  # lists cannot be in a set
        return [None if value is None else write(value) for value in values]
    return [written[value] for value in values]


def _writer(field: Field) -> Callable[[Any], str]:
    if isinstance(field, models.DecimalField):
        decimals = f".{field.decimal_places}f"
        return lambda value: format(value, decimals)
    for kind, write in _WRITERS.items():
        if isinstance(field, kind):
            return write
    raise TypeError(f"{field} cannot be copied")


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


_WRITERS: Mapping[type[Field], Callable[[Any], str]] = {
    models.UUIDField: attrgetter("hex"),
    models.DateTimeField: _utc,  # before the dates, of which it is one
    models.DateField: date.isoformat,
    models.BooleanField: lambda value: "1" if value else "0",
    models.IntegerField: lambda value: str(int(value)),
    models.FloatField: repr,
    models.JSONField: json.dumps,
    models.CharField: str,
    models.TextField: str,
}


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
