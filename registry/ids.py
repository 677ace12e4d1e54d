"""Ids for many new rows at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import UUID

_AT_ONCE = 1_024


def fresh_ids() -> Iterator[UUID]:
    """As ``uuid4`` again and again; the system is asked for chance once for many."""
    while True:
        chance = os.urandom(16 * _AT_ONCE)
        for start in range(0, len(chance), 16):
            yield UUID(bytes=chance[start : start + 16], version=4)
