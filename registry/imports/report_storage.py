"""The report of a check as bytes and back, by the names of its fields.

It is kept sealed with its file, since its rows name people. A field that is added later is read with its
default, and one that went is passed over.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from django.utils.translation import gettext as _

from registry.db.batches import chunks
from registry.imports.report import QuestionKind, Report, RowOutcome, RowReport
from registry.nik import seal_bytes, unseal_bytes

_MASK_OF_TEN = re.compile(rb"(\d{5})\d\*{6}\d{4}")
"""A NIK as reports of before December 2026 show it, with ten digits."""

_READ: Mapping[Any, Callable[[Any], Any]] = {
    date: date.fromisoformat,
    **{kind: kind for kind in (Decimal, UUID, QuestionKind, RowOutcome)},
}
"""The values that JSON has no word for."""


class ReportOutdated(Exception):
    """The report is kept as it was before December 2026, by position; its file has to be checked again."""

    def __str__(self) -> str:
        return _("Hasil pemeriksaan ini tidak berlaku lagi. Periksa lagi, lalu simpan.")


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
    compressed.write(_line(replace(report, rows=())))
    for some in chunks(report.rows):  # no large report stands in memory three times
        compressed.write(_line(some))
    return seal_bytes(compressed.content())


def unseal_report(sealed: bytes) -> Report:
    """Return the report of :func:`seal_report`.

    Raises InvalidToken where the keys are other ones, and ReportOutdated.
    """
    stored = _MASK_OF_TEN.sub(rb"\1***********", zlib.decompress(unseal_bytes(sealed)))
    first, *lines = stored.splitlines()
    read = _reader(RowReport)
    rows = [read(row) for line in lines for row in json.loads(line)]
    report: Report = _reader(Report)(json.loads(first))
    return replace(report, rows=rows)


def _line(found: object) -> bytes:
    return json.dumps(found, default=_as_json, separators=(",", ":")).encode() + b"\n"


def _as_json(value: Any) -> object:
    """Return the fields of a dataclass that are not as by default, and what JSON has no word for as text."""
    if not is_dataclass(value):
        return str(value)
    named = ((name, getattr(value, name), default) for name, default in _defaults(value.__class__))
    return {name: found for name, found, default in named if found != default}


@cache
def _defaults(kind: Any) -> list[tuple[str, object]]:
    return [(field.name, field.default) for field in fields(kind)]


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """Return what makes a value of a type out of what JSON has of it."""
    kind, inside = get_origin(hint) or hint, [one for one in get_args(hint) if one is not NoneType]
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if hasattr(kind, "_fields"):  # a NamedTuple
        return lambda values: kind(*(tuple(one) if isinstance(one, list) else one for one in values))
    if not inside:
        return _READ.get(kind, _as_it_is)
    read = _reader(inside[0])
    if kind in (tuple, Sequence):
        return lambda values: tuple(map(read, values))
    return lambda value: None if value is None else read(value)


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(found: Any) -> Any:
        if not isinstance(found, dict):
            raise ReportOutdated
        return kind(**{name: readers[name](value) for name, value in found.items() if name in readers})

    return read


def _as_it_is(value: Any) -> Any:
    return value
