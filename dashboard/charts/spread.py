"""Heights for age by half an SD over WHO's standard curve: a shift of the whole says more than a rate."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, pi, sqrt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.layout import Margin, Plot, axis, chart, named_line, percent_words
from dashboard.charts.svg import Chart, Key, draw_chart
from dashboard.charts.theme import ROLES
from dashboard.formatting import number, percent, zscore
from registry.statistics.tails import normal_above

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

LOWEST, HALF_SDS = -6, 24
"""The first class begins at -6 SD; 24 classes of half an SD reach 6."""

STUNTED = -2
HEIGHT = 180
_MARGIN = Margin(top=22, right=20, bottom=36, left=34)
_STEPS_OF_CURVE = 121

NEAR = 0.25
"""A mean within so many SD of WHO's median is called near it."""

MORE = 1.25
"""A share below -2 SD is called more than the mean explains from so many times on, beyond chance."""


def spread_chart(bins: Sequence[int], mean: float, count: int, where: str) -> Chart | None:
    """Return the heights for age of ``count`` children, their ``mean`` in SD; None without children.

    ``bins`` are whole children in 24 classes of half an SD from -6 to 6. The picture shows shares, but of a
    few children a share can be counted back: a reader who may not know counts under five must not get it.
    ValueError when there are not 24 classes or they do not sum to ``count``.
    """
    if len(bins) != HALF_SDS or sum(bins) != count:
        raise ValueError(f"{len(bins)} classes with {sum(bins)} of {count} children")
    if count == 0:
        return None
    bars = [_bar(index, children / count) for index, children in enumerate(bins)]
    highest = max(*(bar["share"] for bar in bars), *(point["share"] for point in _curve()))
    top = 5 * ceil(highest / 5)
    below = sum(bins[: _index(STUNTED)]) / count
    return draw_chart(
        "spread",
        (bars, top),
        _("Sebaran tinggi badan dibandingkan kurva WHO"),
        _reading(below, mean, count, where),
        lambda: _build(bars, top),
        (
            Key("bars", _("anak di register")),
            Key("stunted", _("di bawah −2 SD (stunting)")),
            Key("standard", _("kurva standar WHO")),
        ),
    )


def _index(sd: int) -> int:
    return 2 * (sd - LOWEST)


def _expected_share(start: float, end: float) -> float:
    """Return the share (0 to 1) that WHO's standard has between two z-scores."""
    return normal_above(start) - normal_above(end)


def _bar(index: int, share: float) -> dict[str, Any]:
    """Return a class of half an SD: where it begins and ends, and its share in per cent."""
    start = LOWEST + index / 2
    words = _("%(start)s sampai %(end)s SD: %(share)s anak; kurva WHO %(expected)s") % {
        "start": zscore(start, 1),
        "end": zscore(start + 0.5, 1),
        "share": percent(share),
        "expected": percent(_expected_share(start, start + 0.5)),
    }
    return {"start": start, "end": start + 0.5, "share": round(share * 100, 2), "zero": 0, "words": words}


def _reading(below: float, mean: float, count: int, where: str) -> str:
    """Return the mean, the share below -2 SD next to WHO's 2.3%, and how much of it the shift explains."""
    by_shift = normal_above(mean - STUNTED)
    parts = {
        "where": where,
        "mean": zscore(mean),
        "count": number(count),
        "below": percent(below),
        "standard": percent(normal_above(-STUNTED)),
        "shift": number(abs(mean), 1),
        "by_shift": percent(by_shift),
    }
    start = (
        _(
            "%(where)s: rata-rata Tinggi Badan menurut Umur %(mean)s SD dari %(count)s anak; %(below)s "
            "di bawah −2 SD, pada kurva WHO %(standard)s"
        )
        % parts
    )
    return f"{start}; {_shift_text(below, mean, by_shift, count) % parts}."


def _shift_text(below: float, mean: float, by_shift: float, count: int) -> str:
    """Return what the place of the curve says. ``by_shift``: the share of WHO's curve moved to ``mean``."""
    chance = 2 * sqrt(by_shift * (1 - by_shift) / count)
    if below > max(MORE * by_shift, by_shift + chance):
        return _(
            "letak kurva hanya menjelaskan %(by_shift)s, sisanya karena sebarannya lebih lebar dari standar: "
            "periksa juga mutu pengukurannya"
        )
    if below < min(by_shift / MORE, by_shift - chance):
        return _(
            "seharusnya %(by_shift)s menurut letak kurva; sebarannya lebih sempit dari standar: periksa "
            "juga mutu pengukurannya"
        )
    if abs(mean) < max(NEAR, 2 / sqrt(count)):
        return _("kurvanya hampir berimpit dengan kurva WHO")
    if mean > 0:
        return _("seluruh kurva bergeser %(shift)s SD ke kanan: anak di sini lebih tinggi dari standar")
    return _(
        "seluruh kurva bergeser %(shift)s SD ke kiri, dan pergeseran itu saja sudah menempatkan %(by_shift)s "
        "anak di bawah −2 SD, jadi yang kurang tinggi bukan hanya anak yang stunting"
    )


def _build(bars: list[dict[str, Any]], top: int) -> Drawing:
    plot = Plot(
        _MARGIN,
        HEIGHT,
        across=(LOWEST, -LOWEST),
        down=(0, top),
        x_axis=axis({sd: zscore(sd, 0) for sd in range(-6, 7)}, grid=False, labelPadding=6),
        y_axis=axis(percent_words(range(0, top + 1, 5)), grid=True),
    )
    curve = chart(_curve()).mark_line(color=ROLES["standard"], strokeWidth=2)
    names = {-3: f"{zscore(-3, 0)} SD", STUNTED: f"{zscore(STUNTED, 0)} SD", 0: _("median WHO")}
    layers = [
        _bar_layer(bars[_index(STUNTED) :], "bar", "mark", plot),
        _bar_layer(bars[: _index(STUNTED)], "stunted", "above", plot),
        # Each on the side where there is room.
        *(layer for sd, words in names.items() for layer in _limit_layers(sd, words, plot)),
        curve.encode(x=plot.x("z"), y=plot.y("share")),
        plot.x_title(_("Tinggi Badan menurut Umur, dalam SD")),
    ]
    return plot.draw(layers)


def _bar_layer(bars: list[dict[str, Any]], fill: str, stroke: str, plot: Plot) -> Any:
    return (
        chart(bar for bar in bars if bar["share"])
        .mark_rect(fill=ROLES[fill], stroke=ROLES[stroke], strokeWidth=0.75, opacity=1)
        .encode(x=plot.x("start"), x2="end:Q", y=plot.y("zero"), y2="share:Q", description="words:N")
    )


def _limit_layers(sd: int, words: str, plot: Plot) -> list[Any]:
    return named_line(
        plot.x("value"),
        sd,
        words,
        roles=("limit", "text"),
        ends=(-16, HEIGHT),
        words_at=-11,
        is_left=sd == -3,
        strokeWidth=1,
        strokeDash=[4, 3],
    )


def _curve() -> list[dict[str, float]]:
    """Return the share (per cent) that WHO's standard has in half an SD around each z-score."""
    steps = [LOWEST + 12 * n / (_STEPS_OF_CURVE - 1) for n in range(_STEPS_OF_CURVE)]
    return [{"z": round(z, 3), "share": round(50 * exp(-z * z / 2) / sqrt(2 * pi), 3)} for z in steps]
