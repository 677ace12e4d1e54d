"""What was done for a child with an open case: recording it, and taking a mistaken step back."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpm.audit_rows import audits_of
from kpm.case_actions import record_case_step, take_back_case_step
from kpm.case_words import step_action_words
from kpm.follow_up import list_case_history
from kpm.forms.case import CaseStepForm
from kpm.forms.fields import submit
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child
from registry.models import Child


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_step(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show the cases of a child with their steps; record another step."""
    user = user_of(request)
    child = get_child(user, child_id)
    form = CaseStepForm(user, request.POST or None, initial={"id": uuid4()})
    if step := submit(form, lambda: record_case_step(by=user, entry=form.read_entry(child.pk))):
        words = step_action_words(step.action, step.referred_to)
        messages.success(request, _("%(name)s: %(words)s, dicatat.") % {"name": child.name, "words": words})
        return _back(request, child)
    cases = list_case_history(child)
    audits = audits_of(user, [one.case for one in cases if one.case])
    context = {"form": form, "child": child, "cases": cases, "audits": audits, "today": timezone.localdate()}
    return render(request, "kpm/case_step.html", context, status=422 if request.method == "POST" else 200)


@people_required
@require_POST
def take_back(request: HttpRequest, child_id: UUID, step_id: UUID) -> HttpResponse:
    """Take a mistaken step back."""
    child = get_child(user_of(request), child_id)
    take_back_case_step(by=user_of(request), step_id=step_id)
    messages.success(request, _("Langkah dihapus."))
    return redirect("kpm:case_step", child.pk)


def _back(request: HttpRequest, child: Child) -> HttpResponse:
    """Lead to the child in the list that was ticked, else to the child's steps."""
    if "from_list" not in request.POST:
        return redirect("kpm:case_step", child.pk)
    return redirect(f"{reverse('kpm:follow_up')}?village={child.village_id}#c-{child.pk}")
