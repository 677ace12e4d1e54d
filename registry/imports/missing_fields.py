"""What a file knows of a child that the register does not. What the register has is never overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.imports.report import RowNote
from registry.imports.row_notes import format_decimal
from registry.imports.tables.row_read import RowRead
from registry.models import Child, Sex
from registry.name_similarity import Agreement, compared_parents
from registry.places.names import posyandu_key
from registry.validation_messages import spoken_date

MissingFields = dict[str, Any]
"""Values by field of ``Identity``."""

_WORDS: Mapping[str, Promise] = {
    "birth_weight_kg": _("berat lahir %(value)s kg"),
    "birth_length_cm": _("panjang lahir %(value)s cm"),
    "gestation_weeks": _("kehamilan %(value)s minggu"),
    "parent_name": _("orang tua %(value)s"),
    "rt": _("RT %(value)s"),
    "rw": _("RW %(value)s"),
    "address": _("alamat %(value)s"),
}


_OF_THE_CHILD = (
    ("birth_weight_kg", "birth_weight_kg"),
    ("birth_length_cm", "birth_length_cm"),
    ("gestation_weeks", "gestation_weeks"),
    ("parent_name", "parent"),
)
_BROUGHT = (*_OF_THE_CHILD, ("rt", "rt"), ("rw", "rw"), ("address", "address"))
"""Fields of a child and of a row."""


def missing_fields(child: Child, row: RowRead, *, lives_there: bool = True) -> MissingFields:
    """What ``row`` says that ``child`` has nothing of; of its place only where it ``lives_there`` now."""
    return {
        name: value
        for name, field in (_BROUGHT if lives_there else _OF_THE_CHILD)
        if not getattr(child, name) and (value := getattr(row, field))
    }


def contradiction_notes(
    child: Child, row: RowRead, posyandu: str = "", *, left_nik: bool = False
) -> Iterator[RowNote]:
    """Where ``row`` contradicts what the register has of ``child``, which stays as it is.

    ``posyandu`` is the key of the child's own; ``left_nik``: the row has a whole NIK, which the child neither
    has nor gets.
    """
    if left_nik and child.has_nik:
        yield RowNote("nik_differs", gettext("NIK di berkas bukan yang di register; register tidak diubah."))
    elif left_nik:
        yield RowNote("nik_not_taken", gettext("NIK di berkas tidak dicatat untuk anak ini."))
    if child.birth_date != row.birth_date:
        known, brought = spoken_date(child.birth_date), spoken_date(row.birth_date)
        yield _contradiction("birth_date_differs", _("lahir %(value)s"), known, brought)
    if child.sex != row.sex:
        letters = Sex(child.sex).letter, row.sex.letter
        yield _contradiction("sex_differs", _("jenis kelamin %(value)s"), *letters)
    if child.parent_name != row.parent and compared_parents(child.parent_name, row.parent) is Agreement.OTHER:
        yield _contradiction("parent_differs", _("orang tua %(value)s"), child.parent_name, row.parent)
    if child.birth_weight_kg and row.birth_weight_kg and child.birth_weight_kg != row.birth_weight_kg:
        known, brought = format_decimal(child.birth_weight_kg), format_decimal(row.birth_weight_kg)
        yield _contradiction("birth_weight_differs", _WORDS["birth_weight_kg"], known, brought)
    if child.birth_length_cm and row.birth_length_cm and child.birth_length_cm != row.birth_length_cm:
        known, brought = format_decimal(child.birth_length_cm), format_decimal(row.birth_length_cm)
        yield _contradiction("birth_length_differs", _WORDS["birth_length_cm"], known, brought)
    if child.gestation_weeks and row.gestation_weeks and child.gestation_weeks != row.gestation_weeks:
        known, brought = str(child.gestation_weeks), str(row.gestation_weeks)
        yield _contradiction("gestation_differs", _WORDS["gestation_weeks"], known, brought)
    if posyandu and row.posyandu and posyandu != (key := posyandu_key(row.posyandu)):
        yield _contradiction("posyandu_differs", _("posyandu %(value)s"), posyandu, key)


def _contradiction(code: str, words: Promise, known: str, brought: str) -> RowNote:
    said = {"known": str(words) % {"value": known}, "brought": brought}
    return RowNote(
        code, gettext("Di register %(known)s, di berkas %(brought)s; register tidak diubah.") % said
    )


def missing_fields_words(values: MissingFields) -> str:
    """``berat lahir 2,9 kg, RT 1``."""
    return ", ".join(
        str(_WORDS[name]) % {"value": format_decimal(value) if isinstance(value, Decimal) else value}
        for name, value in values.items()
    )
