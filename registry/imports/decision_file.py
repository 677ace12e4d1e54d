"""Decisions about rows of a file that somebody has written in another one, for ``manage.py import_file``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from registry.errors import Invalid
from registry.growth.cells.text import Cell, text_of
from registry.imports import workflow
from registry.imports.answers import Decision, ImportAnswers, decision_of
from registry.imports.commit import preview
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import Report, RowReport, choices_about
from registry.models import RowChoice, User
from registry.models.decision import CLOSING

_COLUMNS = ("row", "sheet", "decision")
_WORDS = {RowChoice.SAME_AS: "same"}
_AS_OF_A_FORM = {"same": "", **{str(kind): f"{kind}:" for kind in (RowChoice.MOVED, *CLOSING)}}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One line of such a file, the ``number``-th: about which row, and what; ``sheet`` may be empty."""

    number: int
    row: str
    sheet: str
    decision: Decision


def decision_text(decision: Decision) -> str:
    """Return a decision as such a file has it.

    That is ``same CHILD``, ``moved CHILD``, ``left CHILD DAY``, ``died CHILD DAY``, ``new`` or ``skip``.
    """
    words = [_WORDS.get(decision.choice, str(decision.choice))]
    words += [str(decision.child)] if decision.child else []
    words += [decision.day.isoformat() if decision.day else "YYYY-MM-DD"] if decision.closes else []
    return " ".join(words)


def read_decisions(content: bytes) -> list[DecisionLine]:
    """Return the lines of a CSV with the columns ``row``, ``sheet`` and ``decision``, or of a JSON list.

    Raises Invalid, which names the first line that is none.
    """
    lines = []
    for number, (row, sheet, text) in _cells(content):
        try:
            decision = _decision(*text.split())
        except (KeyError, TypeError, ValueError):
            known = _(
                "keputusan “%(text)s” tidak dikenal: tulis new, skip, same ID_ANAK, moved ID_ANAK, "
                "left ID_ANAK TANGGAL atau died ID_ANAK TANGGAL (tanggal seperti 2024-06-12)"
            )
            raise _wrong_line(number, known % {"text": text[:60]}) from None
        lines.append(DecisionLine(number, row, sheet, decision))
    return lines


def _decision(kind: str, child: str = "", day: str = "") -> Decision:
    """Return the decision of one line. Raises KeyError or ValueError for what is none."""
    decision = decision_of(_AS_OF_A_FORM[kind] + child if child else kind, day)
    if bool(day or decision.closes) != bool(decision.day):
        raise ValueError(day)
    return decision


def _cells(content: bytes) -> Iterable[tuple[int, list[str]]]:
    """Yield the number of each line and its cells in the order of ``_COLUMNS``."""
    if content.lstrip()[:1] in (b"[", b"{"):
        try:
            found = json.loads(content)
            rows = [[text_of(line.get(name)) for name in _COLUMNS] for line in found]
        except (ValueError, AttributeError) as error:
            raise _wrong_line(1, _("ini bukan daftar JSON (%(error)s)") % {"error": error}) from None
        return enumerate(rows, start=1)
    header, *lines = read_sheets(content)[0].rows
    places = {text_of(name).lower(): i for i, name in enumerate(header)}
    if not {"row", "decision"} <= places.keys():
        raise _wrong_line(1, _("judul kolomnya harus row, sheet dan decision"))
    return [
        (number, [_cell(line, places.get(name)) for name in _COLUMNS])
        for number, line in enumerate(lines, start=2)
        if any(map(text_of, line))
    ]


def _cell(line: Sequence[Cell], place: int | None) -> str:
    return "" if place is None or place >= len(line) else text_of(line[place])


def save_decisions(user: User, content: bytes, answers: ImportAnswers, lines: Sequence[DecisionLine]) -> None:
    """Store ``lines`` as decisions of ``user`` about the rows of the file ``content``, as its page would.

    Raises Invalid, which names the first line that cannot be about its row.
    """
    report = preview(content, user, answers=answers)
    about = undecided = _rows_by_line(report, lines)
    changed = [line for line in lines if answers.decision_on(about[line.number].keys) != line.decision]
    keys = {key for line in changed for key in (about[line.number].keys.row, about[line.number].keys.who)}
    if keys & answers.decisions.keys():  # such a row asks nothing any more: it is looked at as if undecided
        others = {key: decision for key, decision in answers.decisions.items() if key not in keys}
        without = preview(content, user, answers=replace(answers, decisions=others))
        undecided = _rows_by_line(without, lines)
    for line in changed:
        row = about[line.number]
        seen = (row, undecided[line.number])
        offered = [one for shown in seen for one in choices_about(shown, enrols=report.enrols)]
        if line.decision not in [replace(one, day=line.decision.day) for one in offered]:
            said = {"row": row.number, "decision": decision_text(line.decision)}
            raise _wrong_line(line.number, _("baris %(row)d tidak bisa diputuskan “%(decision)s”") % said)
        workflow.save_decision(by=user, keys=row.keys, decision=line.decision)


def _rows_by_line(report: Report, lines: Iterable[DecisionLine]) -> dict[int, RowReport]:
    rows = {(row.sheet or report.sheet, str(row.number)): row for row in report.rows}
    only_sheet = report.sheet if len(report.sheets) < 2 else ""
    found: dict[int, RowReport] = {}
    for line in lines:
        row = rows.pop((line.sheet or only_sheet, line.row), None)
        if row is None:
            said = {"row": f"{line.sheet} {line.row}".strip()[:60]}
            raise _wrong_line(line.number, _("baris “%(row)s” tidak ada, atau sudah diputuskan") % said)
        found[line.number] = row
    return found


def _wrong_line(number: int, why: str) -> Invalid:
    said = _("Berkas keputusan, baris %(number)d: %(why)s.") % {"number": number, "why": why}
    return Invalid("decision_wrong", said, "decide")
