"""What somebody saw, checked and written in one way: from a page, a phone, a file or a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone

from registry.errors import Invalid
from registry.growth import age_in_days
from registry.models import Child, ChildStatus, Measurement, Position
from registry.validation_messages import out_of_range_message

LIMITS: Mapping[str, tuple[Decimal, Decimal, Decimal]] = {
    "weight_kg": (Decimal("0.5"), Decimal("40"), Decimal("0.001")),
    "lenhei_cm": (Decimal("30"), Decimal("140"), Decimal("0.01")),
    "muac_cm": (Decimal("5"), Decimal("35"), Decimal("0.1")),
    "head_cm": (Decimal("20"), Decimal("65"), Decimal("0.1")),
}
"""What a scale or board can show for a child under five, with room: lower, upper, and the step kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One day's values of one child: kilograms and centimetres, as read off the scale and the board."""

    measured_on: date
    weight_kg: Decimal | None = None
    lenhei_cm: Decimal | None = None
    position: Position = Position.UNKNOWN
    muac_cm: Decimal | None = None
    head_cm: Decimal | None = None
    oedema: bool = False

    def values(self) -> dict[str, Any]:
        """Return the columns of ``Measurement`` that hold it."""
        return {name: getattr(self, name) for name in OBSERVED}


OBSERVED = ("measured_on", "weight_kg", "lenhei_cm", "position", "muac_cm", "head_cm", "oedema")


def observation_of(measurement: Measurement) -> Observation:
    """Return the observation that the register holds as ``measurement``."""
    return Observation(**{name: getattr(measurement, name) for name in OBSERVED})


def validate_observation(observation: Observation, child: Child, today: date | None = None) -> Observation:
    """Return ``observation`` in the register's precision (grams, tenths of a millimetre for length).

    ``today`` is for callers who have many.

    Raises :class:`Invalid` with the field for a value no child can have, for a day before birth, in the
    future, or after the child died or left.
    """
    check_day(observation.measured_on, child, today)
    values = {name: _value_in_steps(name, getattr(observation, name)) for name in LIMITS}
    if all(value is None for value in values.values()):
        raise Invalid.of("empty", "weight_kg")
    return Observation(
        measured_on=observation.measured_on,
        position=Position(observation.position),
        oedema=observation.oedema,
        **values,
    )


def _value_in_steps(name: str, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    low, high, _step = LIMITS[name]
    if not value.is_finite() or not low <= value <= high:
        raise Invalid("out_of_range", out_of_range_message(name, str(low), str(high)), name)
    return _in_steps(name, value)


@lru_cache(maxsize=8192)
def _in_steps(name: str, value: Decimal) -> Decimal:
    """Return a value in whole steps. Cached: a scale shows a few hundred weights, and a file has millions."""
    # The limits of LiLA are whole steps: rounded downward, no child gets to the other side of one.
    return value.quantize(LIMITS[name][2], ROUND_FLOOR if name == "muac_cm" else ROUND_HALF_UP)


def check_day(day: date, child: Child, today: date | None = None) -> None:
    """Raise :class:`Invalid` unless ``child`` can have been measured on ``day``."""
    today = today or timezone.localdate()
    if day > today:
        raise Invalid.of("future", "measured_on", day=day, today=today)
    if day < child.birth_date:
        raise Invalid.of("before_birth", "measured_on", birth=child.birth_date)
    if child.status_date and day > child.status_date:
        code = "died" if child.status == ChildStatus.DIED else "moved_out"
        raise Invalid.of(code, "measured_on", date=child.status_date)


def age_on(child: Child, day: date) -> int:
    """Return age in whole days, the only age the register computes with."""
    return age_in_days(child.birth_date, day)
