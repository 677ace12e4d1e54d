"""Where the page of a place is."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from dashboard.formatting import place_title
from dashboard.sections import Section
from registry.access.visible_places import Place, can_see_place
from registry.models import District, Kecamatan, Posyandu, Puskesmas, User, Village

Crumb = tuple[str, str]


def place_url(place: Place, month: date | None = None, section: Section = Section.OVERVIEW) -> str:
    """Return the page of ``place``, in ``month`` when given."""
    name = place._meta.model_name
    key = "number" if isinstance(place, Puskesmas) else "code"
    where: dict[str, object] = {} if isinstance(place, District) else {key: place.pk}
    if section is not Section.OVERVIEW:
        name, where["section"] = f"{name}_section", section
    url = reverse(f"dashboard:{name}", kwargs=where)
    return url if month is None else f"{url}?month={month:%Y-%m}"


def posyandu_url(posyandu: Posyandu, month: date) -> str:
    """Return the page of a posyandu in ``month``."""
    return f"{reverse('dashboard:posyandu', args=[posyandu.pk])}?month={month:%Y-%m}"


def list_crumbs(place: Place, month: date, user: User, section: Section = Section.OVERVIEW) -> list[Crumb]:
    """Return the places above ``place`` that the user may open, widest first, then the place itself."""
    above = [p for p in _above(place) if can_see_place(p, user, people=True)]
    return [*((place_title(p), place_url(p, month, section)) for p in above), (place_title(place), "")]


def _above(place: Place) -> list[Place]:
    if isinstance(place, District):
        return []
    if isinstance(place, Kecamatan):
        return [place.district]
    above: list[Place] = [place.kecamatan.district, place.kecamatan]
    if isinstance(place, Village) and place.puskesmas is not None:
        above.append(place.puskesmas)
    return above
