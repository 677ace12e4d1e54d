"""Answers to what a file leaves open: its village and dates, and who a row is about."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import ngettext

from registry.pages import people_required, user_of
from registry.spreadsheets import uploads
from registry.spreadsheets.pages.decided import decided_in
from registry.spreadsheets.pages.files import answers_form, done, upload_of
from registry.spreadsheets.pages.forms import ANSWERED
from registry.spreadsheets.pages.posted import back_to, only_posted, with_query
from registry.spreadsheets.pages.steps import start_check


@only_posted
@people_required
def answer(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Keep the answers of a file and have it checked again with them; wrong ones are shown again."""
    upload = upload_of(request, upload_id)
    form = answers_form(request, upload, request.POST)
    if not form.is_valid():
        query = QueryDict(mutable=True)
        query.update({ANSWERED: "1", **{name: request.POST.get(name, "") for name in form.fields}})
        return with_query(upload_id, query, "answers")
    user = user_of(request)
    if done(request, lambda: uploads.answer(by=user, upload_id=upload_id, **form.answers())):
        start_check(request, upload_id)
    return redirect("registry:import-file", upload_id=upload_id)


@only_posted
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
            start_check(request, upload_id)
    return back_to(request, upload_id, "rows")
