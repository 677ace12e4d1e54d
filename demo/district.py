"""A whole invented district: its children, every measurement of them, and the rate that is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from demo.child_growth import Latent, Visits, faltering, latents, measure
from demo.people import (
    BoolArray,
    FloatArray,
    IntArray,
    People,
    Place,
    Villages,
    invent_people,
    invent_villages,
)
from registry.calendar_months import add_months, last_day, month_of, months_back
from registry.growth.rules import LAST_DAY

TOUR_VILLAGE = "33.01.02.2016"
"""Kesugihan Kidul: where the sign-ins of a cadre and a midwife work, so it has children enough to see."""

STUNTED_AT_FIRST, STUNTED_NOW = 0.185, 0.145
"""The true rates of the first month and of this one: from SKI 2023 to near the target of 14%."""

_KECAMATAN_HAZ = {"Cilacap Selatan": -0.35, "Jeruklegi": -0.25}  # higher in the register of June 2024
_EPOCH = date(1970, 1, 1).toordinal()
_AFTER_FIVE_DAYS = 20  # a child who has just turned five still comes once
_REWEIGHED = 0.01
_AFTER_POSYANDU = 0.15  # missed the day and is weighed in the days after it


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a district is and when. The same shape invents the same district.

    ``children``: all who are under five at some time of these months; at any one time there are fewer.
    """

    today: date
    children: int = 6000
    months: int = 18
    seed: int = 2024

    @property
    def all_months(self) -> list[date]:
        return months_back(month_of(self.today), self.months)

    @property
    def retrained_on(self) -> date:
        """Return the Wednesday on which KPM learn again to measure, with six whole months after its own."""
        eighth = add_months(month_of(self.today), -7).replace(day=8)
        return eighth + timedelta(days=(2 - eighth.weekday()) % 7)


class Size(NamedTuple):
    """Children and months of a shape."""

    children: int
    months: int


SMALL = Size(children=6000, months=18)
"""Enough to look around in, and loaded within seconds."""

FULL = Size(children=190_000, months=24)
"""The whole of Cilacap: some 133,000 children under five at any time, some 113,000 come a month."""


def month_numbers(days: IntArray) -> IntArray:
    """Return the calendar month of ordinal days (``date.toordinal``), as months since 1970."""
    since_1970: IntArray = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return since_1970


@dataclass(frozen=True)
class Demo:
    """The invented district.

    ``true_rates`` is the share of the children under five whose true height for age is below -2 SD. It is
    taken at each month's end, and for this month today.

    Each month has random numbers of its own and so is the same every time.
    """

    shape: Shape
    places: Sequence[Place]
    villages: Villages
    people: People
    latent: Latent
    habit: FloatArray  # of each child, how much more often than others it comes, in log odds
    weighing_days: IntArray  # of each posyandu of each village, days after the first of a month
    shifts: FloatArray  # of each month, what is added to everybody's height for age
    true_rates: dict[date, float]

    def random(self, what: int, number: int) -> np.random.Generator:
        """Return random numbers of a month, for one purpose."""
        return np.random.default_rng([self.shape.seed, what, number])

    def month(self, number: int) -> Visits:
        """Return every measurement of one of the months (0 is the first), by child and then by day."""
        rng, month = self.random(_VISITS, number), self.shape.all_months[number]
        child, day = self._who_comes(rng, month)
        people, latent = self.people, self.latent
        age = day - people.birth[child]
        village = people.village_on(day, child)
        rounds = self._where_rounded(month)[village]
        visits = measure(
            rng,
            child=child,
            day=day,
            age_days=age,
            girl=people.girl[child],
            haz=latent.haz[child] + faltering(age) + self.shifts[number],
            whz=latent.whz[child],
            hcz=latent.hcz[child],
            whole_cm=self.villages.whole_cm[village] & rounds,
            half_kg=self.villages.half_kg[village] & rounds,
        )
        return _in_order(visits, self._weigh_again(rng, visits))

    @cached_property
    def visits(self) -> Visits:
        """Return every measurement of all months, month by month."""
        return join_visits([self.month(number) for number in range(self.shape.months)])

    @property
    def rows_by_month(self) -> list[slice]:
        """Return where the measurements of each month are among all."""
        firsts = [month.toordinal() for month in self.shape.all_months]
        starts = np.searchsorted(month_numbers(self.visits.day), month_numbers(np.array(firsts))).tolist()
        return [slice(start, end) for start, end in pairwise([*starts, len(self.visits)])]

    def _where_rounded(self, month: date) -> BoolArray:
        """Return in which villages a cadre that rounds still does so: not after she was trained again."""
        if month <= month_of(self.shape.retrained_on):
            return np.ones(len(self.places), np.bool_)
        return np.array([not was_retrained(place.code) for place in self.places])

    def _who_comes(self, rng: np.random.Generator, month: date) -> tuple[IntArray, IntArray]:
        """Return each child that comes in a month, and its day."""
        people, count = self.people, len(self.people)
        after = np.where(rng.random(count) < _AFTER_POSYANDU, rng.integers(1, 6, count), 0)
        opens = month.toordinal() + self.weighing_days[people.village, people.posyandu]
        day = np.minimum(opens + after, last_day(month).toordinal())
        age = day - people.birth
        there = (
            (day >= people.since)
            & (day < people.left_on)
            & (day <= self.shape.today.toordinal())
            & (age >= 0)
            & (age <= LAST_DAY + _AFTER_FIVE_DAYS)
        )
        child = np.flatnonzero(there & (rng.random(count) < self._attendance(age)))
        return child, day[child]

    def _attendance(self, age: IntArray) -> FloatArray:
        """Return the chance that each child comes: its habit, and more when young."""
        by_age = np.interp(age, [0, 365, STARTS_PAUD_DAY, LAST_DAY], [0.4, 0.3, -0.1, -0.4])
        chance: FloatArray = 1 / (1 + np.exp(-(self.habit + by_age)))
        return chance

    def _weigh_again(self, rng: np.random.Generator, visits: Visits) -> Visits:
        """Return a few who are weighed again some days later in the same month, without the height."""
        again = visits.day + 3
        chosen: BoolArray = (
            (rng.random(len(visits)) < _REWEIGHED)
            & (month_numbers(again) == month_numbers(visits.day))
            & (again <= self.shape.today.toordinal())
            & (again < self.people.left_on[visits.child])
        )
        once_more = visits.part(np.flatnonzero(chosen))
        nothing = np.full(len(once_more), np.nan)
        return replace(
            once_more,
            day=again[chosen],
            position=np.zeros(len(nothing), np.int64),
            weight_kg=np.round(once_more.weight_kg + rng.normal(0, 0.1, len(nothing)), 1),
            lenhei_cm=nothing,
            muac_cm=nothing,
            head_cm=nothing,
            right_cm=nothing,
        )


_VISITS = 3  # what the random numbers of a month are for; 1 and 2 are used elsewhere

STARTS_PAUD_DAY = 3 * 365
"""From about three years children go to PAUD and come to the posyandu less."""


def was_retrained(village_code: str) -> bool:
    """Return whether the KPM of a village came to that training: of two desa in three."""
    return village_code[9] == "2" and int(village_code[-2:]) % 3 != 2


def invent(places: Sequence[Place], shape: Shape) -> Demo:
    """Invent the district of ``shape`` in these villages. ValueError without a child, month or village."""
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
    return Demo(
        shape=shape,
        places=places,
        villages=villages,
        people=people,
        latent=latent,
        habit=_habits(rng, people, villages),
        weighing_days=rng.integers(2, 22, (len(villages.posyandu), int(villages.posyandu.max()))),
        shifts=shifts,
        true_rates=true_rates,
    )


def _village_means(rng: np.random.Generator, places: Sequence[Place]) -> FloatArray:
    """Return how far each village's mean height for age lies from the district's, in SD."""
    names = sorted({place.kecamatan for place in places})
    drawn = dict(zip(names, rng.normal(0, 0.1, len(names)).tolist(), strict=True)) | _KECAMATAN_HAZ
    mean = np.array([drawn[place.kecamatan] for place in places])
    return mean + rng.normal(0, 0.12, len(places))


def _true_haz(people: People, haz: FloatArray, day: int) -> FloatArray:
    return haz + faltering(np.maximum(day - people.birth, 0))


def _shifts(people: People, haz: FloatArray, ends: IntArray) -> FloatArray:
    """Return what to add to everybody's height for age in each month, so that the rates are as wanted.

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


def _habits(rng: np.random.Generator, people: People, villages: Villages) -> FloatArray:
    """Return how each child's village is covered and its family's habit, in log odds of coming."""
    coverage = villages.coverage[people.village]
    habit: FloatArray = np.log(coverage / (1 - coverage)) + 0.15 + rng.normal(0, 0.5, len(people))
    return habit


def join_visits(parts: Sequence[Visits]) -> Visits:
    """Join the measurements of all parts, one after the other."""
    columns = {f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Visits)}
    return Visits(**columns)


def _in_order(*parts: Visits) -> Visits:
    """Return the measurements of all parts, by child and then by day."""
    visits = join_visits(parts)
    return visits.part(np.lexsort((visits.day, visits.child)))
