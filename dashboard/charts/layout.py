"""Where things stand in a picture: the size of a text, its frame, and texts that leave one another room."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

from dashboard.charts.theme import ROLES, TEXT, WIDTH

if TYPE_CHECKING:
    import altair as alt

    from dashboard.charts.svg import Drawing

# Widths of letters in ems, those of DejaVu Sans, which is wider than what phones and most desks have.
_NARROW, _WIDE, _CAPITAL, _OTHER = 0.37, 0.97, 0.73, 0.63
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Margin:
    """Units of the picture around its plot."""

    top: float
    right: float
    bottom: float
    left: float

    @property
    def width(self) -> float:
        """Return how wide the plot is in a picture of ``WIDTH``."""
        return WIDTH - self.left - self.right


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units of the picture, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap_with(self, other: Box) -> float:
        """Return the area that both cover; 0 when they only touch."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


Align = Literal["left", "center", "right"]
Fixed = dict[str, float]
"""Units of the picture that no scale moves."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A text whose start, middle or end is at ``x`` and whose middle is at ``y``; units of the picture."""

    text: str
    x: float
    y: float
    align: Align = "center"
    size: float = TEXT

    @property
    def box(self) -> Box:
        width = text_width(self.text, self.size)
        left = self.x - {"left": 0.0, "center": 0.5, "right": 1.0}[self.align] * width
        return Box(left, self.y - self.size * 0.6, left + width, self.y + self.size * 0.6)


def box_around(x: float, y: float, radius: float) -> Box:
    """Return the square around a round mark."""
    return Box(x - radius, y - radius, x + radius, y + radius)


@lru_cache(maxsize=1024)
def text_width(text: str, size: float = TEXT) -> float:
    """Return about how wide ``text`` is at a font size, both in units. Fonts differ, so rather too wide."""
    return sum(_letter(sign) for sign in text) * size


def _letter(sign: str) -> float:
    if sign in "ijlrtfI.,'() \N{NO-BREAK SPACE}":
        return _NARROW
    if sign in "mwMW%":
        return _WIDE
    return _CAPITAL if sign.isupper() else _OTHER


def shorten_text(text: str, width: float) -> str:
    """Return ``text``, or as much of it as ``width`` holds and an ellipsis."""
    if text_width(text) <= width:
        return text
    kept = text
    while kept and text_width(kept + _ELLIPSIS) > width:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def spots_next_to(text: str, x: float, y: float, gap: float, size: float = TEXT) -> list[Spot]:
    """Return places for the name of a mark at (x, y): right of it, left, above, below."""
    down = size * 0.45 + gap
    return [
        Spot(text, x + gap, y, "left", size),
        Spot(text, x - gap, y, "right", size),
        Spot(text, x, y - down, "center", size),
        Spot(text, x, y + down, "center", size),
    ]


def free_spots(spots: Iterable[Spot], taken: Sequence[Box], within: Box) -> list[Spot]:
    """Return those of ``spots`` that lie ``within`` the picture and cover nothing of what is ``taken``."""
    boxed = ((spot, spot.box) for spot in spots)
    return [
        spot
        for spot, box in boxed
        if within.holds(box) and not any(box.overlap_with(other) for other in taken)
    ]


def measure_overlap(spots: Sequence[Spot], crowded: Sequence[Box]) -> list[float]:
    """Return how much of ``crowded`` each spot covers, in square units."""
    import numpy as np

    if not spots or not crowded:
        return [0.0] * len(spots)
    over = np.array([[box.left, box.top, box.right, box.bottom] for box in (spot.box for spot in spots)])
    under = np.array([[box.left, box.top, box.right, box.bottom] for box in crowded])
    starts = np.maximum(over[:, None, :2], under[None, :, :2])
    ends = np.minimum(over[:, None, 2:], under[None, :, 2:])
    sides = np.maximum(ends - starts, 0)
    return [float(area) for area in sides.prod(axis=2).sum(axis=1)]


@dataclass(frozen=True, slots=True)
class Plot:
    """The plane that all layers of a picture share, whatever the texts at its edges measure.

    ``across``: the values at its left and right edge; ``down``: those at its lower and upper one. ``begins``:
    units from the left where ``across`` begins.
    """

    margin: Margin
    height: float
    across: tuple[float, float]
    down: tuple[float, float]
    x_axis: alt.Axis | None = None
    y_axis: alt.Axis | None = None
    begins: float = 0

    def x(self, field: str) -> alt.X:
        import altair as alt

        ends = (self.begins, self.margin.width)
        return alt.X(f"{field}:Q", scale=_scale(self.across, ends), axis=self.x_axis)

    def y(self, field: str) -> alt.Y:
        import altair as alt

        return alt.Y(f"{field}:Q", scale=_scale(self.down, (self.height, 0)), axis=self.y_axis)

    def draw(self, layers: Sequence[alt.Chart]) -> Drawing:
        """Return the layers in a picture of exactly ``WIDTH`` units."""
        import altair as alt

        margin = self.margin
        return alt.layer(*layers).properties(
            width=margin.width,
            height=self.height,
            autosize=alt.AutoSizeParams(type="none"),
            padding={"top": margin.top, "right": margin.right, "bottom": margin.bottom, "left": margin.left},
        )

    def x_title(self, words: str) -> alt.Chart:
        """Return what the horizontal axis is of, below its right end."""
        title = chart([{}]).mark_text(color=ROLES["text"], align="right", baseline="middle", text=words)
        return title.encode(x=at(self.margin.width), y=at(self.height + 28))


def _scale(domain: Sequence[float], reach: Sequence[float]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=list(domain), range=list(reach), nice=False, zero=False)


def chart(rows: Iterable[Mapping[str, Any]]) -> alt.Chart:
    """Return a chart of rows.

    They go as JSON text: through lists and dicts Altair would walk to every corner of an outline, twice.
    """
    import altair as alt

    return alt.Chart(alt.InlineData(values=json.dumps(list(rows)), format=alt.DataFormat(type="json")))


def at(units: float) -> Fixed:
    """Return an encoding of so many units of the picture, whatever the scales."""
    return {"value": units}


def axis(words: Mapping[int, str | list[str]], **more: Any) -> alt.Axis:
    """Return an axis with these values and their words; a list of words is a label of several lines."""
    import altair as alt

    said = json.dumps(words, ensure_ascii=False)
    return alt.Axis(values=list(words), labelExpr=f"({said})[datum.value]", labelFlush=False, **more)


def percent_words(ticks: Iterable[int]) -> dict[int, str]:
    """Return the words of round percentages."""
    return {tick: f"{tick}%" for tick in ticks}


def axis_top(highest: float) -> int:
    """Return the end of a percentage axis: the next five above ``highest`` (per cent), at most 100."""
    return min(100, max(5, 5 * ceil((highest + 0.5) / 5)))


def axis_ticks(top: int) -> list[int]:
    """Return at most six round percentages from 0 to ``top``."""
    step = next(step for step in (1, 2, 5, 10, 20) if top / step <= 5)
    return list(range(0, top + 1, step))


def named_line(
    x: alt.X,
    value: float,
    words: str,
    *,
    roles: tuple[str, str],
    ends: tuple[float, float],
    words_at: float,
    is_left: bool,
    baseline: Literal["middle", "bottom"] = "middle",
    **rule: Any,
) -> list[alt.Chart]:
    """Return an upright line at a ``value`` with its words on its left or right.

    ``x`` encodes the field ``value``. ``roles``: of the line and of its words. ``ends``, ``words_at``:
    units from the top.
    """
    mark = chart([{"value": value}])
    name = mark.mark_text(
        color=ROLES[roles[1]],
        align="right" if is_left else "left",
        dx=-4 if is_left else 4,
        baseline=baseline,
        text=words,
    )
    line = mark.mark_rule(color=ROLES[roles[0]], **rule)
    return [line.encode(x=x, y=at(ends[0]), y2=at(ends[1])), name.encode(x=x, y=at(words_at))]


def text_layers(
    spots: Iterable[Spot], across: alt.X | Fixed, down: alt.Y, role: str = "text"
) -> list[alt.Chart]:
    """Return texts at their spots, with a halo that keeps them readable over other marks.

    ``across`` and ``down`` encode the fields x and y, which are in whatever their scales take.
    """
    halo: dict[str, Any] = {"stroke": ROLES["ground"], "strokeWidth": 3, "baseline": "middle"}
    by_align: dict[Align, list[Spot]] = {}
    for spot in spots:
        by_align.setdefault(spot.align, []).append(spot)
    return [
        chart({"x": spot.x, "y": spot.y, "text": spot.text} for spot in alike)
        .mark_text(color=ROLES[role], align=align, **halo)
        .encode(x=across, y=down, text="text:N")
        for align, alike in by_align.items()
    ]
