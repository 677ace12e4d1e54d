"""A parent's consent: recording it, withdrawing it, and the sheet to sign."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kpm.consent import consent_words, find_consent
from kpm.forms.consent import ConsentForm, ParentForm
from kpm.forms.fields import submit
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_child
from registry.actions import record_consent, withdraw_consent
from registry.models import ConsentText


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show what is on record and the text; record that a parent has agreed."""
    child = get_child(user_of(request), child_id)
    form = ConsentForm(request.POST or None)
    if submit(form, lambda: record_consent(by=user_of(request), child_id=child.pk, **form.cleaned_data)):
        messages.success(request, _("Persetujuan dicatat."))
        return redirect("kpm:child", child.pk)
    context = {
        "form": form,
        "child": child,
        "now": find_consent(child),
        "rows": child.consents.select_related("text", "recorded_by"),
        "text": _newest_text(),
    }
    return render(request, "kpm/consent.html", context, status=422 if request.method == "POST" else 200)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Say what withdrawing means and ask; record that a parent has withdrawn the consent."""
    child = get_child(user_of(request), child_id)
    now = find_consent(child)
    if now is None or now.is_withdrawn:
        return redirect("kpm:consent", child.pk)
    form = ParentForm(request.POST or None)
    if submit(form, lambda: withdraw_consent(by=user_of(request), child_id=child.pk, **form.cleaned_data)):
        messages.success(request, _("Pencabutan dicatat."))
        return redirect("kpm:child", child.pk)
    context = {"form": form, "child": child, "words": consent_words(now)}
    status = 422 if request.method == "POST" else 200
    return render(request, "kpm/consent_withdraw.html", context, status=status)


@people_required
@require_safe
def sheet(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Show the text with the lines to sign on one A4 page."""
    child = get_child(user_of(request), child_id)
    return render(request, "kpm/consent_sheet.html", {"child": child, "text": _newest_text()})


def _newest_text() -> ConsentText | None:
    """Return the version in use today; its words in the reader's language stand in ``text``."""
    found = ConsentText.objects.in_use_on(timezone.localdate()).first()
    if found and found.text_en and get_language() == "en":
        found.text = found.text_en
    return found
