"""Where things stand in a picture: the size of a text, its frame, and texts that leave one another room."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
        """How wide the plot is in a picture of ``WIDTH``."""
        return WIDTH - self.left - self.right


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units of the picture, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap_with(self, other: Box) -> float:
        """The area that both cover; 0 when they only touch."""
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
    """The square around a round mark."""
    return Box(x - radius, y - radius, x + radius, y + radius)


@lru_cache(maxsize=1024)
def text_width(text: str, size: float = TEXT) -> float:
    """About how wide ``text`` is at a font size, both in units. Fonts differ, so rather too wide."""
    return sum(_letter(sign) for sign in text) * size


def _letter(sign: str) -> float:
    if sign in "ijlrtfI.,'() \N{NO-BREAK SPACE}":
        return _NARROW
    if sign in "mwMW%":
        return _WIDE
    return _CAPITAL if sign.isupper() else _OTHER


def shorten_text(text: str, width: float, size: float = TEXT) -> str:
    """``text``, or as much of it as ``width`` holds and an ellipsis."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + _ELLIPSIS, size) > width:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def spots_next_to(text: str, x: float, y: float, gap: float, size: float = TEXT) -> list[Spot]:
    """Places for the name of a mark at (x, y): right of it, left, above, below."""
    down = size * 0.45 + gap
    return [
        Spot(text, x + gap, y, "left", size),
        Spot(text, x - gap, y, "right", size),
        Spot(text, x, y - down, "center", size),
        Spot(text, x, y + down, "center", size),
    ]


def free_spots(spots: Iterable[Spot], taken: Sequence[Box], within: Box) -> list[Spot]:
    """Those of ``spots`` that lie ``within`` the picture and cover nothing of what is ``taken``."""
    boxed = ((spot, spot.box) for spot in spots)
    return [
        spot
        for spot, box in boxed
        if within.holds(box) and not any(box.overlap_with(other) for other in taken)
    ]


def measure_overlap(spots: Sequence[Spot], crowded: Sequence[Box]) -> list[float]:
    """How much of ``crowded`` each spot covers, in square units."""
    import numpy as np

    if not spots or not crowded:
        return [0.0] * len(spots)
    over = np.array([[box.left, box.top, box.right, box.bottom] for box in (spot.box for spot in spots)])
    under = np.array([[box.left, box.top, box.right, box.bottom] for box in crowded])
    starts = np.maximum(over[:, None, :2], under[None, :, :2])
    ends = np.minimum(over[:, None, 2:], under[None, :, 2:])
    sides = np.maximum(ends - starts, 0)
    return [float(area) for area in sides.prod(axis=2).sum(axis=1)]


def frame_layers(layers: Sequence[alt.Chart], margin: Margin, height: float) -> Drawing:
    """The layers in a picture of exactly ``WIDTH`` units, whatever the texts at its edges measure."""
    import altair as alt

    return alt.layer(*layers).properties(
        width=margin.width,
        height=height,
        autosize=alt.AutoSizeParams(type="none"),
        padding={"top": margin.top, "right": margin.right, "bottom": margin.bottom, "left": margin.left},
    )


def scale(domain: Sequence[float], reach: Sequence[float]) -> alt.Scale:
    """A straight scale that ends where it is told; ``reach`` in units of the picture."""
    import altair as alt

    return alt.Scale(domain=list(domain), range=list(reach), nice=False, zero=False)


def axis(words: Mapping[int, str | list[str]], **more: Any) -> alt.Axis:
    """An axis with these values, labelled with these words; a list of words is a label of several lines."""
    import altair as alt

    said = json.dumps(words, ensure_ascii=False)
    return alt.Axis(values=list(words), labelExpr=f"({said})[datum.value]", labelFlush=False, **more)


def data(rows: Iterable[Mapping[str, Any]]) -> alt.InlineData:
    """Rows as JSON text: as lists and dicts Altair would walk through every corner of an outline, twice."""
    import altair as alt

    return alt.InlineData(values=json.dumps(list(rows)), format=alt.DataFormat(type="json"))


def text_layers(spots: Iterable[Spot], across: alt.X, down: alt.Y, role: str = "text") -> list[alt.Chart]:
    """Texts at their spots, with a halo that keeps them readable over other marks.

    ``across`` and ``down`` encode the fields x and y, which are in whatever their scales take.
    """
    import altair as alt

    mark: dict[str, Any] = {"stroke": ROLES["ground"], "strokeWidth": 3, "baseline": "middle"}
    by_align: dict[Align, list[Spot]] = {}
    for spot in spots:
        by_align.setdefault(spot.align, []).append(spot)
    return [
        alt.Chart(data({"x": spot.x, "y": spot.y, "text": spot.text} for spot in alike))
        .mark_text(color=ROLES[role], align=align, **mark)
        .encode(x=across, y=down, text=alt.Text("text:N"))
        for align, alike in by_align.items()
    ]
