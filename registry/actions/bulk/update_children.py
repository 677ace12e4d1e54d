"""The bulk twin of ``update_child``: the same checks and the same rows, for a file that completes many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from registry.actions.bulk.snapshot import writable_villages
from registry.actions.children import Identity, changed_child, reassess_child, require_free_nik
from registry.db.batches import CHUNK, chunks
from registry.db.locks import lock_children
from registry.errors import NotFound
from registry.models import Child, Measurement, User


@transaction.atomic
def update_children(*, by: User, identities: Mapping[UUID, Identity]) -> None:
    """Put the identities of many children right, all or none.

    Raises as ``update_child`` of the first that cannot be; IntegrityError when two get the same NIK.
    """
    lock_children(identities)
    for ids in chunks(list(identities)):
        known = Child.objects.select_related("village", "posyandu", "created_by").in_bulk(ids)
        writable = writable_villages(by, {child.village_id for child in known.values()})
        first = _first_days(ids)
        changed = []
        for pk in ids:
            if pk not in known or known[pk].village_id not in writable:
                raise NotFound.of("child_not_found", "child")
            changed.append((known[pk], _change_child(by, known[pk], identities[pk], first.get(pk))))
        _niks_must_be_free(by, [new for old, new in changed if new.nik_hash != old.nik_hash])
        _store(changed)


def _first_days(ids: Sequence[UUID]) -> dict[UUID, date]:
    """The day of each child's first measurement in force."""
    measured = Measurement.objects.in_force().filter(child_id__in=ids).order_by().values("child_id")
    return dict(measured.annotate(first=Min("measured_on")).values_list("child_id", "first"))


def _change_child(by: User, old: Child, identity: Identity, measured_on: date | None) -> Child:
    if identity.posyandu_id != old.posyandu_id:
        return changed_child(by=by, old=old, identity=identity, measured_on=measured_on)
    # It has that posyandu, so it need not be asked for again.
    identity = replace(identity, posyandu_id=None)
    new = changed_child(by=by, old=old, identity=identity, measured_on=measured_on)
    new.posyandu = old.posyandu
    return new


def _niks_must_be_free(by: User, children: Sequence[Child]) -> None:
    """Ask once for all; whose NIK somebody else has is told why."""
    having = Counter(child.nik_hash for child in children if child.nik_hash)
    taken = set(Child.objects.filter(nik_hash__in=having).values_list("nik_hash", flat=True))
    for child in children:
        if child.nik_hash in taken:
            require_free_nik(by, child)


def _store(changed: Sequence[tuple[Child, Child]]) -> None:
    columns = sorted({name for old, new in changed for name in _differing(old, new)})
    if columns:
        Child.objects.bulk_update([new for _old, new in changed], columns, batch_size=CHUNK)
    for old, new in changed:
        if (new.birth_date, new.sex) != (old.birth_date, old.sex):
            reassess_child(new)


def _differing(old: Child, new: Child) -> Iterator[str]:
    for field in Child._meta.concrete_fields:
        if not field.primary_key and getattr(old, field.attname) != getattr(new, field.attname):
            yield field.name
