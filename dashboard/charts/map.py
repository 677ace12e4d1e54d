"""A map of circles: how many children were measured where, and on which side of the target they are."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import hypot, pi, sqrt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.layout import (
    Box,
    Margin,
    Plot,
    Spot,
    box_around,
    chart,
    free_spots,
    measure_overlap,
    spots_next_to,
    text_layers,
    text_width,
)
from dashboard.charts.projection import MapProjection, corners, fit_projection, project_geometry
from dashboard.charts.svg import Chart, Key, draw_chart, keys_of
from dashboard.charts.theme import ROLES
from dashboard.formatting import number, short_percent

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

_MARGIN = Margin(top=14, right=4, bottom=46, left=4)
_TALLEST = 420
_EDGE = 16
_LABEL = 10
_KECAMATAN_CODE = 8
_COVERED = 0.1
"""Of the picture by all circles together, when none is cut to ``_LARGEST``."""

_LARGEST, _SMALLEST, _RING = 15.0, 1.4, 1.8
"""Radii: of the largest circle at most, of one that could otherwise not be seen, of a place without data."""

_SMALL_TEXT: dict[str, Any] = {"color": ROLES["text"], "baseline": "middle"}

# A disc of which the left half is filled: neither full nor light.
_HALF = "M0,-1A1,1,0,0,0,0,1Z"

# Where a name may move to from its place, nearest first.
_MOVES = sorted(
    ((8 * right, 6 * below) for right in range(-8, 9) for below in range(-7, 8)),
    key=lambda move: hypot(*move),
)


@dataclass(frozen=True, slots=True)
class Circle:
    """A place: where it lies (degrees, WGS 84), and the children ``measured``.

    ``side``: all of its interval below or above the target, unclear, or none (no data, or not to be shown).
    ``words`` are what its mark says: name, rate, children.
    """

    latitude: float
    longitude: float
    measured: int
    side: str
    words: str


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name on the map, such as that of a kecamatan at the mean of its villages."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class _MapMark:
    """A circle as drawn, in units of the picture."""

    x: float
    y: float
    radius: float
    side: str
    words: str


def map_chart(
    circles: Sequence[Circle],
    outlines: Mapping[str, dict[str, Any]],
    target_percent: float | None,
    where: str,
    labels: Sequence[MapLabel] = (),
) -> Chart | None:
    """Return the places of ``where`` as circles, over their ``outlines`` where those are known.

    ``outlines``: GeoJSON Polygons or MultiPolygons in degrees (WGS 84), by the code of their place. The area
    of a circle stands for the children measured. ``target_percent`` in per cent; without one there are no
    sides, and what has a rate comes as unclear. None when there is nothing to draw.
    """
    if not circles:
        return None
    fingerprints = [(code, _fingerprint(outline)) for code, outline in outlines.items()]
    return draw_chart(
        "map",
        (circles, fingerprints, labels),
        _("Peta menurut target"),
        _reading(circles, target_percent, where),
        lambda: _build(circles, outlines, labels),
        _legend(circles, target_percent),
    )


def _fingerprint(geometry: dict[str, Any]) -> str:
    """Return the same for the same outline. Pickled: as text 50,000 numbers would take ten times as long."""
    return str(geometry["type"]) + sha256(pickle.dumps(geometry["coordinates"], 5)).hexdigest()


def _count_by_side(circles: Sequence[Circle]) -> dict[str, int]:
    sides = ("above", "unclear", "below", "none")
    return {side: sum(circle.side == side for circle in circles) for side in sides}


def _reading(circles: Sequence[Circle], target: float | None, where: str) -> str:
    sides = _count_by_side(circles)
    parts = {
        "where": where,
        "count": number(len(circles)),
        "known": number(len(circles) - sides["none"]),
        "measured": number(sum(circle.measured for circle in circles)),
        **{side: number(count) for side, count in sides.items()},
    }
    if target is None:
        return (
            _(
                "%(where)s: %(known)s dari %(count)s tempat punya angka, %(measured)s anak diukur; belum ada "
                "target untuk dibandingkan."
            )
            % parts
        )
    return _(
        "%(where)s: dari %(count)s tempat, %(above)s di atas target %(target)s, %(below)s di bawahnya, "
        "%(unclear)s belum pasti dan %(none)s tanpa angka; %(measured)s anak diukur."
    ) % {**parts, "target": short_percent(target)}


def _legend(circles: Sequence[Circle], target: float | None) -> tuple[Key, ...]:
    words = {
        "above": _("di atas target"),
        "unclear": _("belum pasti") if target is not None else _("belum ada target"),
        "below": _("di bawah target"),
        "none": _("tanpa prevalensi"),
    }
    sides = _count_by_side(circles)
    return keys_of(
        *(
            (side if side == "none" else f"disc-{side}", said, bool(sides[side]))
            for side, said in words.items()
        )
    )


def _build(
    circles: Sequence[Circle], outlines: Mapping[str, dict[str, Any]], labels: Sequence[MapLabel]
) -> Drawing:
    points = [(circle.longitude, circle.latitude) for circle in circles]
    points += [corner for outline in outlines.values() for corner in corners(outline)]
    projection = fit_projection(points, _MARGIN.width, _EDGE if not outlines else 4, _TALLEST)
    area = _unit_area(circles, projection)
    marks = [_mark(circle, projection, area) for circle in circles]
    plot = Plot(_MARGIN, projection.height, across=(0, projection.width), down=(projection.height, 0))
    spots = _place_labels(labels, marks, projection)
    layers = [
        *_outline_layers(outlines, projection),
        _circle_layer(marks, plot),
        *text_layers(spots, plot.x("x"), plot.y("y"), role="place"),
        *_count_key_layers(circles, area, plot),
        *_length_layers(projection, plot),
    ]
    return plot.draw(layers)


def _unit_area(circles: Sequence[Circle], projection: MapProjection) -> float:
    """Return the square units for each child measured."""
    counts = [circle.measured for circle in circles if circle.side != "none"]
    if not sum(counts):
        return 1.0
    spread_out = projection.width * projection.height * _COVERED / sum(counts)
    return min(spread_out, pi * _LARGEST**2 / max(counts))


def _radius(children: float, area: float) -> float:
    return max(_SMALLEST, sqrt(children * area / pi))


def _mark(circle: Circle, projection: MapProjection, area: float) -> _MapMark:
    x, y = projection.at(circle.longitude, circle.latitude)
    radius = _RING if circle.side == "none" else _radius(circle.measured, area)
    return _MapMark(x, y, round(radius, 2), circle.side, circle.words)


def _outline_layers(outlines: Mapping[str, dict[str, Any]], projection: MapProjection) -> list[Any]:
    """Return villages with their ground, over them the kecamatan as lines alone."""
    kecamatan = [outline for code, outline in outlines.items() if len(code) <= _KECAMATAN_CODE]
    villages = [outline for code, outline in outlines.items() if len(code) > _KECAMATAN_CODE]
    return [
        *_shape_layers(villages, ROLES["land"], 0.5, projection),
        *_shape_layers(kecamatan, None if villages else ROLES["land"], 1.0, projection),
    ]


def _shape_layers(
    outlines: Sequence[dict[str, Any]], fill: str | None, width: float, projection: MapProjection
) -> list[Any]:
    shapes = [project_geometry(outline, projection) for outline in outlines]
    rows = [{"type": "Feature", "geometry": shape, "properties": {}} for shape in shapes if shape]
    if not rows:
        return []
    drawn = chart(rows).mark_geoshape(fill=fill, stroke=ROLES["outline"], strokeWidth=width, aria=False)
    return [drawn.project(type="identity", scale=1, translate=[0, 0])]


def _circle_layer(marks: list[_MapMark], plot: Plot) -> Any:
    """Return the circles, large ones first, so that a small one lies on top and can be pointed at.

    All in one layer, because layers would part them by their look and not by their size.
    """
    import altair as alt

    ordered = sorted(marks, key=lambda mark: -mark.radius)
    plain: dict[str, Any] = {"scale": None, "legend": None}
    circles = chart(row for mark in ordered for row in _shapes(mark)).mark_point(opacity=1, strokeWidth=1)
    return circles.encode(
        x=plot.x("x"),
        y=plot.y("y"),
        size=alt.Size("size:Q", **plain),
        shape=alt.Shape("shape:N", **plain),
        fill=alt.Fill("fill:N", **plain),
        stroke=alt.Stroke("stroke:N", **plain),
        description="words:N",
    )


def _shapes(mark: _MapMark) -> list[dict[str, Any]]:
    """Return the disc of a circle, and for one that is unclear the half that lies in it."""
    fill, stroke = {
        "above": ("above", "ground"),
        "unclear": ("ground", "unclear"),
        "below": ("below", "mark"),
        "none": ("ground", "none"),
    }[mark.side]
    disc = {
        "x": mark.x,
        "y": mark.y,
        "shape": "circle",
        "size": _size(mark.radius),
        "fill": ROLES[fill],
        "stroke": ROLES[stroke],
        "words": mark.words,
    }
    if mark.side != "unclear":
        return [disc]
    half = {"shape": _HALF, "fill": ROLES["unclear"], "stroke": None}
    return [disc, {**disc, **half}]


def _size(radius: float) -> float:
    """Return what Vega needs to know: the area of the square around the mark."""
    return round(4 * radius**2, 1)


def _place_labels(labels: Sequence[MapLabel], marks: list[_MapMark], projection: MapProjection) -> list[Spot]:
    """Return the names near where they belong, none on another, and on as little of the circles as can be."""
    crowded = [box_around(mark.x, mark.y, mark.radius) for mark in marks]
    within = Box(0, -_MARGIN.top, projection.width, projection.height)
    spots: list[Spot] = []
    for label in labels:
        x, y = projection.at(label.longitude, label.latitude)
        own = max((mark.radius for mark in marks if hypot(mark.x - x, mark.y - y) < 1), default=0.0)
        tried = spots_next_to(label.name, x, y, own + 1, _LABEL) if own else []
        tried += [Spot(label.name, x + right, y + below, size=_LABEL) for right, below in _MOVES]
        free = free_spots(tried, [spot.box for spot in spots], within)
        # A name may cover a few circles rather than stand where it would name another place.
        costs = [
            area + _distance_moved(spot, x, y) ** 2 / 12
            for spot, area in zip(free, measure_overlap(free, crowded), strict=True)
        ]
        if free:
            spots.append(free[costs.index(min(costs))])
    return spots


def _distance_moved(spot: Spot, x: float, y: float) -> float:
    """Return how far the nearest part of a name is from its place."""
    box = spot.box
    return hypot(max(box.left - x, 0, x - box.right), max(box.top - y, 0, y - box.bottom))


def _count_key_layers(circles: Sequence[Circle], area: float, plot: Plot) -> list[Any]:
    """Return, under the map, what circles of two sizes stand for."""
    import altair as alt

    middle = plot.height + _MARGIN.bottom / 2
    known = [circle.measured for circle in circles if circle.side != "none"]
    rings, words, left = [], [], 2.0
    for count in _round_counts(max(known, default=0)):
        radius = _radius(count, area)
        text = _("%(count)s anak") % {"count": number(count)}
        rings.append({"x": left + radius, "y": middle, "size": _size(radius)})
        words.append({"x": left + 2 * radius + 4, "y": middle, "text": text})
        left += 2 * radius + text_width(text) + 18
    x, y = plot.x("x"), plot.y("y")
    ring = chart(rings).mark_point(
        shape="circle", stroke=ROLES["text"], fill=None, strokeWidth=1, opacity=1, aria=False
    )
    return [
        ring.encode(x=x, y=y, size=alt.Size("size:Q", scale=None, legend=None)),
        chart(words).mark_text(align="left", **_SMALL_TEXT).encode(x=x, y=y, text="text:N"),
    ]


def _length_layers(projection: MapProjection, plot: Plot) -> list[Any]:
    """Return, under the map, how long some kilometres are."""
    middle, end = plot.height + _MARGIN.bottom / 2, projection.width
    kilometres = _round_kilometres(projection)
    bar = {"x": end - kilometres * projection.km, "end": end, "y": middle + 6}
    name = {"x": end, "y": middle - 4, "text": _("%(count)s km") % {"count": number(kilometres)}}
    x, y = plot.x("x"), plot.y("y")
    return [
        chart([bar]).mark_rule(color=ROLES["text"], strokeWidth=2).encode(x=x, x2="end:Q", y=y),
        chart([name]).mark_text(align="right", **_SMALL_TEXT).encode(x=x, y=y, text="text:N"),
    ]


def _round_counts(most: int) -> list[int]:
    """Return counts for the key of sizes: the largest round one up to ``most``, a tenth to a fifth of it."""
    rounds = [times * 10**power for power in range(7) for times in (1, 2, 5)]
    fitting = [count for count in rounds if count <= most]
    return [fitting[i] for i in (-3, -1) if len(fitting) >= -i]


def _round_kilometres(projection: MapProjection) -> int:
    """Return the longest round length that takes at most a quarter of the picture."""
    lengths = [1, 2, 5, 10, 20, 50, 100]
    return max([n for n in lengths if n * projection.km <= projection.width / 4], default=1)
