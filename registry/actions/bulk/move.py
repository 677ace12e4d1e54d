"""Many children moving between villages of the kabupaten at once, as a file says it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.actions.change_log import log_changes
from registry.actions.life_course import LifeCourse, course_changes
from registry.actions.refresh import VillageSince
from registry.db.batches import CHUNK
from registry.errors import Invalid
from registry.models import Child, Measurement, Posyandu, Residence, User, Village


@dataclass(frozen=True, slots=True)
class Move:
    """``child`` lives in ``village`` from the day ``since`` on, and until then lived in ``left``.

    What is known of its place there goes with it; what was known of the former one is of no use any more.
    """

    child: Child
    left: Village
    village: Village
    since: date
    posyandu: Posyandu | None = None
    rt: str = ""
    rw: str = ""
    address: str = ""


def check_move(child: Child, lives: Village, lives_since: date | None, moved_on: date) -> None:
    """Raise Invalid unless a child that lives in ``lives`` from ``lives_since`` on can move ``moved_on``."""
    if lives_since is None or moved_on <= lives_since:
        since = lives_since or child.birth_date
        raise Invalid.of("moved_before_living", "moved_on", village=lives, date=since)
    if child.status_date and moved_on > child.status_date:
        status = child.get_status_display()
        raise Invalid.of("moved_after_leaving", "moved_on", status=status, date=child.status_date)


def store_moves(moves: Sequence[Move], *, by: User, reason: str) -> list[VillageSince]:
    """Write and log checked moves of stored children that are locked, a child's in the order of time.

    Measurements from that day on count in the new village, earlier ones stay where they were taken. Returns
    what :func:`registry.actions.refresh.refresh_figures` needs to know.
    """
    before: dict[UUID, tuple[Child, LifeCourse]] = {}
    after: dict[UUID, LifeCourse] = {}
    for move in moves:
        pk = move.child.pk
        if pk not in before:
            before[pk] = copy(move.child), LifeCourse.of(move.child)
        after[pk] = after.get(pk, before[pk][1]).with_move(move.village, move.since)
        Residence.objects.filter(child=move.child, until=None).update(until=move.since)
        Residence.objects.create(child=move.child, village=move.village, since=move.since)
        later = Measurement.objects.filter(child=move.child, measured_on__gte=move.since)
        later.update(village=move.village)
    last: dict[UUID, Child] = {}
    for move in moves:
        child = move.child
        child.village, child.posyandu = move.village, move.posyandu
        child.rt, child.rw, child.address = move.rt, move.rw, move.address
        last[child.pk] = child
    Child.objects.bulk_update(last.values(), ["village", "posyandu", "rt", "rw", "address"], batch_size=CHUNK)
    changes = (
        change
        for pk, (was, course) in before.items()
        for change in course_changes(was, last[pk], course, after[pk])
    )
    log_changes(changes, by=by, reason=reason)
    return [(place.pk, move.since) for move in moves for place in (move.left, move.village)]
