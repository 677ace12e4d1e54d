"""The report of a check as bytes and back: kept sealed beside its file, since its rows name people."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from registry.db.batches import chunks
from registry.imports.answers import RowKeys
from registry.imports.report import (
    Candidate,
    Question,
    QuestionKind,
    Report,
    RowNote,
    RowOutcome,
    RowReport,
    ZDifference,
)
from registry.nik import seal_bytes, unseal_bytes


def seal_report(report: Report) -> bytes:
    """``report``, compressed and sealed: a line with what is said of the whole, then lines of rows."""
    squeezed = zlib.compressobj(1)  # hardly larger than the smallest, and in a quarter of the time
    kept = squeezed.compress(_line(_head(report)))
    for some in chunks(report.rows):  # no large report stands in memory three times
        kept += squeezed.compress(_line(list(map(_cells_of, some))))
    return seal_bytes(kept + squeezed.flush())


def unseal_report(sealed: bytes) -> Report:
    """The report of :func:`seal_report`. Raises InvalidToken where the keys are other ones."""
    first, *lines = zlib.decompress(unseal_bytes(sealed)).splitlines()
    found = json.loads(first)
    rows = [_row(row) for line in lines for row in json.loads(line)]
    return Report(
        found["layout"],
        found["sheet"],
        rows,
        tuple(found["others"]),
        tuple(_question(one) for one in found.get("questions", ())),
        found.get("enrols", True),
        tuple((letters, title) for letters, title in found.get("columns_not_read", ())),
        tuple(found.get("measures_missing", ())),
    )


def _line(found: Any) -> bytes:
    return json.dumps(found, default=str, separators=(",", ":")).encode() + b"\n"


def _head(report: Report) -> dict[str, Any]:
    return {
        "layout": report.layout,
        "sheet": report.sheet,
        "others": report.others,
        "questions": list(map(asdict, report.questions)),
        "enrols": report.enrols,
        "columns_not_read": report.columns_not_read,
        "measures_missing": report.measures_missing,
    }


def _cells_of(row: RowReport) -> list[Any]:
    """Its fields in their order, as JSON has them; a name for each would be most of what is kept."""
    return [
        row.number,
        row.outcome,
        row.code,
        row.sentence,
        row.name,
        row.nik,
        row.place,
        row.place_code,
        row.measured_on and row.measured_on.isoformat(),
        row.born and row.born.isoformat(),
        row.sex,
        None if row.weight_kg is None else str(row.weight_kg),
        None if row.lenhei_cm is None else str(row.lenhei_cm),
        row.child_id and str(row.child_id),
        [(note.code, note.sentence, note.repaired) for note in row.notes],
        [(z.index, z.file, z.ours) for z in row.differences],
        (row.keys.row, row.keys.who, row.keys.nth),
        row.said,
        [asdict(child) for child in row.candidates],
    ]


def _row(row: list[Any]) -> RowReport:
    """Of what :func:`_cells_of` gives."""
    number, outcome, code, sentence, name, nik, place, place_code = row[:8]
    measured_on, born, sex, weight_kg, lenhei_cm, child_id, notes, differences, keys, said, others = row[8:]
    return RowReport(
        number,
        RowOutcome(outcome),
        code,
        sentence,
        name,
        nik,
        place,
        place_code,
        measured_on=_day(measured_on),
        born=_day(born),
        sex=sex,
        weight_kg=_number(weight_kg),
        lenhei_cm=_number(lenhei_cm),
        child_id=UUID(child_id) if child_id else None,
        notes=tuple(RowNote(*note) for note in notes),
        differences=tuple(ZDifference(*z) for z in differences),
        keys=RowKeys(*keys),
        said=said,
        candidates=tuple(map(_candidate, others)),
    )


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _number(kept: str | None) -> Decimal | None:
    return Decimal(kept) if kept else None


def _question(one: dict[str, Any]) -> Question:
    days = (date.fromisoformat(one[name]) if one[name] else None for name in ("day_first", "month_first"))
    return Question(QuestionKind(one["asks"]), one["written"], *days)


def _candidate(child: dict[str, Any]) -> Candidate:
    born = date.fromisoformat(child["birth_date"])
    return Candidate(**{**child, "child_id": UUID(child["child_id"]), "birth_date": born})
