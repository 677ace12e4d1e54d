"""Taking a whole file back: what it brought is gone as if it had never come, what people did since stays.

A measurement that a person typed is never deleted. What a file brought is another matter: the file is still
with its owner, and a register full of void rows and children that never were would be worse than the error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.access.loaders import get_upload_for_update
from registry.actions.gain import recompute_stored_gain
from registry.actions.refresh import (
    Counting,
    VillageSince,
    affected_village_months,
    first_day_per_key,
    refresh_figures,
)
from registry.actions.undo_log import (
    ImportChanges,
    Moved,
    changes_of,
    count_moves_kept,
    empty_again,
    forget_closed,
    move_back,
    nothing_refers,
    reopen_again,
    shorten,
    unmake_posyandu,
)
from registry.db.batches import chunks
from registry.db.locks import lock_children
from registry.errors import Conflict, refusing_unreadable
from registry.models import (
    ChangeLog,
    ChangeSubject,
    Child,
    District,
    Measurement,
    MeasurementState,
    Residence,
    Upload,
    User,
    Village,
)
from registry.places.match import replace_former_codes


@dataclass(frozen=True, slots=True)
class RevertResult:
    """What is gone, and what stays because somebody has worked with it since.

    ``completed`` are children who lack again what the file filled in, ``reopened`` those it had closed.
    ``moved`` are those who live again where they did, ``moves_kept`` those who stay.

    ``out_of_reach`` are children of a colleague's file that was taken back before. Nothing else is known of
    them any more, but they live by now where the user who takes back does not work.
    """

    measurements: int
    children: int
    measurements_kept: int
    children_kept: int
    completed: int = 0
    moved: int = 0
    moves_kept: int = 0
    out_of_reach: int = 0
    reopened: int = 0


@transaction.atomic
def revert_import(
    *,
    by: User,
    upload_id: UUID,
    progress: Callable[[int], object] = lambda done: None,
    counting: Counting = lambda months, done: None,
) -> RevertResult:
    """Take back the file ``by`` has taken in, once: again changes nothing and says the same.

    Measurements of the file go, unless somebody has corrected or voided them or sent another value of that
    day; what they completed is in force again. Children it enrolled go when nothing else is known of them.
    What files taken back before had to keep because of this one goes with it, also those of colleagues as
    far as ``by`` works where the child lives.

    Raises NotFound for a file of somebody else, Conflict for one that was never taken in.
    """
    upload = get_upload_for_update(by=by, upload_id=upload_id)
    if upload.committed_at is None:
        raise Conflict.of("not_committed")
    if upload.taken_back_at is not None:
        return RevertResult(**upload.summary["taken_back"])
    _one_at_a_time()
    found = _take_back(by, upload, progress, counting)
    upload.taken_back_at, upload.taken_back_by = timezone.now(), by
    upload.summary["taken_back"] = {name: getattr(found, name) for name in RevertResult.__slots__}
    upload.save(update_fields=["taken_back_at", "taken_back_by", "summary"])
    return found


def _take_back(
    by: User, upload: Upload, progress: Callable[[int], object], counting: Counting
) -> RevertResult:
    brought = Measurement.objects.filter(upload=upload)
    before = Upload.objects.filter(taken_back_at__isnull=False)
    changes = {one: changes_of(one) for one in [upload, *before.exclude(changes_sealed=b"")]}
    touched = {*brought.values_list("child_id", flat=True), *changes[upload].children()}
    enrolled = _find_enrolled(upload, touched)
    concerned = {*touched, *enrolled, *(pk for change in changes.values() for pk in change.children())}
    lock_children(concerned)
    # Only now that nobody else can change them.
    gone = _remove_measurements(by, brought, progress)
    village_months = affected_village_months((child, day) for child, day, _old in gone)
    reason = _("berkas %(name)s ditarik kembali") % {"name": upload.file_name}
    completed = empty_again(changes[upload], by=by, reason=reason)
    reopened = reopen_again(changes[upload], upload, by=by, reason=reason)
    moved, residence_changes = _undo_moves(by, changes, touched)
    homes, children, out_of_reach = _remove_children(by, upload, enrolled)
    residence_changes += [*homes, *shorten(changes.values(), touched, upload)]
    unmake_posyandu(changes.values(), *_posyandu_to_go(by, upload, changes))
    left = {child for child, _day, _old in gone} - children
    refresh_figures(
        village_months | affected_village_months(recompute_stored_gain(left)),
        children=concerned - children,
        residence_changes=residence_changes,
        months_to_close=set[date]().union(*(change.months() for change in changes.values())),
        counting=counting,
    )
    _save_changes_left(changes)
    return RevertResult(
        measurements=len(gone),
        children=len(children),
        measurements_kept=brought.count(),
        children_kept=Child.objects.filter(upload=upload).count(),
        completed=completed,
        moved=moved,
        moves_kept=count_moves_kept(changes[upload]),
        out_of_reach=out_of_reach,
        reopened=reopened,
    )


def _undo_moves(
    by: User, changes: Mapping[Upload, ImportChanges], touched: Container[UUID]
) -> tuple[int, list[VillageSince]]:
    """Return how many children live again where they did, and the villages that changes."""
    found = [move_back(change, _mover(by, upload, touched)) for upload, change in changes.items()]
    return sum(count for count, _places in found), [place for _count, places in found for place in places]


def _save_changes_left(changes: Mapping[Upload, ImportChanges]) -> None:
    forget_closed(changes.values())
    for upload, change in changes.items():
        upload.changes_sealed = change.seal()
        upload.save(update_fields=["changes_sealed"])


def _one_at_a_time() -> None:
    """Lock the districts: of two files about the same children, each would take the other's for staying."""
    list(District.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _find_enrolled(upload: Upload, touched: Collection[UUID]) -> set[UUID]:
    """Return the ids of the children who may go with ``upload``.

    They are those that it enrolled, and those that a file of the same user taken back before enrolled. Of the
    children it ``touched``, those of anybody's file taken back before may go as well.
    """
    own = Q(upload=upload) | Q(upload__user=upload.user, upload__taken_back_at__isnull=False)
    found = set(Child.objects.filter(own).values_list("pk", flat=True))
    theirs = Child.objects.filter(upload__taken_back_at__isnull=False)
    for chunk in chunks(sorted(touched)):
        found.update(theirs.filter(pk__in=chunk).values_list("pk", flat=True))
    return found


def _mover(by: User, upload: Upload, touched: Container[UUID]) -> Callable[[Moved], bool]:
    """Return a function that says which of the moves in ``upload`` may be undone.

    Of an own file all may be. Of a colleague's file it is the moves of children that this file touched, from
    a village and to a village where ``by`` works. A move that somebody has recorded again since stays.
    """
    villages = Village.objects.with_people_visible_to(by)

    def may(one: Moved) -> bool:
        if _is_moved_again(one, upload):
            return False
        if upload.user_id == by.pk:
            return True
        return UUID(one.child) in touched and villages.filter(pk__in=(one.left, one.village)).count() == 2

    return may


def _is_moved_again(one: Moved, upload: Upload) -> bool:
    """Return whether somebody has recorded the same move after ``upload``: what that brought was undone."""
    since = ChangeLog.objects.filter(
        subject=ChangeSubject.CHILD, subject_id=one.child, field="residences", at__gt=upload.committed_at
    )
    home = f"{one.village} {one.since}"
    with refusing_unreadable():
        values = [[replace_former_codes(value) for value in row.values] for row in since]
    return any(home in new and home not in old for old, new in values)


_Gone = tuple[UUID, date, UUID | None]
"""Of a measurement that is deleted: the child, the day, and what it superseded."""


def _remove_measurements(
    by: User, brought: QuerySet[Measurement], progress: Callable[[int], object]
) -> list[_Gone]:
    """Delete the measurements that nobody has touched since, and return which are gone.

    A deletion may bring an older measurement into force again. That one goes as well where it is of a file
    taken back before.
    """
    gone: list[_Gone] = []
    left = _list_untouched(brought)
    while left:
        restored: list[UUID] = []
        for chunk in chunks(left):
            Measurement.objects.filter(pk__in=[row[0] for row in chunk]).delete()
            old = [row[3] for row in chunk if row[3]]
            superseded = Measurement.objects.filter(pk__in=old, state=MeasurementState.SUPERSEDED)
            superseded.update(state=MeasurementState.IN_FORCE)
            restored += old
            progress(len(chunk))
        gone += [row[1:] for row in left]
        left = []
        for ids in chunks(restored):
            again = Measurement.objects.filter(pk__in=ids, upload__taken_back_at__isnull=False)
            left += _list_untouched(
                again.filter(Q(upload__user=by) | Q(child__in=Child.objects.visible_to(by)))
            )
    return gone


def _list_untouched(brought: QuerySet[Measurement]) -> list[tuple[UUID, UUID, date, UUID | None]]:
    """Return those in force as the file brought them, where nobody has said anything else of the day."""
    pending = Measurement.objects.filter(
        child=OuterRef("child"), measured_on=OuterRef("measured_on"), state=MeasurementState.PENDING_CHOICE
    )
    rows = brought.filter(~Exists(pending), state=MeasurementState.IN_FORCE).order_by("child_id")
    return list(rows.values_list("pk", "child_id", "measured_on", "supersedes_id"))


def _remove_children(
    by: User, upload: Upload, enrolled: Collection[UUID]
) -> tuple[list[VillageSince], set[UUID], int]:
    """Delete the children of which nothing else is known, and return where they lived.

    Their ids come second. Third is how many of a colleague's file stay because ``by`` does not work where
    they live.
    """
    unused = _list_unused(upload, enrolled)
    mine = Q(upload__user=by) | Q(pk__in=Child.objects.visible_to(by).values("pk"))
    homes: list[VillageSince] = []
    gone: set[UUID] = set()
    for chunk in chunks(unused):
        going = set(Child.objects.filter(mine, pk__in=chunk).values_list("pk", flat=True))
        residences = Residence.objects.filter(child__in=going)
        homes += residences.values_list("village_id", "since")
        residences.delete()
        Child.objects.filter(pk__in=going).delete()
        gone |= going
    return first_day_per_key(homes), gone, len(unused) - len(gone)


def _list_unused(upload: Upload, enrolled: Collection[UUID]) -> list[UUID]:
    """Return those of which nothing is known but what files taken back have said."""
    # Whatever points at a child but where it lives: measurements, visits, whatever is added later.
    nothing_more = nothing_refers(Child, but=Residence)
    found: set[UUID] = set()
    for chunk in chunks(sorted(enrolled)):
        # Somebody may have put it right while we waited for the lock: then it is no file's any more.
        rows = Child.objects.filter(*nothing_more, pk__in=chunk, upload__isnull=False)
        found.update(rows.values_list("pk", flat=True))
    return sorted(found - _known_to_others(upload)) if found else []


def _known_to_others(upload: Upload) -> set[UUID]:
    """Return those that a file which is not taken back has filled in or moved."""
    return set[UUID]().union(*(change.children() for change in _changes_of_others(upload)))


def _changes_of_others(upload: Upload) -> Iterator[ImportChanges]:
    """Yield what the files that are not taken back have changed."""
    files = Upload.objects.filter(committed_at__isnull=False, taken_back_at=None).exclude(pk=upload.pk)
    for one in files.filter(kind="").exclude(changes_sealed=b"").only("kind", "changes_sealed").iterator():
        yield changes_of(one)


def _posyandu_to_go(by: User, upload: Upload, changes: Mapping[Upload, ImportChanges]) -> tuple[Q, set[int]]:
    """Return which posyandu may go, and the keys of those a child may come back to.

    Those made by ``upload`` may go, and those made by files taken back before where ``by`` works. A child may
    come back to a posyandu if it would be there again after a move was undone.
    """
    may = Q(pk__in=[int(key) for key in changes[upload].posyandu])
    may |= Q(village__in=Village.objects.with_people_visible_to(by).values("pk"))
    known = [*changes.values(), *_changes_of_others(upload)]
    return may, {one.posyandu for change in known for one in change.moved if one.posyandu}
