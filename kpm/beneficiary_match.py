"""Who of the register a row of a file means: known, new, or doubtful, which a person has to settle."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from kpm.beneficiary_table import WrittenPerson
from kpm.models import Beneficiary
from registry.errors import Invalid
from registry.models import Child, User
from registry.name_similarity import like_names, name_key
from registry.validation_messages import spoken_date

P = TypeVar("P", Child, Beneficiary)

_NAMESPACE = UUID("5a1c9f1e-6d0b-5a49-9d0c-6f1a2b3c4d5e")
_SAME_PREGNANCY_DAYS = 60
"""Two notes of the first day of the last period that are no further apart are of one pregnancy."""


def person_id(row: WrittenPerson) -> UUID:
    """Return the id of somebody who is new: the same for every file that says the same of her."""
    days = f"{row.last_period}|{row.birth_date}"
    return uuid5(_NAMESPACE, f"{row.village.pk}|{row.group}|{name_key(row.name)}|{days}")


def find_beneficiary(by: User, row: WrittenPerson, settled: Collection[UUID]) -> Beneficiary | None:
    """Return who a row means; None for somebody new. Raises Invalid (``person_doubtful``).

    ``settled``: whom other rows of the file mean. A name that is only like theirs is of somebody else.
    """
    there = Beneficiary.objects.visible_to(by).filter(group=row.group)
    near = [one for one in there.filter(village=row.village) if _may_be(one, row)]
    same, like = _alike(near, row.name)
    like = [one for one in like if one.pk not in settled and _is_near(one.last_period, row.last_period)]
    if len(same) == 1 and _is_near(same[0].last_period, row.last_period):
        return same[0]
    if same or like:
        other = (same or like)[0]
        raise Invalid("person_doubtful", _doubt_sentence(other, len(same or like)), "name")
    return there.filter(pk=person_id(row)).first()  # she has moved, or is called otherwise since


def find_child(by: User, row: WrittenPerson) -> Child:
    """Return the one child of the register that a row means. Raises Invalid: none is made from a form."""
    there = Child.objects.visible_to(by).filter(village=row.village)
    same, like = _alike(there.filter(birth_date=row.birth_date) if row.birth_date else (), row.name)
    if len(same or like) == 1:
        return (same or like)[0]
    said = {"name": row.name, "village": row.village.name}
    if same or like:
        sentence = _(
            "Ada beberapa anak seperti %(name)s di %(village)s. Samakan ejaan namanya, lalu unggah lagi."
        )
        raise Invalid("child_doubtful", sentence % said, "name")
    sentence = _(
        "%(name)s dengan tanggal lahir itu tidak ada di %(village)s. Betulkan, atau daftarkan dulu anaknya, "
        "lalu unggah lagi."
    )
    raise Invalid("child_unknown", sentence % said, "name")


def _alike(people: Iterable[P], name: str) -> tuple[list[P], list[P]]:
    """Return those of the very name, and those whose name is like it."""
    some = list(people)
    same = [one for one in some if name_key(one.name) == name_key(name)]
    return same, [one for one in some if one not in same and like_names(one.name, name)]


def _may_be(one: Beneficiary, row: WrittenPerson) -> bool:
    """Return whether dates do not speak against it: another birth date, or another pregnancy that is over."""
    if one.birth_date and row.birth_date and one.birth_date != row.birth_date:
        return False
    return one.ended_on is None or _is_near(one.last_period, row.last_period)


def _is_near(known: date | None, written: date | None) -> bool:
    return known is None or written is None or abs((known - written).days) <= _SAME_PREGNANCY_DAYS


def _doubt_sentence(other: Beneficiary, count: int) -> str:
    if count > 1:
        return _("Ada %(count)d orang seperti ini di desa. Tulis tanggal lahirnya, lalu unggah lagi.") % {
            "count": count
        }
    said = {"name": other.name, "date": spoken_date(other.last_period) if other.last_period else "–"}
    return (
        _(
            "Mungkin %(name)s (HPHT %(date)s), yang sudah ada di daftar. Kalau sama, samakan nama dan HPHT "
            "di berkas; kalau lain, daftarkan dari halaman Layanan keluarga."
        )
        % said
    )
