"""Enrolling children and keeping their identity right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from registry import nik as niks
from registry.access.loaders import get_writable_village, require_changeable
from registry.access.reading import note_nik
from registry.actions.assessment import computed_columns
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.duplicates import require_another_child
from registry.actions.gain import recompute_stored_gain
from registry.actions.identity import Identity, build_child, changed_child
from registry.actions.identity_changes import identity_changes, is_judged_anew
from registry.actions.identity_merge import merge_changes, with_known_posyandu
from registry.actions.identity_questions import IdentityDoubtful, require_sure
from registry.actions.key_rotation import require_hash_key_in_force
from registry.actions.nik_tries import require_few_nik_tries
from registry.actions.observation import observation_of
from registry.actions.refresh import affected_village_months, refresh_figures
from registry.actions.requirements import require_reason
from registry.db.batches import CHUNK, chunks
from registry.db.locks import lock_children
from registry.errors import Conflict, NikUsed, NotFound
from registry.models import Child, Measurement, MergedChild, Residence, Sex, User


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
    confirmed: bool | Collection[object] = True,
    enrolled_by: User | None = None,
) -> Enrolled:
    """Enrol a child under the id its recorder made; the same id and identity again change nothing.

    ``since`` is the day it is known to live in the village (default: today). ``confirmed`` is True, or
    the children alike that somebody says are others and the codes of questions that somebody has answered.
    ``enrolled_by``: in whose name ``by`` enrols; by default in his own. Raises NotFound for a village outside
    the user's area, Invalid for an identity that cannot be, Conflict for a used id or NIK, PossibleDuplicate
    for a child who may be enrolled already, and IdentityDoubtful.
    """
    try:
        with transaction.atomic():
            village = get_writable_village(by=by, code=village_code)
            child = build_child(by=enrolled_by or by, id=id, village=village, identity=identity)
            if known := _find_known(child):
                return Enrolled(known, created=False, warnings=list_nik_warnings(known))
            require_free_nik(by, child)
            require_another_child(by, child, confirmed)
            require_sure(child, confirmed=confirmed)
            child.save(force_insert=True)
            since = min(since or timezone.localdate(), timezone.localdate())
            since = max(since, child.birth_date)
            Residence.objects.create(child=child, village=village, since=since)
            refresh_figures(residence_changes=[(village.pk, since)], children=[child.pk])
    except IntegrityError as error:
        known = _stored_meanwhile(by, child, error)
        return Enrolled(known, created=False, warnings=list_nik_warnings(known))
    return Enrolled(child, created=True, warnings=list_nik_warnings(child))


def update_child(
    *,
    by: User,
    child_id: UUID,
    identity: Identity,
    reason: str = "",
    confirmed: bool | Collection[object] = True,
    drawn: Mapping[str, str] | None = None,
) -> Child:
    """Put a child's identity right. A new birth date or sex judges all its measurements again.

    ``reason`` goes into the log. ``confirmed`` is True, or the codes or keys of the questions that somebody
    has answered. ``drawn``: the ``drawn_state`` that ``identity`` was typed over; what it leaves as it was
    then, stays as it is now. Raises NotFound, Invalid (a birth date after the first measurement, or a birth
    date or sex of a measured child without a reason), Conflict (NIK of another child), IdentityDoubtful and
    ChangedMeanwhile.
    """
    try:
        [child] = update_children(
            by=by,
            identities={child_id: identity},
            reason=reason,
            confirmed=confirmed,
            drawn={child_id: drawn} if drawn else {},
        )
    except IntegrityError as error:
        nik = niks.nik_hash(niks.clean_nik(identity.nik))
        require_free_nik(by, Child(pk=child_id, nik_hash=nik))  # somebody else took it meanwhile
        raise error
    return child


@transaction.atomic
def update_children(
    *,
    by: User,
    identities: Mapping[UUID, Identity],
    of_file: bool = False,
    reason: str = "",
    confirmed: bool | Collection[object] = True,
    drawn: Mapping[UUID, Mapping[str, str]] = MappingProxyType({}),
) -> list[Child]:
    """Put the identities of children right, all or none, and log what changed.

    Who puts one right has worked with the child, so the file that enrolled it does not take it back; a file
    that completes it (``of_file``) changes nothing of that. Raises as ``update_child`` of the first that
    cannot be; IntegrityError when two get the same NIK.
    """
    lock_children(identities)
    updated: list[Child] = []
    changes: list[FieldChange] = []
    for ids in chunks(list(identities)):
        known = Child.objects.visible_to(by).select_related("village", "posyandu", "created_by").in_bulk(ids)
        if len(known) < len(ids):
            raise NotFound.of("child_not_found", "child")
        for child in known.values():
            require_changeable(child)
        first = _first_days(ids)
        changed = [
            (known[pk], _build_changed(by, known[pk], identities[pk], first.get(pk), drawn.get(pk)))
            for pk in ids
        ]
        for old, new in changed:
            _require_sure_and_reason(old, new, old.pk in first, reason, confirmed)
            new.upload = new.upload if of_file else None
            changes += identity_changes(old, new)
        _require_free_niks(by, [new for old, new in changed if new.nik_hash != old.nik_hash])
        _store_changed(changed)
        updated += [new for _old, new in changed]
    log_changes(changes, by=by, reason=" ".join(reason.split()))
    return updated


def _require_sure_and_reason(
    old: Child, new: Child, is_measured: bool, reason: str, confirmed: bool | Collection[object]
) -> None:
    """Raise IdentityDoubtful for what nobody has confirmed, else Invalid for a reason that is missing."""
    is_judged = is_measured and is_judged_anew(old, new)
    rows = list(old.measurements.in_force()) if is_judged and confirmed is not True else []
    try:
        require_sure(new, old, rows, confirmed=confirmed)
    except IdentityDoubtful as doubtful:
        doubtful.lacks_reason = is_judged and not reason.strip()
        raise
    if is_judged:
        require_reason(reason, "identity_reason_missing")


def _build_changed(
    by: User, old: Child, identity: Identity, measured_on: date | None, drawn: Mapping[str, str] | None
) -> Child:
    """Return ``old`` with another identity, and what others have changed since the form was ``drawn``."""
    if drawn is None:
        return changed_child(by=by, old=old, identity=identity, measured_on=measured_on)
    identity = with_known_posyandu(identity, old, drawn)
    new = changed_child(by=by, old=old, identity=identity, measured_on=measured_on)
    merge_changes(old, new, drawn)
    return new


def _first_days(ids: Sequence[UUID]) -> dict[UUID, date]:
    """Return the day of each child's first measurement in force."""
    measured = Measurement.objects.in_force().filter(child_id__in=ids).order_by().values("child_id")
    return dict(measured.annotate(first=Min("measured_on")).values_list("child_id", "first"))


def _require_free_niks(by: User, children: Sequence[Child]) -> None:
    """Raise NikUsed for the first child whose NIK another has; one query where none has."""
    niks_of = [child.nik_hash for child in children if child.nik_hash]
    if niks_of:
        require_hash_key_in_force()
    taken = set(Child.objects.filter(nik_hash__in=niks_of).values_list("nik_hash", flat=True))
    for child in children:
        if child.nik_hash in taken:
            require_free_nik(by, child)


def _store_changed(changed: Sequence[tuple[Child, Child]]) -> None:
    """Write the columns in which each new child differs from the old one, and what follows from them."""
    columns = sorted({name for old, new in changed for name in _differing(old, new)})
    if columns:
        Child.objects.bulk_update([new for _old, new in changed], columns, batch_size=CHUNK)
    for old, new in changed:
        if is_judged_anew(old, new):
            reassess_child(new)


def _differing(old: Child, new: Child) -> Iterator[str]:
    for column in Child._meta.concrete_fields:
        if not column.primary_key and getattr(old, column.attname) != getattr(new, column.attname):
            yield column.name


def _find_known(sent: Child) -> Child | None:
    """Return the child that was enrolled by this entry before, also where its record was merged since."""
    if known := Child.objects.filter(pk=sent.pk).first():
        return _same_or_conflict(known, sent)
    merge = MergedChild.objects.select_related("kept").filter(pk=sent.pk).first()
    if merge is None:
        return None
    _same_or_conflict(Child(entry_digest=merge.entry_digest), sent)
    return merge.kept


def _same_or_conflict(known: Child, sent: Child) -> Child:
    if known.entry_digest != sent.entry_digest:
        raise Conflict.of("id_used", "id")
    return known


def require_free_nik(by: User, child: Child) -> None:
    """Raise NikUsed when another child has the NIK of this one."""
    if child.nik_hash is None:
        return
    require_hash_key_in_force()
    require_few_nik_tries(by)
    other = (
        Child.objects.filter(nik_hash=child.nik_hash).exclude(pk=child.pk).select_related("village").first()
    )
    if other is not None:
        is_visible = Child.objects.visible_to(by).filter(pk=other.pk).exists()
        if not is_visible:
            note_nik(other.pk)
        raise NikUsed(other if is_visible else None)


def _stored_meanwhile(by: User, child: Child, error: IntegrityError) -> Child:
    """Return the answer where two requests stored the same id or NIK at once: the other came first."""
    if known := Child.objects.filter(pk=child.pk).first():
        return _same_or_conflict(known, child)
    require_free_nik(by, child)
    raise error


def list_nik_warnings(child: Child) -> list[niks.NikWarning]:
    """Return how the NIK of a child differs from the rest of its record."""
    nik = child.nik_if_readable
    if not child.has_nik or not nik:
        return []
    return niks.nik_warnings(nik, birth_date=child.birth_date, is_girl=child.sex == Sex.GIRL)


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
    recompute_stored_gain([child.pk])
    homes = list(child.residences.order_by("since"))
    refresh_figures(
        affected_village_months((child.pk, row.measured_on) for row in rows if row.is_in_force),
        residence_changes=[(home.village_id, homes[0].since) for home in homes],
        children=[child.pk],
    )
