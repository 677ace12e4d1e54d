"""What a file does to the register, row by row and in all. Nothing here writes or asks the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RowOutcome(StrEnum):
    """What becomes of a row. The values are for programs and never change."""

    NEW_CHILD = "new_child"
    MEASURED = "measured"
    DOUBTFUL = "doubtful"
    COMPLETED = "completed"
    SAME = "same"
    ASK = "ask"
    REFUSED = "refused"
    SKIPPED = "skipped"

    @property
    def words(self) -> str | Promise:
        return _WORDS[self]

    @property
    def tone(self) -> str:
        """How it is to be shown: good, watch, act or none."""
        return _TONES.get(self, "none")


TAKEN = frozenset({RowOutcome.NEW_CHILD, RowOutcome.MEASURED, RowOutcome.DOUBTFUL, RowOutcome.COMPLETED})
NOT_TAKEN = frozenset({RowOutcome.ASK, RowOutcome.REFUSED})

_WORDS = {
    RowOutcome.NEW_CHILD: _("Anak baru"),
    RowOutcome.MEASURED: _("Pengukuran baru"),
    RowOutcome.DOUBTFUL: _("Meragukan"),
    RowOutcome.COMPLETED: _("Dilengkapi"),
    RowOutcome.SAME: _("Sudah ada"),
    RowOutcome.ASK: _("Perlu diputuskan"),
    RowOutcome.REFUSED: _("Ditolak"),
    RowOutcome.SKIPPED: _("Dilewati"),
}


_TONES = {
    RowOutcome.NEW_CHILD: "good",
    RowOutcome.MEASURED: "good",
    RowOutcome.COMPLETED: "good",
    RowOutcome.DOUBTFUL: "watch",
    RowOutcome.ASK: "watch",
    RowOutcome.REFUSED: "act",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a row. ``repaired``: a value was read otherwise than it is written."""

    code: str
    sentence: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class ZDifference:
    """A z-score the file gives otherwise than WHO's standards do."""

    index: str
    file: float
    ours: float | None

    @property
    def words(self) -> str:
        """The index as the field writes it."""
        return str({"haz": _("TB/U"), "waz": _("BB/U"), "whz": _("BB/TB")}[self.index])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child that a row may mean: what tells it from others, for whoever decides."""

    child_id: UUID
    name: str
    birth_date: date
    village: str


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row: ``number`` in the sheet from 1, what becomes of it and why. ``nik`` is masked.

    ``key`` is the same each time the file is looked at and tells nothing of the child: what somebody decides
    about the row is kept under it. ``candidates`` are the children it may be of, where that is asked.
    """

    number: int
    outcome: RowOutcome
    code: str
    sentence: str
    name: str = ""
    nik: str = ""
    place: str = ""
    measured_on: date | None = None
    child_id: UUID | None = None
    notes: tuple[Note, ...] = ()
    differences: tuple[ZDifference, ...] = ()
    key: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Report:
    """All rows of a file, in the order of the file.

    ``questions`` are those one answer settles for many rows: ``born_order`` and ``measured_order`` (which of
    day and month comes first in that column), ``measured_on`` (the day of a list that names none).
    """

    layout: str
    sheet: str
    rows: Sequence[RowReport]
    others: tuple[str, ...] = ()  # sheets with a table of children that is not read
    questions: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Counter[RowOutcome]:
        return Counter(row.outcome for row in self.rows)

    @property
    def taken(self) -> int:
        """Rows that change the register."""
        return sum(self.counts[outcome] for outcome in TAKEN)

    @property
    def not_taken(self) -> int:
        """Rows somebody has to put right or decide about."""
        return sum(self.counts[outcome] for outcome in NOT_TAKEN)

    @property
    def children_new(self) -> int:
        return sum(row.code.startswith("new_child") for row in self.rows)

    @property
    def children_matched(self) -> int:
        """Children of the register that the file measures; those it brings itself are not among them."""
        new = {row.child_id for row in self.rows if row.code.startswith("new_child")}
        seen = {row.child_id for row in self.rows if row.outcome in TAKEN or row.outcome is RowOutcome.SAME}
        return len(seen - new - {None})

    @property
    def measurements_new(self) -> int:
        """Measurements that are stored anew; one that is completed was there before."""
        taken = TAKEN - {RowOutcome.COMPLETED}
        return sum(row.outcome in taken and row.measured_on is not None for row in self.rows)

    def with_outcome(self, outcome: RowOutcome | None) -> Sequence[RowReport]:
        """The rows of one outcome; all of them for None."""
        return [row for row in self.rows if outcome is None or row.outcome is outcome]

    def summary(self) -> dict[str, object]:
        """What may be kept after the file is gone: counts, and numbers and codes of rows. No names."""
        return {
            "layout": self.layout,
            "rows": len(self.rows),
            "outcomes": {str(outcome): count for outcome, count in self.counts.items()},
            "children_new": self.children_new,
            "not_taken": [[r.number, str(r.outcome), r.code] for r in self.rows if r.outcome in NOT_TAKEN],
        }
