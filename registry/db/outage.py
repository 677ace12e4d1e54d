"""Tells a database that cannot answer now from a fault of ours."""

from __future__ import annotations

import sqlite3

from django.db import DatabaseError, InterfaceError, OperationalError

_SQLITE_CODES = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),  # somebody else writes
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN),
    }
)


def is_outage(error: BaseException | None) -> bool:
    """Return whether the database is busy, full, restarted or out of reach: the same may work in a moment.

    PostgreSQL's driver has other classes for a wrong query; SQLite's has not, but a code.
    """
    cause = getattr(error, "__cause__", None)
    if type(error) is DatabaseError:
        # Of a connection that broke inside of an answer, psycopg2 knows neither a class nor a code.
        return getattr(cause, "pgcode", "") is None
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    if isinstance(cause, sqlite3.Error):
        return (
            getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_CODES
        )  # its low byte; the rest says more
    return True
