"""Heights for age by half an SD beside WHO's standard curve: a shift of the whole says more than a rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, pi, sqrt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.layout import Margin, axis, data, frame_layers, scale
from dashboard.charts.svg import Chart, Key, draw_chart
from dashboard.charts.theme import ROLES
from dashboard.formatting import number, percent, with_percent_sign, zscore
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


@dataclass(frozen=True, slots=True)
class _Bar:
    """A class of half an SD: where it begins and ends, its share in per cent, and whether it is stunted."""

    start: float
    end: float
    share: float
    stunted: bool
    words: str


@dataclass(frozen=True, slots=True)
class _SpreadContent:
    bars: tuple[_Bar, ...]
    top: int
    x_title: str
    sign: str


def spread_chart(bins: Sequence[int], mean: float, count: int, where: str) -> Chart | None:
    """The heights for age of ``count`` children at ``where``, their ``mean`` in SD; None without children.

    ``bins`` are whole children in 24 classes of half an SD from -6 to 6. The picture shows shares, but of a
    few children a share can be counted back: whoever may not know counts under five must not get it.
    ValueError when there are not 24 classes or they do not sum to ``count``.
    """
    if len(bins) != HALF_SDS or sum(bins) != count:
        raise ValueError(f"{len(bins)} classes with {sum(bins)} of {count} children")
    if count == 0:
        return None
    bars = tuple(_bar(index, children / count) for index, children in enumerate(bins))
    highest = max(*(bar.share for bar in bars), *(point["share"] for point in _curve()))
    content = _SpreadContent(
        bars=bars,
        top=5 * ceil(highest / 5),
        x_title=_("tinggi menurut umur, dalam SD"),
        sign=with_percent_sign(""),
    )
    below = sum(bins[: _index(STUNTED)]) / count
    return draw_chart(
        "spread",
        content,
        _("Sebaran tinggi badan dibandingkan kurva WHO"),
        _reading(below, mean, count, where),
        lambda: _build(content),
        (
            Key("bars", _("anak di register")),
            Key("stunted", _("di bawah −2 SD (stunting)")),
            Key("standard", _("kurva standar WHO")),
        ),
    )


def _index(sd: int) -> int:
    return 2 * (sd - LOWEST)


def _expected_share(start: float, end: float) -> float:
    """The share (0 to 1) that WHO's standard has between two z-scores."""
    return normal_above(start) - normal_above(end)


def _bar(index: int, share: float) -> _Bar:
    start = LOWEST + index / 2
    words = _("%(start)s sampai %(end)s SD: %(share)s anak; kurva WHO %(expected)s") % {
        "start": zscore(start, 1),
        "end": zscore(start + 0.5, 1),
        "share": percent(share),
        "expected": percent(_expected_share(start, start + 0.5)),
    }
    return _Bar(start, start + 0.5, round(share * 100, 2), start < STUNTED, words)


def _reading(below: float, mean: float, count: int, where: str) -> str:
    """The mean, the share below -2 SD beside WHO's 2.3 %, and how much of it the shift alone explains."""
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
            "%(where)s: rata-rata tinggi menurut umur %(mean)s SD dari %(count)s anak; %(below)s di bawah "
            "−2 SD, pada kurva WHO %(standard)s"
        )
        % parts
    )
    return f"{start}; {_shift_text(below, mean, by_shift, count) % parts}."


def _shift_text(below: float, mean: float, by_shift: float, count: int) -> str:
    """What the place of the curve says. ``by_shift``: the share of WHO's curve moved to ``mean``."""
    chance = 2 * sqrt(by_shift * (1 - by_shift) / count)
    if below > max(MORE * by_shift, by_shift + chance):
        return _(
            "letak kurva hanya menjelaskan %(by_shift)s, sisanya karena sebarannya lebih lebar dari standar: "
            "periksa juga mutu pengukurannya"
        )
    if below < min(by_shift / MORE, by_shift - chance):
        return _(
            "dari letak kurva seharusnya %(by_shift)s, jadi sebarannya lebih rapat dari standar: periksa "
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


def _build(content: _SpreadContent) -> Drawing:
    import altair as alt

    x_axis = axis({sd: zscore(sd, 0) for sd in range(-6, 7)}, grid=False, labelPadding=6)
    y_axis = axis({tick: f"{tick}{content.sign}" for tick in range(0, content.top + 1, 5)}, grid=True)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale([LOWEST, -LOWEST], [0, _MARGIN.width]), axis=x_axis)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=scale([0, content.top], [HEIGHT, 0]), axis=y_axis)

    layers = [
        *(_bars(content, stunted, x, y) for stunted in (False, True)),
        *_marker_layers(x),
        alt.Chart(data(_curve()))
        .mark_line(color=ROLES["standard"], strokeWidth=2)
        .encode(x=x("z"), y=y("share")),
        alt.Chart(data([{}]))
        .mark_text(color=ROLES["text"], align="right", baseline="middle", text=content.x_title)
        .encode(x=alt.value(_MARGIN.width), y=alt.value(HEIGHT + 28)),
    ]
    return frame_layers(layers, _MARGIN, HEIGHT)


def _bars(content: _SpreadContent, stunted: bool, x: Any, y: Any) -> Any:
    import altair as alt

    rows = [
        {"start": bar.start, "end": bar.end, "share": bar.share, "zero": 0, "words": bar.words}
        for bar in content.bars
        if bar.stunted is stunted and bar.share
    ]
    return (
        alt.Chart(data(rows))
        .mark_rect(
            fill=ROLES["stunted" if stunted else "bar"],
            stroke=ROLES["above" if stunted else "mark"],
            strokeWidth=0.75,
            opacity=1,
        )
        .encode(x=x("start"), x2="end:Q", y=y("zero"), y2="share:Q", description=alt.Description("words:N"))
    )


def _curve() -> list[dict[str, float]]:
    """WHO's standard as the share (per cent) that a class of half an SD around each z-score would have."""
    steps = [LOWEST + 12 * n / (_STEPS_OF_CURVE - 1) for n in range(_STEPS_OF_CURVE)]
    return [{"z": round(z, 3), "share": round(50 * exp(-z * z / 2) / sqrt(2 * pi), 3)} for z in steps]


def _marker_layers(x: Any) -> list[Any]:
    """Lines at -3, -2 and 0 SD, named above the bars, each on the side where there is room."""
    import altair as alt

    names = {-3: f"{zscore(-3, 0)} SD", STUNTED: f"{zscore(STUNTED, 0)} SD", 0: _("median WHO")}
    return [
        layer
        for sd, words in names.items()
        for mark in [alt.Chart(data([{"sd": sd}]))]
        for layer in (
            mark.mark_rule(color=ROLES["limit"], strokeWidth=1, strokeDash=[4, 3]).encode(
                x=x("sd"), y=alt.value(-16), y2=alt.value(HEIGHT)
            ),
            mark.mark_text(
                color=ROLES["text"],
                align="right" if sd == -3 else "left",
                dx=-4 if sd == -3 else 4,
                baseline="middle",
                text=words,
            ).encode(x=x("sd"), y=alt.value(-11)),
        )
    ]
