"""The report of a check as bytes and back: kept sealed beside its file, since its rows name people."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from registry.nik import seal_bytes, unseal_bytes
from registry.spreadsheets.asked import Keys
from registry.spreadsheets.report import (
    Asks,
    Candidate,
    Note,
    Question,
    Report,
    RowOutcome,
    RowReport,
    ZDifference,
)


def sealed_report(report: Report) -> bytes:
    """``report``, compressed and sealed."""
    rows = [asdict(row) for row in report.rows]
    kept = {"layout": report.layout, "sheet": report.sheet, "rows": rows, "enrols": report.enrols}
    kept |= {"columns_not_read": report.columns_not_read, "measures_missing": report.measures_missing}
    text = json.dumps(
        {**kept, "others": report.others, "questions": list(map(asdict, report.questions))}, default=str
    )
    return seal_bytes(zlib.compress(text.encode()))


def unsealed_report(sealed: bytes) -> Report:
    """The report of :func:`sealed_report`. Raises InvalidToken where the keys are other ones."""
    found = json.loads(zlib.decompress(unseal_bytes(sealed)))
    rows = [_row(row) for row in found["rows"]]
    questions = tuple(_question(one) for one in found.get("questions", ()))
    return Report(
        found["layout"],
        found["sheet"],
        rows,
        tuple(found["others"]),
        questions,
        found.get("enrols", True),
        tuple((letters, title) for letters, title in found.get("columns_not_read", ())),
        tuple(found.get("measures_missing", ())),
    )


def _row(row: dict[str, Any]) -> RowReport:
    measured_on, child_id = row.pop("measured_on"), row.pop("child_id")
    return RowReport(
        outcome=RowOutcome(row.pop("outcome")),
        notes=tuple(Note(**note) for note in row.pop("notes")),
        differences=tuple(ZDifference(**z) for z in row.pop("differences")),
        measured_on=_day(measured_on),
        born=_day(row.pop("born", None)),
        weight_kg=_number(row.pop("weight_kg", None)),
        lenhei_cm=_number(row.pop("lenhei_cm", None)),
        child_id=UUID(child_id) if child_id else None,
        keys=Keys(**row.pop("keys", {})),
        candidates=tuple(_candidate(child) for child in row.pop("candidates", ())),
        **row,
    )


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _number(kept: str | None) -> Decimal | None:
    return Decimal(kept) if kept else None


def _question(one: dict[str, Any]) -> Question:
    days = (date.fromisoformat(one[name]) if one[name] else None for name in ("day_first", "month_first"))
    return Question(Asks(one["asks"]), one["written"], *days)


def _candidate(child: dict[str, Any]) -> Candidate:
    born = date.fromisoformat(child["birth_date"])
    return Candidate(**{**child, "child_id": UUID(child["child_id"]), "birth_date": born})
