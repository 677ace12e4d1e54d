"""Lines of the log without values of people: what a library fills in, or an exception quotes, may be a name.

Knows no Django, since gunicorn's first process uses it too. structlog was looked at: it would not write the
lines of Django and gunicorn, which are those with values in them.
"""

from __future__ import annotations

import logging
import sys
import traceback
from copy import copy
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from registry.observability.request_id import current_request_id

OUR_LOGGERS = ("registry", "kpm", "dashboard", "demo")
"""What these write is written with its arguments; they log no values of people."""

EVENT_FIELDS = ("method", "route", "status", "ms", "queries", "role", "task", "state")
"""What a line may carry besides its message: see ``middleware`` and ``imports.worker``."""


def describe_event(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of a line that it has a value for."""
    found: dict[str, Any] = {"request_id": current_request_id()}
    found |= {name: getattr(record, name, None) for name in EVENT_FIELDS}
    return {name: value for name, value in found.items() if value not in (None, "")}


def safe_message(record: logging.LogRecord) -> str:
    """Return the message; of a library's without what it filled in, or only where in its code it stands."""
    if record.name.split(".")[0] in OUR_LOGGERS:
        return record.getMessage()
    if record.name == "py.warnings":
        return ":".join(record.getMessage().split(":")[:3])  # file, line and class
    if record.args and isinstance(record.msg, str):
        return record.msg
    return f"{record.module}.{record.funcName}, line {record.lineno}"


def format_trace(error: BaseException | None) -> str:
    """Return where an exception and its causes were raised, without their messages: those quote values."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        parts.insert(0, "".join(traceback.format_tb(error.__traceback__)) + _describe(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(parts)


def _describe(error: BaseException) -> str:
    """Return the class of an exception; of a database's also the constraint."""
    diagnostics = getattr(error, "diag", None)  # of psycopg2: its message has a DETAIL with values
    said = [getattr(diagnostics, name, None) for name in ("sqlstate", "table_name", "constraint_name")]
    if type(error).__module__ == "sqlite3" and type(error).__name__ == "IntegrityError":
        said.append(str(error))  # it names columns only
    return ": ".join([f"{type(error).__module__}.{type(error).__qualname__}", *filter(None, said)])


class _WithoutPeople(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        record.msg, record.args, record.exc_text = safe_message(record), None, None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return format_trace(ei[1])


class JsonLines(_WithoutPeople, JsonFormatter):
    """A line of JSON an event, for a program that collects them."""

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Write only what is named here: Django adds the request itself."""
        moment = datetime.fromtimestamp(record.created, UTC).astimezone()
        log_data["time"] = moment.isoformat(timespec="milliseconds")
        log_data |= {"level": record.levelname, "logger": record.name, "message": record.message}
        log_data |= describe_event(record)
        if trace := message_dict.get("exc_info"):
            log_data["trace"] = trace


class PlainLines(_WithoutPeople):
    """The same to be read by a person."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        fields = " ".join(f"{name}={value}" for name, value in describe_event(record).items())
        return f"{super().formatMessage(record)} {fields}".rstrip()


def log_crashes() -> None:
    """Let a program that crashes where nobody looks, such as the night job, write no values of people."""
    sys.excepthook = _log_crash


def _log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if sys.stderr.isatty() or not issubclass(kind, Exception):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("registry").critical("the program crashed", exc_info=error)
