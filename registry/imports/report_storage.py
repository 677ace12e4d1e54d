"""The report of a check as bytes and back: kept sealed with its file, since its rows name people."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import starmap
from operator import attrgetter
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
from registry.imports.tables.unread_columns import UnreadColumn
from registry.nik import seal_bytes, unseal_bytes

_FIELDS = tuple(field.name for field in fields(RowReport))
_cells_of = attrgetter(*_FIELDS)
_MASK_OF_TEN = re.compile(rb"(\d{5})\d\*{6}\d{4}")
"""A NIK as reports of before December 2026 show it, with ten digits."""


_TUPLES = ("others", "measures_missing", "sheets", "sheets_left_notes", "sheet_notes", "village_for")


def _candidate(child_id: str, name: str, born: str, *others: str) -> Candidate:
    return Candidate(UUID(child_id), name, date.fromisoformat(born), *others)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "outcome": RowOutcome,
    "measured_on": date.fromisoformat,
    "born": date.fromisoformat,
    "weight_kg": Decimal,
    "lenhei_cm": Decimal,
    "child_id": UUID,
    "notes": lambda notes: tuple(starmap(RowNote, notes)),
    "differences": lambda differences: tuple(starmap(ZDifference, differences)),
    "keys": lambda keys: RowKeys(*keys),
    "candidates": lambda candidates: tuple(starmap(_candidate, candidates)),
}
"""The fields of a row that JSON has no word for."""


class CompressedFile:
    """A file in memory that holds what is written to it compressed."""

    def __init__(self) -> None:
        # Hardly larger than the smallest, and in a quarter of the time.
        self._compressor, self._parts = zlib.compressobj(1), bytearray()

    def write(self, part: bytes) -> None:
        self._parts += self._compressor.compress(part)

    def content(self) -> bytes:
        return bytes(self._parts + self._compressor.flush())


def seal_report(report: Report) -> bytes:
    """Return ``report``, compressed and sealed: a line with what is said of the whole, then lines of rows."""
    compressed = CompressedFile()
    compressed.write(_line(asdict(replace(report, rows=()))))
    for some in chunks(report.rows):  # no large report stands in memory three times
        compressed.write(_line(list(map(_cells_of, some))))
    return seal_bytes(compressed.content())


def unseal_report(sealed: bytes) -> Report:
    """Return the report of :func:`seal_report`. Raises InvalidToken where the keys are other ones."""
    stored = _MASK_OF_TEN.sub(rb"\1***********", zlib.decompress(unseal_bytes(sealed)))
    first, *lines = stored.splitlines()
    whole = json.loads(first)
    whole["rows"] = [_row(cells) for line in lines for cells in json.loads(line)]
    whole |= {name: tuple(whole.get(name, ())) for name in _TUPLES}
    whole["columns_not_read"] = tuple(
        UnreadColumn(*column[:3], *map(tuple, column[3:])) for column in whole["columns_not_read"]
    )
    whole["questions"] = tuple(_question(**question) for question in whole["questions"])
    return Report(**whole)


def _line(found: object) -> bytes:
    return json.dumps(found, default=_as_json, separators=(",", ":")).encode() + b"\n"


def _as_json(value: Any) -> object:
    return astuple(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _row(cells: list[Any]) -> RowReport:
    found = zip(_FIELDS, cells, strict=False)  # a report of before December 2026 names no sheets
    return RowReport(
        **{name: _READ[name](cell) if name in _READ and cell is not None else cell for name, cell in found}
    )


def _question(asks: str, written: str, day_first: str | None, month_first: str | None) -> Question:
    days = (date.fromisoformat(day) if day else None for day in (day_first, month_first))
    return Question(QuestionKind(asks), written, *days)
