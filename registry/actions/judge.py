"""From what was seen to what WHO's standards say: the bridge between rows and ``registry.growth``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from registry.actions.observation import Observation, age_on
from registry.growth import (
    Assessment,
    Measured,
    assess,
    doubts,
    series_gain_codes,
)
from registry.growth import Position as GrowthPosition
from registry.growth import Sex as GrowthSex
from registry.models import Child, Measurement

INDICES = ("haz", "waz", "whz", "baz", "hcz", "acz")


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def assessment_of(child: Child, seen: Observation) -> Assessment:
    """What WHO's standards say of ``seen``."""
    return assess(
        sex=GrowthSex(child.sex),
        age_days=age_on(child, seen.measured_on),
        weight_kg=_float(seen.weight_kg),
        lenhei_cm=_float(seen.lenhei_cm),
        position=GrowthPosition(str(seen.position)),
        muac_cm=_float(seen.muac_cm),
        head_cm=_float(seen.head_cm),
        oedema=seen.oedema,
    )


def judged_values(child: Child, seen: Observation) -> tuple[dict[str, Any], Assessment]:
    """The computed columns of a measurement, and the assessment they come from."""
    found = assessment_of(child, seen)
    values: dict[str, Any] = {
        "age_days": age_on(child, seen.measured_on),
        "clenhei_cm": found.clenhei_cm,
        "position_disbelieved": found.position_disbelieved,
    }
    for index in INDICES:
        values[index] = getattr(found, index)
        values[f"{index}_flag"] = getattr(found, f"{index}_flag")
    return values, found


def doubts_about(
    child: Child, seen: Observation, found: Assessment, before: Sequence[Measurement]
) -> list[str]:
    """Codes of what makes ``seen`` unlikely, given the child's measurements in force ``before`` that day."""
    return doubt_codes(
        found,
        weight_kg=_float(seen.weight_kg),
        age_days=age_on(child, seen.measured_on),
        previous=_previous(before),
    )


def doubt_codes(
    found: Assessment, *, weight_kg: float | None, age_days: int, previous: Iterable[Measured | None]
) -> list[str]:
    """Every doubt about a measurement beside each of ``previous``, once."""
    codes: dict[str, None] = {}
    for one in previous:
        asked = doubts(found, weight_kg=weight_kg, age_days=age_days, previous=one)
        codes.update(dict.fromkeys(map(str, asked)))
    return list(codes)


def _previous(before: Sequence[Measurement]) -> list[Measured | None]:
    """The last weight and the last length, which may be of different days when one was left out."""
    weighed = next((m for m in reversed(before) if m.weight_kg is not None), None)
    measured = next((m for m in reversed(before) if m.clenhei_cm is not None), None)
    return [
        Measured(weighed.age_days, _float(weighed.weight_kg), None) if weighed else None,
        Measured(measured.age_days, None, _float(measured.clenhei_cm)) if measured else None,
    ]


def gains_of(child: Child, series: Iterable[Measurement]) -> dict[UUID, str]:
    """N, T, O or B for each weighing of ``series`` (in force, oldest first); "" where not weighed."""
    rows = list(series)
    weighed = [m for m in rows if m.weight_kg is not None]
    codes = series_gain_codes(
        GrowthSex(child.sex), child.birth_date, [(m.measured_on, float(m.weight_kg or 0)) for m in weighed]
    )
    found = {m.id: "" for m in rows}
    found.update({m.id: str(code) for m, code in zip(weighed, codes, strict=True)})
    return found


def regained(child: Child, series: Sequence[Measurement]) -> list[Measurement]:
    """Bring N, T, O, B of ``series`` up to date; those that changed, which are to be stored."""
    codes = gains_of(child, series)
    changed = [m for m in series if m.gain != codes[m.id]]
    for measurement in changed:
        measurement.gain = codes[measurement.id]
    return changed
