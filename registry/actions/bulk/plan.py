"""Many measurements before they are stored: what is asked for, and what would become of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from registry.actions.bulk.move import Move
from registry.actions.observation import Observation
from registry.errors import Refused
from registry.models import Child, Measurement, Village
from registry.records import record


@record
class NewChild:
    """A child built by ``built_child`` that is to be enrolled, living in its village ``since`` that day."""

    child: Child
    since: date


@dataclass(slots=True)
class Lives:
    """A residence, as light as a file of many children needs it. ``pk`` is None until it is stored."""

    child_id: UUID
    village: Village
    since: date
    until: date | None = None
    pk: int | None = None

    @property
    def village_id(self) -> str:
        return self.village.code


@record
class Entry:
    """One measurement to store. ``child`` is stored, or among the new children of the same call."""

    id: UUID
    child: Child
    seen: Observation
    confirmed: bool = False


class OutcomeKind(StrEnum):
    NEW = "new"
    SAME = "same"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@record
class Outcome:
    """What happens to an entry: ``measurement`` when NEW or SAME, else ``error`` says why not."""

    entry: Entry
    kind: OutcomeKind
    measurement: Measurement | None = None
    error: Refused | None = None


@dataclass(slots=True)
class MeasurementPlan:
    """What storing entries would do, ``outcomes`` in their order, and what that was judged by."""

    outcomes: list[Outcome]
    first_seen: dict[UUID, date]  # of stored children, the first day of an entry
    series: dict[UUID, list[Measurement]]  # per child, in force and planned, oldest first, as far as needed
    homes: dict[UUID, list[Lives]]  # per child, oldest first
    known: dict[UUID, Measurement]  # stored or planned under the ids of the entries
    moves: list[Move]  # of children that are stored; those of new ones are in their homes
    moving: set[UUID]  # all that move
    writable: set[str]  # codes of the villages the recorder works in

    def planned(self) -> list[Measurement]:
        return [o.measurement for o in self.outcomes if o.kind == OutcomeKind.NEW and o.measurement]
