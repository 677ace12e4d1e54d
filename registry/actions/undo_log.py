"""What a file changes besides the rows that it brings, kept so that it can be taken back.

Of children who were there before, that is what it filled in, who moved, and whose residence begins earlier.
Of the register, the months that were not counted before, and posyandu. Sealed, since it names children.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, Model, OuterRef, Q

from registry.actions.bulk.move import Move
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.identity_changes import NIK, identity_changes
from registry.actions.life_course import Departure
from registry.actions.refresh import VillageSince
from registry.actions.residences import reopen_closed
from registry.db.batches import CHUNK, chunks
from registry.db.derived_rows import is_derived
from registry.errors import refusing_unreadable
from registry.models import (
    ChangeLog,
    ChangeSubject,
    Child,
    ChildStatus,
    CountedMonth,
    Measurement,
    MeasurementState,
    Posyandu,
    Residence,
    Upload,
    User,
)
from registry.nik import nik_hash, seal_bytes, unseal_bytes
from registry.places.match import replace_former_codes


@dataclass(frozen=True, slots=True)
class Moved:
    """A move, what was known of the place that the child left, and the measurements that went with it."""

    child: str
    left: str
    village: str
    since: str
    posyandu: int | None
    rt: str
    rw: str
    address: str
    measurements: list[str]


@dataclass(frozen=True, slots=True)
class Closed:
    """A child that died or left: its status and the day."""

    child: str
    status: str
    on: str


@dataclass
class ImportChanges:
    """What an import has changed, so that it can be undone.

    ``filled`` holds by child the values that it had nothing of, by field; a NIK is kept as its keyed hash.
    ``lengthened`` holds by child the day on which its first residence began before. ``opened`` are first days
    of months. ``posyandu`` are names by key, of those that were made.
    """

    filled: dict[str, dict[str, str]] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)
    lengthened: dict[str, str] = field(default_factory=dict)
    closed: list[Closed] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    posyandu: dict[str, str] = field(default_factory=dict)

    def fill(self, child: UUID, values: Mapping[str, Any]) -> None:
        """Note a value that was put where there was none."""
        filled = {
            name: str(nik_hash(value) if name == NIK else value) for name, value in values.items() if value
        }
        if filled:
            self.filled[str(child)] = filled

    def move(self, moves: Iterable[Move]) -> None:
        """Call it before they are stored, a child's moves in the order of time."""
        for one in moves:
            child = one.child
            place = child.posyandu_id, child.rt, child.rw, child.address
            later = Measurement.objects.filter(child=child, measured_on__gte=one.since)
            going = [str(pk) for pk in later.values_list("pk", flat=True)]
            self.moved.append(
                Moved(str(child.pk), one.left.pk, one.village.pk, one.since.isoformat(), *place, going)
            )

    def close(self, departures: Iterable[Departure]) -> None:
        """Note children that died or left."""
        self.closed = [Closed(str(one.child_id), one.status, one.on.isoformat()) for one in departures]

    def lengthen(self, began: Mapping[UUID, date]) -> None:
        """Note first residences that begin earlier than on these days, on which they began."""
        self.lengthened = {str(child): day.isoformat() for child, day in began.items()}

    def open(self, months: Iterable[date]) -> None:
        """Note months that are counted now and were not."""
        self.opened = [month.isoformat() for month in sorted(months)]

    def make(self, posyandu: Iterable[Posyandu]) -> None:
        """Note posyandu that were made."""
        self.posyandu = {str(one.pk): one.name for one in posyandu}

    def months(self) -> set[date]:
        """Return those that were opened."""
        return {date.fromisoformat(month) for month in self.opened}

    def children(self) -> set[UUID]:
        """Return the children with a value that was filled in, or who moved, left or died."""
        changed = {one.child for one in self.moved} | {one.child for one in self.closed}
        return {UUID(pk) for pk in changed | {*self.filled}}

    def seal(self) -> bytes:
        values = asdict(self)
        return seal_bytes(json.dumps(values).encode()) if any(values.values()) else b""


def changes_of(upload: Upload) -> ImportChanges:
    """Return what :meth:`ImportChanges.seal` has stored with it. Raises Conflict where its key is lost.

    A file of another kind than measurements has changed nothing of a child.
    """
    if upload.kind or not upload.changes_sealed:
        return ImportChanges()
    with refusing_unreadable():
        values = json.loads(replace_former_codes(unseal_bytes(bytes(upload.changes_sealed)).decode()))
    values["moved"] = [Moved(**one) for one in values["moved"]]
    values["closed"] = [Closed(**one) for one in values.get("closed", ())]
    return ImportChanges(**values)


def empty_again(changes: ImportChanges, *, by: User, reason: str) -> int:
    """Take out what was filled in and is still so, once: ``changes`` forget it. Of how many children."""
    count = 0
    emptied_again: list[FieldChange] = []
    for child_id, values in changes.filled.items():
        child = Child.objects.select_related("posyandu").filter(pk=child_id).first()
        if child is None:
            continue
        filled = copy(child)
        emptied = [name for name, value in values.items() if _empty(child, name, value)]
        if emptied:
            child.save(update_fields=[*(set(emptied) - {NIK}), *(_NIK_COLUMNS if NIK in emptied else ())])
            emptied_again += identity_changes(filled, child)
            count += 1
    log_changes(emptied_again, by=by, reason=reason)
    changes.filled = {}
    return count


def reopen_again(changes: ImportChanges, upload: Upload, *, by: User, reason: str) -> int:
    """Let the children be here whom ``upload`` closed, once: ``changes`` forget them. Return how many.

    One whose status somebody has recorded again since stays as it is.
    """
    of_status = ChangeLog.objects.filter(subject=ChangeSubject.CHILD, field="status")
    logged = of_status.filter(at__gt=upload.committed_at)
    count = 0
    for one in changes.closed:
        if not logged.filter(subject_id=one.child).exists():
            departure = Departure(UUID(one.child), ChildStatus(one.status), date.fromisoformat(one.on))
            count += reopen_closed(departure, by=by, reason=reason)
    changes.closed = []
    return count


_NIK_COLUMNS = ("nik_sealed", "nik_hash")


def _empty(child: Child, name: str, value: str) -> bool:
    if name == NIK:
        if child.nik_hash != value:
            return False
        child.nik_sealed, child.nik_hash = "", None
        return True
    if not _is_still(getattr(child, name), value):
        return False
    setattr(child, name, None if Child._meta.get_field(name).null else "")
    return True


def _is_still(now: Any, value: str) -> bool:
    if now is None or now == "":
        return False
    return str(now) == value or (not isinstance(now, str) and now == type(now)(value))


def move_back(
    changes: ImportChanges, may: Callable[[Moved], bool] = lambda one: True
) -> tuple[int, list[VillageSince]]:
    """Let children live again where they did before; return how many, and the villages that changes.

    Only moves that ``may`` allows are undone. Children who moved on since, or were measured there by
    somebody, stay. Only the moves that stay are left in ``changes``. The villages are those whose figures
    change.
    """
    residence_changes: list[VillageSince] = []
    stay = []
    for one in reversed(changes.moved):
        if may(one) and _move_back(one):
            residence_changes += [(code, date.fromisoformat(one.since)) for code in (one.left, one.village)]
        else:
            stay.append(one)
    changes.moved = stay[::-1]
    return len(residence_changes) // 2, residence_changes


def _move_back(one: Moved) -> bool:
    child = UUID(one.child)
    home = Residence.objects.filter(child=child, village=one.village, since=one.since, until=None)
    before = Residence.objects.filter(child=child, village=one.left, until=one.since).first()
    there = Measurement.objects.filter(child=child, measured_on__gte=one.since)
    if before is None or not home.exists() or there.exclude(pk__in=one.measurements).exists():
        return False
    home.delete()
    before.until = None
    before.save(update_fields=["until"])
    there.update(village=one.left)
    place = {"posyandu_id": one.posyandu, "rt": one.rt, "rw": one.rw, "address": one.address}
    Child.objects.filter(pk=child).update(village=one.left, **place)
    return True


def count_moves_kept(changes: ImportChanges) -> int:
    """Return how many of the moves left in ``changes`` nobody has undone by hand."""
    return sum(map(_is_still_moved, changes.moved))


def _is_still_moved(one: Moved) -> bool:
    homes = Residence.objects.filter(child=UUID(one.child))
    left = homes.filter(village=one.left, since__lt=one.since).order_by("-since").first()
    there = homes.filter(village=one.village)  # perhaps from another day on
    return there.filter(since__gt=left.since).exists() if left else there.exists()


def shorten(
    changes: Collection[ImportChanges], children: Container[UUID], upload: Upload
) -> list[VillageSince]:
    """Shorten the first residences that ``changes`` lengthened; return the villages whose figures change.

    ``upload`` is taken back, so the first residence of ``children`` begins as late as before again. It begins
    earlier only where a measurement needs it, or a move that has not been undone. ``changes`` forget those
    that are as before.
    """
    began: dict[UUID, date] = {}
    for one in changes:
        for key, day in one.lengthened.items():
            if (child := UUID(key)) in children:
                began[child] = max(date.fromisoformat(day), began.get(child, date.min))
    residence_changes: list[VillageSince] = []
    for chunk in chunks(sorted(began)):
        needed = _first_needed(chunk, upload)
        homes: dict[UUID, list[Residence]] = defaultdict(list)
        for lives in Residence.objects.filter(child__in=chunk).order_by("since"):
            homes[lives.child_id].append(lives)
        shorter = []
        for child in chunk:
            home, since = next(iter(homes[child]), None), min(began[child], needed.get(child, began[child]))
            if home and home.since < since and (home.until is None or since < home.until):
                # Also in a village it moved to later it has now not been missed twice.
                residence_changes += [(lived.village_id, lived.since) for lived in homes[child]]
                home.since = since
                shorter.append(home)
            if home is None or home.since >= began[child]:
                for one in changes:
                    one.lengthened.pop(str(child), None)
        Residence.objects.bulk_update(shorter, ["since"], batch_size=CHUNK)
    return residence_changes


def _first_needed(children: Collection[UUID], upload: Upload) -> dict[UUID, date]:
    """Return the first day on which each child was measured, but for files taken back.

    What is out of force counts as well, since nothing is shorter when it is voided. What waits for a choice
    does not, since it never made anything longer.
    """
    taken_back = Q(upload=upload) | Q(upload__taken_back_at__isnull=False)
    rows = Measurement.objects.filter(child__in=children).exclude(state=MeasurementState.PENDING_CHOICE)
    rows = rows.exclude(taken_back & ~Q(state=MeasurementState.IN_FORCE))
    return dict(rows.order_by().values_list("child_id").annotate(first=Min("measured_on")))


def unmake_posyandu(changes: Collection[ImportChanges], may: Q, wanted: Collection[int]) -> None:
    """Remove the posyandu that were made, where nothing refers to them and ``may`` allows it.

    Those that are ``wanted`` stay, for children who may come back to them. ``changes`` forget those that are
    gone. They also forget those that have another name by now, since somebody has worked with them.
    """
    made = {int(key): name for one in changes for key, name in one.posyandu.items()}
    if not made:
        return
    # Locked first: a child that is being enrolled there meanwhile keeps it, and is seen afterwards.
    rows = Posyandu.objects.select_for_update().filter(pk__in=made).order_by("pk")
    same = [pk for pk, name in rows.values_list("pk", "name") if name == made[pk]]
    nothing = nothing_refers(Posyandu)
    unused = Posyandu.objects.filter(may, *nothing, pk__in=set(same) - set(wanted))
    gone = set(unused.values_list("pk", flat=True))
    Posyandu.objects.filter(pk__in=gone).delete()
    left = {str(pk) for pk in set(same) - gone}
    for one in changes:
        one.posyandu = {key: name for key, name in one.posyandu.items() if key in left}


def nothing_refers(model: type[Model], *, but: type[Model] | None = None) -> list[Any]:
    """Return the conditions that no row refers to one of ``model``, except of ``but`` and derived ones."""
    return [
        ~Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")}))
        for relation in model._meta.related_objects
        if relation.related_model is not but and not is_derived(relation.related_model)
    ]


def forget_closed(changes: Iterable[ImportChanges]) -> None:
    """Let ``changes`` forget the months that are not counted any more."""
    for one in changes:
        counted = CountedMonth.objects.filter(pk__in=one.months()).values_list("month", flat=True)
        one.open(counted if one.opened else ())
