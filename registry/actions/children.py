"""Enrolling children, keeping their identity right, and following them when they move or leave."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from registry import nik as niks
from registry.access.loaders import find_posyandu_of, get_child_for_update, get_writable_village
from registry.actions.assessment import computed_columns, recompute_stored_gain
from registry.actions.bulk.move import Move, check_move, store_moves
from registry.actions.duplicates import require_another_child
from registry.actions.observation import observation_of
from registry.actions.refresh import affected_village_months, refresh_figures
from registry.errors import Conflict, Invalid, NikUsed
from registry.models import Child, ChildStatus, Measurement, Residence, Sex, User, Village

# A register of under-fives may meet a child past five, but nobody is enrolled at school age.
_OLDEST_DAYS = 7 * 366
_SEXES = frozenset(Sex.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a child is: kilograms and centimetres at birth; ``nik`` as typed or read, None to leave it.

    ``growth_book``: whether it has one (buku KIA/KMS), None where nobody has asked.
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


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A child of the register. ``warnings``: what its NIK says otherwise."""

    child: Child
    created: bool
    warnings: list[niks.NikWarning] = field(default_factory=list)


def enrol_child(
    *,
    by: User,
    id: UUID,
    village_code: str,
    identity: Identity,
    since: date | None = None,
    confirmed: bool | Collection[UUID] = True,
) -> Enrolled:
    """Enrol a child under the id its recorder made; the same id and identity again change nothing.

    ``since`` is the day it is known to live in the village (today unless told). ``confirmed`` is True, or
    the children alike that somebody has looked at and says are others. Raises NotFound for a village
    outside the user's area, Invalid for an identity that cannot be, Conflict for a used id or NIK, and
    PossibleDuplicate for a child who may be enrolled already.
    """
    try:
        with transaction.atomic():
            village = get_writable_village(by=by, code=village_code)
            known = Child.objects.filter(pk=id).first()
            child = build_child(by=by, id=id, village=village, identity=identity)
            if known:
                return Enrolled(_same_or_conflict(known, child), created=False, warnings=_nik_warnings(known))
            require_free_nik(by, child)
            require_another_child(by, child, confirmed)
            child.save(force_insert=True)
            since = min(since or timezone.localdate(), timezone.localdate())
            since = max(since, child.birth_date)
            Residence.objects.create(child=child, village=village, since=since)
            refresh_figures(residence_changes=[(village.pk, since)])
    except IntegrityError as error:
        known = _stored_meanwhile(by, child, error)
        return Enrolled(known, created=False, warnings=_nik_warnings(known))
    return Enrolled(child, created=True, warnings=_nik_warnings(child))


def update_child(*, by: User, child_id: UUID, identity: Identity) -> Child:
    """Put a child's identity right. A new birth date or sex judges all its measurements anew.

    Raises NotFound, Invalid (a birth date after the first measurement) and Conflict (NIK of another child).
    """
    try:
        with transaction.atomic():
            return _save_identity(by, child_id, identity)
    except IntegrityError as error:
        nik = niks.nik_hash(niks.clean_nik(identity.nik))
        require_free_nik(by, Child(pk=child_id, nik_hash=nik))  # somebody else took it meanwhile
        raise error


def _save_identity(by: User, child_id: UUID, identity: Identity) -> Child:
    old = get_child_for_update(by=by, child_id=child_id)
    first = old.measurements.in_force().order_by("measured_on").first()
    new = changed_child(by=by, old=old, identity=identity, measured_on=first.measured_on if first else None)
    require_free_nik(by, new)
    new.upload = None  # somebody has worked with it: the file that enrolled it does not take it back
    new.save(force_update=True)
    if (new.birth_date, new.sex) != (old.birth_date, old.sex):
        reassess_child(new)
    return new


def changed_child(*, by: User, old: Child, identity: Identity, measured_on: date | None) -> Child:
    """``old`` with another identity, checked and not stored; ``measured_on``: its first measurement in force.

    Raises Invalid.
    """
    new = build_child(by=by, id=old.id, village=old.village, identity=identity, known_on=measured_on)
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


@transaction.atomic
def move_child(
    *, by: User, child_id: UUID, village_code: str, moved_on: date, posyandu_id: int | None = None
) -> Child:
    """The child lives in another village of the kabupaten from ``moved_on`` on.

    Measurements from that day on count in the new village, earlier ones stay where they were taken.
    """
    child = get_child_for_update(by=by, child_id=child_id)
    village = get_writable_village(by=by, code=village_code)
    current = child.residences.select_for_update().order_by("since").last()
    if current and current.village_id == village.pk and child.village_id == village.pk:
        return child
    _require_past(moved_on, "moved_on")
    check_move(child, child.village, current.since if current else None, moved_on)
    move = Move(child, child.village, village, moved_on, find_posyandu_of(village, posyandu_id))
    Child.objects.filter(pk=child.pk).update(upload=None)  # as in ``update_child``
    refresh_figures(residence_changes=store_moves([move]))
    return child


@transaction.atomic
def close_child(*, by: User, child_id: UUID, status: ChildStatus, on: date) -> Child:
    """The child died, or left the kabupaten, ``on`` that day; it leaves the figures of later months."""
    child = get_child_for_update(by=by, child_id=child_id)
    if (child.status, child.status_date) == (status, on):
        return child
    if status not in (ChildStatus.DIED, ChildStatus.MOVED):
        raise Invalid.of("status", "status")
    _require_past(on, "on")
    last = child.measurements.in_force().order_by("measured_on").last()
    if on < child.birth_date or (last and on < last.measured_on):
        raise Invalid.of("left_before_measured", "on")
    return _set_status(child, status, on)


@transaction.atomic
def reopen_child(*, by: User, child_id: UUID) -> Child:
    """Take back a death or a leaving that was recorded by mistake, or a return."""
    child = get_child_for_update(by=by, child_id=child_id)
    return child if child.is_active else _set_status(child, ChildStatus.ACTIVE, None)


def _set_status(child: Child, status: ChildStatus, on: date | None) -> Child:
    from_day = min(day for day in (child.status_date, on) if day)
    child.status, child.status_date = status, on
    child.upload = None  # as in ``update_child``
    child.save(update_fields=["status", "status_date", "upload"])
    refresh_figures(residence_changes=[(home.village_id, from_day) for home in child.residences.all()])
    return child


def build_child(
    *,
    by: User,
    id: UUID,
    village: Village,
    identity: Identity,
    of_file: bool = False,
    known_on: date | None = None,
    today: date | None = None,
) -> Child:
    """Return a checked child, not stored.

    ``of_file``: a row of a file brings it. A masked or cut NIK is then accepted, and sealed when the child is
    stored. ``known_on``: the day the child was seen, by default today; who was under five then belongs in the
    register. ``today``: for callers who have many. Raises :class:`Invalid` with the field.
    """
    name = _require_name(identity.name)
    if identity.sex not in _SEXES:
        raise Invalid.of("sex_missing", "sex")
    _check_birth(identity, known_on, today or timezone.localdate())
    nik = niks.clean_nik(identity.nik)
    if not of_file:
        _require_whole_nik(nik)
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
    return child


def _columns_as_typed(identity: Identity) -> dict[str, Any]:
    """Return the columns of a child that need no check with the database."""
    return {
        "sex": identity.sex,
        "birth_date": identity.birth_date,
        "birth_weight_kg": identity.birth_weight_kg,
        "birth_length_cm": identity.birth_length_cm,
        "parent_name": _plain(identity.parent_name)[:120],
        "rt": identity.rt.strip()[:5],
        "rw": identity.rw.strip()[:5],
        "address": _plain(identity.address)[:200],
        "growth_book": identity.growth_book,
    }


def _require_name(text: str) -> str:
    """Return the name in one spelling of spaces; raise Invalid where it has no letter and no digit."""
    name = _plain(text)
    if not any(character.isalnum() for character in name):
        raise Invalid.of("name_missing", "name")
    return name


def _require_whole_nik(nik: str) -> None:
    """Raise Invalid for a NIK that has not 16 digits; none at all will do."""
    if nik and not niks.is_whole(nik):
        digits = sum(character in "0123456789" for character in nik)
        raise Invalid.of("nik_not_whole", "nik", count=digits)


def _entry_digest(child: Child, nik: str) -> str:
    """What tells this entry from another one under the same id. It outlives edits and moves."""
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
    )
    return niks.keyed_hash(json.dumps(sent))


def _plain(text: str) -> str:
    """``text`` on one line, without what nobody sees: such characters hide a name, or turn a page round."""
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
    weight, length = identity.birth_weight_kg, identity.birth_length_cm
    if weight is not None and not (weight.is_finite() and Decimal("0.3") <= weight <= 7):
        raise Invalid.of("birth_weight", "birth_weight_kg")
    if length is not None and not (length.is_finite() and 20 <= length <= 70):
        raise Invalid.of("birth_length", "birth_length_cm")


def _same_or_conflict(known: Child, sent: Child) -> Child:
    if known.entry_digest != sent.entry_digest:
        raise Conflict.of("id_used", "id", sentence="child_id_used")
    return known


def require_free_nik(by: User, child: Child) -> None:
    """Raises NikUsed when another child has the NIK of this one."""
    if child.nik_hash is None:
        return
    other = (
        Child.objects.filter(nik_hash=child.nik_hash).exclude(pk=child.pk).select_related("village").first()
    )
    if other is not None:
        is_visible = Child.objects.visible_to(by).filter(pk=other.pk).exists()
        raise NikUsed(other if is_visible else None)


def _stored_meanwhile(by: User, child: Child, error: IntegrityError) -> Child:
    """Two requests stored the same id or NIK at once: answer as if the other had come first."""
    if known := Child.objects.filter(pk=child.pk).first():
        return _same_or_conflict(known, child)
    require_free_nik(by, child)
    raise error


def _nik_warnings(child: Child) -> list[niks.NikWarning]:
    if not child.has_nik:
        return []
    return niks.nik_warnings(child.nik, birth_date=child.birth_date, is_girl=child.sex == Sex.GIRL)


def _require_past(day: date, name: str) -> None:
    if day > timezone.localdate():
        raise Invalid.of("future", name, sentence="day_in_future")


def reassess_child(child: Child) -> None:
    """Compute every computed column of the child's measurements again, and the figures they count in."""
    rows = list(child.measurements.order_by("measured_on"))
    columns: set[str] = set()
    for row in rows:
        if row.measured_on < child.birth_date:
            continue
        values, _found = computed_columns(child, observation_of(row))
        columns.update(values)
        for name, value in values.items():
            setattr(row, name, value)
    if columns:
        Measurement.objects.bulk_update(rows, sorted(columns))
    recompute_stored_gain(child)
    homes = list(child.residences.order_by("since"))
    refresh_figures(
        affected_village_months(child, [row.measured_on for row in rows if row.is_in_force]),
        residence_changes=[(home.village_id, homes[0].since) for home in homes],
    )
