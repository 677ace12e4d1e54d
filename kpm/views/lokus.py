"""For the district's officer: which villages are lokus of a year, by which decree."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kpm.exports_staff import lokus_list
from kpm.forms.fields import submit
from kpm.forms.lokus import LokusForm, LokusLine, LokusRemovalForm, read_lokus_lines
from kpm.lokus_actions import declare_lokus, remove_lokus
from kpm.models import LokusVillage
from registry.access.decorators import district_required, user_of
from registry.access.loaders import get_or_404, list_villages
from registry.exports.response import export_response
from registry.models import User
from registry.places.match import VillageIndex


@district_required
@require_http_methods(["GET", "HEAD", "POST"])
def lokus(request: HttpRequest) -> HttpResponse:
    """Show the lokus villages; read a pasted list, say what each line means, store it once confirmed."""
    user = user_of(request)
    found = _visible_lokus(user)
    if file := export_response(request, {"lokus": lambda: lokus_list(found)}):
        return file
    form = LokusForm(request.POST or None)
    if lines := submit(form, lambda: _read_lines(request, form)):
        if request.POST.get("confirmed") and (stored := submit(form, lambda: _declare(user, form, lines))):
            messages.success(request, stored)
            return redirect("kpm:lokus")
        if not form.errors:
            villages = [line for line in lines if line.village]
            context = {"form": form, "lines": lines, "villages": villages}
            return render(request, "kpm/lokus_confirm.html", context)
    context = {"form": form, "found": found}
    return render(request, "kpm/lokus.html", context, status=422 if form.errors else 200)


@district_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, lokus_id: int) -> HttpResponse:
    """Remove a village from the lokus of a year, with the reason."""
    user = user_of(request)
    found = get_or_404(_visible_lokus(user), pk=lokus_id)
    form = LokusRemovalForm(request.POST or None)
    if submit(form, lambda: remove_lokus(by=user, lokus_id=found.pk, **form.cleaned_data)):
        sentence = _("%(village)s bukan lokus %(year)s lagi.")
        messages.success(request, sentence % {"village": found.village, "year": found.year})
        return redirect("kpm:lokus")
    context = {"form": form, "lokus": found}
    return render(request, "kpm/lokus_remove.html", context, status=422 if form.errors else 200)


def _visible_lokus(user: User) -> QuerySet[LokusVillage]:
    found = LokusVillage.objects.filter(village__in=list_villages(user)).select_related("village__kecamatan")
    return found.order_by("-year", "village__kecamatan__name", "village__name")


def _read_lines(request: HttpRequest, form: LokusForm) -> list[LokusLine]:
    index = VillageIndex(list_villages(user_of(request)))
    return read_lokus_lines(form.cleaned_data["lines"], index, request.POST.dict())


def _declare(user: User, form: LokusForm, lines: list[LokusLine]) -> str:
    """Store the villages that were found; return what was done, in a sentence."""
    codes = {line.village.pk for line in lines if line.village}
    decree = {name: form.cleaned_data[name] for name in ("year", "decree_number", "decree_date")}
    new = declare_lokus(by=user, village_codes=codes, **decree)
    sentence = ngettext(
        "%(count)d desa tercatat sebagai lokus %(year)s, %(new)d di antaranya baru.",
        "%(count)d desa tercatat sebagai lokus %(year)s, %(new)d di antaranya baru.",
        len(codes),
    )
    return sentence % {"count": len(codes), "year": decree["year"], "new": new}
