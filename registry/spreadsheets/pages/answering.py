"""Answers to what a file leaves open: its village and dates, and who a row is about."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.models import UploadStep
from registry.pages import people_required, user_of
from registry.spreadsheets import background, uploads
from registry.spreadsheets.pages.decided import decided_in
from registry.spreadsheets.pages.files import answers_form, done, preview_page, upload_of


@require_POST
@people_required
def answer(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Keep the answers of a file and have it checked again with them."""
    upload = upload_of(request, upload_id)
    form = answers_form(request, upload, request.POST)
    if not form.is_valid():
        return preview_page(request, upload, form=form, status=400)
    user = user_of(request)
    if done(request, lambda: uploads.answer(by=user, upload_id=upload_id, **form.answers())):
        check_again(request, upload_id)
    return redirect("registry:import-file", upload_id=upload_id)


@require_POST
@people_required
def decide(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Remember what is decided about the rows of one page; with ``check`` the file is checked again."""
    user = user_of(request)
    decisions = decided_in(request.POST)
    if done(request, lambda: uploads.decide(by=user, upload_id=upload_id, decisions=decisions)):
        count = len(decisions)
        kept = ngettext("%(count)d pilihan diingat.", "%(count)d pilihan diingat.", count) % {"count": count}
        messages.success(request, kept)
        if "check" in request.POST:
            check_again(request, upload_id)
            return redirect("registry:import-file", upload_id=upload_id)
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in ("outcome", "page") if request.POST.get(name)})
    address = redirect("registry:import-file", upload_id=upload_id)
    address["Location"] += f"?{query.urlencode()}#rows"
    return address


def check_again(request: HttpRequest, upload_id: UUID) -> None:
    """Have the file checked with what is answered now."""
    user = user_of(request)
    if done(request, lambda: uploads.move(by=user, upload_id=upload_id, to=UploadStep.WAITING)):
        background.start_check(upload_of(request, upload_id))
