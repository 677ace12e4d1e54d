"""Outlines with no more corners than a map can show. Knows no Django."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Position = tuple[float, float]
Ring = list[Position]
Polygon = list[Ring]
"""The outer ring, then its holes; every ring ends where it begins."""

FloatArray = npt.NDArray[np.float64]

LEAST = 4
"""Positions of the smallest ring: a triangle and its first corner again."""


def simplified_ring(ring: Sequence[Position], tolerance: float) -> Ring:
    """A closed ring without the corners that lie within ``tolerance`` of the line drawn without them.

    ``tolerance`` has the unit of the positions. Fewer than four positions when the ring is no larger than
    that. Source: Douglas and Peucker 1973, Cartographica 10:112; a ring is cut where it is widest from its
    first corner.
    """
    points = np.asarray(ring, dtype=np.float64)
    if len(points) <= LEAST:
        return list(ring)
    widest = int(np.argmax(((points - points[0]) ** 2).sum(axis=1)))
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, widest, len(points) - 1]] = True
    _keep_corners(points, keep, [(0, widest), (widest, len(points) - 1)], tolerance)
    return [(float(x), float(y)) for x, y in points[keep]]


def _keep_corners(
    points: FloatArray, keep: npt.NDArray[np.bool_], stretches: list[tuple[int, int]], tolerance: float
) -> None:
    while stretches:
        start, end = stretches.pop()
        if end - start < 2:
            continue
        away = _distances(points[start + 1 : end], points[start], points[end])
        farthest = int(np.argmax(away))
        if away[farthest] > tolerance:
            corner = start + 1 + farthest
            keep[corner] = True
            stretches += [(start, corner), (corner, end)]


def _distances(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """How far points are from the stretch between two others, and not from the endless line through them."""
    along = end - start
    length = float(along @ along)
    share = np.clip((points - start) @ along / length, 0, 1) if length else np.zeros(len(points))
    nearest = start + share[:, None] * along
    distances: FloatArray = np.hypot(*(points - nearest).T)
    return distances


def simplified_polygons(polygons: Sequence[Polygon], tolerance: float, decimals: int) -> list[Polygon]:
    """The polygons simplified and rounded, without islands and holes that have become too small to draw.

    Of polygons that are all too small, the one with the most corners is kept, unchanged.
    """
    kept = []
    for polygon in polygons:
        rings = [rounded(simplified_ring(ring, tolerance), decimals) for ring in polygon]
        if len(rings[0]) >= LEAST:
            kept.append([ring for ring in rings if len(ring) >= LEAST])
    return kept or [[max((polygon[0] for polygon in polygons), key=len)]]


def rounded(ring: Sequence[Position], decimals: int) -> Ring:
    """The ring with rounded positions, each once where rounding has made neighbours equal."""
    corners: Ring = []
    for x, y in ring:
        position = (round(x, decimals), round(y, decimals))
        if not corners or position != corners[-1]:
            corners.append(position)
    return corners
