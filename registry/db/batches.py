"""Many rows in statements that a database takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

CHUNK = 500  # below SQLite's limit on parameters in one statement

T = TypeVar("T")


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield ``rows`` in their order, at most ``CHUNK`` at a time."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
