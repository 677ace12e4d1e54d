"""The z-scores of one child, in plain Python: for a form, where starting numpy costs more than the sum.

`registry.growth.batch` is the twin for many children and gives the same digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from registry.growth.indices import INDICES, LEAST, MOST, UNKNOWN_LYING_BELOW_CM, Index
from registry.growth.rules import (
    LAST_DAY,
    STANDING_FROM_DAY,
    STEPS_PER_CM,
    STEPS_PER_MM,
    PositionCode,
    SexCode,
    corrected_lenhei,
)
from registry.growth.tables import BY_LENGTH, FIRST_KEY, LAST_KEY, lms

Lms = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one child's measures say. Fields of measures not given or not computed are None.

    clenhei_cm: length or height corrected for the position. position_disbelieved: a standing mark
    under 9 months. bmi: kg/m2. `<index>`: z-score rounded to two decimals. `<index>_flag`: the
    z-score is computed but beyond what WHO believes; such a value belongs in no rate.
    """

    age_days: int | None
    clenhei_cm: float | None
    position_disbelieved: bool
    bmi: float | None
    oedema: bool
    haz: float | None
    haz_flag: bool
    waz: float | None
    waz_flag: bool
    whz: float | None
    whz_flag: bool
    baz: float | None
    baz_flag: bool
    hcz: float | None
    hcz_flag: bool
    acz: float | None
    acz_flag: bool
    tsz: float | None
    tsz_flag: bool
    ssz: float | None
    ssz_flag: bool


FIELDS = tuple(field.name for field in fields(Assessment))
"""What an assessment says, in its order."""


def assess(
    *,
    sex: SexCode,
    age_days: int | None,
    weight_kg: float | None = None,
    lenhei_cm: float | None = None,
    position: PositionCode = PositionCode.UNKNOWN,
    muac_cm: float | None = None,
    head_cm: float | None = None,
    triceps_mm: float | None = None,
    subscapular_mm: float | None = None,
    oedema: bool = False,
) -> Assessment:
    """Return all WHO indices of one child that its measures allow.

    Without an age only weight for length/height is computed, and nothing past day 1826. Measures
    of zero or less count as missing. ValueError for an unknown sex or a negative age.
    """
    if age_days is not None and age_days < 0:
        raise ValueError(f"an age of {age_days} days is before birth")
    clenhei_cm, position_disbelieved = corrected_lenhei(_drop_missing(lenhei_cm), position, age_days)
    clenhei_cm = _drop_missing(clenhei_cm)
    weight_kg = _drop_missing(weight_kg)
    bmi = None
    if weight_kg is not None and clenhei_cm is not None:
        # metres * metres, as numpy and the phone do it: a power may differ in the last bit.
        metres = clenhei_cm / 100
        bmi = weight_kg / (metres * metres)
    measures = {
        "clenhei_cm": clenhei_cm,
        "weight_kg": weight_kg,
        "bmi": bmi,
        "head_cm": _drop_missing(head_cm),
        "muac_cm": _drop_missing(muac_cm),
        "triceps_mm": _drop_missing(triceps_mm),
        "subscapular_mm": _drop_missing(subscapular_mm),
    }
    scores = _scores(sex, age_days, position, measures, oedema)
    return Assessment(age_days, clenhei_cm, position_disbelieved, bmi, oedema, *scores)


def _drop_missing(value: float | None) -> float | None:
    """Return the value as a float, or None when it is no measurement."""
    if value is None:
        return None
    value = float(value)
    return value if LEAST <= value <= MOST else None


def _scores(
    sex: SexCode,
    age_days: int | None,
    position: PositionCode,
    measures: Mapping[str, float | None],
    oedema: bool,
) -> list[Any]:
    """Yield z-score (float or None) and flag (bool) of every index in turn, in the order of INDICES."""
    scores: list[Any] = []
    for index, rows in _plan(sex):
        y = measures[index.measure]
        row = None
        if y is not None and not (oedema and index.hidden_by_oedema):
            if index.by_length:
                row = _row_by_length(sex, measures["clenhei_cm"], position, age_days)
            elif age_days is not None and age_days <= LAST_DAY:
                row = rows[age_days]
        if y is None or row is None:
            scores += (None, False)
            continue
        z = round(_z_score(y, *row, index.restricted) * 100) / 100
        scores += (z, z < index.low or z > index.high)
    return scores


def _row_by_length(
    sex: SexCode, clenhei_cm: float | None, position: PositionCode, age_days: int | None
) -> Lms | None:
    """Return L, M and S at a length (lying) or height (standing), between two millimetres by proportion."""
    if clenhei_cm is None or (age_days is not None and age_days > LAST_DAY):
        return None
    name = BY_LENGTH[_counts_as_standing(clenhei_cm, position, age_days)]
    # Integer steps, because a length such as 102.4 is not exact in floats and would fall a row short.
    mm, beyond = divmod(round(clenhei_cm * STEPS_PER_CM), STEPS_PER_MM)
    rows, place = _rows(name, sex), mm - FIRST_KEY[name]
    if place < 0 or mm > LAST_KEY[name] or (mm == LAST_KEY[name] and beyond):
        return None
    if not beyond:
        return rows[place]
    part = beyond / STEPS_PER_MM
    l0, m0, s0 = rows[place]
    l1, m1, s1 = rows[place + 1]
    return l0 + part * (l1 - l0), m0 + part * (m1 - m0), s0 + part * (s1 - s0)


def _counts_as_standing(clenhei_cm: float, position: PositionCode, age_days: int | None) -> bool:
    """Return whether it is weight for height: by the age, else the position, else the size."""
    if age_days is not None:
        return age_days >= STANDING_FROM_DAY
    if position == PositionCode.UNKNOWN:
        return clenhei_cm >= UNKNOWN_LYING_BELOW_CM
    return position == PositionCode.STANDING


def _z_score(y: float, l: float, m: float, s: float, restricted: bool) -> float:  # noqa: E741
    """Return the z-score of a measure, unrounded: Box-Cox, or restricted beyond 3 SD where WHO says so."""
    z: float = ((y / m) ** l - 1) / (s * l)
    if not restricted or -3 <= z <= 3:
        return z
    sign = 1 if z > 0 else -1
    sd3: float = m * (1 + l * s * (3 * sign)) ** (1 / l)
    sd2: float = m * (1 + l * s * (2 * sign)) ** (1 / l)
    return 3 * sign + (y - sd3) / abs(sd3 - sd2)


@cache
def _plan(sex: SexCode) -> list[tuple[Index, list[Lms | None]]]:
    """Return every index with its rows by day of age; none for the tables by length."""
    return [
        (index, [] if index.by_length else _rows_by_day(index.tables[0], SexCode(sex))) for index in INDICES
    ]


def _rows_by_day(name: str, sex: SexCode) -> list[Lms | None]:
    """Return L, M and S by day of age; None before the table begins."""
    return [None] * FIRST_KEY[name] + _rows(name, sex)


@cache
def _rows(name: str, sex: SexCode) -> list[Lms]:
    return [(l, m, s) for l, m, s in lms(name, sex).tolist()]  # noqa: E741
