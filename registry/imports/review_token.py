"""What is saved is what was looked at (docs/adr/0010): a check has a mark, which whoever saves sends back,
and nothing is written that the check of that mark has not shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from registry.errors import Conflict
from registry.imports.answers import Decision
from registry.imports.report import TAKEN, Report, RowReport

CHANGED = "changed_since_check"
"""Code of the refusal to write what nobody has looked at."""

_OF_THE_PART = ("part", "wanted")


def mark_of(report: Report, answers: Mapping[str, Any], decisions: Mapping[str, Decision]) -> str:
    """Of what a check found: the same for every check with the same answers and decisions that would write
    the same. It tells nothing of a child.
    """
    said = {name: answer for name, answer in answers.items() if name not in _OF_THE_PART}
    digest = _digest([said, decided_of(report, decisions)])
    for number, deed in _deeds(report):
        digest.update(f"{number} {deed}".encode())
    return digest.hexdigest()


def decided_of(report: Report, decisions: Mapping[str, Decision]) -> str:
    """A mark of those ``decisions`` alone that are about rows of ``report``."""
    keys = {key for row in report.rows for key in (row.keys.row, row.keys.who) if key in decisions}
    found = [(key, decisions[key].choice, decisions[key].child) for key in sorted(keys)]
    return _digest(found).hexdigest()


def must_be_as_seen(now: Report, seen: Report) -> None:
    """Raises Conflict when taking in a part of ``seen`` would write a row that was not shown so. Of what a
    row says in a series without the others only the words may differ.
    """
    shown = dict(_deeds(seen))
    for number, deed in _deeds(now):
        if number not in shown or deed[2:] != shown[number][2:]:
            raise changed()


def with_reasons(report: Report, seen: Report) -> Report:
    """``report`` of a part that was taken in; rows that could not have been chosen keep the reason why."""
    shown = {row.number: row for row in seen.rows}
    return replace(report, rows=[_with_reason(row, shown.get(row.number, row)) for row in report.rows])


def _with_reason(row: RowReport, seen: RowReport) -> RowReport:
    return seen if row.code == "not_chosen" and seen.outcome not in TAKEN else row


def changed() -> Conflict:
    return Conflict(
        CHANGED,
        _(
            "Register berubah sejak berkas ini diperiksa. Belum ada yang tersimpan; periksa lagi, lalu "
            "simpan."
        ),
    )


def _deeds(report: Report) -> Iterator[tuple[int, tuple[str, str, str, str]]]:
    """What each row writes, by its number: how, and for which child where."""
    first = {row.child_id: row.number for row in report.rows if row.enrols}
    return ((row.number, _deed(row, first)) for row in report.rows if row.outcome in TAKEN)


def _deed(row: RowReport, first: Mapping[Any, int]) -> tuple[str, str, str, str]:
    """A new child is told by the row that enrols it: its id is another one each time."""
    return str(row.outcome), row.code, str(first.get(row.child_id, row.child_id)), row.place_code


def _digest(found: Any) -> Any:
    return sha256(json.dumps(found, sort_keys=True, default=str).encode())
