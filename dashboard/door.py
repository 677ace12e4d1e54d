"""Who may open a page of figures, and what its address asks for. Outside the area does not exist: 404."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.access.decorators import BadAddress, user_of
from registry.access.export_rights import widest_place
from registry.access.visible_places import Place, PlaceNotVisible
from registry.accounts.login import sign_in_first
from registry.calendar_months import InvalidMonth, current_month, parse_month
from registry.figures import latest_month
from registry.models import Kecamatan, Posyandu, Puskesmas, User, Village

View = Callable[..., HttpResponse]


def figures_page(view: View) -> View:
    """Sign in first; outside the area is 404, an address that cannot be read 400, each with its sentence."""
    return require_safe(_guarded(view))


def names_page(view: View) -> View:
    """The same where children are named: their list is taken away with POST, since that is logged."""
    return require_http_methods(["GET", "HEAD", "POST"])(_guarded(view))


def _guarded(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        try:
            _must_be_a_person(user_of(request))
            return view(request, *args, **kwargs)
        except PlaceNotVisible as error:
            return render(request, "404.html", {"sentence": str(error)}, status=404)
        except BadAddress as error:
            return render(request, "400.html", {"sentence": str(error)}, status=400)

    return guarded


def _must_be_a_person(user: User) -> None:
    """Raises PlaceNotVisible for another system: it reads REST, where small counts are hidden."""
    if user.roles and not user.sees_people:
        raise PlaceNotVisible(_("Halaman ini untuk petugas. Sistem lain mengambil angkanya lewat /api/v1/."))


def not_here() -> PlaceNotVisible:
    """The same sentence for a place that is not there and one that is somebody else's."""
    return PlaceNotVisible(_("Wilayah ini tidak ada di daerah kerja Anda."))


def kecamatan_at(code: str) -> Kecamatan:
    """Raises PlaceNotVisible when there is none. Whether the user may see it, the figures decide."""
    found = Kecamatan.objects.select_related("district").filter(pk=code).first()
    if found is None:
        raise not_here()
    return found


def puskesmas_at(number: int) -> Puskesmas:
    """Raises PlaceNotVisible when there is none."""
    found = Puskesmas.objects.select_related("kecamatan__district").filter(pk=number).first()
    if found is None:
        raise not_here()
    return found


def village_at(code: str) -> Village:
    """Raises PlaceNotVisible when there is none."""
    places = Village.objects.select_related("kecamatan__district", "puskesmas")
    found = places.filter(pk=code).first()
    if found is None:
        raise not_here()
    return found


def posyandu_at(number: int) -> Posyandu:
    """Raises PlaceNotVisible when there is none."""
    found = Posyandu.objects.select_related("village__kecamatan__district", "village__puskesmas").filter(
        pk=number
    )
    posyandu = found.first()
    if posyandu is None:
        raise not_here()
    return posyandu


def start_of(user: User) -> Place:
    """The widest place the user works at. Raises PlaceNotVisible for somebody who works nowhere."""
    if place := widest_place(user):
        return place
    raise PlaceNotVisible(
        _(
            "Akun Anda belum punya wilayah kerja. Minta administrator kabupaten menambahkan peran dan "
            "wilayah Anda."
        )
    )


def month_asked(request: HttpRequest, place: Place, user: User) -> date:
    """The month of ``?month=YYYY-MM``, else the latest with data, else this one. Raises BadAddress."""
    text = request.GET.get("month", "")
    if not text:
        return latest_month(place, user) or current_month()
    try:
        return parse_month(text)
    except InvalidMonth as error:
        raise BadAddress(str(error)) from error
