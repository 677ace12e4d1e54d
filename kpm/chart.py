"""The growth chart of one child as points and lines for a template. Pure: touches no database.

Coordinates are pixels of the SVG's own box, rounded to a tenth. Curves are WHO's, from
``registry.growth.curve``; lengths are the corrected ones the z-scores are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpm.advice import label_words
from registry.growth import Curve, Position, Sex, curve, expected_position, label_haz, label_waz, label_whz
from registry.models import Measurement

WIDTH, HEIGHT = 360, 300
LEFT, RIGHT, TOP, BOTTOM = 30, 26, 24, 42
LINES = (-3, -2, 0, 2, 3)
DAYS_A_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where it is and what is written at it."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A WHO curve: ``sd`` as -3 to 3, its name at the right end, and the points of its polyline."""

    sd: int
    points: str
    end_x: float
    end_y: float

    @property
    def band(self) -> int:
        """0, 2 or 3: the line's class, the same above and below the median."""
        return abs(self.sd)

    @property
    def name(self) -> str:
        return f"{self.sd:+d}".replace("-", "\N{MINUS SIGN}") if self.sd else "0"


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement on the chart, and the same in words for the table beside it."""

    x: float
    y: float
    flagged: bool
    day: str
    across: str
    value: str
    z: float | None
    word: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the partial ``kpm/partials/chart.html`` draws."""

    key: str
    title: str
    desc: str
    x_title: str
    y_title: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    lines: list[Line]
    points: list[Point]
    path: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class _Plan:
    """What differs between the three charts."""

    title: str
    x_title: str
    y_title: str
    x_of: Callable[[Measurement], float | None]
    y_of: Callable[[Measurement], float | None]
    label: Callable[[float | None], object]
    x_step: float
    y_step: int
    unit: str


def charts_of(sex: Sex, measurements: Sequence[Measurement]) -> list[Chart]:
    """The three charts of a child from its measurements in force, oldest first; without any, none."""
    if not measurements:
        return []
    old = measurements[-1].age_days
    return [growth_chart(index, sex, measurements, old) for index in ("haz", "waz", "whz")]


def growth_chart(index: str, sex: Sex, measurements: Sequence[Measurement], age_days: int) -> Chart:
    """One chart: ``index`` is haz, waz or whz; ``age_days`` decides between length and height, 2 and 5 years.

    Raises ValueError for another index.
    """
    lying = expected_position(age_days) == Position.LYING
    plan = _plan(index, lying)
    who = curve(index, sex, LINES, Position.LYING if lying else Position.STANDING)
    shown = [
        (m, x, y)
        for m in measurements
        if (x := plan.x_of(m)) is not None and (y := plan.y_of(m)) is not None and x <= who.x[-1]
    ]
    x_range = _x_range(index, who, lying, [x for _m, x, _y in shown])
    y_range = _y_range(who, x_range, [y for _m, _x, y in shown], plan.y_step)
    to_x, to_y = _scale(x_range, LEFT, WIDTH - RIGHT), _scale(y_range, HEIGHT - BOTTOM, TOP)
    points = [_point(plan, index, m, to_x(x), to_y(y), x, y) for m, x, y in shown]
    return Chart(
        key=index,
        title=plan.title,
        desc=_reading(plan, points),
        x_title=plan.x_title,
        y_title=plan.y_title,
        x_ticks=_ticks(x_range, plan.x_step, to_x, DAYS_A_MONTH if index != "whz" else 1),
        y_ticks=_ticks(y_range, plan.y_step, to_y, 1),
        lines=[_line(sd, who, x_range, to_x, to_y) for sd in LINES],
        points=points,
        path=" ".join(f"{p.x:g},{p.y:g}" for p in points if not p.flagged),
    )


def _plan(index: str, lying: bool) -> _Plan:
    def days(m: Measurement) -> float:
        return m.age_days

    def kg(m: Measurement) -> float | None:
        return None if m.weight_kg is None else float(m.weight_kg)

    def cm(m: Measurement) -> float | None:
        return None if m.clenhei_cm is None else float(m.clenhei_cm)

    months = DAYS_A_MONTH * (3 if lying else 6)
    length = _("Panjang (cm)") if lying else _("Tinggi (cm)")
    age, weight = _("Umur (bulan)"), _("Berat (kg)")
    if index == "haz":
        title = _("Panjang menurut umur") if lying else _("Tinggi menurut umur")
        return _Plan(title, age, length, days, cm, label_haz, months, 10, "cm")
    if index == "waz":
        return _Plan(_("Berat menurut umur"), age, weight, days, kg, label_waz, months, 2, "kg")
    title = _("Berat menurut panjang") if lying else _("Berat menurut tinggi")
    return _Plan(title, length, weight, cm, kg, label_whz, 10, 2, "kg")


def _x_range(index: str, who: Curve, lying: bool, xs: Sequence[float]) -> tuple[float, float]:
    """The first two years or all five; for weight against length, all of WHO's table."""
    if index == "whz":
        return who.x[0], who.x[-1]
    return 0, 24 * DAYS_A_MONTH if lying else 60 * DAYS_A_MONTH


def _y_range(who: Curve, xs: tuple[float, float], ys: Sequence[float], step: int) -> tuple[float, float]:
    """Room for the outer curves over the shown ages and for every point, on whole steps."""
    inside = [i for i, x in enumerate(who.x) if xs[0] <= x <= xs[1]]
    low = min([who.lines[-3][i] for i in inside] + list(ys))
    high = max([who.lines[3][i] for i in inside] + list(ys))
    return floor(low / step) * step, ceil(high / step) * step


def _scale(values: tuple[float, float], start: float, end: float) -> Callable[[float], float]:
    low, high = values
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)


def _ticks(
    values: tuple[float, float], step: float, place: Callable[[float], float], unit: float
) -> list[Tick]:
    first, last = ceil(values[0] / step - 1e-9), floor(values[1] / step + 1e-9)
    return [Tick(place(i * step), f"{i * step / unit:.0f}") for i in range(first, last + 1)]


def _line(
    sd: int,
    who: Curve,
    xs: tuple[float, float],
    to_x: Callable[[float], float],
    to_y: Callable[[float], float],
) -> Line:
    pairs = [(to_x(x), to_y(y)) for x, y in zip(who.x, who.lines[sd], strict=True) if xs[0] <= x <= xs[1]]
    return Line(sd, " ".join(f"{x:g},{y:g}" for x, y in pairs), pairs[-1][0], pairs[-1][1])


def _point(plan: _Plan, index: str, m: Measurement, px: float, py: float, x: float, y: float) -> Point:
    z, flagged = getattr(m, index), bool(getattr(m, f"{index}_flag"))
    label = plan.label(z)
    across = number_format(x, decimal_pos=1) if index == "whz" else f"{int(x / DAYS_A_MONTH)}"
    return Point(
        x=px,
        y=py,
        flagged=flagged,
        day=date_format(m.measured_on, "j M Y"),
        across=across,
        value=number_format(y, decimal_pos=1),
        z=z,
        word=_("tidak masuk akal") if flagged else label_words(label) if label else "",  # type: ignore[arg-type]
    )


def _reading(plan: _Plan, points: Sequence[Point]) -> str:
    """The chart in one sentence, for who cannot see it."""
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
        "unit": plan.unit,
        "word": last.word.lower() or _("belum bisa dinilai"),
    }
