"""What an address asks for (``?month=2024-08``), read in one place."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from registry.calendar_months import InvalidMonth, parse_month


class BadQuery(Exception):
    """Something in the address cannot be read; the message says what and how to write it."""


def find_month(query: QueryDict) -> date | None:
    """Return the month of ``?month=YYYY-MM``, None without one.

    ``registry.figures.default_month`` says which month a page opens on then. Raises :class:`BadQuery`.
    """
    text = query.get("month", "")
    if not text:
        return None
    try:
        return parse_month(text)
    except InvalidMonth as error:
        raise BadQuery(str(error)) from error
