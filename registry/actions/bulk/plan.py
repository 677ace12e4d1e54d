"""Many measurements before they are stored: what is asked for, and what would become of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from registry.actions.bulk.move import Move
from registry.actions.observation import Observation
from registry.errors import Refused
from registry.models import Child, Measurement, Village


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child built by ``build_child`` that is to be enrolled, living in its village ``since`` that day."""

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


@dataclass(frozen=True, slots=True)
class Entry:
    """One measurement to store. ``child`` is stored, or among the new children of the same call.

    ``confirmed`` is True, or the codes of the doubts that are. ``corrects`` is the id of the measurement that
    this one supersedes for ``reason``: it is stored, or comes earlier.
    """

    id: UUID
    child: Child
    observation: Observation
    confirmed: bool | Collection[str] = False
    corrects: UUID | None = None
    reason: str = ""
    client_time: datetime | None = None


class TakenDay(StrEnum):
    """What becomes of an entry whose child has a measurement in force that day."""

    REFUSE = "refuse"
    KNOW_THE_SAME = "know_the_same"
    """The same values are that measurement, others are refused: a file says again what is known."""
    KEEP_BOTH = "keep_both"
    """The same values are that measurement, others are stored out of force until the midwife chooses."""


class OutcomeKind(StrEnum):
    NEW = "new"
    PENDING_CHOICE = "pending_choice"
    SAME = "same"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens to an entry: ``error`` says why it is not stored, else there is ``measurement``."""

    entry: Entry
    kind: OutcomeKind
    measurement: Measurement | None = None
    error: Refused | None = None


@dataclass(slots=True)
class MeasurementPlan:
    """What storing entries would do, ``outcomes`` in their order, and what that was judged by."""

    outcomes: list[Outcome]
    first_seen: dict[UUID, date]  # of stored children, the first day of an entry, or of what it corrects
    series: dict[UUID, list[Measurement]]  # per child, in force and planned, oldest first, as far as needed
    homes: dict[UUID, list[Lives]]  # per child, oldest first
    known: dict[UUID, Measurement]  # stored or planned under the ids of the entries and of what they correct
    moves: list[Move]  # of children that are stored; those of new ones are in their homes
    moving: set[UUID]  # all that move
    writable: set[str]  # codes of the villages the recorder works in
    taken_day: TakenDay = TakenDay.KNOW_THE_SAME
    new: list[Measurement] = field(default_factory=list)  # to store in force, also what an entry corrects
    pending: list[Measurement] = field(default_factory=list)  # to store until the midwife chooses
    superseded: list[Measurement] = field(default_factory=list)  # stored ones that entries correct

    def reach_of(self, child: Child) -> set[str]:
        """Return codes of the villages where the recorder may write of ``child``.

        That is also the one to which it moved today from a village of hers (``ChildQuerySet.reachable_by``).
        """
        homes = self.homes.get(child.pk, ())
        if (
            len(homes) > 1
            and homes[-2].until == timezone.localdate()
            and homes[-2].village_id in self.writable
        ):
            return self.writable | {homes[-1].village_id}
        return self.writable
