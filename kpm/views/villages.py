"""For the district's officer: a village that Kemendagri gave another code."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.forms.fields import submit
from kpm.forms.village_code import VillageCodeForm
from registry.access.decorators import district_required, user_of
from registry.access.loaders import get_village_or_404, list_villages
from registry.actions.village_code import NewVillageCode, change_village_code, check_village_code
from registry.models import Village


@district_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_code(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the new code, say in words what follows, and change it once that is confirmed."""
    village = get_village_or_404(list_villages(user_of(request)).select_related("puskesmas"), code)
    form = VillageCodeForm(request.POST or None)
    if request.method == "POST" and request.POST.get("confirmed"):
        if changed := submit(form, lambda: _change(request, village, form)):
            sentence = _("%(village)s sekarang berkode %(code)s. Kode lama tetap dikenali.")
            messages.success(request, sentence % {"village": changed, "code": changed.pk})
            return redirect("dashboard:village", changed.pk)
    elif new := submit(form, lambda: _check(request, village, form)):
        context = {"village": village, "form": form, "new": new, "counts": _count_what_follows(village)}
        return render(request, "kpm/village_code_confirm.html", context)
    context = {"village": village, "form": form}
    return render(request, "kpm/village_code.html", context, status=422 if form.errors else 200)


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
