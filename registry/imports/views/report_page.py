"""The rows of a report as the page of a file lists them: which of them, and what is decided about each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.imports.answers import NEW_CHILD, Decision
from registry.imports.report import TAKEN, Report, RowOutcome, RowReport, choices_about
from registry.models import RowChoice


@dataclass(frozen=True, slots=True)
class Filter:
    words: str | Promise
    rows: Callable[[Report], Sequence[RowReport]]


def _of_outcome(outcome: RowOutcome, report: Report) -> Sequence[RowReport]:
    return report.with_outcome(outcome)


FILTERS: Mapping[str, Filter] = {
    "": Filter(_("Semua"), lambda report: report.rows),
    **{str(one): Filter(one.words, partial(_of_outcome, one)) for one in RowOutcome},
    "repaired": Filter(_("Dibaca lain dari tertulis"), lambda report: report.rows_repaired),
    "z": Filter(_("Z-score berbeda"), lambda report: report.differing),
}
"""The kinds of rows that can be looked at alone, by their name in the address."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``field`` is the name of its choice in the form, ``choice`` what is chosen now ("" for nothing)."""

    row: RowReport
    choice: str
    enrols: bool

    @property
    def field(self) -> str:
        return f"row-{self.row.keys.row}-{self.row.keys.who}"

    @property
    def may_be_new(self) -> bool:
        """Its child may be enrolled."""
        return NEW_CHILD in choices_about(self.row, enrols=self.enrols)

    @property
    def may_be_left_out(self) -> bool:
        return self.row.outcome in TAKEN

    @property
    def is_decidable(self) -> bool:
        """There is anything to choose about it."""
        return self.row.is_asked or self.may_be_left_out or self.choice != ""


def shown_rows(
    rows: Iterable[RowReport], decisions: Mapping[str, Decision], *, enrols: bool
) -> list[ShownRow]:
    """``rows`` with what is decided about each; ``enrols``: as of the report they are of."""
    return [ShownRow(row, _choice(row, decisions), enrols) for row in rows]


def _choice(row: RowReport, decisions: Mapping[str, Decision]) -> str:
    decision = decisions.get(row.keys.row) or decisions.get(row.keys.who)
    if decision is None:
        return ""
    if decision.choice == RowChoice.MOVED:
        return f"{decision.choice}:{decision.child}"
    return str(decision.child) if decision.child else str(decision.choice)
