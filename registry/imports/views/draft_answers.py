"""Answers and choices that stand beside a button are never lost with it (docs/adr/0010)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from registry.access.decorators import user_of
from registry.imports import workflow
from registry.imports.report import Question, QuestionKind
from registry.imports.views.forms import ANSWERED, AnswersForm
from registry.imports.views.post_views import back_to
from registry.imports.views.row_decisions import decisions_in_post
from registry.imports.views.upload_views import answers_form, run_action, upload_of

EVERY_QUESTION = tuple(map(Question, QuestionKind))


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """``decisions``: about how many rows.

    ``answered``: something of the file was answered. ``refused``: it could not all be kept, and this leads to
    why.
    """

    decisions: int = 0
    answered: bool = False
    refused: HttpResponse | None = None

    @property
    def anything(self) -> bool:
        return self.answered or self.decisions > 0


def save_draft(request: HttpRequest, upload_id: UUID, *, all_answers: bool = False) -> SavedDraft:
    """Keep what was changed on the page; with ``all_answers`` every question of it has to be answered."""
    user, decisions = user_of(request), decisions_in_post(request.POST)
    form = _answers_of(request, upload_id, all_answers=all_answers)
    is_right = form.is_valid()
    answers = form.answers() if is_right and form.fields else {}
    if (decisions or answers) and not run_action(
        request, lambda: workflow.save_answers(by=user, upload_id=upload_id, decisions=decisions, **answers)
    ):
        return SavedDraft(refused=back_to(request, upload_id))
    if not is_right:
        shown = {name: request.POST[name] for name in form.base_fields if name in request.POST}
        return SavedDraft(refused=back_to(request, upload_id, "answers", {ANSWERED: "1", **shown}))
    return SavedDraft(len(decisions), bool(answers))


def _answers_of(request: HttpRequest, upload_id: UUID, *, all_answers: bool) -> AnswersForm:
    """Return the form of the answers to be kept.

    With ``all_answers`` it has all of a page's questions. Otherwise it has the ones that were changed, for
    which nobody has to look up what the file asks.
    """
    upload, post = upload_of(request, upload_id), request.POST
    if all_answers:
        return answers_form(request, upload, post)
    form = AnswersForm(
        post, user=user_of(request), questions=EVERY_QUESTION, kept=upload.answers, needs_village=True
    )
    form.leave_unchanged(post)
    return form
