"""What is chosen for the rows of a page, as its form sends it."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import Http404, QueryDict

from registry.imports.answers import LEAVE_OUT, NEW_CHILD, Decision, RowKeys, moved_child, same_child
from registry.models import RowChoice

_ROW = re.compile(r"row-([0-9a-f]{64})-([0-9a-f]{64})", re.ASCII)
_UNCHANGED = "as-it-was"


def decisions_in_post(post: QueryDict) -> dict[RowKeys, Decision | None]:
    """What was chosen for each row, of those where anything was changed. Raises 404 for a forged choice."""
    found: dict[RowKeys, Decision | None] = {}
    for name, choice in post.items():
        match = _ROW.fullmatch(name)
        if match and isinstance(choice, str) and choice != post.get(f"was-{name}", _UNCHANGED):
            found[RowKeys(match[1], match[2])] = _decision(choice)
    return found


def _decision(choice: str) -> Decision | None:
    if choice == "":
        return None
    if choice == RowChoice.NEW:
        return NEW_CHILD
    if choice == RowChoice.SKIP:
        return LEAVE_OUT
    kind, _mark, child = choice.rpartition(":")
    try:
        return {"": same_child, RowChoice.MOVED: moved_child}[kind](UUID(child))
    except (KeyError, ValueError):
        raise Http404 from None
