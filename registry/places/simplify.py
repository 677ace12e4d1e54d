"""Outlines with no more corners than a map can show. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely import LinearRing, Polygon

LEAST = 4
"""Positions of the smallest ring: a triangle and its first corner again."""


def simplify_polygons(polygons: Iterable[Polygon], tolerance: float, decimals: int) -> list[Polygon]:
    """Return the polygons with fewer corners, rounded, without islands and holes too small to draw.

    tolerance: how far an outline may move, in the unit of the positions. Source: Douglas and Peucker 1973,
    Cartographica 10:112. Each ring is simplified by itself: GEOS makes a polygon of crossing lines valid, and
    that loses a part of it.
    """
    found = []
    for polygon in polygons:
        outer, *holes = (
            _simplify_ring(ring, tolerance, decimals) for ring in (polygon.exterior, *polygon.interiors)
        )
        if outer is not None:
            found.append(Polygon(outer, [hole for hole in holes if hole is not None]))
    return found


def _simplify_ring(ring: LinearRing, tolerance: float, decimals: int) -> LinearRing | None:
    line = shapely.simplify(ring, tolerance, preserve_topology=False)
    corners = shapely.get_coordinates(line).round(decimals)
    line = shapely.remove_repeated_points(shapely.linestrings(corners))
    return LinearRing(line) if shapely.get_num_coordinates(line) >= LEAST else None
