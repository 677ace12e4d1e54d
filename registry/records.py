"""Values that never change, of which a file makes hundreds of thousands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform, overload

C = TypeVar("C", bound=type[Any])


@overload
def record(cls: C) -> C: ...


@overload
def record(*, kw_only: bool = ...) -> Callable[[C], C]: ...


@dataclass_transform(frozen_default=True)
def record(cls: Any = None, *, kw_only: bool = False) -> Any:
    """As ``dataclass(frozen=True, slots=True)`` for whoever checks types, and nobody sets a field of one.

    While the program runs that is not looked at: a frozen dataclass makes a call for each of its fields, and
    takes three times as long to make.
    """
    made = dataclass(slots=True, unsafe_hash=True, kw_only=kw_only)
    return made if cls is None else made(cls)
