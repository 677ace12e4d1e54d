"""Answers to what a file leaves open: its village and dates, and who a row is about."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.access.decorators import people_required
from registry.imports.views.draft_answers import save_draft
from registry.imports.views.post_views import back_to, only_posted
from registry.imports.views.step_views import start_check

AT_THE_ROWS = "rows"
"""Tag of a message that is shown where the rows begin, since the reader lands there."""


@only_posted
@people_required
def answer(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Keep the answers of a file and have it checked again with them; wrong ones are shown again."""
    kept = save_draft(request, upload_id, all_answers=True)
    if kept.refused:
        return kept.refused
    start_check(request, upload_id)
    return back_to(request, upload_id)


@only_posted
@people_required
def decide(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Remember what is chosen on one page of rows; with ``check`` the file is checked again."""
    kept = save_draft(request, upload_id)
    if kept.refused:
        return kept.refused
    count = kept.decisions + kept.answered
    if count:
        said = ngettext("%(count)d pilihan diingat.", "%(count)d pilihan diingat.", count) % {"count": count}
        messages.success(request, said, extra_tags=AT_THE_ROWS)
    elif "check" not in request.POST:
        messages.info(request, _("Tidak ada pilihan yang berubah."), extra_tags=AT_THE_ROWS)
    if "check" in request.POST:
        start_check(request, upload_id)
    return back_to(request, upload_id, "rows")
