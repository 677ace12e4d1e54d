"""Outlines with fewer corners: near enough to the old ones, and closed."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin

import numpy as np
import pytest
from shapely import Polygon

from registry.places.simplify import simplify_polygons

Ring = list[tuple[float, float]]

SQUARE: Ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]


def with_corner(x: float, y: float) -> Ring:
    """The square with one more corner on its lower side."""
    return [SQUARE[0], (x, y), *SQUARE[1:]]


def circle(corners: int, radius: float = 1.0) -> Ring:
    ring = [(radius * cos(2 * pi * n / corners), radius * sin(2 * pi * n / corners)) for n in range(corners)]
    return [*ring, ring[0]]


def simplified_ring(ring: Ring, tolerance: float, decimals: int = 15) -> Ring:
    (polygon,) = simplify_polygons([Polygon(ring)], tolerance, decimals)
    return list(polygon.exterior.coords)


@pytest.mark.parametrize(
    ("corner", "kept"),
    [((2.0, 0.0), False), ((2.0, 0.09), False), ((2.0, -0.09), False), ((2.0, 0.11), True)],
)
def test_a_corner_goes_when_the_line_without_it_passes_within_the_tolerance(
    corner: tuple[float, float], kept: bool
) -> None:
    assert simplified_ring(with_corner(*corner), 0.1) == (with_corner(*corner) if kept else SQUARE)


def test_a_spike_along_the_line_of_its_neighbours_is_not_taken_to_lie_on_it() -> None:
    # From (0, 0) to (9, 9): the corner at (-2, -2) lies on the endless line, but well before its start.
    spiked = [(0.0, 0.0), (-2.0, -2.0), (9.0, 9.0), (9.0, 0.0), (0.0, 0.0)]
    assert simplified_ring(spiked, 0.5) == spiked


def test_a_circle_keeps_the_corners_that_its_roundness_needs() -> None:
    # A chord over an angle a leaves the circle by 1 - cos(a / 2): 0.01 allows a = 0.283, some 22 chords. The
    # halves of it are halved again and again, so powers of two: 32.
    assert len(simplified_ring(circle(4096), 0.01)) == 32 + 1


def test_every_corner_that_was_dropped_lies_within_the_tolerance_of_the_new_ring() -> None:
    old, new = circle(500), simplified_ring(circle(500), 0.02)
    for x, y in old:
        nearest = min(
            abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            for (x1, y1), (x2, y2) in pairwise(new)
        )
        assert nearest <= 0.02 + 1e-9


def test_a_ring_stays_closed_and_without_tolerance_as_it_is() -> None:
    assert simplified_ring(circle(40), 0.3)[0] == simplified_ring(circle(40), 0.3)[-1]
    assert np.array(simplified_ring(circle(40), 0)) == pytest.approx(np.array(circle(40)))
    assert simplified_ring(with_corner(2.0, 0.0), 0) == SQUARE


def test_rounding_leaves_out_positions_that_have_become_equal() -> None:
    ring = [(0.0, 0.0), (0.000001, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]
    assert simplified_ring(ring, 0, 5) == [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]


def test_islands_and_holes_smaller_than_the_tolerance_go_and_the_land_stays() -> None:
    land, hole, island = circle(100, 10), circle(100, 0.05), [(x + 50, y) for x, y in circle(100, 0.05)]
    (polygon,) = simplify_polygons([Polygon(land, [hole]), Polygon(island)], 0.5, 5)
    assert len(polygon.interiors) == 0
    assert polygon.bounds[2] == 10


def test_a_hole_that_can_be_seen_stays() -> None:
    (polygon,) = simplify_polygons([Polygon(circle(100, 10), [circle(100, 5)])], 0.5, 5)
    assert len(polygon.interiors) == 1


def test_no_part_of_an_outline_that_crosses_itself_is_lost() -> None:
    crossed = [(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0), (0.0, 0.0)]
    assert simplified_ring(crossed, 0.1) == crossed
