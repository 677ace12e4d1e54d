"""For the district's officer: another code of a village by Kemendagri, or another puskesmas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.forms.fields import submit
from kpm.forms.village_code import VillageCodeForm, VillagePuskesmasForm
from registry.access.decorators import district_required, user_of
from registry.access.loaders import get_village_or_404, list_villages
from registry.actions.village_code import NewVillageCode, change_village_code, check_village_code
from registry.actions.village_puskesmas import change_puskesmas
from registry.models import Village


@district_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_code(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the new code, say in words what follows, and change it once that is confirmed."""
    village = _get_village(request, code)
    form = VillageCodeForm(request.POST or None)
    if request.method == "POST" and request.POST.get("confirmed"):
        if changed := submit(form, lambda: _change(request, village, form)):
            sentence = _("%(village)s sekarang berkode %(code)s. Kode lama tetap dikenali.")
            messages.success(request, sentence % {"village": changed, "code": changed.pk})
            return redirect("dashboard:village", changed.pk)
    elif new := submit(form, lambda: _check(request, village, form)):
        context = {"village": village, "form": form, "new": new, "counts": _count_what_follows(village)}
        return render(request, "kpm/village_code_confirm.html", context)
    return _draw(request, village, form, VillagePuskesmasForm(village=village))


@district_required
@require_http_methods(["POST"])
def change_puskesmas_of(request: HttpRequest, code: str) -> HttpResponse:
    """Set the puskesmas of a village by the second form of the same page."""
    village = _get_village(request, code)
    form = VillagePuskesmasForm(request.POST, village=village)
    if changed := submit(form, lambda: _change_puskesmas(request, village, form)):
        messages.success(request, _puskesmas_sentence(changed))
        return redirect("dashboard:village", changed.pk)
    return _draw(request, village, VillageCodeForm(), form)


def _get_village(request: HttpRequest, code: str) -> Village:
    villages = list_villages(user_of(request)).select_related("kecamatan", "puskesmas")
    return get_village_or_404(villages, code)


def _draw(
    request: HttpRequest, village: Village, form: VillageCodeForm, puskesmas_form: VillagePuskesmasForm
) -> HttpResponse:
    context = {"village": village, "form": form, "puskesmas_form": puskesmas_form}
    is_wrong = form.errors or puskesmas_form.errors
    return render(request, "kpm/village_code.html", context, status=422 if is_wrong else 200)


def _change_puskesmas(request: HttpRequest, village: Village, form: VillagePuskesmasForm) -> Village:
    data = form.cleaned_data
    return change_puskesmas(
        by=user_of(request), village_code=village.pk, puskesmas_id=data["puskesmas"], reason=data["reason"]
    )


def _puskesmas_sentence(village: Village) -> str:
    parts = {"village": village, "puskesmas": village.puskesmas}
    if village.puskesmas is None:
        return _("%(village)s sekarang tanpa puskesmas.") % parts
    return _("%(village)s sekarang dilayani Puskesmas %(puskesmas)s.") % parts


def _check(request: HttpRequest, village: Village, form: VillageCodeForm) -> NewVillageCode:
    asked = {name: form.cleaned_data[name] for name in ("new_code", "changed_on")}
    return check_village_code(by=user_of(request), village_code=village.pk, **asked)


def _change(request: HttpRequest, village: Village, form: VillageCodeForm) -> Village:
    asked = {name: form.cleaned_data[name] for name in ("new_code", "changed_on", "reason")}
    return change_village_code(by=user_of(request), village_code=village.pk, **asked)


def _count_what_follows(village: Village) -> dict[str, Any]:
    return {
        "children": village.children.count(),
        "measurements": village.measurements.count(),
        "posyandu": village.posyandu.count(),
        "accounts": village.membership_set.values("user").distinct().count(),
        "terms": village.cadres.count(),
    }
