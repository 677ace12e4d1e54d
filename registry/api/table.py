"""Summaries as CSV: one row a place, the numbers of the JSON under names joined by ``_``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

from registry.api.summary_schema import SummarySerializer
from registry.exports.page_table import ExportTable, list_columns
from registry.exports.response import table_bytes
from registry.models import ExportForm


class CsvRenderer(BaseRenderer):
    """UTF-8, comma, point, one header row. Takes one summary or what ``/summaries/`` answers."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        rows = data.get("results", [data])
        table = ExportTable(
            "summaries", COLUMNS, [[_cell(value) for value in _values(row)] for row in rows], has_bom=False
        )
        return table_bytes(table, ExportForm.CSV)


def _names(serializer: serializers.BaseSerializer[Any], before: str = "") -> Iterator[str]:
    for name, field in getattr(serializer, "fields", {}).items():
        if isinstance(field, serializers.Serializer):
            yield from _names(field, "" if name == "indicators" else f"{before}{name}_")
        else:
            yield f"{before}{name}"


COLUMNS = list_columns(_names(SummarySerializer()))


def _values(row: Mapping[str, Any]) -> Iterator[Any]:
    flat = dict(_flat(row))
    return (flat.get(name) for name in (column.heading for column in COLUMNS))


def _flat(row: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, "" if name == "indicators" else f"{before}{name}_")
        else:
            yield f"{before}{name}", value


def _cell(value: Any) -> Any:
    """Return true and false as JSON writes them, everything else as it is."""
    return str(value).lower() if isinstance(value, bool) else value
