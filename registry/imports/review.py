"""Compares what is imported with what the user has reviewed (docs/adr/0010).

A check has a review token, which the page sends back. Nothing is written that this check has not shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from registry.errors import Conflict
from registry.imports.answers import LEAVE_OUT, Decision, RowKeys
from registry.imports.report import TAKEN, Report, RowNumber, RowReport

CHANGED = "changed_since_check"
"""Code of the refusal to write what nobody has reviewed."""

NOT_CHOSEN = "not_chosen"
"""Code of the rows that are not of the part that was saved."""

RowDecisions = Mapping[RowKeys, Decision | None]

_ANSWERS_ABOUT_PART = ("part", "wanted")
_ANSWERS_IN_KEYS = ("village", "measured_on", "days")


def review_token(report: Report, answers: Mapping[str, Any], decisions: Mapping[str, Decision]) -> str:
    """Return the same text for every check with the same answers that would write the same.

    It says nothing of a child.
    """
    given = {name: answer for name, answer in answers.items() if name not in _ANSWERS_ABOUT_PART}
    digest = _digest([given, decisions_token(report, decisions)])
    for at, effect in _effects(report):
        digest.update(f"{at.sheet} {at.number} {effect}".encode())
    return digest.hexdigest()


def decisions_token(report: Report, decisions: Mapping[str, Decision]) -> str:
    """Return a token of those ``decisions`` alone that are about rows of ``report``."""
    keys = {key for row in report.rows for key in (row.keys.row, row.keys.who) if key in decisions}
    found = [(key, decisions[key].choice, decisions[key].child, decisions[key].day) for key in sorted(keys)]
    return _digest(found).hexdigest()


def require_unchanged(now: Report, reviewed: Report) -> None:
    """Raise Conflict when a part of ``reviewed`` would write a row that was not shown so.

    Of what a row says in a series without the others only the words may differ.
    """
    shown = dict(_effects(reviewed))
    for at, effect in _effects(now):
        if at not in shown or effect[2:] != shown[at][2:]:
            raise register_changed()


def restore_reasons(report: Report, reviewed: Report) -> Report:
    """Return ``report`` of an imported part; rows that could not have been chosen have their reason again."""
    shown = {row.at: row for row in reviewed.rows}

    def reason(row: RowReport) -> RowReport:
        before = shown.get(row.at, row)
        return before if row.code == NOT_CHOSEN and before.outcome not in TAKEN else row

    return replace(report, rows=list(map(reason, report.rows)))


def register_changed() -> Conflict:
    """Return the refusal to write what nobody has reviewed."""
    return Conflict(
        CHANGED,
        _(
            "Register berubah sejak berkas ini diperiksa. Belum ada yang tersimpan; periksa lagi, lalu "
            "simpan."
        ),
    )


def chosen_row_keys(report: Report, outcomes: Sequence[str], places: Sequence[str]) -> frozenset[str]:
    """Return the keys of the rows with one of ``outcomes`` in one of the villages ``places``, by code.

    Empty means all of them. A child whose own row is not among them is not enrolled by another one.
    """
    chosen = {outcome for outcome in TAKEN if str(outcome) in outcomes} if outcomes else TAKEN
    rows = [row for row in report.rows if row.outcome in chosen and (not places or row.place_code in places)]
    new = {row.child_id for row in report.rows if row.enrols}
    enrolled = {row.child_id for row in rows if row.enrols}
    return frozenset(row.keys.row for row in rows if row.child_id not in new - enrolled)


def changes_row_keys(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Return whether the answers of ``now`` give rows other keys.

    Where the file names no village or day, the answer is part of the key.
    """
    return any(before.get(name) != now.get(name) for name in _ANSWERS_IN_KEYS)


def rekey(
    reviewed: Report, now: Mapping[RowNumber, RowKeys], chosen: RowDecisions, left_out: Mapping[str, Decision]
) -> dict[RowKeys, Decision | None]:
    """Return decisions about the rows of ``reviewed`` under their keys of ``now``, which are by number.

    Rows that were ``left_out`` before stay so. Who a child is holds for its village, and is asked again in
    another.
    """
    found: dict[RowKeys, Decision | None] = {keys: None for keys in chosen if chosen[keys] is None}
    for row in reviewed.rows:
        keys = now.get(row.at, row.keys)
        if row.keys in chosen:
            found[keys] = chosen[row.keys]
        elif left_out.get(row.keys.row) == LEAVE_OUT:
            found[keys] = LEAVE_OUT
    return found


def _effects(report: Report) -> Iterator[tuple[RowNumber, tuple[str, str, str, str]]]:
    """Yield what each row writes, by its number: how, and for which child where.

    A new child goes by the row that enrols it: its id is another one each time.
    """
    first = {row.child_id: row.at for row in report.rows if row.enrols}
    for row in report.rows:
        if row.outcome in TAKEN:
            child = str(first.get(row.child_id, row.child_id))
            yield row.at, (str(row.outcome), row.code, child, row.place_code)


def _digest(found: Any) -> Any:
    return sha256(json.dumps(found, sort_keys=True, default=str).encode())
