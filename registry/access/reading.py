"""Notes whose data a request shows; ``registry.exports.middleware`` stores it once the answer is made.

The loaders of one child note it. A view that lists children notes their village, since the same lists are
loaded to be counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from registry.access.nik_policy import require_written_reason
from registry.models import User


@dataclass(slots=True)
class Readings:
    """Children, and villages whose lists of children, are shown; ``reason``: why a list of many villages.

    ``niks``: children out of the user's sight of whom it is told that a NIK is on record.
    """

    children: set[UUID] = field(default_factory=set)
    villages: set[str] = field(default_factory=set)
    niks: set[UUID] = field(default_factory=set)
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.children or self.villages or self.niks)


_noted: ContextVar[Readings | None] = ContextVar("readings", default=None)


@contextmanager
def noting_readings() -> Iterator[Readings]:
    """Collect what is noted inside."""
    token = _noted.set(readings := Readings())
    try:
        yield readings
    finally:
        _noted.reset(token)


def note_child(child_id: UUID) -> None:
    """Note that the child is shown. Nothing outside of a request."""
    if (readings := _noted.get()) is not None:
        readings.children.add(child_id)


def note_villages(codes: Iterable[str], reason: str = "") -> None:
    """Note that lists of children of these villages are shown. Nothing outside of a request."""
    if (readings := _noted.get()) is not None:
        readings.villages.update(codes)
        readings.reason = reason or readings.reason


def note_nik(child_id: UUID) -> None:
    """Note that somebody is told of a NIK that it is on record elsewhere. Nothing outside of a request."""
    if (readings := _noted.get()) is not None:
        readings.niks.add(child_id)


def require_list_reason(user: User, village: str, reason: str) -> str:
    """Return the reason for which ``user`` reads a list of children; empty for the list of one village.

    ``village`` is the code that was asked for, if one. Raises Invalid for a reason that says nothing.
    """
    if village or user.area(people=True).is_one_village:
        return ""
    return require_written_reason(reason, "list_reason_missing")
