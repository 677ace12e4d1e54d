"""The pages of a file: hand it in, look at what it would do, take it in or throw it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import NotFound, Refused
from registry.models import Upload, UploadStep
from registry.pages import people_required, user_of
from registry.spreadsheets import background, uploads
from registry.spreadsheets.forms import UploadForm
from registry.spreadsheets.report import RowOutcome

ROWS_A_PAGE = 50
UPLOADS_SHOWN = 20
WORKING = frozenset(
    {UploadStep.WAITING, UploadStep.CHECKING, UploadStep.QUEUED, UploadStep.WRITING, UploadStep.LEAVING}
)
IDLE = timedelta(seconds=30)


def _upload(request: HttpRequest, upload_id: UUID) -> Upload:
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
    mine = Upload.objects.visible_to(user_of(request)).defer("content_sealed", "report_sealed")[
        :UPLOADS_SHOWN
    ]
    return render(request, "registry/import.html", {"form": form, "uploads": mine}, status=status)


@require_safe
@people_required
def show(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What the file would do or, once it is taken in, what it did."""
    upload = _upload(request, upload_id)
    if upload.step in WORKING:
        return render(request, "registry/import_working.html", _working(upload))
    if upload.committed_at is not None:
        return render(request, "registry/import_done.html", {"upload": upload, "counts": _counted(upload)})
    chosen = request.GET.get("outcome", "")
    if chosen and chosen not in set(RowOutcome):
        sentence = _("Saringan “%(outcome)s” tidak dikenal. Buka lagi berkasnya.") % {"outcome": chosen[:20]}
        return render(request, "400.html", {"sentence": sentence}, status=400)
    return _preview_page(request, upload, RowOutcome(chosen) if chosen else None)


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
    }


@require_safe
@people_required
def state(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The same for the script that keeps the page of a file up to date."""
    found = _working(_upload(request, upload_id))
    upload: Upload = found.pop("upload")
    return JsonResponse({"step": upload.step, "working": upload.step in WORKING, **found})


def _done(request: HttpRequest, action: Callable[[], object]) -> bool:
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
    if _done(request, lambda: uploads.move(by=user, upload_id=upload_id, to=UploadStep.WAITING)):
        background.start_check(_upload(request, upload_id))
    return redirect("registry:import-file", upload_id=upload_id)


@require_POST
@people_required
def take_back(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take back all that the file brought. A second click finds it done."""
    user = user_of(request)
    _done(request, lambda: background.start_taking_back(by=user, upload_id=upload_id))
    return redirect("registry:import-file", upload_id=upload_id)


def _preview_page(
    request: HttpRequest,
    upload: Upload,
    outcome: RowOutcome | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"upload": upload, "outcome": outcome, "problem": problem or upload.problem}
    try:
        report = uploads.preview(upload)
    except Refused as refused:
        context["problem"] = refused.message
        return render(request, "registry/import_preview.html", context, status=409)
    page = Paginator(report.with_outcome(outcome), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "report": report,
        "page": page,
        "counts": [(o, report.counts[o]) for o in RowOutcome if report.counts[o]],
        "query": f"outcome={outcome}&" if outcome else "",
        "before": uploads.taken_in_before(upload),
    }
    return render(request, "registry/import_preview.html", context, status=status)


def _counted(upload: Upload) -> list[tuple[RowOutcome, int]]:
    counts = upload.summary.get("outcomes", {})
    return [(outcome, counts[outcome]) for outcome in RowOutcome if counts.get(outcome)]


@require_POST
@people_required
def commit(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take the file in. A second click finds it done and changes nothing."""
    try:
        background.start_commit(by=user_of(request), upload_id=upload_id)
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        return _preview_page(request, _upload(request, upload_id), problem=refused.message, status=409)
    return redirect("registry:import-file", upload_id=upload_id)


@require_POST
@people_required
def discard(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Throw the file away before it is taken in."""
    user = user_of(request)
    if not _done(request, lambda: uploads.discard(by=user, upload_id=upload_id)):
        return redirect("registry:import-file", upload_id=upload_id)
    messages.success(request, _("Berkas dibuang. Tidak ada yang tersimpan."))
    return redirect("registry:import")
