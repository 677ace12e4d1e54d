"""The one place that answers ``?format=``: a table of a page as a file, row for row, as it was filtered.

Counts are an address like any other (``?format=csv&table=ages``). A table that names people is asked for with
POST, since ``registry.exports.middleware`` logs it before its first byte and a GET never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from registry.access.decorators import user_of
from registry.access.query import BadQuery
from registry.access.visible_places import district_of, place_code
from registry.exports.file_writers import CONTENT_TYPES, WRITERS
from registry.exports.page_table import ExportTable, PageTables
from registry.models import ExportForm, ExportKind, ExportLog

FORMS = (ExportForm.XLSX, ExportForm.CSV)
"""What ``format`` may be. Excel 97-2003 is for Sigizi, which asks for it."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file made from a table. ``log_fields``: what the log says of it; empty where nobody is named."""

    name: str
    content: bytes
    log_fields: dict[str, Any]


def export_response(
    request: HttpRequest,
    tables: PageTables | Callable[[], PageTables],
    *,
    cached: Callable[[str, Callable[[], PageFile]], PageFile] = lambda _key, make: make(),
) -> HttpResponse | None:
    """Return the file that the address (or the button) asks for; None when it asks for the page.

    ``tables``: of the page, or what gives them where that takes queries. ``cached``: gives the file of a key
    if it was made before. Raises BadQuery for a form or table that is not there, and for names without a
    button.
    """
    asked = request.POST if request.method == "POST" else request.GET
    form, key = asked.get("format", ""), asked.get("table", "")
    if not form:
        return None
    if form not in FORMS:
        raise BadQuery(_("Format berkas itu tidak ada. Yang ada: %(names)s.") % {"names": ", ".join(FORMS)})

    def make() -> PageFile:
        table = _find_table(tables() if callable(tables) else tables, key)
        if table.subjects is not None and request.method != "POST":
            raise BadQuery(_needs_button())
        content = table_bytes(table, ExportForm(form))
        return PageFile(f"{table.file_stem}.{form}", content, _log_fields(table, ExportForm(form)))

    file = cached(f"{key}.{form}", make)
    response = HttpResponse(
        file.content,
        content_type=CONTENT_TYPES[ExportForm(form)],
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
    if file.log_fields:
        response.export_log = ExportLog(user=user_of(request), **file.log_fields)  # type: ignore[attr-defined]
    return response


def _find_table(tables: PageTables, key: str) -> ExportTable:
    """Return the table ``key``, without one the first. Raises BadQuery."""
    if not tables or (key and key not in tables):
        names = ", ".join(filter(None, tables)) or "–"
        raise BadQuery(_("Tabel itu tidak ada di halaman ini. Yang ada: %(names)s.") % {"names": names})
    return tables[key or next(iter(tables))]()


def _needs_button() -> str:
    return _("Daftar ini berisi nama, jadi unduhannya dicatat. Unduh lewat tombolnya di halaman itu.")


def table_bytes(table: ExportTable, form: ExportForm) -> bytes:
    """Return the whole file, for tables that fit into memory."""
    file = BytesIO()
    WRITERS[form](file, table)
    return file.getvalue()


def _log_fields(table: ExportTable, form: ExportForm) -> dict[str, Any]:
    if table.subjects is None:
        return {}
    return {
        "kind": ExportKind.SHOWN,
        "page": " ".join(part for part in (table.name, table.filtered_by) if part),
        "form": form,
        "district": district_of(table.subjects.place),
        "place_code": place_code(table.subjects.place),
        "month_from": table.month,
        "month_to": table.month,
        "rows": len(cast("Sequence[object]", table.rows)),
        "children": table.subjects.children,
        "withheld": table.subjects.withheld,
    }
