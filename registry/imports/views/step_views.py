"""The forms on the page of a file: answers, choices about its rows, and what becomes of it.

Nobody is shown a page here: each leads back to the page of the file. Answers and choices that stand on the
page are saved with every button (docs/adr/0010).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.access.decorators import people_required, user_of
from registry.imports import tasks, workflow
from registry.imports.answers import Decision, RowKeys, decision_of
from registry.imports.report import TAKEN, Question, QuestionKind
from registry.imports.views.forms import ANSWERED, AnswersForm, is_answer, month_questions
from registry.imports.views.upload_views import FIRST_CHECKED, answers_form, run_action, upload_of
from registry.models import UploadStep

View = Callable[..., HttpResponseBase]
_ASKED_FOR = ("outcome", "page")
_ROW = re.compile(r"row-([0-9a-f]{64})-([0-9a-f]{64})", re.ASCII)
_UNCHANGED = "as-it-was"
EVERY_QUESTION = tuple(map(Question, QuestionKind))
AT_THE_ROWS = "rows"
"""Tag of a message that is shown where the rows begin, since the reader lands there."""


def only_posted(view: View) -> View:
    """Whoever opens the address of a form (again, or after signing in) is led to the page of the file."""
    post = require_POST(view)

    @wraps(view)
    def redirect_or_post(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return redirect("registry:import-file", upload_id=upload_id)
        return post(request, upload_id)

    return redirect_or_post


def back_to(
    request: HttpRequest, upload_id: UUID, part: str = "", more: Mapping[str, str] | None = None
) -> HttpResponse:
    """To the page of the file, with the rows that it showed and asked ``more``.

    To that ``part`` of it, where anything is asked.
    """
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in _ASKED_FOR if request.POST.get(name)})
    query.update(more or {})
    part = part if query else ""
    answer = redirect("registry:import-file", upload_id=upload_id)
    answer["Location"] += (f"?{query.urlencode()}" if query else "") + (f"#{part}" if part else "")
    return answer


# --- The buttons ---------------------------------------------------------------------------


@only_posted
@people_required
def answer(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Save the answers of a file and have it checked again with them; wrong ones are shown again."""
    return _save_and_check(request, upload_id, all_answers=True)


@only_posted
@people_required
def check_again(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Check the file again, with what is chosen on its page: the register may have changed."""
    return _save_and_check(request, upload_id, all_answers=False)


def _save_and_check(request: HttpRequest, upload_id: UUID, *, all_answers: bool) -> HttpResponse:
    saved = save_draft(request, upload_id, all_answers=all_answers)
    if isinstance(saved, HttpResponse):
        return saved
    start_check(request, upload_id)
    return back_to(request, upload_id)


@only_posted
@people_required
def decide(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Remember what is chosen on one page of rows; with ``check`` the file is checked again."""
    count = save_draft(request, upload_id)
    if isinstance(count, HttpResponse):
        return count
    if count:
        said = ngettext("%(count)d pilihan diingat.", "%(count)d pilihan diingat.", count) % {"count": count}
        messages.success(request, said, extra_tags=AT_THE_ROWS)
    elif "check" not in request.POST:
        messages.info(request, _("Tidak ada pilihan yang berubah."), extra_tags=AT_THE_ROWS)
    if "check" in request.POST:
        start_check(request, upload_id)
    return back_to(request, upload_id, "rows")


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
    saved = save_draft(request, upload_id)
    if isinstance(saved, HttpResponse):
        return saved
    if saved:
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
    messages.success(request, _("Berkas dihapus. Tidak ada yang tersimpan."))
    return redirect("registry:import")


# --- What else stands on the page -----------------------------------


def save_draft(request: HttpRequest, upload_id: UUID, *, all_answers: bool = False) -> int | HttpResponse:
    """Save what was changed on the page and return how many choices that were.

    Return what leads to the reason where it could not all be saved. With ``all_answers`` every question of
    the page has to be answered.
    """
    user, decisions = user_of(request), decisions_in_post(request.POST)
    form = _answers_of(request, upload_id, all_answers=all_answers)
    is_right = form.is_valid()
    answers = form.answers() if is_right and form.fields else {}
    if (decisions or answers) and not run_action(
        request, lambda: workflow.save_answers(by=user, upload_id=upload_id, decisions=decisions, **answers)
    ):
        return back_to(request, upload_id)
    if not is_right:
        shown = {name: request.POST[name] for name in request.POST if is_answer(name)}
        return back_to(request, upload_id, "answers", {ANSWERED: "1", **shown})
    return len(decisions) + bool(answers)


def _answers_of(request: HttpRequest, upload_id: UUID, *, all_answers: bool) -> AnswersForm:
    """Return the form of the answers to be kept.

    With ``all_answers`` it has all of a page's questions. Otherwise it has the ones that were changed, for
    which nobody has to look up what the file asks.
    """
    upload, post = upload_of(request, upload_id), request.POST
    if all_answers:
        return answers_form(request, upload, post)
    form = AnswersForm(
        post,
        user=user_of(request),
        questions=(*EVERY_QUESTION, *month_questions(post)),
        kept=upload.answers,
        needs_village=True,
    )
    form.leave_unchanged(post)
    return form


def decisions_in_post(post: QueryDict) -> dict[RowKeys, Decision | None]:
    """What was chosen for each row, of those where anything was changed. Raises 404 for a forged choice."""
    found: dict[RowKeys, Decision | None] = {}
    for name, choice in post.items():
        match = _ROW.fullmatch(name)
        if not match or not isinstance(choice, str):
            continue
        day = post.get(f"day-{name}", "")
        decision = _decision(choice, day)
        is_redated = decision and decision.closes and day != post.get(f"was-day-{name}", "")
        if choice != post.get(f"was-{name}", _UNCHANGED) or is_redated:
            found[RowKeys(match[1], match[2])] = decision
    return found


def _decision(choice: str, day: str) -> Decision | None:
    try:
        return decision_of(choice, day) if choice else None
    except ValueError:
        raise Http404 from None
