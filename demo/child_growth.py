"""Letting invented children grow along WHO's curves, and measuring them as people do.

A child has a height-for-age and a weight-for-height of its own. Its true height is WHO's height at that
z-score; what is written down has the error, the rounding and the slips that posyandu make.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from demo.people import BoolArray, FloatArray, IntArray
from registry.growth.batch import LYING, STANDING, UNKNOWN
from registry.growth.rules import (
    LAST_DAY,
    STANDING_BELIEVED_FROM_DAY,
    STANDING_FROM_DAY,
    STANDING_TO_LYING_CM,
    SexCode,
)
from registry.growth.tables import FIRST_KEY, lms

LYING_LENGTH = "wfl"
STANDING_HEIGHT = "wfh"

_LENGTH_ERROR_CM = 0.35  # of one careful measurement, about that of trained cadres
_WEIGHT_ERROR_KG = 0.05
_WEIGHT_NO_HEIGHT = 0.03
_OTHER_POSITION = 0.03
_NO_POSITION = 0.05
_SLIPS = 0.0015
_SLIP = 0.75  # a slip of the hand writes this share of the height: far below what WHO believes
_OEDEMA = 0.0001


@dataclass(frozen=True, slots=True)
class Latent:
    """What a child brings along: z-scores at birth, before the age of the child shifts its height."""

    haz: FloatArray
    whz: FloatArray
    hcz: FloatArray


@dataclass(frozen=True, slots=True)
class Visits:
    """The measurements of all children, one entry each, with NaN where something was not measured.

    ``right_cm`` is the height that a slip should have been, else NaN.
    """

    child: IntArray
    day: IntArray
    weight_kg: FloatArray
    lenhei_cm: FloatArray
    position: IntArray
    muac_cm: FloatArray
    head_cm: FloatArray
    oedema: BoolArray
    right_cm: FloatArray

    def __len__(self) -> int:
        return len(self.child)

    def part(self, rows: IntArray) -> Visits:
        """Return some of the measurements."""
        return Visits(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def latents(rng: np.random.Generator, mean_haz: FloatArray) -> Latent:
    """Return children around the mean of their village."""
    count = len(mean_haz)
    whz = np.clip(rng.normal(-0.4, 1.0, count), -3.8, 3.8)
    return Latent(
        haz=np.clip(mean_haz + rng.normal(0, 1.0, count), -5.0, 4.0),
        whz=whz,
        hcz=np.clip(rng.normal(-0.4, 0.9, count), -3.5, 3.5),
    )


def faltering(age_days: FloatArray | IntArray) -> FloatArray:
    """Return how far height for age has fallen at an age, in SD: half an SD by two years, then a little back.

    The shape of Victora et al. 2010 (Pediatrics 125:e473), flattened.
    """
    return np.interp(age_days, [0, 180, STANDING_FROM_DAY, LAST_DAY], [0.0, -0.1, -0.5, -0.35])


def measure(
    rng: np.random.Generator,
    *,
    child: IntArray,
    day: IntArray,
    age_days: IntArray,
    girl: BoolArray,
    haz: FloatArray,
    whz: FloatArray,
    hcz: FloatArray,
    whole_cm: BoolArray,
    half_kg: BoolArray,
) -> Visits:
    """Return what is written down at each visit of a child with these true z-scores on that day.

    ``whole_cm``, ``half_kg``: who reads the board or the scale there writes no more than that.
    """
    count = len(child)
    height = at_z("lfa", girl, age_days, haz)
    whz = whz + rng.normal(0, 0.12, count)
    weight = weight_at(girl, age_days, height, whz) + rng.normal(0, _WEIGHT_ERROR_KG, count)
    lenhei, position = _read_off(rng, height, age_days)
    lenhei = np.where(whole_cm, np.round(lenhei), lenhei)
    weight = np.where(half_kg, np.round(weight * 2) / 2, weight)
    slip = rng.random(count) < _SLIPS
    no_height = (rng.random(count) < _WEIGHT_NO_HEIGHT) & ~slip
    arm = (age_days >= 183) & (rng.random(count) < 0.5)
    head = (age_days < STANDING_FROM_DAY) & (rng.random(count) < 0.4)
    return Visits(
        child=child,
        day=day,
        weight_kg=np.clip(np.round(weight, 1), 1.5, 39.0),
        lenhei_cm=np.where(no_height, np.nan, np.where(slip, np.round(lenhei * _SLIP, 1), lenhei)),
        position=np.where(no_height, UNKNOWN, position),
        muac_cm=np.where(arm, np.round(at_z("acfa", girl, age_days, whz * 0.8 - 0.1), 1), np.nan),
        head_cm=np.where(head, np.round(at_z("hcfa", girl, age_days, hcz), 1), np.nan),
        oedema=rng.random(count) < _OEDEMA,
        right_cm=np.where(slip, lenhei, np.nan),
    )


def _read_off(
    rng: np.random.Generator, height: FloatArray, age_days: IntArray
) -> tuple[FloatArray, IntArray]:
    """Return the length or height that the board shows and the position marked with it.

    A few are measured in the other position, where a child is 0.7 cm shorter or longer; under nine months
    such a mark is only a slip, for nobody makes an infant stand.
    """
    count = len(height)
    standing = age_days >= STANDING_FROM_DAY
    other = rng.random(count) < _OTHER_POSITION
    moved = other & (age_days >= STANDING_BELIEVED_FROM_DAY)
    seen = height + moved * np.where(standing, STANDING_TO_LYING_CM, -STANDING_TO_LYING_CM)
    seen = np.round(seen + rng.normal(0, _LENGTH_ERROR_CM, count), 1)
    to_half = rng.random(count) < 0.15
    position = np.where(standing ^ other, STANDING, LYING)
    no_mark = ~other & (rng.random(count) < _NO_POSITION)
    return np.where(to_half, np.round(seen * 2) / 2, seen), np.where(no_mark, UNKNOWN, position)


def weight_at(girl: BoolArray, age_days: IntArray, height_cm: FloatArray, whz: FloatArray) -> FloatArray:
    """Return kilograms at a weight-for-length (below 731 days) or weight-for-height z-score."""
    mm = np.round(height_cm * 10).astype(np.int64)
    lying = at_z(LYING_LENGTH, girl, mm, whz, restricted=True)
    standing = at_z(STANDING_HEIGHT, girl, mm, whz, restricted=True)
    weight = np.where(age_days < STANDING_FROM_DAY, lying, standing)
    # Newborns shorter than the table's 45 cm: a body of the same shape.
    return weight * np.minimum(height_cm / (FIRST_KEY[LYING_LENGTH] / 10), 1.0) ** 3


def at_z(
    table: str, girl: BoolArray, key: IntArray, z: FloatArray, *, restricted: bool = False
) -> FloatArray:
    """Return the measure at a z-score by WHO's inverted formula, ``restricted`` past 3 SD as for weight.

    ``key`` is days of age or millimetres; outside the table its first or last row holds.
    """
    boys, girls = lms(table, SexCode.BOY), lms(table, SexCode.GIRL)
    place = np.clip(key - FIRST_KEY[table], 0, len(boys) - 1)
    l, m, s = np.where(girl[:, None], girls[place], boys[place]).T  # noqa: E741
    if not restricted:
        return _box_cox(l, m, s, z)
    within = np.clip(z, -3, 3)
    sd3 = _box_cox(l, m, s, within)
    sd2 = _box_cox(l, m, s, within - np.sign(z))
    return sd3 + np.abs(sd3 - sd2) * (z - within)


def _box_cox(l: FloatArray, m: FloatArray, s: FloatArray, z: FloatArray) -> FloatArray:  # noqa: E741
    value: FloatArray = m * (1 + l * s * z) ** (1 / l)
    return value
