"""Whom services are for: registering somebody, putting her data right, her end, her move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kpm.convergence_actions import (
    correct_beneficiary,
    end_beneficiary,
    move_beneficiary,
    register_beneficiary,
    reopen_beneficiary,
)
from kpm.forms.child import MoveForm
from kpm.forms.convergence import (
    BeneficiaryForm,
    EditBeneficiaryForm,
    EndBeneficiaryForm,
    ReopenBeneficiaryForm,
)
from kpm.forms.fields import PlainForm, submit
from kpm.models import Beneficiary, BeneficiaryEnd, BeneficiaryGroup
from kpm.models.convergence import groups_in_use
from kpm.service_history import list_possible_births
from kpm.views.choose_village import choose_village
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village, get_or_404, list_villages
from registry.access.reading import note_villages
from registry.models import User
from registry.validation_messages import spoken_date

_DAYS_TO_BIRTH = 280

_HEADINGS: Mapping[str, str | Promise] = {
    "edit": gettext_lazy("Ubah data"),
    "end": gettext_lazy("Melahirkan, atau tidak di daftar lagi"),
    "reopen": gettext_lazy("Kembalikan ke daftar"),
    "move": gettext_lazy("Pindah desa"),
}


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a pregnant woman of ``?village=``, or somebody of a group that its district uses."""
    user, village = user_of(request), find_village(request)
    if village is None:
        return choose_village(request, _("Mendaftarkan sasaran di desa mana?"), "")
    form = BeneficiaryForm(request.POST or None, groups=groups_in_use(village))
    if added := submit(
        form, lambda: register_beneficiary(by=user, village_code=village.pk, **form.cleaned_data)
    ):
        sentence = _("%(name)s terdaftar.") % {"name": added.name}
        if added.last_period:
            due = spoken_date(added.last_period + timedelta(days=_DAYS_TO_BIRTH))
            sentence += " " + _("Perkiraan lahir (HPL): %(date)s.") % {"date": due}
        messages.success(request, sentence)
        return redirect("kpm:beneficiary", added.pk)
    context = {"form": form, "village": village, "heading": _("Daftarkan sasaran layanan")}
    return render(request, "kpm/beneficiary_form.html", context, status=_status(request))


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, beneficiary_id: UUID) -> HttpResponse:
    """Put right what was typed of somebody, with the reason."""
    found = _get(user_of(request), beneficiary_id)
    names = ("name", "birth_date", "last_period", "rt", "rw")
    form = EditBeneficiaryForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if not found.last_period:
        del form.fields["last_period"]

    def act() -> bool:
        values = dict(form.cleaned_data)
        reason = values.pop("reason")
        correct_beneficiary(by=user_of(request), beneficiary_id=found.pk, reason=reason, values=values)
        return True

    return _answer(request, found, "edit", form, act)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, beneficiary_id: UUID) -> HttpResponse:
    """Record that she has given birth, or why she is no longer on the list."""
    user, found = user_of(request), _get(user_of(request), beneficiary_id)
    form = EndBeneficiaryForm(
        request.POST or None,
        is_pregnant=found.group == BeneficiaryGroup.PREGNANT,
        initial={"on": timezone.localdate()},
    )
    return _answer(
        request,
        found,
        "end",
        form,
        lambda: end_beneficiary(by=user, beneficiary_id=found.pk, **form.cleaned_data),
    )


@people_required
@require_POST
def births(request: HttpRequest, beneficiary_id: UUID) -> HttpResponse:
    """Say which registered children the pregnancy brought."""
    user, found = user_of(request), _get(user_of(request), beneficiary_id)
    if found.ended_on and found.ended_by == BeneficiaryEnd.DELIVERED:
        ticked = set(request.POST.getlist("child"))
        possible = list_possible_births(user, found, found.ended_on)
        children = [child.pk for child in possible if str(child.pk) in ticked]
        end_beneficiary(
            by=user,
            beneficiary_id=found.pk,
            ended_by=BeneficiaryEnd.DELIVERED,
            on=found.ended_on,
            children=children,
        )
        messages.success(request, _("Tersimpan."))
    return redirect("kpm:beneficiary", found.pk)


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, beneficiary_id: UUID) -> HttpResponse:
    """Put somebody on the list again who was taken off it by mistake."""
    user, found = user_of(request), _get(user_of(request), beneficiary_id)
    form = ReopenBeneficiaryForm(request.POST or None)
    return _answer(
        request,
        found,
        "reopen",
        form,
        lambda: reopen_beneficiary(by=user, beneficiary_id=found.pk, **form.cleaned_data),
    )


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, beneficiary_id: UUID) -> HttpResponse:
    """Let her live in another village of the user."""
    user, found = user_of(request), _get(user_of(request), beneficiary_id)
    villages = list_villages(user).exclude(pk=found.village_id).order_by("name")
    form = MoveForm(request.POST or None, villages=villages)

    def act() -> Beneficiary:
        to, on = form.cleaned_data["village"], form.cleaned_data["moved_on"]
        return move_beneficiary(by=user, beneficiary_id=found.pk, village_code=to, on=on)

    return _answer(request, found, "move", form, act)


def _get(user: User, beneficiary_id: UUID) -> Beneficiary:
    """Return somebody of the list, and note that the list is shown. Raises Http404."""
    rows = Beneficiary.objects.visible_to(user).select_related("village__kecamatan")
    found = get_or_404(rows, pk=beneficiary_id)
    note_villages([found.village_id])
    return found


def _answer(
    request: HttpRequest, found: Beneficiary, name: str, form: PlainForm, action: Any
) -> HttpResponse:
    """Lead back to her page once it is stored; else show the form with what has to be put right."""
    if submit(form, action):
        messages.success(request, _("Tersimpan."))
        return redirect("kpm:beneficiary", found.pk)
    context = {"form": form, "village": found.village, "person": found, "heading": _HEADINGS[name]}
    return render(request, "kpm/beneficiary_form.html", context, status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
