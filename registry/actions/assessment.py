"""From what was seen to what WHO's standards say: the bridge between rows and ``registry.growth``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from registry.actions.observation import Observation, age_on
from registry.actions.requirements import require_confirmed
from registry.errors import Conflict
from registry.growth import (
    FIELDS,
    Assessment,
    BatchAssessment,
    Measured,
    Weighing,
    assess,
    assess_batch,
    plausibility_flags,
    series_gain_codes,
)
from registry.growth import PositionCode as GrowthPosition
from registry.growth import SexCode as GrowthSex
from registry.growth.batch import CHUNK, POSITION_CODES
from registry.models import Child, Measurement, Village

INDICES = ("haz", "waz", "whz", "baz", "hcz", "acz")


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def assess_observation(child: Child, observation: Observation) -> Assessment:
    """Return what WHO's standards say of ``observation``."""
    return assess(
        sex=GrowthSex(child.sex),
        age_days=age_on(child, observation.measured_on),
        weight_kg=_float(observation.weight_kg),
        lenhei_cm=_float(observation.lenhei_cm),
        position=GrowthPosition(str(observation.position)),
        muac_cm=_float(observation.muac_cm),
        head_cm=_float(observation.head_cm),
        oedema=observation.oedema,
    )


def assess_many(many: Sequence[tuple[Child, Observation]]) -> Iterator[Assessment]:
    """Return :func:`assess_observation` of each in turn, worked out in columns."""
    for start in range(0, len(many), CHUNK):
        part = many[start : start + CHUNK]
        yield from _rows(_assess_many(part))


def _assess_many(many: Sequence[tuple[Child, Observation]]) -> BatchAssessment:
    weight_kg, lenhei_cm, muac_cm, head_cm = (
        np.array([getattr(observation, name) for _child, observation in many], np.float64)
        for name in ("weight_kg", "lenhei_cm", "muac_cm", "head_cm")
    )
    return assess_batch(
        sex=np.array([child.sex for child, _seen in many], np.int64),
        age_days=np.array([age_on(child, observation.measured_on) for child, observation in many], np.int64),
        position=np.array([POSITION_CODES[GrowthPosition(o.position)] for _child, o in many], np.int64),
        oedema=np.array([observation.oedema for _child, observation in many], np.bool_),
        weight_kg=weight_kg,
        lenhei_cm=lenhei_cm,
        muac_cm=muac_cm,
        head_cm=head_cm,
    )


def _rows(found: BatchAssessment) -> Iterator[Assessment]:
    """Return each as ``found.row`` gives it."""
    columns = (_column_values(name, getattr(found, name)) for name in FIELDS)
    return (Assessment(*row) for row in zip(*columns, strict=True))


def _column_values(name: str, column: npt.NDArray[Any]) -> list[Any]:
    if name == "age_days":
        column = column.astype(np.int64)
    if column.dtype != np.float64:
        return list(column.tolist())
    values = column.astype(object)
    values[np.isnan(column)] = None
    return list(values)


def computed_columns(
    child: Child, observation: Observation, found: Assessment | None = None
) -> tuple[dict[str, Any], Assessment]:
    """Return the computed columns of a measurement, and the assessment they come from.

    The assessment is ``found``, where it is known already.
    """
    found = found or assess_observation(child, observation)
    values: dict[str, Any] = {
        "age_days": age_on(child, observation.measured_on),
        "clenhei_cm": found.clenhei_cm,
        "position_disbelieved": found.position_disbelieved,
    }
    for index in INDICES:
        values[index] = getattr(found, index)
        values[f"{index}_flag"] = getattr(found, f"{index}_flag")
    return values, found


def doubts_about(
    child: Child, observation: Observation, found: Assessment, before: Sequence[Measurement]
) -> list[str]:
    """Return codes of what makes it unlikely, given the child's measurements in force ``before`` that day."""
    codes: dict[str, None] = {}
    for previous in _previous(before):
        flags = plausibility_flags(
            found,
            weight_kg=_float(observation.weight_kg),
            age_days=age_on(child, observation.measured_on),
            previous=previous,
        )
        codes.update(dict.fromkeys(map(str, flags)))
    return list(codes)


def _previous(before: Sequence[Measurement]) -> list[Measured | None]:
    """Return the last believed weight and length, which may be of different days when one was left out."""
    weighed = next((m for m in reversed(before) if m.weight_kg is not None and not m.waz_flag), None)
    measured = next((m for m in reversed(before) if m.clenhei_cm is not None and not m.haz_flag), None)
    return [
        Measured(weighed.age_days, _float(weighed.weight_kg), None) if weighed else None,
        Measured(measured.age_days, None, _float(measured.clenhei_cm)) if measured else None,
    ]


def gain_codes_of(child: Child, series: Iterable[Measurement]) -> dict[UUID, str]:
    """Return N, T, O or B of each weighing of ``series`` (in force, oldest first); "" where not weighed."""
    rows = list(series)
    weighed = [m for m in rows if m.weight_kg is not None]
    weighings = [Weighing(m.measured_on, float(m.weight_kg or 0), not m.waz_flag) for m in weighed]
    codes = series_gain_codes(GrowthSex(child.sex), child.birth_date, weighings)
    found = {m.id: "" for m in rows}
    found.update({m.id: str(code) for m, code in zip(weighed, codes, strict=True)})
    return found


def recompute_gain(child: Child, series: Sequence[Measurement], since: date = date.min) -> list[Measurement]:
    """Bring N, T, O, B of ``series`` up to date; return those that changed, which are to be stored.

    ``since``: from that day on they may have changed, and ``series`` may hold the month before that day's
    and of earlier months the last weighing only.
    """
    codes = gain_codes_of(child, series)
    changed = [m for m in series if m.measured_on >= since and m.gain != codes[m.id]]
    for measurement in changed:
        measurement.gain = codes[measurement.id]
    return changed


def assess_and_validate(
    *,
    child: Child,
    village: Village,
    observation: Observation,
    others: Sequence[Measurement],
    confirmed: bool | Collection[str],
    id: UUID,
    assessment: Assessment | None = None,
) -> Measurement:
    """Return the measurement to store under ``id``, not stored yet.

    ``others`` are the child's measurements in force, oldest first; ``assessment`` is what WHO's standards say
    of ``observation``, where that is known already.

    Raises Conflict when the day is taken and Doubtful for what nobody has confirmed.
    """
    if any(m.measured_on == observation.measured_on for m in others):
        raise Conflict.of("day_taken", "measured_on", date=observation.measured_on)
    values, assessment = computed_columns(child, observation, assessment)
    before = [m for m in others if m.measured_on < observation.measured_on]
    doubts = doubts_about(child, observation, assessment, before)
    require_confirmed(doubts, confirmed)
    return Measurement(
        id=id, child=child, village=village, confirmed_doubts=doubts, **observation.values(), **values
    )
