"""A file handed in: what it would do, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_widest_place
from registry.access.query import BadQuery
from registry.access.visible_places import Place
from registry.errors import NotFound, Refused
from registry.exports.page_table import ExportTable
from registry.exports.response import export_response
from registry.imports import tasks, workflow
from registry.imports.counted import (
    CountLine,
    children_lines,
    counts_of,
    effect_sentence,
    row_lines,
    stored_counts,
    taken_lines,
    undated_sentence,
)
from registry.imports.progress import find_progress
from registry.imports.report import TAKEN, Report, RowOutcome, RowReport
from registry.imports.report_table import report_list, uploads_list
from registry.imports.row_writers import find_writer
from registry.imports.tables.layout import LayoutName
from registry.imports.tables.unread_columns import assumed_positions_sentence, column_sentences
from registry.imports.upload_steps import WORKING, is_stuck
from registry.imports.views.forms import ANSWERED, AnswersForm, UploadForm
from registry.imports.views.report_page import FILTERS, shown_rows
from registry.models import Upload, UploadStep
from registry.observability.heartbeat import is_any_alive

ROWS_A_PAGE = 50
UPLOADS_A_PAGE = 20
IDLE = timedelta(seconds=30)
MOST_LEFT_SHOWN = 200
FIRST_CHECKED = "unsaved"
"""In the address of a page where somebody wanted to save what had to be checked first."""
MOST_CHECKED_AT_ONCE = 2000
"""Rows of a file that is checked so quickly that it is done after each page of decisions."""


def languages_of(upload: Upload) -> dict[str, str]:
    """The languages of what was found and of what is wrong; empty where it is the reader's own."""
    summary = upload.summary
    return {
        "found_in": _another(summary.get("language")),
        "problem_in": _another(summary.get("problem_language") if upload.problem else ""),
    }


def _another(language: str | None) -> str:
    return language if language and language != translation.get_language() else ""


def upload_of(request: HttpRequest, upload_id: UUID) -> Upload:
    upload = Upload.objects.visible_to(user_of(request)).filter(pk=upload_id).first()
    if upload is None:
        raise Http404
    return upload


@require_http_methods(["GET", "HEAD", "POST"])
@people_required
def hand_in(request: HttpRequest) -> HttpResponse:
    """The upload page: the form, and the files of this user."""
    if request.method != "POST":
        return _upload_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, status=400)
    file = form.cleaned_data["file"]
    try:
        upload = workflow.create_upload(by=user_of(request), file_name=file.name, content=file.read())
    except Refused as refused:
        form.add_error("file", refused.message)
        return _upload_page(request, form, status=400)
    tasks.start_check(upload)
    return redirect("registry:import-file", upload_id=upload.pk)


def _upload_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    """``uploads`` is one page of them; as a file, it is all."""
    mine = Upload.objects.visible_to(user_of(request)).defer("report_sealed")
    mine = mine.order_by("-created_at", "pk")
    if request.method != "POST" and (
        file := export_response(request, {"uploads": lambda: uploads_list(mine)})
    ):
        return file
    page = Paginator(mine, UPLOADS_A_PAGE).get_page(request.GET.get("page"))
    effects = [counts and effect_sentence(counts) for counts in map(stored_counts, page)]
    context = {"form": form, "uploads": page, "listed": zip(page, effects, strict=True), "working": WORKING}
    return render(request, "registry/import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@people_required
def show(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What the file would do or, once it is taken in, what it did. POST asks for the rows shown as a file."""
    upload = upload_of(request, upload_id)
    if upload.step in WORKING:
        context = {**_working(upload), "first_checked": FIRST_CHECKED in request.GET}
        return render(request, "registry/import_working.html", context)
    if upload.committed_at is not None:
        left = workflow.list_rows_not_taken(upload)
        if file := export_response(request, {"left": lambda: _left_as_list(request, upload, left)}):
            return file
        context = {"upload": upload, **_row_counts(upload), "left": left[:MOST_LEFT_SHOWN]}
        context |= {"left_count": len(left), **languages_of(upload)}
        return render(request, "registry/import_done.html", context)
    if upload.problem_code in workflow.COLUMNS_UNKNOWN:
        return redirect("registry:import-columns", upload_id=upload_id)
    chosen = request.GET.get("outcome", "")
    if chosen and chosen not in FILTERS:
        sentence = _("Saringan “%(outcome)s” tidak dikenal. Buka lagi berkasnya.") % {"outcome": chosen[:20]}
        return render(request, "400.html", {"sentence": sentence}, status=400)
    if file := export_response(request, {"rows": lambda: _rows_as_list(request, upload, chosen)}):
        return file
    return _preview_page(request, upload)


def _rows_as_list(request: HttpRequest, upload: Upload, chosen: str) -> ExportTable:
    """All rows of the filter, not of one page only. Raises BadQuery where there is no report."""
    one = FILTERS[chosen]
    try:
        report = workflow.preview(upload)
    except Refused as refused:
        raise BadQuery(refused.message) from None
    notes, rows = _unread_sentences(report), one.rows(report)
    return report_list(upload, rows, _works_in(request), chosen, str(one.words), notes)


def _left_as_list(request: HttpRequest, upload: Upload, rows: Sequence[RowReport]) -> ExportTable:
    return report_list(upload, rows, _works_in(request), "left", _("Baris yang tidak disimpan"))


def _works_in(request: HttpRequest) -> Place:
    place = find_widest_place(user_of(request))
    if place is None:
        raise Http404
    return place


def _working(upload: Upload) -> dict[str, Any]:
    """How far the present step is. ``idle``: it waits long; ``away``: no worker runs."""
    waiting = upload.step in (UploadStep.WAITING, UploadStep.QUEUED)
    known = None if waiting else find_progress(upload)
    since = upload.moved_at or upload.created_at
    return {
        "upload": upload,
        "share": known.share if known else None,
        "said": known.words if known else "",
        "away": not is_any_alive(),
        "idle": waiting and timezone.now() - since > IDLE,
        "stuck": is_stuck(upload),
    }


@require_safe
@people_required
def state(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The same for the script that keeps the page of a file up to date."""
    found = _working(upload_of(request, upload_id))
    upload: Upload = found.pop("upload")
    return JsonResponse({"step": upload.step, "working": upload.step in WORKING, **found})


def run_action(request: HttpRequest, action: Callable[[], object]) -> bool:
    """Do it; where it is refused, the next page says why. Raises Http404 for a file that is not there."""
    try:
        action()
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.message)
        return False
    return True


def _preview_page(request: HttpRequest, upload: Upload) -> HttpResponse:
    """What the file would do, one page of its rows, and what it leaves open, with answers that were wrong."""
    context: dict[str, Any] = {"upload": upload, "problem": upload.problem, **languages_of(upload)}
    context["first_checked"] = FIRST_CHECKED in request.GET
    report: Report | None = None
    status = 200
    try:
        if not upload.problem_code:
            report = workflow.preview(upload)
    except Refused as refused:
        context |= {"problem": refused.message, "problem_in": ""}
        status = 409
    answered = request.GET if ANSWERED in request.GET else None
    context["form"] = answers_form(request, upload, answered, report=report)
    if report is not None:
        context |= _rows_of(request, upload, report) | {"before": workflow.find_earlier_import(upload)}
        context["wanted"] = upload.answers.get("wanted")
        context["pending"] = workflow.why_to_check_again(upload, report)
    return render(request, "registry/import_preview.html", context, status=status)


def answers_form(
    request: HttpRequest, upload: Upload, data: QueryDict | None = None, report: Report | None = None
) -> AnswersForm:
    """The questions of ``upload``; those of its report, which is looked up unless it is given."""
    if report is None and not upload.problem_code and upload.report_sealed:
        with suppress(Refused):  # it cannot be unsealed any more, which the page says
            report = workflow.preview(upload)
    form = AnswersForm(
        data,
        user=user_of(request),
        questions=report.questions if report else (),
        kept=upload.answers,
        needs_village=upload.problem_code == "village_needed",
        village_for=report.village_for if report else (),
    )
    if upload.kind:
        form.ask_day_of_services()
    return form


def _rows_of(request: HttpRequest, upload: Upload, report: Report) -> dict[str, Any]:
    """One page of the rows that the address asks for, and how many there are of each kind."""
    chosen = request.GET.get("outcome", "")
    chosen = chosen if chosen in FILTERS else ""
    page = Paginator(FILTERS[chosen].rows(report), ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = shown_rows(user_of(request), list(page), enrols=report.enrols)
    filters = [(name, one.words, len(one.rows(report))) for name, one in FILTERS.items()]
    writer = find_writer(upload.kind)
    return {
        "report": report,
        "brings": taken_lines(report) if writer else children_lines(counts_of(report)),
        "of_columns": _of_columns(report),
        "layout": writer.words if writer else LayoutName(report.layout).label,
        "page": page,
        "shown": shown,
        "decidable": any(row.is_decidable for row in shown),
        "outcome": chosen,
        "filters": [(name, words, count) for name, words, count in filters if count or not name],
        "parts": [(one, report.counts[one]) for one in RowOutcome if one in TAKEN and report.counts[one]],
        "places": [(*village, count) for village, count in sorted(report.places.items())],
        "query": f"outcome={chosen}&" if chosen else "",
        "is_long": len(report.rows) > MOST_CHECKED_AT_ONCE,
    }


def _of_columns(report: Report) -> list[tuple[str, str]]:
    """What is told of its columns, each with the kind of its notice: a choice is no reason to warn."""
    chosen = report.layout == LayoutName.MAPPED
    assumed = assumed_positions_sentence(report.positions_assumed)
    return [
        *(("watch", one) for one in column_sentences((), report.measures_missing)),
        *(("" if chosen else "watch", one) for one in _unread_sentences(report)),
        *([("", assumed)] if assumed else []),
    ]


def _unread_sentences(report: Report) -> list[str]:
    return column_sentences(report.columns_not_read, (), chosen=report.layout == LayoutName.MAPPED)


def _row_counts(upload: Upload) -> dict[str, Any]:
    """What a file that was taken in brought; ``not_chosen`` are the rows of no part."""
    summary, counts = upload.summary, stored_counts(upload)
    not_chosen = summary.get("not_chosen", 0)
    outcomes = Counter(summary.get("outcomes", {}))
    outcomes[RowOutcome.SKIPPED] -= not_chosen
    of_rows = [CountLine(str(one.words), outcomes[one]) for one in RowOutcome if outcomes[one]]
    if counts:
        counts = {**counts, "skipped": outcomes[RowOutcome.SKIPPED]}
    return {
        "counts": row_lines(counts) if counts else of_rows,
        "brought": effect_sentence(counts) if counts else "",
        "saved_rows": sum(outcomes[outcome] for outcome in TAKEN),
        "not_chosen": not_chosen,
        "assumed": assumed_positions_sentence(summary.get("positions_assumed", 0)),
        "undated": undated_sentence(summary.get("undated", ())),
    }
