"""What users have answered about a file: its village, dates and columns, and which child a row is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from registry.growth.cells.dates import Order, Orders, sure_day
from registry.growth.cells.month_names import NamedMonth
from registry.models import RowChoice, RowDecision, Upload, User, Village
from registry.models.decision import CLOSING
from registry.places.match import find_by_code

NO_ORDERS = Orders(None, None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one row.

    It is of ``child``, who lives where the register says or has moved to where the file says, or has left or
    died on that ``day``, None while nobody has said which; or of a new child; or it is left out.
    """

    choice: RowChoice
    child: UUID | None = None
    day: date | None = None

    @property
    def closes(self) -> bool:
        """Its child has left or died."""
        return self.choice in CLOSING


def same_child(child: UUID) -> Decision:
    """Return the decision that a row is of this child of the register."""
    return Decision(RowChoice.SAME_AS, child)


def moved_child(child: UUID) -> Decision:
    """Return the decision that a row is of this child, who lives where the file says from that day on."""
    return Decision(RowChoice.MOVED, child)


def decision_of(choice: str, day: str = "") -> Decision:
    """Return the decision that a form sends as ``choice``. Raises ValueError for any other text.

    The ``day`` is that of a child that left or died; None where the text is no day that all read alike.
    """
    if choice in (RowChoice.NEW, RowChoice.SKIP):
        return Decision(RowChoice(choice))
    kind, _mark, child = choice.rpartition(":")
    if kind not in ("", RowChoice.MOVED, *CLOSING):
        raise ValueError(choice)
    on = sure_day(day) if kind in CLOSING else None
    return Decision(RowChoice(kind) if kind else RowChoice.SAME_AS, UUID(child), on)


class RowKeys(NamedTuple):
    """Names of a row that are the same each time its file is read, with nothing of the child in them.

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
    """The answers to what a file leaves open; empty where nobody has answered.

    ``village``: of rows that name none. ``orders``: of columns of dates that prove none. ``measured_on``: of
    a table without a column of its own; ``days``: of those that are of one month each. ``mapping``: field to
    column, counted from 0, where the header is of no known layout; ``header_row`` is then the last row of
    the header counted from 1, 0 without any, None to look for it; ``sheet`` is its name, else the first with
    rows. ``decisions``: by either key of a row.
    ``only``: the keys of the rows to import, None for all.
    """

    village: Village | None = None
    orders: Orders | None = None
    measured_on: date | None = None
    days: tuple[date, ...] = ()
    mapping: Mapping[str, int] | None = None
    header_row: int | None = None
    sheet: str = ""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    only: frozenset[str] | None = None

    def day_of(self, month: NamedMonth | None) -> date | None:
        """Return the day of a table of that month; of one of none, without it."""
        if month is None:
            return self.measured_on
        found = [day for day in self.days if month.has(day)]
        return found[0] if len(found) == 1 else None

    def decision_on(self, keys: RowKeys) -> Decision | None:
        """Return what is decided about this very row, else about every row that writes the child so."""
        return self.decisions.get(keys.row) or self.decisions.get(keys.who)

    def decided_here(self, keys: RowKeys) -> bool:
        """Return whether that was decided about this very row, not about another day of that child."""
        return keys.row in self.decisions or keys.nth > 1


NO_ANSWERS = ImportAnswers()


def answers_of(upload: Upload) -> ImportAnswers:
    """Return all answers about ``upload``."""
    return read_answers(upload.answers, upload.user)


def read_answers(stored: Mapping[str, Any], user: User) -> ImportAnswers:
    """Return answers as an upload stores them. A village that is no longer the user's is left out."""
    code = stored.get("village")
    writable = Village.objects.with_people_visible_to(user).select_related("kecamatan")
    orders = stored.get("orders", {})
    day = stored.get("measured_on")
    return ImportAnswers(
        village=find_by_code(writable, code) if code else None,
        orders=Orders(_order(orders.get("born")), _order(orders.get("measured"))),
        measured_on=date.fromisoformat(day) if day else None,
        days=tuple(map(date.fromisoformat, stored.get("days", ()))),
        mapping=stored.get("mapping"),
        header_row=stored.get("header_row"),
        sheet=stored.get("sheet", ""),
        decisions=decisions_for(user),
    )


def _order(stored: str | None) -> Order | None:
    return Order(stored) if stored else None


def decisions_for(user: User) -> dict[str, Decision]:
    """Return what is decided about rows, by key."""
    rows = RowDecision.objects.usable_by(user).values_list("key", "choice", "child", "day")
    return {key: Decision(RowChoice(choice), child, day) for key, choice, child, day in rows}
