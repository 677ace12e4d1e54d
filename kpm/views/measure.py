"""Correcting, voiding and choosing a measurement. Recording one is the workspace's (views/work.py)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpm.access import measurement_or_404
from kpm.advice import doubt_sentences
from kpm.forms import CorrectForm, VoidForm, refuse
from registry.actions import (
    Doubtful,
    Refused,
    choose_measurement,
    correct_measurement,
    void_measurement,
)
from registry.growth import Position, expected_position
from registry.pages import people_required, user_of


def _confirmed(request: HttpRequest) -> list[str]:
    """The doubts that were on the screen when the confirming button was tapped."""
    return [code for code in request.POST.get("confirmed", "").split(",") if code]


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, measurement_id: UUID) -> HttpResponse:
    """Put a measurement right, with a reason. The old one stays on record."""
    old = measurement_or_404(request, measurement_id)
    form = CorrectForm(request.POST) if request.method == "POST" else CorrectForm.of(old)
    lying = expected_position(old.age_days) == Position.LYING
    context: dict[str, Any] = {"measurement": old, "child": old.child, "form": form, "lying": lying}
    if request.method == "POST" and form.is_valid():
        try:
            saved = correct_measurement(
                by=user_of(request),
                id=form.cleaned_data["id"],
                measurement_id=old.pk,
                seen=form.seen(),
                reason=form.cleaned_data["reason"],
                confirmed=_confirmed(request),
            )
        except Doubtful as doubtful:
            context["doubts"] = doubt_sentences(doubtful.doubts)
            context["doubt_codes"] = ",".join(doubtful.doubts)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Koreksi tersimpan. Nilai yang lama tetap tercatat."))
            return redirect("kpm:measurement", saved.measurement.pk)
    return render(request, "kpm/correct.html", context, status=422 if request.method == "POST" else 200)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, measurement_id: UUID) -> HttpResponse:
    """Take a measurement out of the count, with a reason. It stays readable."""
    found = measurement_or_404(request, measurement_id)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            void_measurement(by=user_of(request), measurement_id=found.pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Pengukuran dibatalkan. Ia tetap terlihat dengan alasannya."))
            return redirect("kpm:child", found.child_id)
    context = {"measurement": found, "child": found.child, "form": form}
    return render(request, "kpm/void.html", context, status=422 if request.method == "POST" else 200)


@people_required
@require_POST
def choose(request: HttpRequest, measurement_id: UUID) -> HttpResponse:
    """Of several values of one day, this one counts: the midwife's word."""
    found = measurement_or_404(request, measurement_id)
    try:
        choose_measurement(by=user_of(request), measurement_id=found.pk)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request, _("Nilai ini yang dipakai. Yang lain tetap terlihat, tetapi tidak dihitung.")
        )
    return redirect("kpm:measurement", found.pk)
