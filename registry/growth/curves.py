"""The WHO lines of a child's chart: a measure at -3 to +3 SD, by age or by length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from registry.growth.rules import LAST_DAY, STANDING_FROM_DAY, PositionCode, SexCode
from registry.growth.tables import BY_LENGTH, FIRST_KEY, LAST_KEY, lms

SD_LINES = (-3, -2, -1, 0, 1, 2, 3)
DAYS_APART = 30
MM_APART = 10

_TABLES = {"haz": "lfa", "waz": "wfa"}


@dataclass(frozen=True, slots=True)
class Curve:
    """The lines of one chart.

    x: age in days, or length or height in cm. lines: for each SD the values at every x, in kg, or
    in cm for height for age, rounded to three decimals.
    """

    index: str
    sex: SexCode
    x: tuple[float, ...]
    lines: Mapping[int, tuple[float, ...]]


@cache
def curve(
    index: str, sex: SexCode, lines: tuple[int, ...] = SD_LINES, position: PositionCode = PositionCode.LYING
) -> Curve:
    """Return WHO's lines for haz, waz or whz; whz for lying (45-110 cm) or standing (65-120 cm).

    `lines` are whole SD from -3 to 3: past 3 SD the weight-based indices have no curve of
    their own. ValueError for another index or line.
    """
    if not all(-3 <= line <= 3 for line in lines):
        raise ValueError(f"the lines go from -3 to 3 SD, not {lines}")
    if index == "whz":
        name = BY_LENGTH[position == PositionCode.STANDING]
        keys = list(range(FIRST_KEY[name], LAST_KEY[name] + 1, MM_APART))
        x = tuple(key / 10 for key in keys)
    elif index in _TABLES:
        name, keys = _TABLES[index], _days(index)
        x = tuple(float(key) for key in keys)
    else:
        raise ValueError(f"there is no chart of {index!r}: haz, waz or whz")
    rows = [lms(name, SexCode(sex))[key - FIRST_KEY[name]].tolist() for key in keys]
    return Curve(index, SexCode(sex), x, {line: tuple(_value(line, *row) for row in rows) for line in lines})


def _days(index: str) -> list[int]:
    """Return days of age about a month apart, both ends included."""
    days = {*range(0, LAST_DAY, DAYS_APART), LAST_DAY}
    if index == "haz":
        # The line steps down by 0.7 cm where children begin to be measured standing.
        days |= {STANDING_FROM_DAY - 1, STANDING_FROM_DAY}
    return sorted(days)


def _value(z: int, l: float, m: float, s: float) -> float:  # noqa: E741
    """Return the measure at a z-score: the inverse of the z-score's formula."""
    return float(round(m * (1 + l * s * z) ** (1 / l), 3))
