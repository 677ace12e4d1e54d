"""What a file knows of a child that the register does not. What the register has is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.actions import Identity
from registry.models import Child, Sex
from registry.spreadsheets.tables.row import RowRead
from registry.spreadsheets.tables.words import spoken

Lacking = dict[str, Any]
"""Values by field of ``Identity``."""

_WORDS: Mapping[str, Promise] = {
    "birth_weight_kg": _("berat lahir %(value)s kg"),
    "birth_length_cm": _("panjang lahir %(value)s cm"),
    "parent_name": _("orang tua %(value)s"),
    "rt": _("RT %(value)s"),
    "rw": _("RW %(value)s"),
    "address": _("alamat %(value)s"),
}


def lacking(child: Child, row: RowRead) -> Lacking:
    """What ``row`` says that ``child`` has nothing of."""
    brought: Lacking = {
        "birth_weight_kg": row.birth_weight_kg,
        "birth_length_cm": row.birth_length_cm,
        "parent_name": row.parent,
        "rt": row.rt,
        "rw": row.rw,
        "address": row.address,
    }
    return {name: value for name, value in brought.items() if value and not getattr(child, name)}


def lacking_words(values: Lacking) -> str:
    """``berat lahir 2,9 kg, RT 1``."""
    return ", ".join(
        str(_WORDS[name]) % {"value": spoken(value) if isinstance(value, Decimal) else value}
        for name, value in values.items()
    )


def identity_of(child: Child) -> Identity:
    """A child as it is enrolled; its NIK is left as it is."""
    return Identity(
        name=child.name,
        sex=Sex(child.sex),
        birth_date=child.birth_date,
        nik=None,
        birth_weight_kg=child.birth_weight_kg,
        birth_length_cm=child.birth_length_cm,
        parent_name=child.parent_name,
        posyandu_id=child.posyandu_id,
        rt=child.rt,
        rw=child.rw,
        address=child.address,
        growth_book=child.growth_book,
    )
