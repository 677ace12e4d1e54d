"""Taking a merge back: both records are as they were, and what was recorded since stays with the one kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from registry.access.loaders import get_child_for_update
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.children import reassess_child, require_free_nik
from registry.actions.gain import recompute_stored_gain
from registry.actions.identity_changes import identity_changes, is_judged_anew
from registry.actions.life_course import LifeCourse, course_changes
from registry.actions.merge import refresh_both
from registry.actions.merge_snapshot import (
    VOID_COLUMNS,
    MergeSnapshot,
    point_to,
    read_record,
    with_corrections,
)
from registry.actions.residences import settle_measurements
from registry.errors import Conflict
from registry.models import (
    ChangeSubject,
    Child,
    Measurement,
    MeasurementState,
    MergedChild,
    Posyandu,
    Residence,
    User,
)


@transaction.atomic
def undo_merge(*, by: User, merged_id: UUID, reason: str = "") -> Child:
    """Let the record ``merged_id`` be one of its own again, and return it.

    A field or residence of the kept record that somebody has changed since the merge stays as it is. Raises
    NotFound for a merge outside the user's area, Conflict after 30 days, or before a later merge into the
    same record is undone.
    """
    merge = MergedChild.objects.filter(pk=merged_id).first()
    if merge is None:
        get_child_for_update(by=by, child_id=merged_id)
        raise Conflict.of("merge_undone")
    kept = get_child_for_update(by=by, child_id=merge.kept_id)
    merge = MergedChild.objects.filter(pk=merged_id, kept=kept).first()  # again: it may have been undone
    if merge is None:
        raise Conflict.of("merge_undone")
    if not merge.can_be_undone:
        raise Conflict.of("merge_too_old")
    if MergedChild.objects.filter(kept=kept, at__gt=merge.at).exists():
        raise Conflict.of("undo_later_first")
    snapshot = MergeSnapshot.unseal(merge.snapshot_sealed)
    joined, old = Child.objects.get(pk=kept.pk), LifeCourse.of(kept)
    merge.delete()
    _restore_kept(kept, snapshot)
    merged = _restore_merged(by, snapshot)
    point_to(merged, with_corrections(snapshot.moved))
    _put_in_force_again(snapshot.voided)
    courses = [LifeCourse.of(child) for child in (kept, merged)]
    for child, course in zip((kept, merged), courses, strict=True):
        settle_measurements(child, course)
        if is_judged_anew(joined, child):
            reassess_child(child)
    recompute_stored_gain([kept.pk, merged.pk])
    refresh_both([kept.pk, merged.pk], old, *courses)
    changes = [*identity_changes(joined, kept), *course_changes(joined, kept, old, courses[0])]
    log_changes([*dict.fromkeys(changes), *_undo_changes(kept.pk, merged.pk)], by=by, reason=reason)
    return merged


def _restore_kept(kept: Child, snapshot: MergeSnapshot) -> None:
    """Give the kept record what it said before the merge, where nobody has said anything else since."""
    (before, homes_before), (after, homes_after) = read_record(snapshot.kept), read_record(snapshot.after)
    for field in Child._meta.concrete_fields:
        was, became = (getattr(one.object, field.attname) for one in (before, after))
        if was != became and getattr(kept, field.attname) == became:
            setattr(kept, field.attname, was)
    kept.posyandu = _existing_posyandu(kept.posyandu_id)
    homes = list(kept.residences.values_list("village_id", "since", "until"))
    if homes != [(one.object.village_id, one.object.since, one.object.until) for one in homes_after]:
        kept.village = kept.residences.latest("since").village
    else:
        kept.residences.all().delete()
        Residence.objects.bulk_create([one.object for one in homes_before])
    kept.save()


def _restore_merged(by: User, snapshot: MergeSnapshot) -> Child:
    record, homes = read_record(snapshot.merged)
    child: Child = record.object
    require_free_nik(by, child)
    child.posyandu = _existing_posyandu(child.posyandu_id)
    record.save()  # as it was, also when it was enrolled
    Residence.objects.bulk_create([one.object for one in homes])
    return Child.objects.get(pk=child.pk)


def _existing_posyandu(key: int | None) -> Posyandu | None:
    return Posyandu.objects.filter(pk=key).first() if key else None


def _put_in_force_again(voided: Mapping[str, list[Any]]) -> None:
    """Undo what the merge has taken out of force, unless its day has another value by now."""
    for row in Measurement.objects.filter(pk__in=voided, state=MeasurementState.VOID):
        same_day = Measurement.objects.in_force().filter(child=row.child_id, measured_on=row.measured_on)
        if not same_day.exists():
            for column, value in zip(VOID_COLUMNS, voided[str(row.pk)], strict=True):
                setattr(row, column, value)
            row.save(update_fields=list(VOID_COLUMNS))


def _undo_changes(kept: UUID, merged: UUID) -> list[FieldChange]:
    return [
        FieldChange(ChangeSubject.CHILD, kept, "merged", str(merged), ""),
        FieldChange(ChangeSubject.CHILD, merged, "merged_into", str(kept), ""),
    ]
