"""Choices about the rows of a file stay with their rows when an answer gives those other keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.imports.answers import LEAVE_OUT, Decision, RowKeys
from registry.imports.report import Report

Decisions = Mapping[RowKeys, Decision | None]
_OF_THE_KEYS = ("village", "measured_on")


def gives_other_keys(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether rows go by other keys with the answers of ``now``: where the file names no village or day, the
    answer is part of them.
    """
    return any(before.get(name) != now.get(name) for name in _OF_THE_KEYS)


def carried(
    seen: Report, now: Mapping[int, RowKeys], chosen: Decisions, left_out: Mapping[str, Decision]
) -> dict[RowKeys, Decision | None]:
    """``chosen`` about the rows of ``seen``, under the keys that they have ``now`` by their numbers; rows
    left out before, too. Who a child is holds for its village, and is asked again in another.
    """
    found: dict[RowKeys, Decision | None] = {keys: None for keys in chosen if chosen[keys] is None}
    for row in seen.rows:
        keys = now.get(row.number, row.keys)
        if row.keys in chosen:
            found[keys] = chosen[row.keys]
        elif left_out.get(row.keys.row) == LEAVE_OUT:
            found[keys] = LEAVE_OUT
    return found
