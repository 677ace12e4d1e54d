"""What a file changes in children who were there before, kept so that it can be taken back.

That is what it filled in, and who moved. Sealed, since it says of whom.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry.actions.moves import Move
from registry.actions.refresh import VillageSince
from registry.models import Child, Measurement, Residence, Upload
from registry.nik import nik_hash, seal_bytes, unseal_bytes

NIK = "nik"


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


@dataclass
class Changes:
    """``filled``: by child the values that it had nothing of, by field; a NIK as its keyed hash."""

    filled: dict[str, dict[str, str]] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)

    def fill(self, child: UUID, values: Mapping[str, Any]) -> None:
        """A value was put where there was none."""
        known = {name: value for name, value in values.items() if value}
        said = {name: str(nik_hash(value) if name == NIK else value) for name, value in known.items()}
        if said:
            self.filled[str(child)] = said

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

    def children(self) -> set[UUID]:
        return {UUID(pk) for pk in (*self.filled, *(one.child for one in self.moved))}

    def sealed(self) -> bytes:
        if not self.filled and not self.moved:
            return b""
        return seal_bytes(
            json.dumps({"filled": self.filled, "moved": list(map(asdict, self.moved))}).encode()
        )


def changes_of(upload: Upload) -> Changes:
    """What :meth:`Changes.sealed` has kept with it."""
    if not upload.changes_sealed:
        return Changes()
    kept = json.loads(unseal_bytes(bytes(upload.changes_sealed)))
    return Changes(kept["filled"], [Moved(**one) for one in kept["moved"]])


def empty_again(changes: Changes) -> int:
    """Take out what was filled in and is still so, once: ``changes`` forget it. Of how many children."""
    count = 0
    for child_id, values in changes.filled.items():
        child = Child.objects.filter(pk=child_id).first()
        if child is None:
            continue
        emptied = [name for name, value in values.items() if _empty(child, name, value)]
        if emptied:
            child.save(update_fields=[*(set(emptied) - {NIK}), *(_NIK_COLUMNS if NIK in emptied else ())])
            count += 1
    changes.filled = {}
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
    changes: Changes, may: Callable[[Moved], bool] = lambda one: True
) -> tuple[int, list[VillageSince]]:
    """Let children live again where they did before, where that ``may`` be; those who moved on since, or were
    measured there by somebody, stay, and only they are left in ``changes``. How many moved back, and the
    villages whose figures that changes.
    """
    lived: list[VillageSince] = []
    stay = []
    for one in reversed(changes.moved):
        if may(one) and _move_back(one):
            lived += [(code, date.fromisoformat(one.since)) for code in (one.left, one.village)]
        else:
            stay.append(one)
    changes.moved = stay[::-1]
    return len(lived) // 2, lived


def _move_back(one: Moved) -> bool:
    child = UUID(one.child)
    home = Residence.objects.filter(child=child, village=one.village, since=one.since, until=None)
    before = Residence.objects.filter(child=child, until=one.since).first()
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
