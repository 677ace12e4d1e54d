"""Who a child is, as people or a file write it: checked, and made into a child that is not stored."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from registry import nik as niks
from registry.access.loaders import find_posyandu_of
from registry.errors import Invalid
from registry.growth.estimated_birth import birth_date_in_month
from registry.models import BirthDateBasis, Child, Sex, User, Village
from registry.validation_messages import nik_not_whole_message

# A register of under-fives may meet a child past five, but nobody is enrolled at school age.
_OLDEST_DAYS = 7 * 366
_SEXES = frozenset(Sex.values)

BIRTH_LIMITS: Mapping[str, tuple[Decimal, Decimal]] = {
    "birth_weight_kg": (Decimal("0.3"), Decimal(7)),
    "birth_length_cm": (Decimal(20), Decimal(70)),
}
"""What a newborn can weigh and measure: lowest and highest."""

GESTATION_LIMITS = (22, 44)
"""Completed weeks of pregnancy, lowest and highest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a child is: kilograms and centimetres at birth; ``nik`` as typed or read, None to leave it.

    ``growth_book``: whether it has one (buku KIA/KMS), None where nobody has asked. ``gestation_weeks``: of
    pregnancy, completed. ``birth_date_basis``: of a month that is known, ``birth_date`` is any day of it, for
    which the middle is stored.
    """

    name: str
    sex: Sex
    birth_date: date
    nik: str | None = ""
    birth_weight_kg: Decimal | None = None
    birth_length_cm: Decimal | None = None
    parent_name: str = ""
    posyandu_id: int | None = None
    rt: str = ""
    rw: str = ""
    address: str = ""
    growth_book: bool | None = None
    gestation_weeks: int | None = None
    birth_date_basis: BirthDateBasis = BirthDateBasis.DAY


def identity_of(child: Child) -> Identity:
    """Return a child as it is enrolled; its NIK is left as it is."""
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
        gestation_weeks=child.gestation_weeks,
        birth_date_basis=BirthDateBasis(child.birth_date_basis),
    )


def build_child(
    *,
    by: User,
    id: UUID,
    village: Village,
    identity: Identity,
    of_file: bool = False,
    has_nik: bool = False,
    known_on: date | None = None,
    today: date | None = None,
) -> Child:
    """Return a checked child, not stored.

    ``of_file``: a row of a file brings it. A masked or cut NIK is then accepted, and sealed when stored.
    ``has_nik``: one is on record. ``known_on``: the day the child was seen, by default today; who was under
    five then belongs in the register. ``today``: for callers who have many. Raises Invalid with the field.
    """
    name = _require_name(identity.name)
    if identity.sex not in _SEXES:
        raise Invalid.of("sex_missing", "sex")
    today = today or timezone.localdate()
    _check_birth(identity, known_on, today)
    nik = niks.clean_nik(identity.nik)
    if not of_file:
        _require_whole_nik(nik, is_on_record=has_nik)
    child = Child(
        id=id,
        name=name[:120],
        nik_sealed="" if of_file else niks.seal(nik),
        nik_hash=niks.nik_hash(nik),
        village=village,
        posyandu=find_posyandu_of(village, identity.posyandu_id),
        created_by=by,
        **_columns_as_typed(identity),
    )
    child.nik_unsealed = nik if of_file else None
    child.entry_digest = "" if of_file else _entry_digest(child, nik)
    if child.birth_date_basis == BirthDateBasis.MONTH:
        child.birth_date = birth_date_in_month(child.birth_date, min(known_on or today, today))
    return child


def _columns_as_typed(identity: Identity) -> dict[str, Any]:
    """Return the columns of a child that need no check with the database."""
    return {
        "sex": identity.sex,
        "birth_date": identity.birth_date,
        "birth_date_basis": identity.birth_date_basis,
        "birth_weight_kg": identity.birth_weight_kg,
        "birth_length_cm": identity.birth_length_cm,
        "parent_name": _plain(identity.parent_name)[:120],
        "rt": identity.rt.strip()[:5],
        "rw": identity.rw.strip()[:5],
        "address": _plain(identity.address)[:200],
        "growth_book": identity.growth_book,
        "gestation_weeks": identity.gestation_weeks,
    }


def _require_name(text: str) -> str:
    """Return the name in one spelling of spaces; raise Invalid where it has no letter and no digit."""
    name = _plain(text)
    if not any(character.isalnum() for character in name):
        raise Invalid.of("name_missing", "name")
    return name


def _require_whole_nik(nik: str, *, is_on_record: bool) -> None:
    """Raise Invalid for a NIK that has not 16 digits; none at all will do."""
    if nik and not niks.is_whole(nik):
        raise Invalid("nik_not_whole", nik_not_whole_message(nik, is_on_record=is_on_record), "nik")


def _entry_digest(child: Child, nik: str) -> str:
    """Return what tells this entry from another one under the same id. It outlives edits and moves."""
    weight, length = child.birth_weight_kg, child.birth_length_cm
    sent = (
        child.village_id,
        child.posyandu_id,
        child.name,
        child.sex,
        child.birth_date.isoformat(),
        nik,
        weight and str(weight.normalize()),
        length and str(length.normalize()),
        child.parent_name,
        child.rt,
        child.rw,
        child.address,
        child.created_by_id,
        *([] if child.gestation_weeks is None else [child.gestation_weeks]),  # as before where not known
        *((child.birth_date_basis,) if child.has_estimated_birth_date else ()),
    )
    return niks.keyed_hash(json.dumps(sent))


def _plain(text: str) -> str:
    """Return ``text`` on one line without invisible characters, which hide a name or turn a page round."""
    if text.isascii() and text.isprintable():
        on_one_line = " ".join(text.split())
        return text if on_one_line == text else on_one_line  # not a copy, of which a file would make many
    visible = (c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join("".join(visible).split())


def _check_birth(identity: Identity, known_on: date | None, today: date) -> None:
    if identity.birth_date > today:
        raise Invalid.of("born_in_future", "birth_date")
    if identity.birth_date < min(known_on or today, today) - timedelta(days=_OLDEST_DAYS):
        raise Invalid.of("too_old", "birth_date")
    for name, (low, high) in BIRTH_LIMITS.items():
        value = getattr(identity, name)
        if value is not None and not (value.is_finite() and low <= value <= high):
            raise Invalid.of(name.rpartition("_")[0], name)
    weeks = identity.gestation_weeks
    if weeks is not None and not GESTATION_LIMITS[0] <= weeks <= GESTATION_LIMITS[1]:
        raise Invalid.of("gestation", "gestation_weeks")


def changed_child(*, by: User, old: Child, identity: Identity, measured_on: date | None) -> Child:
    """Return ``old`` with another identity, not stored; ``measured_on``: its first measurement in force.

    Raises Invalid.
    """
    keeps_posyandu = identity.posyandu_id == old.posyandu_id  # then it need not be looked up
    asked = replace(identity, posyandu_id=None) if keeps_posyandu else identity
    new = build_child(
        by=by,
        id=old.id,
        village=old.village,
        identity=asked,
        has_nik=bool(old.nik_sealed),
        known_on=measured_on,
    )
    new.spell_names()
    if keeps_posyandu:
        new.posyandu = old.posyandu
    if identity.nik is None:
        new.nik_sealed, new.nik_hash = old.nik_sealed, old.nik_hash
    new.status, new.status_date = old.status, old.status_date
    new.created_at, new.created_by = old.created_at, old.created_by
    new.entry_digest, new.upload = old.entry_digest, old.upload
    if measured_on and new.birth_date > measured_on:
        raise Invalid.of("born_after_measured", "birth_date", date=measured_on)
    if new.status_date and new.birth_date > new.status_date:
        raise Invalid.of("born_after_left", "birth_date")
    return new
