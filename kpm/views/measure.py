"""Recording, correcting and voiding a measurement in the browser."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpm import roster as rosters
from kpm.access import child_or_404, measurement_or_404
from kpm.advice import doubt_sentences
from kpm.forms import CorrectForm, MeasureForm, VoidForm, refuse
from kpm.history import History, history_of
from registry.actions import (
    Doubtful,
    Refused,
    choose_measurement,
    correct_measurement,
    record_measurement,
    void_measurement,
)
from registry.figures import month_of
from registry.growth import Position, age_in_days, expected_position
from registry.models import Child, Measurement
from registry.pages import people_required, user_of

NEXT = "next"


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """One child, one screen. A refusal or a doubt shows the same form again with everything kept."""
    child = child_or_404(request, child_id)
    history = history_of(child)
    if request.method != "POST":
        before = _just_saved(request)
        form = MeasureForm.blank(child, day=before.measured_on if before else None)
        return _form_page(request, child, history, form, just_saved=before)
    form = MeasureForm(request.POST)
    if not form.is_valid():
        return _form_page(request, child, history, form, status=422)
    try:
        saved = record_measurement(
            by=user_of(request),
            id=form.cleaned_data["id"],
            child_id=child.pk,
            seen=form.seen(),
            confirmed=_confirmed(request),
        )
    except Doubtful as doubtful:
        return _form_page(request, child, history, form, doubtful=doubtful, status=422)
    except Refused as refused:
        refuse(form, refused)
        return _form_page(request, child, history, form, status=422)
    return _after_saving(request, saved.measurement)


def _confirmed(request: HttpRequest) -> list[str]:
    """The doubts that were on the screen when the confirming button was tapped."""
    return [code for code in request.POST.get("confirmed", "").split(",") if code]


def _after_saving(request: HttpRequest, saved: Measurement) -> HttpResponse:
    """To the next child who waits, with this result above its form; else to the result itself."""
    if request.POST.get("then", request.POST.get("wanted", "")) != NEXT:
        return redirect("kpm:measurement", saved.pk)
    found = rosters.roster(
        user=user_of(request),
        village=saved.village,
        month=month_of(saved.measured_on),
        on=saved.measured_on,
    )
    following = rosters.next_to_measure(found, after=saved.child)
    if following is None:
        messages.success(request, _("Semua anak di daftar ini sudah diukur. Terima kasih."))
        return redirect("kpm:measurement", saved.pk)
    return redirect(f"{reverse('kpm:measure', args=[following.pk])}?after={saved.pk}")


def _just_saved(request: HttpRequest) -> Measurement | None:
    """The measurement that led here by "Simpan & berikutnya", if it is the user's to see."""
    try:
        measurement_id = UUID(request.GET.get("after", ""))
    except ValueError:
        return None
    return (
        Measurement.objects.visible_to(user_of(request))
        .filter(pk=measurement_id)
        .select_related("child")
        .first()
    )


def _form_page(
    request: HttpRequest,
    child: Child,
    history: History,
    form: MeasureForm,
    *,
    doubtful: Doubtful | None = None,
    just_saved: Measurement | None = None,
    status: int = 200,
) -> HttpResponse:
    day = _day_of(form)
    age_days = age_in_days(child.birth_date, max(day, child.birth_date))
    context: dict[str, Any] = {
        "child": child,
        "age_days": age_days,
        "lying": expected_position(age_days) == Position.LYING,
        "form": form,
        "last_weight": _last(history, "weight_kg"),
        "last_length": _last(history, "lenhei_cm"),
        "wanted": request.POST.get("then", request.POST.get("wanted", "")),
    }
    if doubtful:
        context["doubts"] = doubt_sentences(doubtful.doubts)
        context["doubt_codes"] = ",".join(doubtful.doubts)
    if just_saved:
        context["just_saved"] = just_saved
        context["just_advice"] = history_of(just_saved.child).advice_on(just_saved)
    return render(request, "kpm/measure.html", context, status=status)


def _day_of(form: MeasureForm) -> date:
    """The day on the form, or the one it began with while what was typed is no date."""
    if form.is_bound:
        cleaned = getattr(form, "cleaned_data", {}).get("measured_on")
        return cleaned or MeasureForm.today()
    return form.initial["measured_on"]


def _last(history: History, name: str) -> Measurement | None:
    """The newest measurement in force that has a value of this kind."""
    return next((m for m in reversed(history.in_force) if getattr(m, name) is not None), None)


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
