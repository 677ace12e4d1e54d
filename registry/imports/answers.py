"""What somebody has said about a file beside its content: where, in which order, which column, which child.

Nothing here is kept: whoever shows the preview keeps the answers and gives them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from registry.imports.tables.dates import Orders
from registry.models import RowChoice, Village
from registry.records import record

NO_ORDERS = Orders(None, None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one row: it is of ``child``, who lives where the register says or has moved to where
    the file says, of a new child, or left out.
    """

    choice: RowChoice
    child: UUID | None = None


def same_child(child: UUID) -> Decision:
    """The row is of this child of the register."""
    return Decision(RowChoice.SAME_AS, child)


def moved_child(child: UUID) -> Decision:
    """The row is of this child of the register, who lives where the file says from that day on."""
    return Decision(RowChoice.MOVED, child)


@record
class RowKeys:
    """What a row goes by from one look at its file to the next, with nothing of the child in it.

    ``row`` is who, where and when, as the file has it; not what was measured, which may be put right while
    the row stays the same. ``who`` is the same of every row, in any file, that writes a child in this way.
    ``nth``: the row is the second, third ... of the file that says the same of who, where and when.
    """

    row: str = ""
    who: str = ""
    nth: int = 1


NO_KEYS = RowKeys()
NEW_CHILD = Decision(RowChoice.NEW)
LEAVE_OUT = Decision(RowChoice.SKIP)


@dataclass(frozen=True, slots=True)
class ImportAnswers:
    """The answers to what a file leaves open; empty where nobody has been asked.

    ``village``: of rows that name none. ``orders``: of columns of dates that prove none. ``measured_on``: of
    a table without a column of its own. ``mapping``: field to column, counted from 0, where the header is of
    no known layout; ``header_row`` is then the last row of the header counted from 1, 0 without any, None to
    look for it; ``sheet`` is its name, else the first with rows. ``decisions``: by either key of a row.
    ``only``: the keys of the rows to take in, None for all.
    """

    village: Village | None = None
    orders: Orders | None = None
    measured_on: date | None = None
    mapping: Mapping[str, int] | None = None
    header_row: int | None = None
    sheet: str = ""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    only: frozenset[str] | None = None

    def decision_on(self, keys: RowKeys) -> Decision | None:
        """What somebody has decided: about this very row, else about whoever is written so."""
        return self.decisions.get(keys.row) or self.decisions.get(keys.who)

    def decided_here(self, keys: RowKeys) -> bool:
        """Whether that was decided about this very row, not on another day of whoever is written so."""
        return keys.row in self.decisions or keys.nth > 1


NO_ANSWERS = ImportAnswers()
