"""The number of a request: in its answer, in each line it logs, and on the page of a fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Return the number of the request that is being answered; empty outside of one."""
    return _current.get()


def incident_number() -> str:
    """Return the beginning of that number, short enough to be told on the phone."""
    return current_request_id()[:8]


@contextmanager
def working_for(request_id: str) -> Iterator[None]:
    """Let what is logged inside of the block carry this number."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)
