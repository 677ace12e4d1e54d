"""Audits of cases: choosing one, what it found and decided, and the audits of a place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpm.audit_actions import choose_case, conclude_audit, record_causes, store_decision, take_back_audit
from kpm.audit_rows import audit_line, case_words, list_audits
from kpm.exports_children import audits_list
from kpm.forms.audit import AuditCausesForm, AuditChoiceForm, AuditConclusionForm, AuditDecisionForm
from kpm.forms.fields import PlainForm, submit
from kpm.models import AUDITORS, AuditDecision, Case, CaseAudit
from kpm.views.case_list import find_place, names_reason_page, require_names_reason
from registry.access.decorators import roles_required, user_of
from registry.access.loaders import get_child, get_or_404
from registry.access.reading import note_villages
from registry.errors import Invalid
from registry.exports.response import export_response

auditors_required = roles_required(*AUDITORS)


@auditors_required
@require_http_methods(["GET", "HEAD", "POST"])
def audits(request: HttpRequest) -> HttpResponse:
    """Show the audits of ``?place=``, by name: of more than one village with a reason, as cases are."""
    user, today = user_of(request), timezone.localdate()
    place = find_place(request.GET.get("place", ""), user)
    try:
        reason = require_names_reason(user, place, request.GET.get("reason", ""))
    except Invalid as refused:
        title = _("Audit kasus %(place)s") % {"place": place.name}
        return names_reason_page(request, title, refused, ("place",))
    found = list_audits(user, place)
    if file := export_response(request, {"audits": partial(audits_list, user, place, found, today)}):
        return file
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    lines = [audit_line(audit, today) for audit in page.object_list]
    note_villages({line.audit.child.village_id for line in lines}, reason)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "place": place,
        "page": page,
        "lines": lines,
        "query": f"{query.urlencode()}&" if query else "",
    }
    return render(request, "kpm/audits.html", context)


@auditors_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Choose a case for audit."""
    user = user_of(request)
    case = get_or_404(Case.objects.visible_to(user), pk=case_id)
    child = get_child(user, case.child_id)
    form = AuditChoiceForm(request.POST or None)
    if audit := submit(form, lambda: choose_case(by=user, case_id=case.pk, **form.cleaned_data)):
        messages.success(request, _("Kasus dipilih untuk audit."))
        return redirect("kpm:audit", audit.pk)
    context = {"form": form, "child": child, "case": case}
    return render(request, "kpm/audit_choose.html", context, status=422 if form.errors else 200)


@auditors_required
@require_safe
def audit(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Show one audit, to read and to print."""
    found = _get_audit(request, audit_id)
    line = audit_line(found, timezone.localdate())
    return render(request, "kpm/audit.html", {"audit": found, "line": line, "child": found.child})


@auditors_required
@require_http_methods(["GET", "HEAD", "POST"])
def causes(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Record which packages of services contribute to the case."""
    found = _get_audit(request, audit_id)
    form = AuditCausesForm(found, request.POST or None)
    store = partial(_record_causes, request, found, form)
    return _answer(request, found, form, store, "kpm/audit_causes.html")


@auditors_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, audit_id: int, decision_id: int | None = None) -> HttpResponse:
    """Record a decision of an audit, or put one right and say when it was done."""
    found = _get_audit(request, audit_id)
    known = None if decision_id is None else get_or_404(found.decisions.all(), pk=decision_id)
    names = ("text", "responsible", "due_on", "done_on")
    form = AuditDecisionForm(request.POST or None, initial={n: getattr(known, n, None) for n in names})

    def store() -> AuditDecision:
        said = form.cleaned_data
        return store_decision(by=user_of(request), audit_id=found.pk, decision_id=decision_id, **said)

    return _answer(request, found, form, store, "kpm/audit_decision.html")


@auditors_required
@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Say on which day an audit was concluded, or open it again."""
    found = _get_audit(request, audit_id)
    day = found.concluded_on or timezone.localdate()
    form = AuditConclusionForm(request.POST if request.method == "POST" else None, initial={"on": day})

    def store() -> CaseAudit:
        return conclude_audit(by=user_of(request), audit_id=found.pk, **form.cleaned_data)

    return _answer(request, found, form, store, "kpm/audit_conclude.html")


@auditors_required
@require_POST
def take_back(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Take back the audit of a case that was chosen by mistake."""
    found = _get_audit(request, audit_id)
    take_back_audit(by=user_of(request), audit_id=found.pk)
    messages.success(request, _("Audit dihapus."))
    return redirect("kpm:case_step", found.child_id)


def _get_audit(request: HttpRequest, audit_id: int) -> CaseAudit:
    """Return the audit with its child, whose reading is noted. Raises Http404."""
    user = user_of(request)
    found = get_or_404(CaseAudit.objects.visible_to(user).select_related("by"), pk=audit_id)
    found.child = get_child(user, found.child_id)
    return found


def _record_causes(request: HttpRequest, found: CaseAudit, form: AuditCausesForm) -> CaseAudit:
    return record_causes(by=user_of(request), audit_id=found.pk, findings=form.read_findings())


def _answer(
    request: HttpRequest, found: CaseAudit, form: PlainForm, store: Callable[[], object], template: str
) -> HttpResponse:
    """Store a sent form and lead back to the audit, else draw it."""
    if submit(form, store):
        messages.success(request, _("Tersimpan."))
        return redirect("kpm:audit", found.pk)
    context = {"form": form, "audit": found, "child": found.child, "case": case_words(found)}
    return render(request, template, context, status=422 if form.errors else 200)
