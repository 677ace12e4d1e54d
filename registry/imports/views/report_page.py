"""The rows of a report as the page of a file lists them: which of them, and what is decided about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.imports.answers import NEW_CHILD
from registry.imports.report import TAKEN, Report, RowOutcome, RowReport, choices_about
from registry.models import RowChoice, RowDecision, User
from registry.validation_messages import spoken_date


@dataclass(frozen=True, slots=True)
class Filter:
    words: str | Promise
    rows: Callable[[Report], Sequence[RowReport]]


def _of_outcome(outcome: RowOutcome, report: Report) -> Sequence[RowReport]:
    return report.with_outcome(outcome)


FILTERS: Mapping[str, Filter] = {
    "": Filter(_("Semua"), lambda report: report.rows),
    **{str(one): Filter(one.words, partial(_of_outcome, one)) for one in RowOutcome},
    "decided": Filter(_("Sudah diputuskan"), lambda report: report.rows_decided),
    "repaired": Filter(_("Dibaca berbeda dari yang tertulis"), lambda report: report.rows_repaired),
    "z": Filter(_("Z-score berbeda"), lambda report: report.differing),
}
"""The kinds of rows that can be looked at alone, by their name in the address."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with what is ``decided`` about it, if anything; ``enrols``: as of the report it is of."""

    row: RowReport
    decided: RowDecision | None
    enrols: bool

    @property
    def choice(self) -> str:
        """What is chosen in its form now, empty for nothing."""
        found = self.decided
        if found is None or found.child is None:
            return str(found.choice) if found else ""
        return str(found.child) if found.choice == RowChoice.SAME_AS else f"{found.choice}:{found.child}"

    @property
    def day(self) -> date | None:
        """On which its child left or died: as chosen, else as the row says."""
        return self.decided.day if self.decided and self.decided.day else self.row.measured_on

    @property
    def decided_words(self) -> str:
        """As ``anak yang sama``, or ``anak yang dipilih, meninggal, 15 Juni 2024``."""
        if self.decided is None:
            return ""
        is_same = self.decided.choice == RowChoice.SAME_AS
        words = gettext("anak yang sama") if is_same else self.decided.get_choice_display()
        return f"{words}, {spoken_date(self.decided.day)}" if self.decided.day else words

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
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


def shown_rows(user: User, rows: Sequence[RowReport], *, enrols: bool) -> list[ShownRow]:
    """Return ``rows`` with what is decided about each."""
    keys = {key for row in rows for key in (row.keys.row, row.keys.who)}
    decided = {one.key: one for one in RowDecision.objects.usable_by(user).filter(key__in=keys)}
    return [ShownRow(row, decided.get(row.keys.row) or decided.get(row.keys.who), enrols) for row in rows]
