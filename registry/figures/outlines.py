"""Outlines of places for a map, where the district has loaded them."""

from __future__ import annotations

from typing import Any

from registry.access.visible_places import Place, villages_of
from registry.models import Boundary, District


def outlines_of(place: Place) -> dict[str, dict[str, Any]]:
    """Return GeoJSON outlines of the places inside ``place`` by code.

    The places are the kecamatan (in a district) or villages. Only outlines that the district has loaded are
    there.
    """
    villages = Boundary.objects.filter(pk__in=villages_of(place).values("pk"))
    kecamatan = Boundary.objects.filter(pk__in=villages_of(place).values("kecamatan"))
    wanted = kecamatan if isinstance(place, District) and kecamatan.exists() else villages
    return dict(wanted.order_by("pk").values_list("pk", "geometry"))
