"""A whole invented district: its children, every measurement of them, and the rate that is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from registry.demo.growth import Visits, faltering, latents, measure
from registry.demo.people import (
    BoolArray,
    FloatArray,
    IntArray,
    People,
    Place,
    Villages,
    invent_people,
    invent_villages,
)
from registry.figures.months import last_day, month_of, months_back
from registry.growth.rules import LAST_DAY

TOUR_VILLAGE = "33.01.02.2016"
"""Kesugihan Kidul: where the sign-ins of a cadre and a midwife work, so it has children enough to see."""

STUNTED_AT_FIRST, STUNTED_NOW = 0.185, 0.145
"""The true rates of the first month and of this one: from SKI 2023 to beside the target of 14 %."""

_KECAMATAN_HAZ = {"Cilacap Selatan": -0.35, "Jeruklegi": -0.25}  # higher in the register of June 2024
_AFTER_FIVE_DAYS = 20  # a child who has just turned five still comes once
_REWEIGHED = 0.01


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a district is and when. The same shape invents the same district."""

    today: date
    children: int = 6000
    months: int = 18
    seed: int = 2024

    @property
    def all_months(self) -> list[date]:
        return months_back(month_of(self.today), self.months)


@dataclass(frozen=True, slots=True)
class Demo:
    """The invented district. ``true_rates``: share of the children under five at each month's end (this
    month: today) whose true height for age is below -2 SD.
    """

    shape: Shape
    places: Sequence[Place]
    villages: Villages
    people: People
    visits: Visits
    true_rates: dict[date, float]


def invent(places: Sequence[Place], shape: Shape) -> Demo:
    """The district of ``shape`` in these villages. ValueError for less than a child, month or village."""
    if min(len(places), shape.children, shape.months) < 1:
        raise ValueError("a district has at least one village, one child and one month")
    rng = np.random.default_rng(shape.seed)
    months = shape.all_months
    today = shape.today.toordinal()
    villages = invent_villages(rng, places, TOUR_VILLAGE)
    people = invent_people(rng, places, villages, shape.children, months[0].toordinal(), today)
    latent = latents(rng, _village_means(rng, places)[people.village])
    ends = np.array([min(last_day(month).toordinal(), today) for month in months])
    shifts = _shifts(people, latent.haz, ends)
    true_rates = {
        month: float((_true_haz(people, latent.haz, end)[resident] + shift < -2).mean())
        for month, end, shift in zip(months, ends.tolist(), shifts.tolist(), strict=True)
        if (resident := people.resident_on(end)).any()
    }
    child, month, day = _who_comes(rng, people, villages, months, today)
    age = day - people.birth[child]
    visits = measure(
        rng,
        child=child,
        day=day,
        age_days=age,
        girl=people.girl[child],
        haz=latent.haz[child] + faltering(age) + shifts[month],
        whz=latent.whz[child],
        hcz=latent.hcz[child],
    )
    visits = _with_reweighed(rng, people, visits, today)
    return Demo(shape, places, villages, people, visits, true_rates)


def _village_means(rng: np.random.Generator, places: Sequence[Place]) -> FloatArray:
    """How far each village's mean height for age lies from the district's, in SD."""
    names = sorted({place.kecamatan for place in places})
    drawn = dict(zip(names, rng.normal(0, 0.1, len(names)).tolist(), strict=True)) | _KECAMATAN_HAZ
    mean = np.array([drawn[place.kecamatan] for place in places])
    return mean + rng.normal(0, 0.12, len(places))


def _true_haz(people: People, haz: FloatArray, day: int) -> FloatArray:
    return haz + faltering(np.maximum(day - people.birth, 0))


def _shifts(people: People, haz: FloatArray, ends: IntArray) -> FloatArray:
    """What to add to everybody's height for age in each month, so that the rates are as wanted.

    Exact in the first and the last month, in proportion between them.
    """
    wanted = ((ends[0], STUNTED_AT_FIRST), (ends[-1], STUNTED_NOW))
    at_ends = [0.0, 0.0]
    for place, (end, rate) in enumerate(wanted):
        resident = people.resident_on(int(end))
        if resident.any():
            at_ends[place] = -2 - float(np.quantile(_true_haz(people, haz, int(end))[resident], rate))
    if len(ends) == 1:
        at_ends[0] = at_ends[1]
    return np.linspace(at_ends[0], at_ends[1], len(ends))


def _who_comes(
    rng: np.random.Generator, people: People, villages: Villages, months: Sequence[date], today: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Child, number of the month and day of every visit, by child and then by day."""
    firsts = np.array([month.toordinal() for month in months])
    lasts = np.array([last_day(month).toordinal() for month in months])
    weighing_day = _weighing_days(rng, people, villages)
    late = np.where(
        rng.random((len(people), len(months))) < 0.15, rng.integers(1, 6, (len(people), len(months))), 0
    )
    day = np.minimum(firsts + weighing_day[:, None] + late, lasts)
    age = day - people.birth[:, None]
    there = (
        (day >= people.since[:, None])
        & (day < people.left_on[:, None])
        & (day <= today)
        & (age >= 0)
        & (age <= LAST_DAY + _AFTER_FIVE_DAYS)
    )
    comes = rng.random(day.shape) < _attendance(rng, people, villages, age)
    child, month = np.nonzero(there & comes)
    return child, month, day[child, month]


def _weighing_days(rng: np.random.Generator, people: People, villages: Villages) -> IntArray:
    """Days after the first of the month on which each child's posyandu weighs, the same every month."""
    of_posyandu = rng.integers(2, 22, (len(villages.posyandu), int(villages.posyandu.max())))
    return of_posyandu[people.village, people.posyandu]


def _attendance(rng: np.random.Generator, people: People, villages: Villages, age: IntArray) -> FloatArray:
    """The chance that a child comes: its village's coverage, more when young, and its family's habit."""
    coverage = villages.coverage[people.village]
    habit = np.log(coverage / (1 - coverage)) + 0.15 + rng.normal(0, 0.5, len(people))
    by_age = np.interp(age, [0, 365, STARTS_PAUD_DAY, LAST_DAY], [0.4, 0.3, -0.1, -0.4])
    chance: FloatArray = 1 / (1 + np.exp(-(habit[:, None] + by_age)))
    return chance


STARTS_PAUD_DAY = 3 * 365
"""From about three years children go to PAUD and come to the posyandu less."""


def _with_reweighed(rng: np.random.Generator, people: People, visits: Visits, today: int) -> Visits:
    """A few are weighed again some days later in the same month, without the height."""
    again = visits.day + 3
    same_month = _month_numbers(again) == _month_numbers(visits.day)
    chosen: BoolArray = (
        (rng.random(len(visits)) < _REWEIGHED)
        & same_month
        & (again <= today)
        & (again < people.left_on[visits.child])
    )
    columns = {f.name: getattr(visits, f.name)[chosen] for f in fields(Visits)}
    nothing = np.full(int(chosen.sum()), np.nan)
    columns |= dict.fromkeys(("lenhei_cm", "muac_cm", "head_cm", "right_cm"), nothing)
    columns |= {
        "day": again[chosen],
        "position": np.zeros(len(nothing), np.int64),
        "weight_kg": np.round(columns["weight_kg"] + rng.normal(0, 0.1, len(nothing)), 1),
    }
    return Visits(
        **{f.name: np.concatenate([getattr(visits, f.name), columns[f.name]]) for f in fields(Visits)}
    )


def _month_numbers(days: IntArray) -> IntArray:
    """Calendar month of each ordinal day, as a count that tells months apart."""
    dates = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    return dates.astype("datetime64[M]").astype(np.int64)
