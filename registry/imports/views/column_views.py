"""Saying what the columns of an unknown table are: a guess to put right, remembered under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.access.decorators import people_required, user_of
from registry.errors import Invalid, Refused
from registry.growth.cells.column_names import letters_of
from registry.growth.cells.text import text_of
from registry.imports import saved_mappings, workflow
from registry.imports.known_places import KnownPlaces
from registry.imports.readers.read_file import LIMITS, Sheet, read_sheets
from registry.imports.tables.column_guess import suggest_mapping
from registry.imports.tables.find_tables import likeliest_sheet
from registry.imports.tables.named_mapping import lay_mapping
from registry.imports.views.forms import field_choices
from registry.imports.views.step_views import start_check
from registry.imports.views.upload_views import languages_of, run_action, upload_of
from registry.models import ColumnMapping, Upload, UploadStep

SAMPLES = 3
MOST_COLUMNS = LIMITS.columns
_LONGEST_SAMPLE = 40


@dataclass(frozen=True, slots=True)
class _ShownColumn:
    """One column of the sheet: where it is, what it is called, what it holds, and the field it is."""

    index: int
    letters: str
    header: str
    samples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class _ChosenColumns:
    """``columns`` from field to column counted from 0; ``header_row`` counted from 1, 0 for none."""

    columns: Mapping[str, int]
    header_row: int
    name: str = ""  # of the remembered mapping it comes from


@require_http_methods(["GET", "HEAD", "POST"])
@people_required
def choose(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The columns of a file with a few of its values, each with the field it is."""
    upload = upload_of(request, upload_id)
    if upload.step != UploadStep.CHECKED or upload.kind:
        return redirect("registry:import-file", upload_id=upload_id)
    try:
        sheets = [sheet for sheet in read_sheets(workflow.content_of(upload)) if sheet.rows]
    except Refused as refused:
        return _page(request, upload, [], None, None, problem=refused.message, status=409)
    asked_for = request.POST.get("sheet") or request.GET.get("sheet") or upload.answers.get("sheet")
    sheet = _sheet(sheets, asked_for or likeliest_sheet(sheets, KnownPlaces.of_user(user_of(request))))
    if sheet is None:
        return _page(request, upload, [], None, None, problem=_("Berkas ini kosong."), status=409)
    if request.method != "POST":
        return _page(request, upload, sheets, sheet, _first_choice(request, upload, sheet))
    return _choose(request, upload, sheets, sheet)


def _choose(request: HttpRequest, upload: Upload, sheets: Sequence[Sheet], sheet: Sheet) -> HttpResponse:
    user, name = user_of(request), request.POST.get("name", "").strip()
    chosen = _ChosenColumns({}, 0, name)
    try:
        theirs = saved_mappings.find_mapping_of_another(user, name)
        chosen = _columns_in_post(request, sheet, name)
        lay_mapping(chosen.columns, sheet, chosen.header_row)
        if theirs and _try_mapping(theirs, sheet) != replace(chosen, name=theirs.name):
            raise saved_mappings.name_used_error(theirs)
    except Invalid as invalid:
        return _page(request, upload, sheets, sheet, chosen, problem=invalid.message, status=400)
    kept: dict[str, Any] = {
        "mapping": dict(chosen.columns),
        "header_row": chosen.header_row,
        "sheet": sheet.name,
    }
    kept["mapping_name"] = name or None
    if run_action(request, lambda: workflow.save_answers(by=user, upload_id=upload.pk, **kept)):
        if name and not theirs:
            names = sheet.rows[chosen.header_row - 1] if chosen.header_row else ()
            saved_mappings.remember_mapping(
                by=user, name=name, columns=chosen.columns, header_row=chosen.header_row, names=names
            )
        start_check(request, upload.pk)
    return redirect("registry:import-file", upload_id=upload.pk)


def _columns_in_post(request: HttpRequest, sheet: Sheet, name: str) -> _ChosenColumns:
    """What was chosen. Raises Invalid for a field chosen twice and a header row that is none."""
    header_row = _header_row(request, sheet)
    columns: dict[str, int] = {}
    for i in range(_width(sheet)):
        field = request.POST.get(f"column-{i}", "")
        if field in columns:
            word = dict(field_choices()).get(field, field)
            raise Invalid(
                "field_twice", _("“%(field)s” dipilih untuk dua kolom. Pilih satu saja.") % {"field": word}
            )
        if field:
            columns[field] = i
    return _ChosenColumns(columns, header_row, name)


def _header_row(request: HttpRequest, sheet: Sheet) -> int:
    """Of the sheet, from 1. It is written as Excel counts, which shows the tables of a page on one sheet."""
    row = request.POST.get("header_row", "").strip() or "0"
    if row.isdigit() and row.isascii() and len(row) < 8:
        found = int(row) - sheet.above if int(row) else 0
        if 0 < found <= len(sheet.rows) or int(row) == 0:
            return found
    raise Invalid(
        "header_row",
        _("Baris judul %(row)s tidak ada di lembar ini. Tulis nomornya, atau 0.") % {"row": row[:20]},
    )


def _first_choice(request: HttpRequest, upload: Upload, sheet: Sheet) -> _ChosenColumns:
    """As chosen before, else as the remembered mapping that is asked for or fits, else guessed."""
    wanted = request.GET.get("mapping", "")
    for mapping in saved_mappings.mappings_of(user_of(request)):
        if str(mapping.pk) == wanted:
            if laid := _try_mapping(mapping, sheet):
                return laid
            sentence = _("“%(name)s” tidak cocok dengan lembar ini: judul kolomnya lain.") % {"name": mapping}
            messages.warning(request, sentence)
    kept = upload.answers
    if kept.get("mapping") and kept.get("sheet") == sheet.name and not wanted:
        return _ChosenColumns(kept["mapping"], kept.get("header_row") or 0, kept.get("mapping_name", ""))
    if found := saved_mappings.find_fitting_mapping(user_of(request), sheet):
        mapping, fitting = found
        return _ChosenColumns(fitting.columns, fitting.header_row or 0, mapping.name)
    guess = suggest_mapping(sheet, KnownPlaces.of_user(user_of(request)))
    return _ChosenColumns(guess.columns, guess.row)


def _try_mapping(mapping: ColumnMapping, sheet: Sheet) -> _ChosenColumns | None:
    try:
        laid = lay_mapping(mapping.columns, sheet, mapping.header_row)
    except Invalid:
        return None
    return _ChosenColumns(laid.columns, laid.header_row or 0, mapping.name)


def _sheet(sheets: Sequence[Sheet], name: str | None) -> Sheet | None:
    return next((sheet for sheet in sheets if sheet.name == name), sheets[0] if sheets else None)


def _width(sheet: Sheet) -> int:
    return min(MOST_COLUMNS, max((len(row) for row in sheet.rows[:200]), default=0))


def _columns(request: HttpRequest, sheet: Sheet, chosen: _ChosenColumns) -> list[_ShownColumn]:
    fields = {i: field for field, i in chosen.columns.items()}
    names = sheet.rows[chosen.header_row - 1] if 0 < chosen.header_row <= len(sheet.rows) else ()
    below = [row for row in sheet.rows[chosen.header_row :] if any(text_of(cell) for cell in row)][:SAMPLES]
    return [
        _ShownColumn(
            i,
            letters_of(i),
            text_of(names[i]) if i < len(names) else "",
            tuple(text_of(row[i])[:_LONGEST_SAMPLE] if i < len(row) else "" for row in below),
            request.POST.get(f"column-{i}", fields.get(i, "")),
        )
        for i in range(_width(sheet))
    ]


def _page(
    request: HttpRequest,
    upload: Upload,
    sheets: Sequence[Sheet],
    sheet: Sheet | None,
    chosen: _ChosenColumns | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"upload": upload, "sheets": sheets, "sheet": sheet, "problem": problem}
    if sheet is not None and chosen is not None:
        shown_row = chosen.header_row + sheet.above if chosen.header_row else 0
        context |= {
            "chosen": chosen,
            "header_row": request.POST.get("header_row", shown_row),
            "columns": _columns(request, sheet, chosen),
            "fields": field_choices(),
            "mappings": saved_mappings.mappings_of(user_of(request)),
        }
        if not problem:
            context |= {"problem": upload.problem, **languages_of(upload)}
    return render(request, "registry/import_columns.html", context, status=status)
