"""How fast a child grew between two measurements, and which jumps no child makes.

In grams and millimetres per month. There is no velocity z-score here: WHO's velocity standards
(2009) are other tables, which end at 24 months, and the tables this register reads have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import ceil

from registry.growth.rules import (
    LAST_DAY,
    STANDING_TO_LYING_CM,
    Position,
    Sex,
    completed_months,
    expected_position,
)
from registry.growth.tables import lms
from registry.records import record

DAYS_PER_MONTH = 30.4375
STANDING_TO_LYING_MM = round(STANDING_TO_LYING_CM * 10)

FEWEST_DAYS_FOR_A_RATE = 14
"""Below half a month an error of measuring counts more than twice in a rate per month, so none is given."""

SHORTER_BY_MORE_THAN_MM = 10
"""Two careful measurements of one child may differ by a centimetre; a child does not shrink."""

LENGTH_GAIN_TWO_MONTHS_MM = (
    *(119, 100, 85, 74, 65, 59, 55, 54, 52, 51, 49, 48),
    *(48, 47, 46, 46, 45, 45, 44, 44, 43, 43, 43, 43),
)
"""The most that length grows in two months, in mm, by completed month of age at the start.

WHO growth velocity standards (2009), two-month length increments at +3 SD, the larger of boys and
girls (figures as the R package growthcleanr tabulates them). They end at 24 months; the last one
holds after it, which is generous.
"""

WEIGHT_SHARE_AT_ONCE = 0.10
WEIGHT_LOSS_SHARE_PER_MONTH = 0.05
WEIGHT_LOSS_SHARE_AT_MOST = 0.25
WEIGHT_GAIN_TIMES_MEDIAN = 2
"""See most_weight_gain_g and most_weight_loss_g for the reasons."""


class Jump(StrEnum):
    """A change between two measurements that is more likely a slip of the hand than growth."""

    SHORTER = "shorter"
    LENGTH_JUMP = "length_jump"
    WEIGHT_JUMP = "weight_jump"


@record
class Measured:
    """A measurement of a child: age in days, weight in kg, corrected length or height in cm."""

    age_days: int
    weight_kg: float | None
    clenhei_cm: float | None


@record
class Pace:
    """The change of one measure: gained in g or mm over a number of days, and per month of 30.4375 days.

    per_month is None when the days are fewer than FEWEST_DAYS_FOR_A_RATE. jump says that the change
    is implausible, also over a single day.
    """

    days: int
    gained: int
    per_month: float | None
    jump: Jump | None


@record
class Velocity:
    """The pace of weight (g) and of length (mm, both as if measured lying); None when not both measured."""

    weight: Pace | None
    length: Pace | None

    @property
    def jumps(self) -> list[Jump]:
        """What is implausible, length before weight; empty when nothing is."""
        return [
            pace.jump for pace in (self.length, self.weight) if pace is not None and pace.jump is not None
        ]


def velocity(before: Measured, now: Measured) -> Velocity:
    """How fast a child grew from one measurement to another.

    ValueError when `before` is of a later day.
    """
    if before.age_days > now.age_days:
        raise ValueError("the previous measurement is of a later day")
    return Velocity(_weight_pace(before, now), _length_pace(before, now))


def series_velocities(measured: Sequence[Measured]) -> list[Velocity]:
    """The velocity at each of a child's measurements, oldest first.

    Weight is compared with the last weight and length with the last length before, which may be of
    different days when one was left out. ValueError when they are not sorted by age.
    """
    found = []
    last = last_weighed = last_lengthed = None
    for now in measured:
        if last is not None and last.age_days > now.age_days:
            raise ValueError("measurements are sorted by age, oldest first")
        found.append(
            Velocity(
                None if last_weighed is None else _weight_pace(last_weighed, now),
                None if last_lengthed is None else _length_pace(last_lengthed, now),
            )
        )
        last = now
        last_weighed = last_weighed if now.weight_kg is None else now
        last_lengthed = last_lengthed if now.clenhei_cm is None else now
    return found


def _weight_pace(before: Measured, now: Measured) -> Pace | None:
    if before.weight_kg is None or now.weight_kg is None:
        return None
    # Whole grams: 8.2 - 8.0 is a little less than 0.2 in floats.
    before_g = round(before.weight_kg * 1000)
    gained = round(now.weight_kg * 1000) - before_g
    most = most_weight_gain_g(before_g, before.age_days, now.age_days)
    least = -most_weight_loss_g(before_g, before.age_days, now.age_days)
    return _pace(before, now, gained, None if least <= gained <= most else Jump.WEIGHT_JUMP)


def _length_pace(before: Measured, now: Measured) -> Pace | None:
    if before.clenhei_cm is None or now.clenhei_cm is None:
        return None
    gained = _lying_mm(now.clenhei_cm, now.age_days) - _lying_mm(before.clenhei_cm, before.age_days)
    jump = None
    if gained < -SHORTER_BY_MORE_THAN_MM:
        jump = Jump.SHORTER
    elif gained > most_length_gain_mm(before.age_days, now.age_days):
        jump = Jump.LENGTH_JUMP
    return _pace(before, now, gained, jump)


def _pace(before: Measured, now: Measured, gained: int, jump: Jump | None) -> Pace:
    days = now.age_days - before.age_days
    per_month = gained * DAYS_PER_MONTH / days if days >= FEWEST_DAYS_FOR_A_RATE else None
    return Pace(days, gained, per_month, jump)


def _lying_mm(clenhei_cm: float, age_days: int) -> int:
    """A corrected length or height as a length, so that turning two does not look like shrinking."""
    standing_mm = STANDING_TO_LYING_MM if expected_position(age_days) is Position.STANDING else 0
    return round(clenhei_cm * 10) + standing_mm


def most_length_gain_mm(from_day: int, to_day: int) -> int:
    """The most that a child's length can have grown between two ages, in mm.

    One two-month increment of LENGTH_GAIN_TWO_MONTHS_MM for each two months begun, so that two
    measurements a day apart may still differ by what WHO's own measurers differed by and more.
    """
    first = completed_months(from_day)
    steps = max(1, ceil((to_day - from_day) / (2 * DAYS_PER_MONTH)))
    oldest = len(LENGTH_GAIN_TWO_MONTHS_MM) - 1
    return sum(LENGTH_GAIN_TWO_MONTHS_MM[min(first + 2 * step, oldest)] for step in range(steps))


def most_weight_gain_g(before_g: int, from_day: int, to_day: int) -> int:
    """The most that a child can have gained between two ages, in grams.

    Twice what the median boy of WHO's weight for age gains in that time, and a tenth of the child's
    weight for the scale, clothes, meals and water. Our own limit, derived from the weight-for-age
    table because WHO's weight velocity tables end at 24 months. A child treated for gizi buruk may
    gain more (above 10 g/kg a day, WHO 2003), which is one reason why a doubt can be confirmed.
    """
    median_kg = lms("wfa", Sex.BOY)[:, 1]
    median_gain_kg = float(median_kg[min(to_day, LAST_DAY)] - median_kg[min(from_day, LAST_DAY)])
    expected_g = WEIGHT_GAIN_TIMES_MEDIAN * max(0.0, median_gain_kg * 1000)
    return round(WEIGHT_SHARE_AT_ONCE * before_g + expected_g)


def most_weight_loss_g(before_g: int, from_day: int, to_day: int) -> int:
    """The most that a child can have lost between two ages, in grams.

    A tenth of its weight in water at once (severe dehydration begins there, WHO 2005; a newborn's
    first days also stay within it) and a twentieth more for each month begun, up to a quarter.
    """
    months = max(1, ceil((to_day - from_day) / DAYS_PER_MONTH))
    share = min(WEIGHT_SHARE_AT_ONCE + months * WEIGHT_LOSS_SHARE_PER_MONTH, WEIGHT_LOSS_SHARE_AT_MOST)
    return round(share * before_g)
