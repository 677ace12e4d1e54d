"""The z-scores of many children at once, in numpy: for an import or a district.

The twin of `registry.growth.single`, made from the same definitions and with the same digits.
Works through chunks small enough to stay in the processor's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from registry.growth.indices import INDICES, LEAST, MOST, UNKNOWN_LYING_BELOW_CM, Index
from registry.growth.rules import (
    LAST_DAY,
    STANDING_BELIEVED_FROM_DAY,
    STANDING_FROM_DAY,
    STANDING_TO_LYING_CM,
    STEPS_PER_CM,
    STEPS_PER_MM,
    PositionCode,
    SexCode,
)
from registry.growth.single import FIELDS, Assessment
from registry.growth.tables import BY_LENGTH, FIRST_KEY, LAST_KEY, FloatArray, lms

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

CHUNK = 8192

UNKNOWN, LYING, STANDING = 0, 1, 2
"""Codes for positions given as an array of integers."""

POSITION_CODES = {PositionCode.UNKNOWN: UNKNOWN, PositionCode.LYING: LYING, PositionCode.STANDING: STANDING}


@dataclass(frozen=True, slots=True)
class BatchAssessment:
    """An `Assessment` of every child, field by field; NaN where that has None."""

    age_days: FloatArray
    clenhei_cm: FloatArray
    position_disbelieved: BoolArray
    bmi: FloatArray
    oedema: BoolArray
    haz: FloatArray
    haz_flag: BoolArray
    waz: FloatArray
    waz_flag: BoolArray
    whz: FloatArray
    whz_flag: BoolArray
    baz: FloatArray
    baz_flag: BoolArray
    hcz: FloatArray
    hcz_flag: BoolArray
    acz: FloatArray
    acz_flag: BoolArray
    tsz: FloatArray
    tsz_flag: BoolArray
    ssz: FloatArray
    ssz_flag: BoolArray

    def __len__(self) -> int:
        return len(self.age_days)

    def row(self, number: int) -> Assessment:
        """Return the assessment of one child, as `assess` would have given it."""
        values = {name: getattr(self, name)[number].item() for name in FIELDS}
        known: dict[str, Any] = {name: None if value != value else value for name, value in values.items()}
        if known["age_days"] is not None:
            known["age_days"] = int(known["age_days"])
        return Assessment(**known)

    def take(self, rows: npt.NDArray[np.intp]) -> BatchAssessment:
        """Return the assessments of these rows alone."""
        return BatchAssessment(**{name: getattr(self, name)[rows] for name in FIELDS})


def assess_batch(
    *,
    sex: npt.ArrayLike,
    age_days: npt.ArrayLike,
    weight_kg: npt.ArrayLike | None = None,
    lenhei_cm: npt.ArrayLike | None = None,
    position: npt.ArrayLike | None = None,
    muac_cm: npt.ArrayLike | None = None,
    head_cm: npt.ArrayLike | None = None,
    triceps_mm: npt.ArrayLike | None = None,
    subscapular_mm: npt.ArrayLike | None = None,
    oedema: npt.ArrayLike | None = None,
    chunk: int = CHUNK,
) -> BatchAssessment:
    """Return all WHO indices of many children; the arguments of `assess`, each an array of one length.

    NaN is missing. position holds "L", "H" and "", or the codes LYING, STANDING and UNKNOWN. Where
    `assess` refuses a child (unknown sex, negative age) its row is empty, so that one bad row
    does not lose a file. ValueError for arrays of different length, fractions of a day and unknown
    positions.
    """
    count = np.shape(age_days)
    children = _Children(
        sex=np.asarray(sex, np.int64),
        age_days=_column(age_days, count),
        position=_position_codes(position, count),
        oedema=np.zeros(count, np.bool_) if oedema is None else np.asarray(oedema, np.bool_),
        weight_kg=_column(weight_kg, count),
        lenhei_cm=_column(lenhei_cm, count),
        head_cm=_column(head_cm, count),
        muac_cm=_column(muac_cm, count),
        triceps_mm=_column(triceps_mm, count),
        subscapular_mm=_column(subscapular_mm, count),
    )
    if len(count) != 1 or any(column.shape != count for column in children):
        raise ValueError(f"arrays of one length are needed, not {[column.shape for column in children]}")
    if not np.array_equal(children.age_days, np.floor(children.age_days), equal_nan=True):
        raise ValueError("ages are whole days")
    return _assess_in_chunks(children, count[0], chunk)


class _Children(NamedTuple):
    sex: IntArray
    age_days: FloatArray
    position: IntArray
    oedema: BoolArray
    weight_kg: FloatArray
    lenhei_cm: FloatArray
    head_cm: FloatArray
    muac_cm: FloatArray
    triceps_mm: FloatArray
    subscapular_mm: FloatArray


def _column(values: npt.ArrayLike | None, count: tuple[int, ...]) -> FloatArray:
    return np.full(count, np.nan) if values is None else np.asarray(values, np.float64)


def _position_codes(position: npt.ArrayLike | None, count: tuple[int, ...]) -> IntArray:
    if position is None:
        return np.full(count, UNKNOWN)
    given = np.asarray(position)
    codes = np.full(given.shape, -1)
    for letter, code in POSITION_CODES.items():
        codes[given == (code if given.dtype.kind in "iu" else letter.value)] = code
    if (codes < 0).any():
        raise ValueError(f"unknown position {given[codes < 0][0]!r}")
    return codes


def _assess_in_chunks(children: _Children, count: int, chunk: int) -> BatchAssessment:
    # Typed as Any: each field is made of the type that BatchAssessment declares for it.
    result: dict[str, Any] = {
        name: np.empty(count, np.bool_ if _is_bool(name) else np.float64) for name in FIELDS
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        for start in range(0, count, chunk):
            part = slice(start, start + chunk)
            _assess_chunk(
                _Children._make(column[part] for column in children),
                {name: values[part] for name, values in result.items()},
            )
    return BatchAssessment(**result)


def _is_bool(field: str) -> bool:
    return field.endswith("_flag") or field in ("oedema", "position_disbelieved")


def _assess_chunk(children: _Children, out: dict[str, Any]) -> None:
    """Fill every field of the result for one chunk."""
    age, sex, oedema = children.age_days, children.sex, children.oedema
    refused = (age < 0) | ((sex != SexCode.BOY) & (sex != SexCode.GIRL))
    clenhei, disbelieved = _corrected_lenhei(_drop_missing(children.lenhei_cm), children.position, age)
    clenhei = _drop_missing(np.where(refused, np.nan, clenhei))
    weight = _drop_missing(children.weight_kg)
    bmi = weight / (clenhei / 100) ** 2
    measures = {
        "clenhei_cm": clenhei,
        "weight_kg": weight,
        "bmi": bmi,
        "head_cm": _drop_missing(children.head_cm),
        "muac_cm": _drop_missing(children.muac_cm),
        "triceps_mm": _drop_missing(children.triceps_mm),
        "subscapular_mm": _drop_missing(children.subscapular_mm),
    }
    out["age_days"][:] = age
    out["clenhei_cm"][:] = clenhei
    out["position_disbelieved"][:] = disbelieved & ~refused
    out["bmi"][:] = bmi
    out["oedema"][:] = oedema

    places = _Places(
        in_range=~refused & ~(age > LAST_DAY),
        age_days=age,
        girl=sex == SexCode.GIRL,
        clenhei_cm=clenhei,
        standing=_counts_as_standing(clenhei, children.position, age),
    )
    for index in INDICES:
        y = measures[index.measure]
        if index.hidden_by_oedema:
            y = np.where(oedema, np.nan, y)
        # Measures that a file does not have at all cost nothing.
        z = y if np.isnan(y).all() else _round(_z_scores(y, *places.lms(index), index))
        out[index.name][:] = z
        out[f"{index.name}_flag"][:] = (z < index.low) | (z > index.high)


class _Places(NamedTuple):
    """Where each child of a chunk is found in the tables."""

    in_range: BoolArray
    age_days: FloatArray
    girl: BoolArray
    clenhei_cm: FloatArray
    standing: BoolArray

    def lms(self, index: Index) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return L, M and S of an index for each child, NaN where its tables have none."""
        if index.by_length:
            clenhei_cm = np.where(self.in_range, self.clenhei_cm, np.nan)
            return _rows_by_length(clenhei_cm, self.standing, self.girl)
        known = self.in_range & ~np.isnan(self.age_days)
        place = np.where(known, self.age_days, _NO_DAY).astype(np.int64) + self.girl * (_NO_DAY + 1)
        l, m, s = _table_by_day(index.tables[0])  # noqa: E741
        return l[place], m[place], s[place]


def _drop_missing(values: FloatArray) -> FloatArray:
    return np.where((values >= LEAST) & (values <= MOST), values, np.nan)


def _round(z: FloatArray) -> FloatArray:
    # Adding 0 turns -0 into 0.
    rounded: FloatArray = np.rint(z * 100) / 100 + 0.0
    return rounded


def _corrected_lenhei(
    lenhei: FloatArray, position: IntArray, age: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """Return `rules.corrected_lenhei` for arrays."""
    stood, lay = position == STANDING, position == LYING
    disbelieved = stood & (age < STANDING_BELIEVED_FROM_DAY)
    longer = stood & (age < STANDING_FROM_DAY) & ~disbelieved
    shorter = lay & (age >= STANDING_FROM_DAY)
    shift = STANDING_TO_LYING_CM * (longer.astype(np.float64) - shorter)
    moved = np.rint((lenhei + shift) * STEPS_PER_CM) / STEPS_PER_CM
    return np.where(longer | shorter, moved, lenhei), disbelieved


def _counts_as_standing(clenhei: FloatArray, position: IntArray, age: FloatArray) -> BoolArray:
    by_size = (position == UNKNOWN) & (clenhei >= UNKNOWN_LYING_BELOW_CM)
    return np.where(np.isnan(age), (position == STANDING) | by_size, age >= STANDING_FROM_DAY)


_NO_DAY = LAST_DAY + 1
"""The place of the empty row that ends the days of each sex in a table by day."""


@cache
def _table_by_day(name: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return L, M and S by day, boys then girls, each from day 0 and ending in an empty row."""
    parts = []
    for sex in SexCode:
        parts += [np.full((FIRST_KEY[name], 3), np.nan), lms(name, sex), _EMPTY_ROW]
    l, m, s = np.ascontiguousarray(np.concatenate(parts).T)  # noqa: E741
    return l, m, s


_EMPTY_ROW = np.full((1, 3), np.nan)

_LENGTH_TABLES = [(name, sex) for name in BY_LENGTH for sex in SexCode]
"""In the order in which `_table_by_length` has them: numbered 2 * standing + girl."""


@cache
def _table_by_length() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return L, M and S by millimetre of the four tables, one after the other, then an empty row."""
    parts = [lms(name, sex) for name, sex in _LENGTH_TABLES]
    l, m, s = np.ascontiguousarray(np.concatenate([*parts, _EMPTY_ROW]).T)  # noqa: E741
    return l, m, s


_LENGTH_FIRST = np.array([FIRST_KEY[name] for name, _ in _LENGTH_TABLES])
_LENGTH_LAST = np.array([LAST_KEY[name] for name, _ in _LENGTH_TABLES])
_LENGTH_OFFSET = np.concatenate([[0], np.cumsum(_LENGTH_LAST - _LENGTH_FIRST + 1)[:-1]]) - _LENGTH_FIRST


def _rows_by_length(
    clenhei: FloatArray, standing: BoolArray, girl: BoolArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return L, M and S at each length or height, between two millimetres by proportion."""
    table = 2 * standing + girl
    steps = np.rint(np.nan_to_num(clenhei) * STEPS_PER_CM).astype(np.int64)
    mm, beyond = np.divmod(steps, STEPS_PER_MM)
    inside = (mm >= _LENGTH_FIRST[table]) & (steps <= _LENGTH_LAST[table] * STEPS_PER_MM)
    place = np.where(inside, mm + _LENGTH_OFFSET[table], -1)
    between = np.flatnonzero(inside & (beyond > 0))
    part, low = beyond[between] / STEPS_PER_MM, place[between]
    rows = []
    for column in _table_by_length():
        values = column[place]
        values[between] += part * (column[low + 1] - column[low])
        rows.append(values)
    l, m, s = rows  # noqa: E741
    return l, m, s


def _z_scores(y: FloatArray, l: FloatArray, m: FloatArray, s: FloatArray, index: Index) -> FloatArray:  # noqa: E741
    """Return `single._z_score` for arrays."""
    z: FloatArray = ((y / m) ** l - 1) / (s * l)
    if index.restricted:
        far = np.flatnonzero(np.abs(z) > 3)
        z[far] = _beyond_3_sd(y[far], l[far], m[far], s[far], np.sign(z[far]))
    return z


def _beyond_3_sd(
    y: FloatArray,
    l: FloatArray,  # noqa: E741
    m: FloatArray,
    s: FloatArray,
    sign: FloatArray,
) -> FloatArray:
    side = 3 * sign
    sd3 = m * (1 + l * s * side) ** (1 / l)
    sd2 = m * (1 + l * s * (2 * sign)) ** (1 / l)
    z: FloatArray = side + (y - sd3) / np.abs(sd3 - sd2)
    return z
