"""The children of a village and month by what is still to do, drawn here to print or to take away.

Sections and words are those of ``static/js/workspace/children.js``; what waits on a phone is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpm.advice import has_flag
from kpm.alike_names import AlikeName, place_alike
from kpm.history import History
from kpm.roster import RosterRow
from registry.calendar_months import last_day, month_of
from registry.growth import age_in_days, under_five
from registry.models import Child, Measurement
from registry.remarks import remarks_words


class RosterSection(StrEnum):
    """What is still to do, in the order of the roster."""

    AGAIN = "again"
    TODO = "todo"
    DONE = "done"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class MonthListLine:
    """A child of the list, how old it is that day, what was seen of it last, and the chip of its row."""

    child: Child
    section: RosterSection
    age_days: int
    last: Measurement | None
    kind: str
    word: str
    differing: frozenset[str] = frozenset()  # what tells it from those with its name

    @property
    def remarks(self) -> str:
        """Return what has to be known of what was seen last."""
        return remarks_words(self.last) if self.last else ""


def list_lines(
    rows: Iterable[RosterRow],
    *,
    month: date,
    today: date,
    alike: Mapping[UUID, AlikeName] = MappingProxyType({}),
) -> list[MonthListLine]:
    """Return ``rows`` of the roster of ``month`` by section, by name in each, those ``alike`` together."""
    found = [_line(row, month, min(today, last_day(month))) for row in rows]
    found = [
        replace(line, differing=alike[line.child.pk].differing) if line.child.pk in alike else line
        for line in found
    ]
    sections = [[line for line in found if line.section is section] for section in RosterSection]
    return [line for lines in sections for line in place_alike(lines, alike, lambda line: line.child)]


def section_words(section: RosterSection) -> str:
    return {
        RosterSection.AGAIN: _("Perlu ukur ulang"),
        RosterSection.TODO: _("Belum diukur"),
        RosterSection.DONE: _("Sudah diukur"),
        RosterSection.LEAVING: _("Genap lima tahun bulan ini"),
    }[section]


def _line(row: RosterRow, month: date, on: date) -> MonthListLine:
    last, child = row.last, row.child
    age_days = age_in_days(child.birth_date, max(on, child.birth_date))
    measured = last is not None and month_of(last.measured_on) == month
    if last and measured and under_five(last.age_days):
        kind, word = ("watch", waiting_words()["rival"]) if row.is_pending_choice else _result(row, last)
        return MonthListLine(
            child, RosterSection.AGAIN if has_flag(last) else RosterSection.DONE, age_days, last, kind, word
        )
    section = (
        RosterSection.TODO
        if under_five(age_in_days(child.birth_date, last_day(month)))
        else RosterSection.LEAVING
    )
    kind, word = _result(row, last) if last and measured else _waiting(last, month)
    return MonthListLine(child, section, age_days, last, kind, word)


def _result(row: RosterRow, last: Measurement) -> tuple[str, str]:
    advice = History(row.child, row.measurements, row.measurements).advice_on(last)
    return advice.chip, advice.word


def _waiting(last: Measurement | None, month: date) -> tuple[str, str]:
    """Return how long nobody has measured the child."""
    if last is None:
        return "none", waiting_words()["never"]
    seen = month_of(last.measured_on)
    missed = (month.year - seen.year) * 12 + month.month - seen.month - 1
    if missed < 1:
        return "none", waiting_words()["todo"]
    words = ngettext("%(count)d bulan tidak diukur", "%(count)d bulan tidak diukur", missed)
    return "watch", words % {"count": missed}


def waiting_words() -> dict[str, str]:
    """Return the words for a child of the roster that has no result this month, or two."""
    return {
        "never": _("Belum pernah"),
        "todo": _("Belum diukur"),
        "rival": _("Dua nilai, bidan desa memilih"),
        "moved": _("Pindah ke {village}"),
    }
