"""Following a child: it moves, leaves, dies or comes back, and each can be undone or dated otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from registry.access.loaders import (
    find_posyandu_of,
    get_child_for_update,
    get_writable_village,
    require_changeable,
)
from registry.actions.bulk.move import check_move
from registry.actions.change_log import log_changes
from registry.actions.drawn_rows import course_words, drawn_course, require_as_drawn
from registry.actions.identity_changes import identity_text
from registry.actions.identity_questions import require_sure_to_leave
from registry.actions.life_course import (
    PLACE_FIELDS,
    Departure,
    LifeCourse,
    LifeEventKind,
    course_changes,
)
from registry.actions.refresh import refresh_figures
from registry.db.locks import lock_children
from registry.errors import Invalid
from registry.models import (
    ChangeLog,
    ChangeSubject,
    Child,
    ChildStatus,
    Measurement,
    Posyandu,
    Residence,
    User,
    Village,
)
from registry.models.child import home_on
from registry.nik import InvalidToken
from registry.places.match import replace_former_codes


@transaction.atomic
def move_child(
    *,
    by: User,
    child_id: UUID,
    village_code: str,
    moved_on: date,
    posyandu_id: int | None = None,
    reason: str = "",
    drawn: str | None = None,
) -> Child:
    """Move a child to another village of the kabupaten from ``moved_on`` on.

    Measurements from that day on count in the new village, earlier ones stay where they were taken.
    ``drawn``: the ``drawn_course`` of the page. Raises Conflict where somebody has changed that meanwhile.
    """
    child = get_child_for_update(by=by, child_id=child_id)
    require_as_drawn(drawn, drawn_course(child), course_words(child))
    village = get_writable_village(by=by, code=village_code)
    return _move(child, village, moved_on, by=by, reason=reason, posyandu_id=posyandu_id)


@transaction.atomic
def receive_child(*, by: User, child_id: UUID, village_code: str, moved_on: date) -> Child:
    """Move a child of another area to a village of ``by``, because the village where it lives has asked.

    That it has, the caller knows (``kpm.move_request_actions``). Raises as :func:`move_child` does.
    """
    lock_children([child_id])
    child = Child.objects.get(pk=child_id)
    require_changeable(child)
    return _move(child, get_writable_village(by=by, code=village_code), moved_on, by=by)


def require_possible_move(child: Child, moved_on: date) -> None:
    """Raise Invalid unless ``child`` can live elsewhere from that day on."""
    stays = LifeCourse.of(child).stays
    _require_past(moved_on, "moved_on")
    check_move(child, child.village, stays[-1].since if stays else None, moved_on)


def _move(
    child: Child,
    village: Village,
    moved_on: date,
    *,
    by: User,
    reason: str = "",
    posyandu_id: int | None = None,
) -> Child:
    old = LifeCourse.of(child)
    if old.stays and old.stays[-1].village == village and child.village_id == village.pk:
        return child
    require_possible_move(child, moved_on)
    new = old.with_move(village, moved_on)
    store_course(child, old, new, by=by, reason=reason, posyandu=find_posyandu_of(village, posyandu_id))
    return child


@transaction.atomic
def close_child(
    *,
    by: User,
    child_id: UUID,
    status: ChildStatus,
    on: date,
    reason: str = "",
    drawn: str | None = None,
) -> Child:
    """Record that a child died or left the kabupaten ``on`` that day; later months do not count it.

    ``drawn`` as in ``move_child``.
    """
    child = get_child_for_update(by=by, child_id=child_id)
    if (child.status, child.status_date) == (status, on):
        return child
    require_as_drawn(drawn, drawn_course(child), course_words(child))
    if status not in (ChildStatus.DIED, ChildStatus.MOVED):
        raise Invalid.of("status", "status")
    old = LifeCourse.of(child)
    return _put_right(child, old, LifeCourse(old.stays, status, on), by=by, reason=reason)


def close_children(departures: Iterable[Departure], *, by: User, reason: str) -> None:
    """Record departures of locked children that a file says. They stay with the file that enrolled them."""
    for one in departures:
        child = Child.objects.get(pk=one.child_id)
        old = LifeCourse.of(child)
        _put_right(child, old, one.close(old), by=by, reason=reason, of_file=True)


def reopen_closed(departure: Departure, *, by: User, reason: str) -> bool:
    """Take back what a file has recorded of a locked child; return whether that was still so."""
    child = Child.objects.filter(pk=departure.child_id).first()
    if child is None or (child.status, child.status_date) != (departure.status, departure.on):
        return False
    old = LifeCourse.of(child)
    _put_right(child, old, LifeCourse(old.stays), by=by, reason=reason, of_file=True)
    return True


@transaction.atomic
def reopen_child(*, by: User, child_id: UUID, reason: str = "") -> Child:
    """Take back a death or a leaving that was recorded by mistake: the child was here all the time."""
    child = get_child_for_update(by=by, child_id=child_id)
    if child.is_active:
        return child
    old = LifeCourse.of(child)
    return _put_right(child, old, LifeCourse(old.stays), by=by, reason=reason)


@transaction.atomic
def return_child(*, by: User, child_id: UUID, on: date, reason: str = "") -> Child:
    """Record that a child who left the kabupaten came back ``on`` that day.

    It is not counted in the months between. Raises Conflict for a child who has not left, Invalid for a day
    up to the leaving or in the future.
    """
    child = get_child_for_update(by=by, child_id=child_id)
    old = LifeCourse.of(child)
    if child.is_active and old.stays[-1].since == on and len(old.stays) > 1:
        return child
    return _put_right(child, old, old.with_return(on), by=by, reason=reason)


@transaction.atomic
def undo_event(
    *,
    by: User,
    child_id: UUID,
    kind: LifeEventKind,
    on: date,
    reason: str = "",
    confirmed: bool | Collection[object] = True,
) -> Child:
    """Take back a move, a leaving, a death or a return that never was. ``confirmed`` as in ``update_child``.

    Raises Conflict when nothing of that kind is on record that day, or something later rests on it, Invalid
    when a measurement says otherwise, and IdentityDoubtful when ``by`` does not reach the child afterwards.
    """
    child = get_child_for_update(by=by, child_id=child_id)
    old = LifeCourse.of(child)
    _put_right(child, old, old.without(kind, on), by=by, reason=reason)
    require_sure_to_leave(child, by=by, confirmed=confirmed)
    return child


@transaction.atomic
def redate_event(
    *,
    by: User,
    child_id: UUID,
    kind: LifeEventKind,
    on: date,
    new_day: date,
    reason: str = "",
    confirmed: bool | Collection[object] = True,
) -> Child:
    """Let a move, a leaving, a death or a return have happened on ``new_day``. Raises as ``undo_event``."""
    child = get_child_for_update(by=by, child_id=child_id)
    old = LifeCourse.of(child)
    new = old.with_new_day(kind, on, new_day)
    if new != old:
        _put_right(child, old, new, by=by, reason=reason)
        require_sure_to_leave(child, by=by, confirmed=confirmed)
    return child


def _put_right(
    child: Child, old: LifeCourse, new: LifeCourse, *, by: User, reason: str, of_file: bool = False
) -> Child:
    require_possible(child, new)
    store_course(child, old, new, by=by, reason=reason, of_file=of_file)
    return child


def require_possible(child: Child, course: LifeCourse, measured: Iterable[date] = ()) -> None:
    """Raise Invalid unless ``course`` can be that of a stored child, which is ``measured`` then as well."""
    stored = child.measurements.in_force().order_by().values_list("measured_on", flat=True)
    course.require_possible(child, {*stored, *measured}, timezone.localdate())


def store_course(
    child: Child,
    old: LifeCourse,
    new: LifeCourse,
    *,
    by: User,
    reason: str = "",
    posyandu: Posyandu | None = None,
    of_file: bool = False,
) -> None:
    """Store where a locked child lived instead of ``old``, let its measurements follow, log it and recount.

    Who did so has worked with the child, so the file that enrolled it does not take it back; but ``of_file``.
    """
    before = copy(child)
    store_stays(child, old, new)
    if of_file:
        child.upload_id = before.upload_id
    if child.village_id != new.stays[-1].village.pk:
        child.village, child.posyandu = new.stays[-1].village, posyandu
        child.rt = child.rw = child.address = ""
        _restore_place(child, before, new)
    child.save(update_fields=["status", "status_date", "upload", "village", *PLACE_FIELDS])
    log_changes(course_changes(before, child, old, new), by=by, reason=reason)
    day = old.first_difference(new)
    if day is not None:
        codes = {stay.village.pk for stay in (*old.stays, *new.stays)}
        refresh_figures(residence_changes=[(code, day) for code in codes], children=[child.pk])


def store_stays(child: Child, old: LifeCourse, new: LifeCourse) -> None:
    """Write the stays of ``new`` where they differ, and the villages of the child's measurements.

    Its status is set and not stored.
    """
    child.status, child.status_date, child.upload = new.status, new.status_date, None
    if old.stays != new.stays:
        child.residences.all().delete()
        Residence.objects.bulk_create(Residence(child=child, **stay._asdict()) for stay in new.stays)
    settle_measurements(child, new)


def settle_measurements(child: Child, course: LifeCourse) -> None:
    """Let every measurement of the child count where it lived that day."""
    elsewhere = []
    for row in child.measurements.all():
        village = home_on(course.stays, row.measured_on)
        if row.village_id != village.pk:
            row.village = village
            elsewhere.append(row)
    Measurement.objects.bulk_update(elsewhere, ["village"])


def _restore_place(child: Child, now: Child, new: LifeCourse) -> None:
    """Give back what was known of the child's place before the move that is undone, if that was the last one.

    ``now`` is the child as it is before that. What the log does not name was written the same in both places.
    """
    logged = ChangeLog.objects.filter(subject=ChangeSubject.CHILD, subject_id=str(child.pk))
    move = logged.filter(field="residences").first()
    place = {name: identity_text(now, name) for name in PLACE_FIELDS}
    try:
        if move is None or replace_former_codes(move.values[0]) != str(new):
            return
        place |= {row.field: row.values[0] for row in logged.filter(at=move.at, field__in=PLACE_FIELDS)}
    except InvalidToken:  # with a lost key the move is undone all the same
        return
    child.posyandu = Posyandu.objects.filter(village=child.village_id, name=place["posyandu"]).first()
    child.rt, child.rw, child.address = place["rt"], place["rw"], place["address"]


def _require_past(day: date, name: str) -> None:
    today = timezone.localdate()
    if day > today:
        raise Invalid.of("future", name, sentence="day_in_future", today=today)
