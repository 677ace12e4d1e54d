"""A funnel plot: which villages differ from the mean of all by more than chance, whatever their size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from statistics import median_low
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.layout import (
    Box,
    Margin,
    Plot,
    Spot,
    at,
    axis,
    axis_ticks,
    axis_top,
    box_around,
    chart,
    free_spots,
    percent_words,
    spots_next_to,
    text_layers,
)
from dashboard.charts.svg import Chart, Key, draw_chart
from dashboard.charts.theme import ROLES
from dashboard.formatting import number, percent, short_percent

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

HEIGHT = 230
_MARGIN = Margin(top=20, right=20, bottom=36, left=34)
_FAR = ("far_above", "far_below")
_RADIUS, _APART = 4.5, 3.0
"""Of a triangle, and how much farther the name of another stays away from it."""


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A place by its ``size`` (children counted) and ``rate`` (0 to 1).

    ``side``: within the 95% limits; above or below those; far_above or far_below: outside the 99.8% limits.
    """

    name: str
    size: int
    rate: float
    side: str


@dataclass(frozen=True, slots=True)
class FunnelCurves:
    """Lower and upper limit (0 to 1) at each of ``sizes``, which ascend: ``near`` 95%, ``far`` 99.8%."""

    sizes: Sequence[float]
    near: Sequence[tuple[float, float]]
    far: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _FunnelContent:
    """Rates and limits are shares of 0 to 1, ``top`` is in per cent; sizes go to ``widest`` by ``step``."""

    points: Sequence[FunnelPoint]
    curves: FunnelCurves
    share: float
    top: int
    widest: int
    step: int

    def place(self, point: FunnelPoint) -> tuple[float, float]:
        """Return where a point lies in units of the plot; the scales of _build say the same."""
        return point.size / self.widest * _MARGIN.width, HEIGHT * (1 - point.rate * 100 / self.top)


def funnel_chart(
    points: Sequence[FunnelPoint],
    curves: FunnelCurves,
    share: float,
    where: str,
    *,
    title: str = "",
    widening: float = 1.0,
) -> Chart | None:
    """Return the places of ``where`` against the limits of chance around their common ``share`` (0 to 1).

    ``title``: which places these are, in words that leave open what is found. ``widening``: how many times
    the limits are as far out as those of chance, since all the places together differ by more. None when
    there are no places. Source of the limits: Spiegelhalter 2005, Statistics in Medicine 24:1185.
    """
    if not points:
        return None
    content = _content(points, curves, share)
    return draw_chart(
        "funnel",
        content,
        title or _("Prevalensi menurut banyaknya anak"),
        _reading(points, curves, share, where, widening),
        lambda: _build(content),
        _legend(content),
    )


def _content(points: Sequence[FunnelPoint], curves: FunnelCurves, share: float) -> _FunnelContent:
    largest = max(point.size for point in points)
    step = _round_step(largest)
    # The outer limit stays in the picture for the larger half of the places at least.
    highest = max(*(point.rate for point in points), share, _outer(_middle(points), curves))
    return _FunnelContent(
        points, curves, share, top=axis_top(highest * 100), widest=step * ceil(largest / step), step=step
    )


def _middle(points: Sequence[FunnelPoint]) -> int:
    """Return the size that half of the places do not exceed."""
    return median_low(point.size for point in points)


def _outer(size: float, curves: FunnelCurves) -> float:
    """Return the upper 99.8% limit at ``size``, or at the nearest size that is known."""
    return curves.far[min(bisect_left(curves.sizes, size), len(curves.sizes) - 1)][1]


def _round_step(most: int) -> int:
    """Return 1, 2 or 5 times a power of ten, so that at most five steps reach ``most``."""
    power = 10 ** max(0, floor(log10(max(most, 1) / 5)))
    return next(power * times for times in (1, 2, 5, 10) if most <= 5 * power * times)


def _limits() -> dict[str, str]:
    return {"near": short_percent(95), "far": short_percent(99.8)}


def _words(point: FunnelPoint) -> str:
    said = {
        "within": _("di dalam batas kebetulan"),
        "above": _("di atas batas %(near)s"),
        "far_above": _("di atas batas %(far)s"),
        "below": _("di bawah batas %(near)s"),
        "far_below": _("di bawah batas %(far)s"),
    }[point.side]
    return _("%(name)s: %(rate)s dari %(count)s anak, %(side)s") % {
        "name": point.name,
        "rate": percent(point.rate),
        "count": number(point.size),
        "side": said % _limits(),
    }


def _reading(
    points: Sequence[FunnelPoint], curves: FunnelCurves, share: float, where: str, widening: float
) -> str:
    counts = {side: sum(p.side == side for p in points) for side in ("above", "below", *_FAR)}
    parts = {
        **_limits(),
        "where": where,
        "share": percent(share),
        "count": number(len(points)),
        "above": number(counts["far_above"]),
        "below": number(counts["far_below"]),
        "between": number(counts["above"] + counts["below"]),
        "middle": number(_middle(points)),
        "outer": percent(_outer(_middle(points), curves)),
    }
    reading = _main_sentence(any(counts[side] for side in _FAR), widening) % parts
    # Where chance alone could bring even twice the common rate, finding nothing says little.
    if (_outer(_middle(points), curves) - share) / widening <= share:
        return reading
    small = _(
        "Hati-hati: tempatnya kecil, separuhnya paling banyak %(middle)s anak. Tempat sebesar itu baru di "
        "luar batas kalau angkanya lebih dari %(outer)s, jadi hanya perbedaan yang sangat besar dapat "
        "terlihat."
    )
    return f"{reading} {small % parts}"


def _main_sentence(has_outliers: bool, widening: float) -> str:
    if has_outliers:
        return _(
            "%(where)s: rata-rata %(share)s; dari %(count)s tempat, %(above)s di atas dan %(below)s di bawah "
            "batas %(far)s, yang jarang terlewati karena kebetulan, dan %(between)s di antara batas %(near)s "
            "dan %(far)s."
        )
    if widening > 1:
        # No place stands out, and yet chance does not explain how they differ: the wider limits say so.
        return _(
            "%(where)s: rata-rata %(share)s; %(count)s tempat bersama-sama berbeda melebihi kebetulan, "
            "tetapi tidak satu pun menonjol di luar batas %(far)s yang sudah dilebarkan; %(between)s di "
            "antara batas %(near)s dan %(far)s."
        )
    return _(
        "%(where)s: rata-rata %(share)s; tidak satu pun dari %(count)s tempat di luar batas %(far)s; "
        "%(between)s di antara batas %(near)s dan %(far)s. Dari gambar ini saja belum terlihat perbedaan "
        "yang melebihi kebetulan."
    )


def _legend(content: _FunnelContent) -> tuple[Key, ...]:
    sides = {point.side for point in content.points}
    words = {
        "far_above": _("di atas %(far)s"),
        "above": _("di atas %(near)s"),
        "within": _("di dalam batas"),
        "below": _("di bawah %(near)s"),
        "far_below": _("di bawah %(far)s"),
    }
    marks = [Key(side.replace("_", "-"), said % _limits()) for side, said in words.items() if side in sides]
    return (
        *marks,
        Key("limit", _("batas %(far)s") % _limits()),
        Key("limit-near", _("batas %(near)s") % _limits()),
        Key("mean", _("rata-rata %(share)s") % {"share": percent(content.share)}),
    )


def _build(content: _FunnelContent) -> Drawing:
    sizes = range(0, content.widest + 1, content.step)
    plot = Plot(
        _MARGIN,
        HEIGHT,
        across=(0, content.widest),
        down=(0, content.top),
        x_axis=axis({size: number(size) for size in sizes}, grid=False, labelPadding=6),
        y_axis=axis(percent_words(axis_ticks(content.top)), grid=True),
    )
    layers = [
        *_curve_layers(content, plot),
        *(_point_layer(content.points, side, plot) for side in _LOOKS),
        *_name_layers(content, plot),
        plot.x_title(_("anak yang dihitung")),
    ]
    return plot.draw(layers)


def _curve_layers(content: _FunnelContent, plot: Plot) -> list[Any]:
    curves = content.curves
    lines: list[tuple[Sequence[tuple[float, float]], list[int]]] = [(curves.near, [4, 3]), (curves.far, [])]
    mean = chart([{"share": content.share * 100}]).mark_rule(color=ROLES["limit"], strokeWidth=1)
    line: dict[str, Any] = {"color": ROLES["limit"], "strokeWidth": 1.5, "clip": True}
    return [
        mean.encode(y=plot.y("share"), x=at(0), x2=at(_MARGIN.width)),
        *(
            # Where a lower limit is 0 there is none, and a line on the axis would say otherwise.
            chart(
                {"size": size, "limit": 100 * pair[end]}
                for size, pair in zip(curves.sizes, limits, strict=True)
                if size <= content.widest and pair[end] > 0
            )
            .mark_line(strokeDash=dash, interpolate="monotone", **line)
            .encode(x=plot.x("size"), y=plot.y("limit"))
            for limits, dash in lines
            for end in (0, 1)
        ),
    ]


# Within: a small ring. Outside: a triangle that points away from the mean, filled when it is far.
# Shape, fill, stroke, size and width of the stroke.
_LOOKS = {
    "within": ("circle", "ground", "none", 16, 1),
    "below": ("triangle-down", "ground", "mark", 45, 1.5),
    "above": ("triangle-up", "ground", "above", 45, 1.5),
    "far_below": ("triangle-down", "mark", "ground", 90, 1),
    "far_above": ("triangle-up", "above", "ground", 90, 1),
}


def _point_layer(points: Sequence[FunnelPoint], side: str, plot: Plot) -> Any:
    rows = [
        {"size": point.size, "rate": round(point.rate * 100, 2), "words": _words(point)}
        for point in points
        if point.side == side
    ]
    shape, fill, stroke, size, width = _LOOKS[side]
    look: dict[str, Any] = {
        "shape": shape,
        "fill": ROLES[fill],
        "stroke": ROLES[stroke],
        "size": size,
        "strokeWidth": width,
    }
    mark = chart(rows).mark_point(opacity=1, **look)
    return mark.encode(x=plot.x("size"), y=plot.y("rate"), description="words:N")


def _name_layers(content: _FunnelContent, plot: Plot) -> list[Any]:
    """Return the names of those far outside, the farthest first, where they cover nothing."""
    places = [(point, *content.place(point)) for point in content.points]
    far = [place for place in places if place[0].side in _FAR]
    far.sort(key=lambda place: -abs(place[0].rate - content.share) * place[0].size ** 0.5)
    within = Box(2, -_MARGIN.top + 2, _MARGIN.width + _MARGIN.right - 2, HEIGHT - 2)
    spots: list[Spot] = []
    for point, left, top in far:
        others = [
            box_around(x_at, y_at, _RADIUS + _APART) for other, x_at, y_at in places if other is not point
        ]
        taken = [*others, *(spot.box for spot in spots)]
        spots += free_spots(spots_next_to(point.name, left, top, _RADIUS + 2), taken, within)[:1]
    # Back from units to children and per cent, because all layers share their scales.
    in_data = [
        replace(s, x=s.x / _MARGIN.width * content.widest, y=(1 - s.y / HEIGHT) * content.top) for s in spots
    ]
    return text_layers(in_data, plot.x("x"), plot.y("y"))
