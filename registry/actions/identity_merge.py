"""Two people put one child right: what only one of them changed is merged, the rest is theirs to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registry.actions.identity import Identity
from registry.actions.identity_changes import IDENTITY_COLUMNS, NIK, identity_text, nik_text
from registry.errors import Conflict
from registry.models import Child
from registry.validation_messages import refusal_message

POSYANDU_ID = "posyandu_id"


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that somebody else has changed since the form was drawn, and to what."""

    name: str
    typed: str
    stored: str


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the same fields of ``child`` since the form was drawn."""

    def __init__(self, child: Child, conflicts: Sequence[FieldConflict]) -> None:
        super().__init__("changed_meanwhile", refusal_message("child_changed_meanwhile"))
        self.child = child
        self.conflicts = tuple(conflicts)


def drawn_state(child: Child) -> dict[str, str]:
    """Return what a form about ``child`` is drawn from, to be sent back with it; no NIK can be read of it."""
    state = {name: identity_text(child, name) for name in IDENTITY_COLUMNS}
    return state | {POSYANDU_ID: str(child.posyandu_id or ""), NIK: child.nik_hash or ""}


def with_known_posyandu(identity: Identity, current: Child, drawn: Mapping[str, str]) -> Identity:
    """Return ``identity`` with the posyandu of now where it is as drawn: the child may have moved."""
    is_as_drawn = str(identity.posyandu_id or "") == drawn.get(POSYANDU_ID)
    return replace(identity, posyandu_id=current.posyandu_id) if is_as_drawn else identity


def merge_changes(current: Child, new: Child, drawn: Mapping[str, str]) -> None:
    """Put into ``new`` what others have changed in ``current`` since the form was ``drawn``.

    Raises ChangedMeanwhile where both have changed a field.
    """
    conflicts: list[FieldConflict] = []
    for name in (*IDENTITY_COLUMNS, NIK):
        typed, stored = _comparable_text(new, name), _comparable_text(current, name)
        before = drawn.get(name, stored)
        if stored in (before, typed):
            continue
        if typed != before:
            conflicts.append(FieldConflict(name, _text(new, name), _text(current, name)))
        elif name == NIK:
            new.nik_sealed, new.nik_hash = current.nik_sealed, current.nik_hash
        else:
            setattr(new, name, getattr(current, name))
    if conflicts:
        raise ChangedMeanwhile(current, conflicts)


def _comparable_text(child: Child, name: str) -> str:
    return child.nik_hash or "" if name == NIK else identity_text(child, name)


def _text(child: Child, name: str) -> str:
    return nik_text(child) if name == NIK else identity_text(child, name)
