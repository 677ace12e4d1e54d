"""Answers to what a file leaves open: its village and dates, and who a row is about."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.models import RowChoice, UploadStep
from registry.pages import people_required, user_of
from registry.spreadsheets import background, uploads
from registry.spreadsheets.asked import LEAVE_OUT, NEW_CHILD, Decision, Keys, moved, same_as
from registry.spreadsheets.pages.files import answers_form, done, preview_page, upload_of

_ROW = re.compile(r"row-([0-9a-f]{64})-([0-9a-f]{64})", re.ASCII)
_UNCHANGED = "as-it-was"


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


def decided_in(post: QueryDict) -> dict[Keys, Decision | None]:
    """What was chosen for each row, of those where anything was changed. Raises 404 for a forged choice."""
    found: dict[Keys, Decision | None] = {}
    for name, choice in post.items():
        match = _ROW.fullmatch(name)
        if match and isinstance(choice, str) and choice != post.get(f"was-{name}", _UNCHANGED):
            found[Keys(match[1], match[2])] = _decision(choice)
    return found


def _decision(choice: str) -> Decision | None:
    if choice == "":
        return None
    if choice == RowChoice.NEW:
        return NEW_CHILD
    if choice == RowChoice.SKIP:
        return LEAVE_OUT
    kind, _mark, child = choice.rpartition(":")
    try:
        return {"": same_as, RowChoice.MOVED: moved}[kind](UUID(child))
    except (KeyError, ValueError):
        raise Http404 from None
