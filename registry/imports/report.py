"""What a file does to the register, row by row and in all. Nothing here writes or asks the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.growth.cells.month_names import NamedMonth
from registry.imports.answers import (
    LEAVE_OUT,
    NEW_CHILD,
    NO_KEYS,
    Decision,
    RowKeys,
    moved_child,
    same_child,
)
from registry.imports.tables.unread_columns import UnreadColumn
from registry.models import RowOutcome
from registry.models.decision import CLOSING

TAKEN = frozenset(
    {
        *(RowOutcome.NEW_CHILD, RowOutcome.NEW_PERSON, RowOutcome.MEASURED),
        *(RowOutcome.DOUBTFUL, RowOutcome.COMPLETED),
    }
)
NOT_TAKEN = frozenset({RowOutcome.ASK, RowOutcome.REFUSED})

OF_THE_FILE = frozenset({"date_order", "measured_on_missing"})
"""Codes of rows that wait for an answer about the whole file."""

ASKS_DEPARTURE = frozenset({"asks_moving", "asks_death"})
"""Codes of rows that ask whether their child has left or died."""

DEPARTED = frozenset({"left_by_choice", "died_by_choice"})
"""Codes of rows that close their child."""


@dataclass(frozen=True, slots=True)
class RowNote:
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

    @property
    def sentence(self) -> str:
        """As ``TB/U: di berkas −1,16, dihitung ulang −1,52.``"""
        said = {"index": self.words, "file": _z_score(self.file), "ours": _z_score(self.ours)}
        return gettext("%(index)s: di berkas %(file)s, dihitung ulang %(ours)s.") % said


def _z_score(z: float | None) -> str:
    return "–" if z is None else number_format(z, decimal_pos=2).replace("-", "\N{MINUS SIGN}")


class RowNumber(NamedTuple):
    """Where a row stands: its sheet, empty where its file has one table, and its number there from 1."""

    sheet: str
    number: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child that a row may mean: what tells it from others, for whoever decides. ``nik`` is masked."""

    child_id: UUID
    name: str
    birth_date: date
    village: str
    parent: str = ""
    nik: str = ""

    @property
    def choice(self) -> str:
        """As a form sends it."""
        return str(self.child_id)

    @property
    def moved_choice(self) -> str:
        """The same, when it lives where the file says."""
        return f"moved:{self.child_id}"

    @property
    def left_choice(self) -> str:
        """The same, when it has left the kabupaten."""
        return f"left:{self.child_id}"

    @property
    def died_choice(self) -> str:
        """The same, when it has died."""
        return f"died:{self.child_id}"


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row: ``number`` in the sheet from 1, what becomes of it and why. ``nik`` is masked.

    ``sheet`` is empty where the file has one table.

    ``keys`` are the same each time the file is looked at and tell nothing of the child: what somebody decides
    about the row is kept under one of them. ``place`` is told with its kecamatan where its name is not its
    alone. ``born``, ``sex`` and the values (kilograms, centimetres) are as the file has been read.
    ``candidates`` are the children it may be of, where that is asked, and ``said`` is what the file says of
    the child, to compare.
    """

    number: int
    outcome: RowOutcome
    code: str
    sentence: str
    name: str = ""
    nik: str = ""
    place: str = ""
    place_code: str = ""
    measured_on: date | None = None
    born: date | None = None
    sex: str = ""
    weight_kg: Decimal | None = None
    lenhei_cm: Decimal | None = None
    child_id: UUID | None = None
    notes: tuple[RowNote, ...] = ()
    differences: tuple[ZDifference, ...] = ()
    keys: RowKeys = NO_KEYS
    said: str = ""
    candidates: tuple[Candidate, ...] = ()
    sheet: str = ""

    @property
    def at(self) -> RowNumber:
        return RowNumber(self.sheet, self.number)

    @property
    def enrols(self) -> bool:
        """Its child is new and comes with this row."""
        return self.code.startswith("new_child")

    @property
    def is_asked(self) -> bool:
        """Somebody has to say which child it is of."""
        asks = self.outcome is RowOutcome.ASK and self.code not in OF_THE_FILE
        return asks or bool(self.candidates)

    @property
    def may_have_moved(self) -> bool:
        """Its child lives elsewhere as far as the register knows."""
        return self.code == "lives_elsewhere"

    @property
    def asks_departure(self) -> bool:
        """Somebody has to say whether its child left or died, and when."""
        return self.code in ASKS_DEPARTURE


def _is_by_choice(code: str) -> bool:
    return code.endswith("_by_choice")


def choices_about(row: RowReport, *, enrols: bool) -> list[Decision]:
    """Return what somebody may decide about a row; ``enrols``: as of the report it is of.

    A file that does not say who a child is cannot enrol one; nor can a row that says it has left or died. The
    day of such a row is proposed.
    """
    found: list[Decision] = []
    for child in row.candidates:
        if row.asks_departure:
            found += [Decision(choice, child.child_id, row.measured_on) for choice in CLOSING]
            continue
        found += [moved_child(child.child_id)] if row.may_have_moved else []
        found.append(same_child(child.child_id))
    if row.is_asked and enrols and not row.asks_departure:
        found.append(NEW_CHILD)
    return [*found, LEAVE_OUT] if row.keys.row else found


class QuestionKind(StrEnum):
    """What one answer settles for a whole column. The values are for programs and never change."""

    BORN_ORDER = "born_order"
    MEASURED_ORDER = "measured_order"
    MEASURED_ON = "measured_on"


@dataclass(frozen=True, slots=True)
class Question:
    """Which of day and month comes first in a column, shown by the first date that may be two.

    Or the day of a list that names none, or of one ``month`` of it.
    """

    asks: QuestionKind
    written: str = ""
    day_first: date | None = None
    month_first: date | None = None
    month: NamedMonth | None = None


@dataclass(frozen=True)
class Report:
    """All rows of a file, in the order of the file.

    ``questions`` are those that one answer settles for many rows.
    """

    layout: str
    sheet: str
    rows: Sequence[RowReport]
    others: tuple[str, ...] = ()  # sheets with a table of children that is not read
    questions: tuple[Question, ...] = ()
    enrols: bool = True  # its rows say who a child is, so that a new one can be enrolled from them
    columns_not_read: tuple[UnreadColumn, ...] = ()
    measures_missing: tuple[str, ...] = ()  # of weight and lenhei, those that no column is of
    positions_assumed: int = 0  # rows with a length or height and no position
    sheets: tuple[str, ...] = ()  # that are read
    sheets_left_notes: tuple[str, ...] = ()  # why others are not read
    sheet_notes: tuple[str, ...] = ()  # what else a person is told of sheets
    village_for: tuple[str, ...] = ()  # sheets whose rows are of the village that was answered

    @cached_property
    def counts(self) -> Counter[RowOutcome]:
        return Counter(row.outcome for row in self.rows)

    @property
    def rows_taken(self) -> int:
        """Rows that change the register."""
        return sum(self.counts[outcome] for outcome in TAKEN)

    @property
    def not_taken(self) -> int:
        """Rows somebody has to put right or decide about."""
        return sum(self.counts[outcome] for outcome in NOT_TAKEN)

    @property
    def undated(self) -> tuple[str, ...]:
        """The months, or sheets, whose rows wait for the day they were measured."""
        waiting = (row.sheet for row in self.rows if row.code == "measured_on_missing" and row.sheet)
        return tuple(dict.fromkeys(waiting))

    @property
    def children_new(self) -> int:
        return sum(row.enrols for row in self.rows)

    @property
    def children_new_doubtful(self) -> int:
        """The new children whose first measurement is doubtful."""
        return sum(row.enrols and row.outcome is RowOutcome.DOUBTFUL for row in self.rows)

    @property
    def children_matched(self) -> int:
        """Children of the register that the file measures; those it brings itself are not among them."""
        new = {row.child_id for row in self.rows if row.enrols}
        seen = {row.child_id for row in self.rows if row.outcome in TAKEN or row.outcome is RowOutcome.SAME}
        return len(seen - new - {None})

    @property
    def children_departed(self) -> int:
        """Children that the file closes, as somebody has decided."""
        return sum(row.code in DEPARTED for row in self.rows)

    @property
    def measurements_new(self) -> int:
        """Measurements that are stored anew; one that is completed was there before."""
        taken = TAKEN - {RowOutcome.COMPLETED}
        return sum(row.outcome in taken and row.measured_on is not None for row in self.rows)

    @property
    def rows_repaired(self) -> Sequence[RowReport]:
        """The rows of which a value was read otherwise than it is written."""
        return [row for row in self.rows if any(note.repaired for note in row.notes)]

    @property
    def rows_decided(self) -> Sequence[RowReport]:
        """The rows that somebody's decision has settled."""
        return [row for row in self.rows if any(map(_is_by_choice, (row.code, *(n.code for n in row.notes))))]

    @property
    def differing(self) -> Sequence[RowReport]:
        """The rows whose z-scores in the file are not those of WHO's standards."""
        return [row for row in self.rows if row.differences]

    def with_outcome(self, outcome: RowOutcome) -> Sequence[RowReport]:
        """The rows of that outcome; doubtful ones are among the new children and measurements too."""
        doubtful = f"{outcome}_doubtful"
        return [row for row in self.rows if row.outcome is outcome or row.code == doubtful]

    @cached_property
    def places(self) -> Counter[tuple[str, str]]:
        """Rows that change the register, by village: its name as it is told and its code."""
        return Counter((row.place, row.place_code) for row in self.rows if row.outcome in TAKEN)

    def summary(self) -> dict[str, object]:
        """What may be kept after the file is gone: counts, and numbers and codes of rows. No names."""
        return {
            "layout": self.layout,
            "rows": len(self.rows),
            "outcomes": {str(outcome): count for outcome, count in self.counts.items()},
            "positions_assumed": self.positions_assumed,
            "undated": self.undated,
            "not_taken": [
                [r.number, str(r.outcome), r.code, *filter(None, [r.sheet])]
                for r in self.rows
                if r.outcome in NOT_TAKEN
            ],
        }
