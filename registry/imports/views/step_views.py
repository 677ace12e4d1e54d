"""What becomes of a file: checked again, taken in or back, thrown away. Each leads back to its page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registry.access.decorators import people_required, user_of
from registry.imports import tasks, workflow
from registry.imports.report import TAKEN
from registry.imports.views.draft_answers import save_draft
from registry.imports.views.post_views import FIRST_CHECKED, back_to, only_posted
from registry.imports.views.upload_views import run_action, upload_of
from registry.models import UploadStep


@only_posted
@people_required
def check_again(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Look at the file anew, with what is chosen beside the button: the register may have changed."""
    kept = save_draft(request, upload_id)
    if kept.refused:
        return kept.refused
    start_check(request, upload_id)
    return back_to(request, upload_id)


def start_check(request: HttpRequest, upload_id: UUID) -> None:
    """Have the file checked with what is answered now, in the reader's language."""
    user = user_of(request)
    if run_action(request, lambda: workflow.transition(by=user, upload_id=upload_id, to=UploadStep.WAITING)):
        tasks.start_check(upload_of(request, upload_id))


@only_posted
@people_required
def commit(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take the file in as it was looked at.

    A second click finds it done and changes nothing. Where anything was changed beside the button the file is
    checked with that, and nothing is saved before it was looked at.
    """
    user, post = user_of(request), request.POST
    chosen = {name: post.getlist(name) for name in ("outcomes", "places")} if "part" in post else {}
    if chosen:
        run_action(request, lambda: workflow.select_part(by=user, upload_id=upload_id, **chosen))
    kept = save_draft(request, upload_id)
    if kept.refused:
        return kept.refused
    if kept.anything:
        start_check(request, upload_id)
        return back_to(request, upload_id, more={FIRST_CHECKED: "1"})
    if chosen and not {*chosen["outcomes"]} & {str(outcome) for outcome in TAKEN}:
        messages.error(request, _("Centang dulu apa yang disimpan."))
        return back_to(request, upload_id)
    mark = post.get("mark", "")
    run_action(request, lambda: tasks.start_commit(by=user, upload_id=upload_id, mark=mark, **chosen))
    return back_to(request, upload_id)


@only_posted
@people_required
def take_back(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take back all that the file brought. A second click finds it done."""
    user = user_of(request)
    run_action(request, lambda: tasks.start_revert(by=user, upload_id=upload_id))
    return redirect("registry:import-file", upload_id=upload_id)


@only_posted
@people_required
def discard(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Throw the file away before it is taken in."""
    user = user_of(request)
    if not run_action(request, lambda: workflow.discard(by=user, upload_id=upload_id)):
        return redirect("registry:import-file", upload_id=upload_id)
    messages.success(request, _("Berkas dibuang. Tidak ada yang tersimpan."))
    return redirect("registry:import")
