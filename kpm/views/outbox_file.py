"""For the district's officer: what a cadre typed and never sent, once her account is closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kpm.forms.outbox_file import OutboxFileForm
from kpm.outbox_file import open_outbox_file, record_outbox_file
from registry.access.decorators import district_required, user_of
from registry.errors import Refused


@district_required
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def outbox_file(request: HttpRequest) -> HttpResponse:
    """Show what a file holds and what would become of it; with ``record`` do it."""
    form = OutboxFileForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(request, "kpm/outbox_file.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        file = open_outbox_file(form.cleaned_data["text"], by=user_of(request))
    except Refused as refused:
        form.add_error("file", refused.message)
        return render(request, "kpm/outbox_file.html", {"form": form}, status=422)
    keep = "record" in request.POST
    answers = record_outbox_file(file, by=user_of(request), confirmed=form.confirmed, keep=keep)
    stored = sum(answer.is_stored for answer in answers)
    if keep:
        sentence = ngettext(
            "%(count)d kiriman tercatat atas nama %(name)s.",
            "%(count)d kiriman tercatat atas nama %(name)s.",
            stored,
        )
        messages.success(request, sentence % {"count": stored, "name": file.owner})
    context = {"form": form, "file": file, "answers": answers, "stored": stored}
    context["is_recorded"] = keep or all(answer.is_known for answer in answers)
    return render(request, "kpm/outbox_file.html", context)
