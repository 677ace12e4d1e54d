"""Taking a whole file back: what it brought is gone as if it had never come, what people did since stays.

A measurement that a person typed is never deleted. What a file brought is another matter: the file is still
with its owner, and a register full of void rows and children that never were would be worse than the error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.actions.brought import changes_of, empty_again, move_back
from registry.actions.door import lock_children, locked_upload
from registry.actions.errors import Conflict
from registry.actions.judge import regained
from registry.actions.refresh import VillageMonthKey, VillageSince, earliest, refresh_figures
from registry.chunks import CHUNK, chunks
from registry.figures.months import month_of
from registry.models import Child, Measurement, MeasurementState, Residence, Upload, User


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What is gone, and what stays because somebody has worked with it since. ``completed`` are children who
    lack again what the file filled in, ``moved`` those who live again where they did, ``moves_kept`` those
    who stay.
    """

    measurements: int
    children: int
    measurements_kept: int
    children_kept: int
    completed: int = 0
    moved: int = 0
    moves_kept: int = 0


@transaction.atomic
def take_back_upload(
    *, by: User, upload_id: UUID, progress: Callable[[int], object] = lambda done: None
) -> TakenBack:
    """Take back the file ``by`` has taken in, once: again changes nothing and says the same.

    Measurements of the file go, unless somebody has corrected or voided them or sent another value of that
    day; what they completed is in force again. Children it enrolled go when nothing else is known of them.
    Raises NotFound for a file of somebody else, Conflict for one that was never taken in.
    """
    upload = locked_upload(by=by, upload_id=upload_id)
    if upload.committed_at is None:
        raise Conflict("not_committed", _("Berkas ini belum disimpan, jadi tidak ada yang ditarik kembali."))
    if upload.taken_back_at is not None:
        return TakenBack(**upload.summary["taken_back"])
    found = _take_back(upload, progress)
    upload.taken_back_at, upload.taken_back_by = timezone.now(), by
    upload.summary["taken_back"] = {name: getattr(found, name) for name in TakenBack.__slots__}
    upload.save(update_fields=["taken_back_at", "taken_back_by", "summary"])
    return found


def _take_back(upload: Upload, progress: Callable[[int], object]) -> TakenBack:
    # What files taken back before had to keep because of this one goes with it.
    files = [upload, *Upload.objects.filter(user=upload.user, taken_back_at__isnull=False)]
    brought = Measurement.objects.filter(upload=upload)
    enrolled = Child.objects.filter(upload__in=files)
    changes = {one: changes_of(one) for one in files}
    changed = [child for change in changes.values() for child in change.children()]
    locked = [*brought.values_list("child_id", flat=True), *enrolled.values_list("pk", flat=True), *changed]
    lock_children(locked)
    # Only now that nobody else can change them.
    going = list(_untouched(brought).values_list("pk", "child_id", "measured_on", "supersedes_id"))
    touched = _village_months([(child, day) for _pk, child, day, _old in going])
    for chunk in chunks(going):
        Measurement.objects.filter(pk__in=[row[0] for row in chunk]).delete()
        old = [row[3] for row in chunk if row[3]]
        Measurement.objects.filter(pk__in=old, state=MeasurementState.SUPERSEDED).update(
            state=MeasurementState.IN_FORCE
        )
        progress(len(chunk))
    completed = empty_again(changes[upload])
    moved, moved_lived = 0, list[VillageSince]()
    for one, change in changes.items():
        count, villages = move_back(change)
        moved, moved_lived = moved + count, moved_lived + villages
        one.changes_sealed = change.sealed()
        one.save(update_fields=["changes_sealed"])
    lived, children = _remove_children(enrolled)
    remaining = sorted({row[1] for row in going} - children)
    touched |= _regain(remaining)
    refresh_figures(touched, lived=[*lived, *moved_lived])
    kept = Child.objects.filter(upload=upload).count()
    moves_kept = len(changes[upload].moved)
    return TakenBack(len(going), len(children), brought.count(), kept, completed, moved, moves_kept)


def _untouched(brought: QuerySet[Measurement]) -> QuerySet[Measurement]:
    """In force as the file brought them, and nobody has said anything else of the day."""
    rivals = Measurement.objects.filter(
        child=OuterRef("child"), measured_on=OuterRef("measured_on"), state=MeasurementState.RIVAL
    )
    return brought.filter(~Exists(rivals), state=MeasurementState.IN_FORCE).order_by("child_id")


def _remove_children(enrolled: QuerySet[Child]) -> tuple[list[VillageSince], set[UUID]]:
    """Delete those of whom nothing else is known; where they lived, and their ids."""
    unused = enrolled.filter(
        *(
            ~Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")}))
            for relation in _more_known_of()
        )
    )
    lived: list[VillageSince] = []
    gone: set[UUID] = set()
    for chunk in chunks(sorted(unused.values_list("pk", flat=True))):
        homes = Residence.objects.filter(child__in=chunk)
        lived += homes.values_list("village_id", "since")
        homes.delete()
        Child.objects.filter(pk__in=chunk).delete()
        gone.update(chunk)
    return earliest(lived), gone


def _more_known_of() -> list[Any]:
    """Whatever points at a child but where it lives: measurements, visits, whatever is added later."""
    return [relation for relation in Child._meta.related_objects if relation.related_model is not Residence]


def _village_months(seen: Sequence[tuple[UUID, date]]) -> set[VillageMonthKey]:
    """As ``touched_by``, for many children at once."""
    days: dict[UUID, set[date]] = {}
    for child_id, day in seen:
        days.setdefault(child_id, set()).add(month_of(day))
    found: set[VillageMonthKey] = set()
    for chunk in chunks(sorted(days)):
        for child_id, code in Residence.objects.filter(child__in=chunk).values_list("child_id", "village_id"):
            found.update((code, month) for month in days[child_id])
    return found


def _regain(children: Sequence[UUID]) -> set[VillageMonthKey]:
    """N, T, O, B of the series that are shorter now; the village months that this changes."""
    changed: list[Measurement] = []
    for chunk in chunks(children):
        series: dict[UUID, list[Measurement]] = {}
        rows = Measurement.objects.in_force().filter(child__in=chunk).select_related("child")
        for row in rows.order_by("measured_on"):
            series.setdefault(row.child_id, []).append(row)
        for measurements in series.values():
            changed += regained(measurements[0].child, measurements)
    Measurement.objects.bulk_update(changed, ["gain"], batch_size=CHUNK)
    return _village_months([(m.child_id, m.measured_on) for m in changed])
