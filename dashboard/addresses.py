"""Where the page of a place is."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from dashboard.words import place_title
from registry.figures import Place, can_see
from registry.models import District, Kecamatan, Puskesmas, User, Village

Crumb = tuple[str, str]


def address_of(place: Place, month: date | None = None) -> str:
    """The page of ``place``, in ``month`` when given."""
    if isinstance(place, District):
        url = reverse("dashboard:district")
    elif isinstance(place, Kecamatan):
        url = reverse("dashboard:kecamatan", args=[place.pk])
    elif isinstance(place, Puskesmas):
        url = reverse("dashboard:puskesmas", args=[place.pk])
    else:
        url = reverse("dashboard:village", args=[place.pk])
    return url if month is None else f"{url}?{urlencode({'month': f'{month:%Y-%m}'})}"


def crumbs_of(place: Place, month: date, user: User) -> list[Crumb]:
    """The places above ``place`` that the user may open, widest first, then the place itself."""
    above = [p for p in _above(place) if can_see(p, user)]
    return [*((place_title(p), address_of(p, month)) for p in above), (place_title(place), "")]


def _above(place: Place) -> list[Place]:
    if isinstance(place, District):
        return []
    if isinstance(place, Kecamatan):
        return [place.district]
    above: list[Place] = [place.kecamatan.district, place.kecamatan]
    if isinstance(place, Village) and place.puskesmas is not None:
        above.append(place.puskesmas)
    return above


def district_of(place: Place) -> District:
    """The district whose target and surveys hold for ``place``."""
    if isinstance(place, District):
        return place
    return place.district if isinstance(place, Kecamatan) else place.kecamatan.district
