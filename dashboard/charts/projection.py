"""From degrees to units of a picture, and outlines made as coarse as the picture is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from registry.places.simplify import LEAST, rounded, simplified_ring

Point = tuple[float, float]

KM_PER_DEGREE = 111.2
"""Of latitude, on a sphere of 6371 km."""

FINEST = 0.8
"""Units by which an outline in the picture may differ from the one in the register."""

_LEAST_DEGREES = 0.02
"""A single village still gets a picture of about two kilometres."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Equirectangular with the parallel of its middle true to scale, as good as any for one district.

    ``west`` and ``north`` in degrees are where the picture begins; ``units`` for each degree of longitude and
    latitude; ``width`` and ``height`` of the picture in units.
    """

    west: float
    north: float
    units: tuple[float, float]
    width: float
    height: float

    def at(self, longitude: float, latitude: float) -> Point:
        """Where a place lies: units from the left and from the top."""
        across, down = self.units
        return round((longitude - self.west) * across, 2), round((self.north - latitude) * down, 2)

    @property
    def km(self) -> float:
        """Units for a kilometre."""
        return self.units[1] / KM_PER_DEGREE


def fitted(points: Sequence[Point], width: float, edge: float, tallest: float) -> Projection:
    """The projection that fills ``width`` with ``points`` (longitude, latitude) and an ``edge`` around them.

    A group that is tall and narrow gets no taller than ``tallest``. ValueError without points.
    """
    if not points:
        raise ValueError("no points to fit a map to")
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shrink = cos(radians((south + north) / 2))
    across, down = max((east - west) * shrink, _LEAST_DEGREES), max(north - south, _LEAST_DEGREES)
    unit = min((width - 2 * edge) / across, (tallest - 2 * edge) / down)
    height = down * unit + 2 * edge
    middle = ((west + east) / 2, (south + north) / 2)
    return Projection(
        west=middle[0] - width / 2 / unit / shrink,
        north=middle[1] + height / 2 / unit,
        units=(unit * shrink, unit),
        width=width,
        height=round(height, 2),
    )


def corners(geometry: dict[str, Any]) -> Iterable[Point]:
    """The corners (longitude, latitude) of the outer rings of a GeoJSON Polygon or MultiPolygon."""
    for polygon in polygons(geometry):
        for position in polygon[0]:
            yield position[0], position[1]


def polygons(geometry: dict[str, Any]) -> list[Any]:
    """The polygons of a GeoJSON Polygon or MultiPolygon, each a list of rings; none of anything else."""
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if geometry["type"] == "MultiPolygon" else []


def projected(geometry: dict[str, Any], projection: Projection) -> dict[str, Any] | None:
    """The geometry in units of the picture, without what is too small to see; None when nothing is left."""
    shapes = []
    for polygon in polygons(geometry):
        rings = [
            rounded(simplified_ring([projection.at(p[0], p[1]) for p in ring], FINEST), 1) for ring in polygon
        ]
        # Of a polygon whose outer ring cannot be seen, no hole can be seen either.
        if len(rings[0]) >= LEAST:
            shapes.append([ring for ring in rings if len(ring) >= LEAST])
    return {"type": "MultiPolygon", "coordinates": shapes} if shapes else None
