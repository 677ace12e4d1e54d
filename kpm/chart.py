"""The growth chart of one child as points and lines for a template. Pure: touches no database.

Coordinates are pixels of the SVG's own box, rounded to a tenth. Curves are WHO's, from
``registry.growth.curve``; lengths are the corrected ones the z-scores are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor
from types import MappingProxyType

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpm.advice import label_words
from kpm.early_birth import INDICES as CORRECTED_INDICES
from kpm.early_birth import CorrectedScores, CorrectionMark, correction_marks
from kpm.next_weight import AimLine, NextWeightAim, aim_lines, next_weight_aims
from registry.growth import (
    Curve,
    Label,
    PositionCode,
    SexCode,
    completed_months,
    curve,
    expected_position,
    label_haz,
    label_waz,
    label_whz,
)
from registry.models import Measurement

WIDTH, HEIGHT = 360, 300
LEFT, RIGHT, TOP, BOTTOM = 30, 26, 24, 42
LINES = (-3, -2, 0, 2, 3)
DAYS_A_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class ChartTick:
    """A line of the grid: where it is and what is written at it."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class GrowthCurve:
    """A WHO curve: ``sd`` as -3 to 3, its name at the right end, and the points of its polyline."""

    sd: int
    points: str
    end_x: float
    end_y: float

    @property
    def band(self) -> int:
        """Return 0, 2 or 3: the line's class, the same above and below the median."""
        return abs(self.sd)

    @property
    def name(self) -> str:
        return f"{self.sd:+d}".replace("-", "\N{MINUS SIGN}") if self.sd else "0"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One measurement on the chart, in words for the table next to it, and as numbers for its file.

    ``confirmed``: an unlikely value that somebody has confirmed. The numbers: ``on`` which day,
    ``across_value`` (months of age, or cm), ``read`` and ``least_kg``.
    """

    x: float
    y: float
    flagged: bool
    day: str
    across: str
    value: str
    z: float | None
    word: str
    on: date
    across_value: float
    read: float
    least: str = ""
    least_kg: float | None = None
    corrected_z: float | None = None
    age_days: int = 0
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class GrowthChart:
    """Everything the partial ``kpm/partials/chart.html`` draws."""

    key: str
    title: str
    desc: str
    x_title: str
    y_title: str
    x_ticks: list[ChartTick]
    y_ticks: list[ChartTick]
    lines: list[GrowthCurve]
    points: list[ChartPoint]
    strokes: list[AimLine] = field(default_factory=list)
    corrections: list[CorrectionMark] = field(default_factory=list)
    aim: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def path(self) -> str:
        """Return the line through the points that are believed."""
        return " ".join(f"{p.x:g},{p.y:g}" for p in self.points if not p.flagged)

    @property
    def red_line(self) -> str:
        """Return what is written at -3 SD of the weight chart."""
        return _("BGM") if self.key == "waz" else ""


@dataclass(frozen=True, slots=True)
class _ChartKind:
    """What differs between the three charts."""

    title: str
    x_title: str
    y_title: str
    x_of: Callable[[Measurement], float | None]
    y_of: Callable[[Measurement], float | None]
    label: Callable[[float | None], Label | None]
    x_step: float
    y_step: int
    unit: str


def draw_charts(
    sex: SexCode,
    measurements: Sequence[Measurement],
    *,
    near: bool = False,
    corrected: Mapping[int, CorrectedScores] = MappingProxyType({}),
) -> list[GrowthChart]:
    """Return the three charts of a child from its measurements in force, oldest first; without any, none.

    ``near``, ``corrected``: as :func:`draw_growth_chart` has them.
    """
    if not measurements:
        return []
    old = measurements[-1].age_days
    return [
        draw_growth_chart(index, sex, measurements, old, near=near, corrected=corrected)
        for index in ("haz", "waz", "whz")
    ]


def draw_growth_chart(
    index: str,
    sex: SexCode,
    measurements: Sequence[Measurement],
    age_days: int,
    *,
    near: bool = False,
    corrected: Mapping[int, CorrectedScores] = MappingProxyType({}),
) -> GrowthChart:
    """Return one chart: ``index`` is haz, waz or whz; by ``age_days`` of length or height, of 2 or 5 years.

    ``near`` draws two years around ``age_days`` instead of all five, as the pages of the KMS do: there a
    gain of 200 grams can be seen. ``corrected``, by age in days: points are drawn again at that age. Raises
    ValueError for another index.
    """
    lying = expected_position(age_days) == PositionCode.LYING
    kind = _chart_kind(index, lying, near)
    who = curve(index, sex, LINES, PositionCode.LYING if lying else PositionCode.STANDING)
    x_range = _x_range(index, who, age_days, near)
    shown = _shown_values(kind, measurements, x_range[0], who.x[-1])
    aims = next_weight_aims(sex, measurements) if index == "waz" else {}
    y_range = _y_range(who, x_range, _heights(shown, aims), kind.y_step)
    to_x, to_y = _scale(x_range, LEFT, WIDTH - RIGHT), _scale(y_range, HEIGHT - BOTTOM, TOP)
    early = corrected if index in CORRECTED_INDICES else {}
    points = [_point(kind, index, seen, to_x, to_y, aims, early) for seen in shown]
    return GrowthChart(
        key=index,
        title=kind.title,
        desc=_reading(kind, points),
        x_title=kind.x_title,
        y_title=kind.y_title,
        x_ticks=_ticks(x_range, kind.x_step, to_x, DAYS_A_MONTH if index != "whz" else 1),
        y_ticks=_ticks(y_range, kind.y_step, to_y, 1),
        lines=[_curve_line(sd, who, x_range, to_x, to_y) for sd in LINES],
        points=points,
        strokes=aim_lines(shown, aims, x_range[1], to_x, to_y),
        corrections=correction_marks(index, points, early, to_x, x_range[0]),
        aim=_newest_aim(shown, aims),
    )


def _shown_values(
    kind: _ChartKind, measurements: Sequence[Measurement], first: float, last: float
) -> list[tuple[Measurement, float, float]]:
    """Return the measurements that have both values, with them, from ``first`` to ``last``."""
    return [
        (m, x, y)
        for m in measurements
        if (x := kind.x_of(m)) is not None and (y := kind.y_of(m)) is not None and first <= x <= last
    ]


def _heights(
    shown: Sequence[tuple[Measurement, float, float]], aims: Mapping[int, NextWeightAim]
) -> list[float]:
    """Return every value that the chart has to have room for: what was read, and the aims."""
    return [y for _m, _x, y in shown] + [aims[m.age_days].kg for m, _x, _y in shown if m.age_days in aims]


def _newest_aim(shown: Sequence[tuple[Measurement, float, float]], aims: dict[int, NextWeightAim]) -> str:
    """Return what the newest weighing asks of the next month, in a sentence; empty when it asks nothing."""
    aim = aims.get(shown[-1][0].age_days) if shown else None
    return aim.words if aim else ""


def _chart_kind(index: str, lying: bool, near: bool) -> _ChartKind:
    def days(m: Measurement) -> float:
        return m.age_days

    def kg(m: Measurement) -> float | None:
        return None if m.weight_kg is None else float(m.weight_kg)

    def cm(m: Measurement) -> float | None:
        return None if m.clenhei_cm is None else float(m.clenhei_cm)

    months = DAYS_A_MONTH * (3 if lying or near else 6)
    length = _("Panjang (cm)") if lying else _("Tinggi (cm)")
    age, weight = _("Umur (bulan)"), _("Berat (kg)")
    if index == "haz":
        title = _("Panjang Badan menurut Umur") if lying else _("Tinggi Badan menurut Umur")
        return _ChartKind(title, age, length, days, cm, label_haz, months, 10, "cm")
    if index == "waz":
        return _ChartKind(_("Berat Badan menurut Umur"), age, weight, days, kg, label_waz, months, 2, "kg")
    title = _("Berat Badan menurut Panjang Badan") if lying else _("Berat Badan menurut Tinggi Badan")
    return _ChartKind(title, length, weight, cm, kg, label_whz, 10, 2, "kg")


def _x_range(index: str, who: Curve, age_days: int, near: bool) -> tuple[float, float]:
    """Return the first two years or all five, or two around the age; weight against length has WHO's."""
    if index == "whz":
        return who.x[0], who.x[-1]
    if expected_position(age_days) == PositionCode.LYING:
        return 0, 24 * DAYS_A_MONTH
    if not near:
        return 0, 60 * DAYS_A_MONTH
    # The year the child is in and the one before it; the last page of the KMS ends at 60 months.
    first = min(12 * (completed_months(age_days) // 12 - 1), 36)
    return first * DAYS_A_MONTH, (first + 24) * DAYS_A_MONTH


def _y_range(who: Curve, xs: tuple[float, float], ys: Sequence[float], step: int) -> tuple[float, float]:
    """Return room for the outer curves over the shown ages and for every point, on whole steps."""
    inside = _indices_within(who, xs)
    low = min([who.lines[-3][i] for i in inside] + list(ys))
    high = max([who.lines[3][i] for i in inside] + list(ys))
    return floor(low / step) * step, ceil(high / step) * step


def _indices_within(who: Curve, xs: tuple[float, float]) -> list[int]:
    """Return the points of WHO's curves over the shown range, and one more where they end short."""
    inside = [i for i, x in enumerate(who.x) if xs[0] <= x <= xs[1]]
    if inside[0] and who.x[inside[0]] > xs[0]:
        inside.insert(0, inside[0] - 1)
    # A day before the edge is the edge: past it the lengths step down to the standing ones.
    if inside[-1] + 1 < len(who.x) and who.x[inside[-1]] < xs[1] - 1:
        inside.append(inside[-1] + 1)
    return inside


def _scale(values: tuple[float, float], start: float, end: float) -> Callable[[float], float]:
    low, high = values
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)


def _ticks(
    values: tuple[float, float], step: float, place: Callable[[float], float], unit: float
) -> list[ChartTick]:
    first, last = ceil(values[0] / step - 1e-9), floor(values[1] / step + 1e-9)
    return [ChartTick(place(i * step), f"{i * step / unit:.0f}") for i in range(first, last + 1)]


def _curve_line(
    sd: int,
    who: Curve,
    xs: tuple[float, float],
    to_x: Callable[[float], float],
    to_y: Callable[[float], float],
) -> GrowthCurve:
    xy = [(who.x[i], who.lines[sd][i]) for i in _indices_within(who, xs)]
    xy[0], xy[-1] = _cut_at_edge(xy[0], xy[1], xs), _cut_at_edge(xy[-1], xy[-2], xs)
    pairs = [(to_x(x), to_y(y)) for x, y in xy]
    return GrowthCurve(sd, " ".join(f"{x:g},{y:g}" for x, y in pairs), pairs[-1][0], pairs[-1][1])


def _cut_at_edge(
    end: tuple[float, float], inner: tuple[float, float], xs: tuple[float, float]
) -> tuple[float, float]:
    """Return ``end`` of a curve, moved along it to the edge of the chart if it lies beyond."""
    x = min(max(end[0], xs[0]), xs[1])
    return x, end[1] + (x - end[0]) / (inner[0] - end[0]) * (inner[1] - end[1])


def _point(
    kind: _ChartKind,
    index: str,
    seen: tuple[Measurement, float, float],
    to_x: Callable[[float], float],
    to_y: Callable[[float], float],
    aims: Mapping[int, NextWeightAim],
    early: Mapping[int, CorrectedScores],
) -> ChartPoint:
    m, x, y = seen
    least = aims.get(m.age_days)
    z, flagged = getattr(m, index), bool(getattr(m, f"{index}_flag"))
    label = kind.label(z)
    months = int(x / DAYS_A_MONTH)
    across = number_format(x, decimal_pos=1) if index == "whz" else f"{months}"
    return ChartPoint(
        x=to_x(x),
        y=to_y(y),
        flagged=flagged,
        day=date_format(m.measured_on, "j M Y"),
        across=across,
        value=number_format(y, decimal_pos=1),
        z=z,
        word=_point_words(label, flagged=flagged, confirmed=bool(m.confirmed_doubts)),
        on=m.measured_on,
        across_value=round(x, 1) if index == "whz" else months,
        read=round(y, 3),
        least=least.value if least else "",
        least_kg=round(least.kg, 1) if least else None,
        corrected_z=early[m.age_days].z(index) if m.age_days in early else None,
        age_days=m.age_days,
        confirmed=bool(m.confirmed_doubts),
    )


def _point_words(label: Label | None, *, flagged: bool, confirmed: bool) -> str:
    """Return the class of a point, and what has to be known of its value."""
    said = _("di luar batas wajar") if flagged else label_words(label) if label else ""
    return ", ".join(words for words in (said, _("nilai dipastikan") if confirmed else "") if words)


def _reading(kind: _ChartKind, points: Sequence[ChartPoint]) -> str:
    """Return the chart in one sentence, for who cannot see it."""
    if not points:
        return _("Belum ada pengukuran untuk grafik ini.")
    last = points[-1]
    sentence = ngettext(
        "%(count)d pengukuran; yang terakhir %(day)s: %(value)s %(unit)s, %(word)s.",
        "%(count)d pengukuran; yang terakhir %(day)s: %(value)s %(unit)s, %(word)s.",
        len(points),
    )
    return sentence % {
        "count": len(points),
        "day": last.day,
        "value": last.value,
        "unit": kind.unit,
        "word": last.word.lower() or _("belum bisa dinilai"),
    }
