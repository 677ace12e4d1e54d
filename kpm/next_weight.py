"""What a weighing asks of the month after it: the minimum gain (KBM) of the KMS. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from registry.calendar_months import add_months, last_day, month_of
from registry.growth import SexCode, completed_months, minimum_gain_g
from registry.models import Measurement


@dataclass(frozen=True, slots=True)
class NextWeightAim:
    """What a weighing asks of the next month (KBM): kg at an age in days, on a day, for a gain in grams."""

    age_days: int
    kg: float
    on: date
    gain_g: int

    @property
    def value(self) -> str:
        """Return the least weight as the table writes it, in kg."""
        return number_format(self.kg, decimal_pos=1)

    @property
    def words(self) -> str:
        """Return the aim of the next month in one sentence."""
        return _("Target %(day)s: berat paling sedikit %(kg)s kg, atau naik %(gain)s gram (KBM).") % {
            "day": date_format(self.on, "j M Y"),
            "kg": self.value,
            "gain": self.gain_g,
        }


@dataclass(frozen=True, slots=True)
class AimLine:
    """The dashed line from a weighing to the least weight of the next month, and that in words."""

    x1: float
    y1: float
    x2: float
    y2: float
    words: str


def next_weight_aims(sex: SexCode, measurements: Sequence[Measurement]) -> dict[int, NextWeightAim]:
    """Return, by age in days, what each weighing asks of the month after it; oldest first.

    Only a month's last weighing asks: the next one is compared with it. One that nobody believes asks
    nothing, nor does one whose next month is past the card's last.
    """
    last = {month_of(m.measured_on): m for m in measurements if m.weight_kg is not None}
    found = {}
    for m in last.values():
        least = next_weight_aim(sex, m)
        if least and not m.waz_flag:
            found[m.age_days] = least
    return found


def next_weight_aim(sex: SexCode, m: Measurement) -> NextWeightAim | None:
    """Return weight plus the minimum gain (KBM) at the age on the same day next month, or on its last day."""
    if m.weight_kg is None:
        return None
    month = add_months(month_of(m.measured_on), 1)
    on = month.replace(day=min(m.measured_on.day, last_day(month).day))
    age = m.age_days + (on - m.measured_on).days
    gain_g = minimum_gain_g(sex, completed_months(age), on)
    return (
        None
        if gain_g is None
        else NextWeightAim(age, round(float(m.weight_kg) + gain_g / 1000, 3), on, gain_g)
    )


def aim_lines(
    shown: Sequence[tuple[Measurement, float, float]],
    aims: Mapping[int, NextWeightAim],
    edge: float,
    to_x: Callable[[float], float],
    to_y: Callable[[float], float],
) -> list[AimLine]:
    """Return the lines of the weighings that ask anything, up to ``edge``, where the chart ends."""
    return [
        _aim_line(aims[m.age_days], x, y, edge, to_x, to_y)
        for m, x, y in shown
        if m.age_days in aims and x < edge
    ]


def _aim_line(
    least: NextWeightAim,
    x: float,
    y: float,
    edge: float,
    to_x: Callable[[float], float],
    to_y: Callable[[float], float],
) -> AimLine:
    """Return the line to ``least``, cut off where the chart ends."""
    part = min(1.0, (edge - x) / (least.age_days - x))
    end_x, end_y = x + part * (least.age_days - x), y + part * (least.kg - y)
    return AimLine(to_x(x), to_y(y), to_x(end_x), to_y(end_y), least.words)
