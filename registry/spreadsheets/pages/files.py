"""A file handed in: what it would do, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import NotFound, Refused
from registry.figures.place import Place
from registry.models import Upload, UploadStep
from registry.pages import BadAddress, people_required, user_of
from registry.spreadsheets import background, uploads
from registry.spreadsheets.answers import decisions_for
from registry.spreadsheets.out.door import widest_place
from registry.spreadsheets.out.report_rows import report_list, uploads_list
from registry.spreadsheets.out.screen import Listed, file_asked
from registry.spreadsheets.pages.decided import decided_in
from registry.spreadsheets.pages.forms import AnswersForm, UploadForm
from registry.spreadsheets.pages.shown import FILTERS, LAYOUT_WORDS, shown_rows
from registry.spreadsheets.report import TAKEN, Report, RowOutcome, RowReport
from registry.spreadsheets.tables.unread import column_sentences

ROWS_A_PAGE = 50
UPLOADS_SHOWN = 20
WORKING = frozenset(
    {UploadStep.WAITING, UploadStep.CHECKING, UploadStep.QUEUED, UploadStep.WRITING, UploadStep.LEAVING}
)
IDLE = timedelta(seconds=30)
MOST_LEFT_SHOWN = 200
MOST_CHECKED_AT_ONCE = 2000
"""Rows of a file that is checked so quickly that it is done after each page of decisions."""


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
        upload = uploads.hand_in(by=user_of(request), file_name=file.name, content=file.read())
    except Refused as refused:
        form.add_error("file", refused.message)
        return _upload_page(request, form, status=400)
    background.start_check(upload)
    return redirect("registry:import-file", upload_id=upload.pk)


def _upload_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    mine = Upload.objects.visible_to(user_of(request)).defer("content_sealed", "report_sealed")
    if request.method != "POST" and (file := file_asked(request, {"uploads": lambda: uploads_list(mine)})):
        return file
    return render(
        request, "registry/import.html", {"form": form, "uploads": mine[:UPLOADS_SHOWN]}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@people_required
def show(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What the file would do or, once it is taken in, what it did. POST asks for the rows shown as a file."""
    upload = upload_of(request, upload_id)
    if upload.step in WORKING:
        return render(request, "registry/import_working.html", _working(upload))
    if upload.committed_at is not None:
        left = uploads.rows_left(upload)
        if file := file_asked(request, {"left": lambda: _left_as_list(request, upload, left)}):
            return file
        context = {"upload": upload, "counts": _counted(upload), "left": left[:MOST_LEFT_SHOWN]}
        return render(request, "registry/import_done.html", context | {"left_count": len(left)})
    if upload.problem_code in uploads.COLUMNS_UNKNOWN:
        return redirect("registry:import-columns", upload_id=upload_id)
    chosen = request.GET.get("outcome", "")
    if chosen and chosen not in FILTERS:
        sentence = _("Saringan “%(outcome)s” tidak dikenal. Buka lagi berkasnya.") % {"outcome": chosen[:20]}
        return render(request, "400.html", {"sentence": sentence}, status=400)
    if file := file_asked(request, {"rows": lambda: _rows_as_list(request, upload, chosen)}):
        return file
    return preview_page(request, upload)


def _rows_as_list(request: HttpRequest, upload: Upload, chosen: str) -> Listed:
    """All rows of the filter, not of one page only. Raises BadAddress where there is no report."""
    one = FILTERS[chosen]
    try:
        rows = one.rows(uploads.preview(upload))
    except Refused as refused:
        raise BadAddress(refused.message) from None
    return report_list(upload, rows, _works_in(request), chosen, str(one.words))


def _left_as_list(request: HttpRequest, upload: Upload, rows: Sequence[RowReport]) -> Listed:
    return report_list(upload, rows, _works_in(request), "left", _("Baris yang tidak disimpan"))


def _works_in(request: HttpRequest) -> Place:
    place = widest_place(user_of(request))
    if place is None:
        raise Http404
    return place


def _working(upload: Upload) -> dict[str, Any]:
    """How far the present step is. ``idle``: nothing has moved for so long that the worker may not run."""
    known = background.how_far(upload)
    waiting = upload.step in (UploadStep.WAITING, UploadStep.QUEUED)
    since = upload.moved_at or upload.created_at
    return {
        "upload": upload,
        "done": known[0] if known and not waiting else None,
        "all": known[1] if known and not waiting else None,
        "idle": waiting and timezone.now() - since > IDLE,
        "stuck": uploads.is_stuck(upload),
    }


@require_safe
@people_required
def state(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The same for the script that keeps the page of a file up to date."""
    found = _working(upload_of(request, upload_id))
    upload: Upload = found.pop("upload")
    return JsonResponse({"step": upload.step, "working": upload.step in WORKING, **found})


def done(request: HttpRequest, action: Callable[[], object]) -> bool:
    """Do it; where it is refused, the next page says why. Raises Http404 for a file that is not there."""
    try:
        action()
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.message)
        return False
    return True


@require_POST
@people_required
def check_again(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Look at the file anew: the register may have changed, or nobody has looked at it yet."""
    user = user_of(request)
    if done(request, lambda: uploads.move(by=user, upload_id=upload_id, to=UploadStep.WAITING)):
        background.start_check(upload_of(request, upload_id))
    return redirect("registry:import-file", upload_id=upload_id)


@require_POST
@people_required
def take_back(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take back all that the file brought. A second click finds it done."""
    user = user_of(request)
    done(request, lambda: background.start_taking_back(by=user, upload_id=upload_id))
    return redirect("registry:import-file", upload_id=upload_id)


def preview_page(
    request: HttpRequest,
    upload: Upload,
    *,
    form: AnswersForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """What the file would do, one page of its rows, and what it leaves open. ``form``: with what is wrong."""
    context: dict[str, Any] = {"upload": upload, "problem": problem or upload.problem}
    report: Report | None = None
    try:
        if not upload.problem_code:
            report = uploads.preview(upload)
    except Refused as refused:
        context["problem"] = refused.message
        status = 409
    context["form"] = form or answers_form(request, upload, report=report)
    if report is not None:
        context |= _rows_of(request, report) | {"before": uploads.taken_in_before(upload)}
    return render(request, "registry/import_preview.html", context, status=status)


def answers_form(
    request: HttpRequest, upload: Upload, data: QueryDict | None = None, report: Report | None = None
) -> AnswersForm:
    """The questions of ``upload``; those of its report, which is looked up unless it is given."""
    if report is None and not upload.problem_code and upload.report_sealed:
        report = uploads.preview(upload)
    return AnswersForm(
        data,
        user=user_of(request),
        questions=report.questions if report else (),
        kept=upload.answers,
        needs_village=upload.problem_code == "village_needed",
    )


def _rows_of(request: HttpRequest, report: Report) -> dict[str, Any]:
    """One page of the rows that the address asks for, and how many there are of each kind."""
    chosen = request.GET.get("outcome", "")
    chosen = chosen if chosen in FILTERS else ""
    page = Paginator(FILTERS[chosen].rows(report), ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = shown_rows(page.object_list, decisions_for(user_of(request)), enrols=report.enrols)
    filters = [(name, one.words, len(one.rows(report))) for name, one in FILTERS.items()]
    return {
        "report": report,
        "of_columns": column_sentences(report.columns_not_read, report.measures_missing),
        "layout": LAYOUT_WORDS.get(report.layout, report.layout),
        "page": page,
        "shown": shown,
        "decidable": any(row.is_decidable for row in shown),
        "outcome": chosen,
        "filters": [(name, words, count) for name, words, count in filters if count or not name],
        "parts": [(one, report.counts[one]) for one in RowOutcome if one in TAKEN and report.counts[one]],
        "places": sorted(report.places.items()),
        "query": f"outcome={chosen}&" if chosen else "",
        "is_long": len(report.rows) > MOST_CHECKED_AT_ONCE,
    }


def _counted(upload: Upload) -> list[tuple[RowOutcome, int]]:
    counts = upload.summary.get("outcomes", {})
    return [(outcome, counts[outcome]) for outcome in RowOutcome if counts.get(outcome)]


@require_POST
@people_required
def commit(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take the file in. A second click finds it done and changes nothing."""
    user = user_of(request)
    if decisions := decided_in(request.POST):
        # The button stands beside choices that nobody has saved yet: they are not lost with the file.
        done(request, lambda: uploads.decide(by=user, upload_id=upload_id, decisions=decisions))
        return redirect("registry:import-file", upload_id=upload_id)
    chosen = {name: request.POST.getlist(name) for name in ("outcomes", "places")}
    if "part" in request.POST and not {*chosen["outcomes"]} & {str(outcome) for outcome in TAKEN}:
        messages.error(request, _("Centang dulu apa yang disimpan."))
        return redirect("registry:import-file", upload_id=upload_id)
    try:
        uploads.choose_part(by=user, upload_id=upload_id, **(chosen if "part" in request.POST else {}))
        background.start_commit(by=user, upload_id=upload_id)
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        return preview_page(request, upload_of(request, upload_id), problem=refused.message, status=409)
    return redirect("registry:import-file", upload_id=upload_id)


@require_POST
@people_required
def discard(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Throw the file away before it is taken in."""
    user = user_of(request)
    if not done(request, lambda: uploads.discard(by=user, upload_id=upload_id)):
        return redirect("registry:import-file", upload_id=upload_id)
    messages.success(request, _("Berkas dibuang. Tidak ada yang tersimpan."))
    return redirect("registry:import")
