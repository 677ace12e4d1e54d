"""Two records of one child become one, and for 30 days two again. Both ids lead to the child in between."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.access.loaders import get_child_for_update
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.children import reassess_child
from registry.actions.gain import recompute_stored_gain
from registry.actions.identity_changes import identity_changes, is_judged_anew
from registry.actions.identity_questions import require_sure
from registry.actions.life_course import PLACE_FIELDS, LifeCourse, course_changes
from registry.actions.measurements import mark_void
from registry.actions.merge_snapshot import VOID_COLUMNS, MergeSnapshot, point_to, references_of, write_record
from registry.actions.refresh import refresh_figures
from registry.actions.residences import store_stays
from registry.db.locks import lock_children
from registry.errors import Invalid
from registry.models import UNDO_DAYS, ChangeSubject, Child, Measurement, MergedChild, User

HOME = "home"
"""Stands for where a child lives and has lived, its posyandu, RT, RW and address, and whether it is gone."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "sex": ("sex",),
    "birth_date": ("birth_date", "birth_date_basis"),
    "nik": ("nik_sealed", "nik_hash"),
    "parent_name": ("parent_name",),
    "birth_weight_kg": ("birth_weight_kg",),
    "birth_length_cm": ("birth_length_cm",),
    "gestation_weeks": ("gestation_weeks",),
    "growth_book": ("growth_book",),
    HOME: ("village", *PLACE_FIELDS),
}
"""What can be chosen from either record, with the columns that go together."""

MERGE_FIELDS = tuple(_COLUMNS)


@transaction.atomic
def merge_children(
    *,
    by: User,
    kept_id: UUID,
    merged_id: UUID,
    taken: Collection[str] | None = None,
    chosen: Collection[UUID] = (),
    reason: str = "",
    confirmed: bool | Collection[object] = True,
) -> Child:
    """Join the record ``merged_id`` to ``kept_id``, which is of the same child, and return that one.

    ``taken`` are the ``MERGE_FIELDS`` in which the merged record is right, by default :func:`fields_to_take`.
    ``chosen`` are measurements that count of a day on which both have one, else the kept record's does.

    Raises NotFound for a child outside the user's area, Invalid for one record twice, or when birth date and
    measurements contradict, and IdentityDoubtful as ``update_child``.
    """
    if kept_id == merged_id:
        raise Invalid.of("merge_with_itself")
    lock_children([kept_id, merged_id])
    kept, merged = (get_child_for_update(by=by, child_id=pk) for pk in (kept_id, merged_id))
    if kept.pk == merged.pk:  # merged before
        return kept
    taken = fields_to_take(kept, merged) if taken is None else taken
    old, theirs = LifeCourse.of(kept), LifeCourse.of(merged)
    snapshot = MergeSnapshot(write_record(merged), write_record(kept), "", references_of(merged), {})
    new = theirs.with_past_of(old) if HOME in taken else old.with_past_of(theirs)
    voided = _void_doubles(kept, merged, chosen, by=by)
    _join_records(kept, merged, taken, snapshot)
    before = Child.objects.get(pk=kept.pk)
    _require_possible(kept, new)
    store_stays(kept, old, new)
    kept.save()
    _judge_again(kept, before, merged, confirmed)
    refresh_both([kept.pk], old, theirs, new)
    _store_merge(kept, merged, replace(snapshot, after=write_record(kept), voided=voided), by)
    changes = [*identity_changes(before, kept), *course_changes(before, kept, old, new)]
    log_changes([*dict.fromkeys(changes), *_merge_changes(kept.pk, merged.pk)], by=by, reason=reason)
    return kept


def fields_to_take(kept: Child, merged: Child) -> set[str]:
    """Return the fields of which the kept record holds nothing and the merged one does.

    Where the kept one has left and the other has not, the other one's home is the child's.
    """
    found = {
        name
        for name, columns in _COLUMNS.items()
        if name != HOME and _is_empty(kept, columns[-1]) and not _is_empty(merged, columns[-1])
    }
    return found | ({HOME} if merged.is_active and not kept.is_active else set())


def differing_fields(kept: Child, merged: Child) -> list[str]:
    """Return the ``MERGE_FIELDS`` in which the two records say something else."""
    return [
        name
        for name, columns in _COLUMNS.items()
        if any(
            getattr(kept, column) != getattr(merged, column) for column in columns if column != "nik_sealed"
        )
        or (name == HOME and kept.status != merged.status)
    ]


def list_doubles(kept: Child, merged: Child) -> list[tuple[Measurement, Measurement]]:
    """Return the measurements in force of days on which both have one, by day: the kept record's first."""
    theirs = {m.measured_on: m for m in merged.measurements.in_force()}
    own = kept.measurements.in_force().filter(measured_on__in=theirs).order_by("measured_on")
    return [(m, theirs[m.measured_on]) for m in own]


def refresh_both(children: Collection[UUID], *courses: LifeCourse) -> None:
    """Recount every village of the ``courses`` of ``children``, from the first day one of them tells of."""
    stays = [stay for course in courses for stay in course.stays]
    first = min(stay.since for stay in stays)
    changes = [(code, first) for code in {stay.village.pk for stay in stays}]
    refresh_figures(residence_changes=changes, children=children)


def _is_empty(child: Child, column: str) -> bool:
    return getattr(child, column) in (None, "")


def _void_doubles(kept: Child, merged: Child, chosen: Collection[UUID], *, by: User) -> dict[str, list[Any]]:
    """Take one of each double out of force; return what it was by key."""
    voided = {}
    for own, other in list_doubles(kept, merged):
        out = own if other.pk in chosen else other
        voided[str(out.pk)] = [getattr(out, column) for column in VOID_COLUMNS]
        mark_void(out, by=by, reason=_("Data ganda digabung: nilai lain dari hari itu yang dipakai."))
    return voided


def _join_records(kept: Child, merged: Child, taken: Collection[str], snapshot: MergeSnapshot) -> None:
    """Give what refers to ``merged`` and what is ``taken`` of it to ``kept``, and delete it."""
    point_to(kept, snapshot.moved)
    merged.residences.all().delete()
    Child.objects.filter(pk=merged.pk).delete()
    for name in taken:
        for column in _COLUMNS.get(name, ()):
            setattr(kept, column, getattr(merged, column))
    if HOME not in taken and kept.village_id == merged.village_id:
        for name in PLACE_FIELDS:
            if _is_empty(kept, name):
                setattr(kept, name, getattr(merged, name))


def _require_possible(kept: Child, new: LifeCourse) -> None:
    measured = set(kept.measurements.in_force().order_by().values_list("measured_on", flat=True))
    if measured and min(measured) < kept.birth_date:
        raise Invalid.of("born_after_measured", "birth_date", date=min(measured))
    new.require_possible(kept, measured, timezone.localdate())


def _require_sure(kept: Child, before: Child, merged: Child, confirmed: bool | Collection[object]) -> None:
    """Raise IdentityDoubtful when birth date and sex of one record turn the classes of the other's values."""
    old = copy(before if is_judged_anew(before, kept) else merged)
    old.nik_hash = kept.nik_hash  # it is on record: nothing to ask about it here
    rows = list(kept.measurements.in_force()) if confirmed is not True else []
    require_sure(kept, old, rows, confirmed=confirmed)


def erase_old_snapshots() -> None:
    """Erase the records as they were before merges that nobody can undo any more."""
    old = MergedChild.objects.filter(at__lt=timezone.now() - timedelta(days=UNDO_DAYS))
    old.exclude(snapshot_sealed=b"").update(snapshot_sealed=b"")


def _judge_again(kept: Child, before: Child, merged: Child, confirmed: bool | Collection[object]) -> None:
    """Judge the measurements by the birth date and sex that the child has now, and N, T, O and B of all."""
    if is_judged_anew(before, kept) or is_judged_anew(merged, kept):
        _require_sure(kept, before, merged, confirmed)
        reassess_child(kept)
    else:
        recompute_stored_gain([kept.pk])


def _store_merge(kept: Child, merged: Child, snapshot: MergeSnapshot, by: User) -> None:
    erase_old_snapshots()
    MergedChild.objects.create(
        id=merged.pk,
        kept=kept,
        entry_digest=merged.entry_digest,
        snapshot_sealed=snapshot.seal(),
        by=by,
    )


def _merge_changes(kept: UUID, merged: UUID) -> Iterator[FieldChange]:
    yield FieldChange(ChangeSubject.CHILD, kept, "merged", "", str(merged))
    yield FieldChange(ChangeSubject.CHILD, merged, "merged_into", "", str(kept))
