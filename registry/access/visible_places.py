"""A place of the register (district, kecamatan, puskesmas or village), and who may see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from registry.models import District, Kecamatan, Puskesmas, User, Village
from registry.validation_messages import refusal_message

Place = District | Kecamatan | Puskesmas | Village


class PlaceNotVisible(Exception):
    """The user does not work there: pages and the API answer as if the place did not exist."""

    def __init__(self, sentence: str = "place_not_found", **values: object) -> None:
        super().__init__(refusal_message(sentence, **values))


@dataclass(frozen=True, slots=True)
class PlaceName:
    """How a place is called in figures. ``code`` is Kemendagri's (a puskesmas: its number here)."""

    level: str
    code: str
    name: str


def place_name(place: Place) -> PlaceName:
    """Return how ``place`` is called in figures."""
    return PlaceName(place._meta.model_name or "", str(place.pk), place.name)


def place_code(place: Place) -> str:
    """Return Kemendagri's code; a puskesmas has none and is ``puskesmas-`` with its number here."""
    return f"puskesmas-{place.pk}" if isinstance(place, Puskesmas) else str(place.pk)


def district_of(place: Place) -> District:
    """Return the district in which ``place`` lies: its target and its surveys hold there."""
    if isinstance(place, District):
        return place
    return place.district if isinstance(place, Kecamatan) else place.kecamatan.district


def villages_of(place: Place) -> QuerySet[Village]:
    """Return the villages whose figures add up to the figure of ``place``."""
    return Village.objects.filter(_inside(place))


def _inside(place: Place) -> Q:
    if isinstance(place, Village):
        return Q(pk=place.pk)
    if isinstance(place, Puskesmas):
        return Q(puskesmas=place)
    if isinstance(place, Kecamatan):
        return Q(kecamatan=place)
    return Q(kecamatan__district=place)


def can_see_place(place: Place, user: User, *, people: bool = False) -> bool:
    """Return whether the whole of ``place`` is in the user's area (``people``: where children are named)."""
    area = user.area(people=people)
    if isinstance(place, District):
        return place.pk in area.districts
    if isinstance(place, Kecamatan):
        return place.pk in area.kecamatan or place.district_id in area.districts
    if isinstance(place, Puskesmas):
        return (
            place.pk in area.puskesmas
            or place.kecamatan_id in area.kecamatan
            or place.kecamatan.district_id in area.districts
        )
    return area.has(place)


def require_place(place: Place, user: User) -> None:
    """Raise :class:`PlaceNotVisible` unless the user's area holds the place."""
    if not can_see_place(place, user):
        raise PlaceNotVisible
