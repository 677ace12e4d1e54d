"""Voiding and choosing a measurement. Recording and correcting one is the workspace's (views/work.py)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpm.forms.fields import submit
from kpm.forms.measure import VoidForm
from kpm.history import say_what_counts
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_measurement
from registry.actions import choose_measurement, void_measurement
from registry.errors import Refused


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, measurement_id: UUID) -> HttpResponse:
    """Take a measurement out of the count, with a reason. It stays readable."""
    found = get_measurement(user_of(request), measurement_id)
    form = VoidForm(request.POST or None)
    voided = submit(
        form,
        lambda: void_measurement(
            by=user_of(request), measurement_id=found.pk, reason=form.cleaned_data["reason"]
        ),
    )
    if voided:
        sentence = _("Pengukuran dibatalkan. Pengukuran itu tetap terlihat dengan alasannya.")
        messages.success(request, f"{sentence} {say_what_counts(found)}")
        return redirect("kpm:child", found.child_id)
    context = {"measurement": found, "child": found.child, "form": form}
    return render(request, "kpm/void.html", context, status=422 if request.method == "POST" else 200)


@people_required
@require_POST
def choose(request: HttpRequest, measurement_id: UUID) -> HttpResponse:
    """Let this one of several values of a day count: the midwife's word."""
    found = get_measurement(user_of(request), measurement_id)
    try:
        choose_measurement(by=user_of(request), measurement_id=found.pk)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        sentence = _("Nilai ini yang dipakai. Yang lain tetap terlihat, tetapi tidak dihitung.")
        messages.success(request, f"{sentence} {say_what_counts(found)}")
    return redirect("kpm:measurement", found.pk)
