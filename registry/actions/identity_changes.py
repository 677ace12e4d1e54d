"""What differs between a child before and after its identity was put right, as the log keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from registry.actions.change_log import FieldChange
from registry.models import ChangeSubject, Child, Posyandu, Sex
from registry.nik import InvalidToken

NIK = "nik"
UNREADABLE = "?"
"""Stands in the log for a NIK that no key opened when it was replaced."""

IDENTITY_COLUMNS = (
    "name",
    "sex",
    "birth_date",
    "birth_date_basis",
    "gestation_weeks",
    "birth_weight_kg",
    "birth_length_cm",
    "parent_name",
    "posyandu",
    "rt",
    "rw",
    "address",
    "growth_book",
)
"""The columns of a child that say who it is, but for the NIK."""


def identity_changes(old: Child, new: Child) -> Iterator[FieldChange]:
    """Yield each field in which two versions of one child differ."""
    for name in IDENTITY_COLUMNS:
        before, after = identity_text(old, name), identity_text(new, name)
        if before != after:
            yield FieldChange(ChangeSubject.CHILD, old.pk, name, before, after)
    if (old.nik_hash, bool(old.nik_sealed)) != (new.nik_hash, bool(new.nik_sealed)):
        yield FieldChange(ChangeSubject.CHILD, old.pk, NIK, nik_text(old), nik_text(new))


def is_judged_anew(old: Child, new: Child) -> bool:
    """Return whether the measurements of a child mean something else by its new identity."""
    return (new.birth_date, new.sex) != (old.birth_date, old.sex)


def identity_text(child: Child, name: str) -> str:
    """Return a column of ``IDENTITY_COLUMNS`` in one spelling; empty where it holds nothing."""
    value = getattr(child, name)
    if value is None:
        return ""
    if name == "sex":
        return Sex(value).letter
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.name if isinstance(value, Posyandu) else str(value)


def nik_text(child: Child) -> str:
    """Return the NIK, or ``UNREADABLE`` where no key opens it."""
    try:
        return child.nik
    except InvalidToken:
        return UNREADABLE
