"""Inventing the children of a district: where they live, when they were born, move, leave and die.

Pure: arrays in, arrays out. Days are ordinals (``date.toordinal``), villages are places in a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from demo.invented_names import parent_names, person_names
from registry.growth.rules import LAST_DAY

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NEVER = date.max.toordinal()

# Shares of all children of the window, unless said otherwise.
_NEWCOMERS = 0.03
_MOVERS = 0.018
_LEAVERS = 0.015
_DEATHS = 0.004
_WITH_NIK = 0.85
_NIK_OTHER_DATE = 0.06  # of those with a NIK; in the register's real files the date differs in one of nine

# The civil registry numbers the children of one region and birth date from 0001 and never comes this far.
_FIRST_INVENTED_SERIAL = 9001

_POSYANDU_A_VILLAGE = 7.75  # about 2,200 in 284 villages
_POOR_VILLAGES = 0.07
_SLOW_VILLAGES = 0.08  # where a good part of the entries arrives weeks later
_ROUND_TO_CM, _ROUND_TO_HALF_KG = 0.08, 0.05  # villages whose cadre reads the board or the scale so


class Place(NamedTuple):
    """A village as inventing needs it: its Kemendagri code and the name of its kecamatan."""

    code: str
    kecamatan: str


@dataclass(frozen=True, slots=True)
class Villages:
    """What differs between villages, in the order of the places."""

    share: FloatArray  # of the children
    coverage: FloatArray  # share of the children whom a month's posyandu reaches
    posyandu: IntArray  # how many
    late: FloatArray  # share of the entries that reach the register more than a week later
    whole_cm: BoolArray  # its cadre writes whole centimetres
    half_kg: BoolArray  # its cadre writes half kilograms


@dataclass(frozen=True, slots=True)
class People:
    """One entry a child. ``moved_on`` and ``left_on`` are NEVER for most."""

    name: list[str]
    parent: list[str]
    nik: list[str]
    girl: BoolArray
    birth: IntArray
    village: IntArray  # where it lives at first
    posyandu: IntArray  # which one of that village, from 0
    since: IntArray
    moved_on: IntArray
    moved_to: IntArray
    left_on: IntArray
    died: BoolArray

    def __len__(self) -> int:
        return len(self.name)

    def village_on(self, day: IntArray, child: IntArray) -> IntArray:
        """Return where some children live, each on a day of its own."""
        return np.where(self.moved_on[child] <= day, self.moved_to[child], self.village[child])

    def resident_on(self, day: int) -> BoolArray:
        """Return who is under five, alive and in the kabupaten that day, as ``registry.figures`` counts."""
        age = day - self.birth
        return (age >= 0) & (age <= LAST_DAY) & (self.since <= day) & (self.left_on > day)


def invent_villages(rng: np.random.Generator, places: Sequence[Place], tour: str) -> Villages:
    """Return the villages; that with the code ``tour`` is a large one with good coverage."""
    count = len(places)
    size = rng.lognormal(0, 0.35, count)
    coverage = np.clip(rng.normal(0.85, 0.04, count), 0.75, 0.92)
    poor = rng.random(count) < _POOR_VILLAGES
    coverage = np.where(poor, rng.uniform(0.4, 0.65, count), coverage)
    posyandu = np.clip(rng.poisson(_POSYANDU_A_VILLAGE, count), 3, 14)
    slow = rng.random(count) < _SLOW_VILLAGES
    late = np.where(slow, rng.uniform(0.2, 0.5, count), rng.uniform(0.01, 0.05, count))
    is_tour = np.array([place.code == tour for place in places])
    return Villages(
        share=np.where(is_tour, 2.0, size) / np.where(is_tour, 2.0, size).sum(),
        coverage=np.where(is_tour, 0.86, coverage),
        posyandu=posyandu,
        late=np.where(is_tour, 0.03, late),
        whole_cm=(rng.random(count) < _ROUND_TO_CM) & ~is_tour,
        half_kg=(rng.random(count) < _ROUND_TO_HALF_KG) & ~is_tour,
    )


def invent_people(
    rng: np.random.Generator,
    places: Sequence[Place],
    villages: Villages,
    count: int,
    first: int,
    today: int,
) -> People:
    """Invent ``count`` children who are under five at some time from the day ``first`` to ``today``."""
    girl = rng.random(count) < 0.487
    birth = rng.integers(first - LAST_DAY, today + 1, count)
    village = rng.choice(len(places), count, p=villages.share)
    newcomer = rng.random(count) < _NEWCOMERS
    since = np.where(newcomer, _draw_days(rng, np.maximum(birth, first), today), birth)
    # As a register fills: first the lists of the villages, then those who are born or come, day by day.
    order = np.lexsort((village, np.maximum(since, first)))
    girl, birth, village, since = girl[order], birth[order], village[order], since[order]
    moved_on, moved_to = _moves(rng, village, len(places), np.maximum(since, first) + 20, today)
    settled = moved_on == NEVER
    left_on, died = _departures(rng, birth, np.maximum(since, first) + 20, today, settled)
    return People(
        name=person_names(rng, girl),
        parent=parent_names(rng, count),
        nik=_niks(rng, [places[i].code for i in village.tolist()], birth, girl),
        girl=girl,
        birth=birth,
        village=village,
        posyandu=rng.integers(0, villages.posyandu[village]),
        since=since,
        moved_on=moved_on,
        moved_to=moved_to,
        left_on=left_on,
        died=died,
    )


def _draw_days(rng: np.random.Generator, low: IntArray, high: int | IntArray) -> IntArray:
    """Draw a day for each from ``low`` to ``high``; ``low`` where there is none."""
    return rng.integers(low, np.maximum(high, low) + 1)


def _moves(
    rng: np.random.Generator, village: IntArray, villages: int, earliest: IntArray, today: int
) -> tuple[IntArray, IntArray]:
    """Return day and village of those who move inside the kabupaten."""
    goes = (rng.random(len(village)) < _MOVERS) & (earliest < today) & (villages > 1)
    other = (village + rng.integers(1, max(villages, 2), len(village))) % villages
    moved_on = np.where(goes, _draw_days(rng, earliest, today), NEVER)
    return moved_on, np.where(goes, other, village)


def _departures(
    rng: np.random.Generator, birth: IntArray, earliest: IntArray, today: int, settled: BoolArray
) -> tuple[IntArray, BoolArray]:
    """Return the day of those who leave the kabupaten or die before they are five, and which of the two."""
    chance = rng.random(len(birth))
    latest = np.minimum(birth + LAST_DAY, today)
    goes = (chance < _LEAVERS + _DEATHS) & settled & (earliest < latest)
    return np.where(goes, _draw_days(rng, earliest, latest), NEVER), goes & (chance < _DEATHS)


def _niks(rng: np.random.Generator, codes: list[str], birth: IntArray, girl: BoolArray) -> list[str]:
    """Return a well-formed NIK that no registry has issued, or none, for each child."""
    has = rng.random(len(codes)) < _WITH_NIK
    shift = np.where(rng.random(len(codes)) < _NIK_OTHER_DATE, rng.integers(1, 60, len(codes)), 0)
    used: Counter[str] = Counter()
    niks = []
    for code, day, is_girl, has_nik in zip(
        codes, (birth - shift).tolist(), girl.tolist(), has.tolist(), strict=True
    ):
        born = date.fromordinal(day)
        prefix = f"{code[:8].replace('.', '')}{born.day + 40 * is_girl:02d}{born:%m%y}"
        niks.append(f"{prefix}{_FIRST_INVENTED_SERIAL + used[prefix]}" if has_nik else "")
        used[prefix] += has_nik
    return niks
