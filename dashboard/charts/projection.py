"""From degrees to units of a picture, and outlines made as coarse as the picture is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

Point = tuple[float, float]

KM_PER_DEGREE = 111.2
"""Of latitude, on a sphere of 6371 km."""

FINEST = 0.8
"""Units by which an outline in the picture may differ from the one in the register."""

_LEAST_DEGREES = 0.02
"""A single village still gets a picture of about two kilometres."""


@dataclass(frozen=True, slots=True)
class MapProjection:
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
        """Return where a place lies: units from the left and from the top."""
        across, down = self.units
        return round((longitude - self.west) * across, 2), round((self.north - latitude) * down, 2)

    @property
    def km(self) -> float:
        """Return the units for a kilometre."""
        return self.units[1] / KM_PER_DEGREE


def fit_projection(points: Sequence[Point], width: float, edge: float, tallest: float) -> MapProjection:
    """Return the projection that fills ``width`` with points (longitude, latitude) and an edge around.

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
    return MapProjection(
        west=middle[0] - width / 2 / unit / shrink,
        north=middle[1] + height / 2 / unit,
        units=(unit * shrink, unit),
        width=width,
        height=round(height, 2),
    )


def corners(geometry: dict[str, Any]) -> Iterable[Point]:
    """Return the south-western and the north-eastern corner (longitude, latitude) of a GeoJSON geometry."""
    from shapely.geometry import shape

    west, south, east, north = shape(geometry).bounds
    return (west, south), (east, north)


def project_geometry(geometry: dict[str, Any], projection: MapProjection) -> dict[str, Any] | None:
    """Return the geometry in units of the picture; None when it is too small to see."""
    import shapely
    from shapely.geometry import mapping, shape

    from registry.places.simplify import simplify_polygons

    across, down = projection.units
    corner, units = (projection.west, projection.north), (across, -down)
    found = shapely.transform(shape(geometry), lambda xy: (xy - corner) * units)
    shapes = simplify_polygons(getattr(found, "geoms", [found]), FINEST, 1)
    return dict(mapping(shapely.MultiPolygon(shapes))) if shapes else None
