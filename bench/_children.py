"""Children to measure with: invented ones of every age, and those whose z-scores WHO's software gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from registry.growth import PositionCode, SexCode
from registry.growth.rules import LAST_DAY, STANDING_FROM_DAY, STANDING_TO_LYING_CM
from registry.growth.tables import FIRST_KEY, FloatArray, lms
from tests.growth.reference import WHO_NAMES, Row, child, rows

BenchChild = Mapping[str, Any]
"""The arguments of `registry.growth.assess`."""

Columns = dict[str, Any]
"""The arguments of `registry.growth.assess_batch`, each an array."""

OTHER_POSITION = 0.05
"""The share of children measured in the position that their age does not ask for."""

FARTHEST_Z = 4
"""The formula below has no measure for a child much farther above the median."""


def invent_columns(count: int) -> Columns:
    """Return children of 0 to 1826 days, scattered around WHO's medians as in a district with stunting.

    Every measure is rounded to 0.1 as a posyandu writes it. A few z-scores lie beyond 3 SD, where
    WHO's formula costs three powers more than within.
    """
    rng = np.random.default_rng(1)
    sex, age = rng.integers(1, 3, count), rng.integers(0, LAST_DAY + 1, count)

    def measure(table: str, z: FloatArray) -> FloatArray:
        return np.round(_at_z(table, sex, age, np.clip(z, -FARTHEST_Z, FARTHEST_Z)), 1)

    haz = rng.normal(-1.4, 1.2, count)
    other = rng.random(count) < OTHER_POSITION
    stands = (age >= STANDING_FROM_DAY) ^ other
    seen_longer = STANDING_TO_LYING_CM * np.where(other, np.where(stands, -1, 1), 0)
    return {
        "sex": sex,
        "age_days": age,
        "weight_kg": measure("wfa", 0.7 * haz + rng.normal(-0.2, 0.9, count)),
        "lenhei_cm": np.round(measure("lfa", haz) + seen_longer, 1),
        "position": np.where(stands, "H", "L"),
        "muac_cm": measure("acfa", rng.normal(-0.6, 1.1, count)),
        "head_cm": measure("hcfa", rng.normal(-0.8, 1.1, count)),
        "triceps_mm": measure("tsfa", rng.normal(-0.3, 1.1, count)),
        "subscapular_mm": measure("ssfa", rng.normal(-0.3, 1.1, count)),
    }


def _at_z(table: str, sex: npt.NDArray[Any], age: npt.NDArray[Any], z: FloatArray) -> FloatArray:
    """Return what a child of this z-score measures: M (1 + L S z)^(1/L)."""
    place = np.maximum(age - FIRST_KEY[table], 0)
    l, m, s = np.stack([lms(table, one) for one in SexCode])[sex - 1, place].T  # noqa: E741
    result: FloatArray = m * (1 + l * s * z) ** (1 / l)
    return result


def as_children(columns: Columns) -> list[BenchChild]:
    """Return the same children, each as the arguments of `assess`."""
    children = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [
        {**named, "sex": SexCode(named["sex"]), "position": PositionCode(named["position"])}
        for named in (dict(zip(columns, values, strict=True)) for values in children)
    ]


def columns_of(children: Sequence[BenchChild]) -> Columns:
    """Return the same children as the arguments of `assess_batch`; None becomes NaN."""
    return {
        name: np.array([np.nan if one[name] is None else one[name] for one in children])
        for name in children[0]
    }


def judged_by_who() -> tuple[list[BenchChild], list[Mapping[str, float]]]:
    """Return children of golden.csv and, for each, the unrounded z-scores that WHO's software gave.

    Without the rows where that software is itself wrong (docs/growth.md says which).
    """
    kept = [row for row in rows("golden.csv") if not row["r_quirk"]]
    return [child(row) for row in kept], [scores_of_who(row) for row in kept]


def scores_of_who(row: Row) -> dict[str, float]:
    return {index: float(row[f"z{who}_raw"]) for index, who in WHO_NAMES.items() if row[f"z{who}_raw"]}
