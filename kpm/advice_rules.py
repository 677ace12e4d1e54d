"""What to do next, by class, age and finding: the one table that a nutritionist can read and sign. Pure.

The rule is also in static/js/workspace/children.js, for a phone without a network; tests/phone holds the two
together. Sources: the KIA book 2023 (T, below red, above orange: refer; food by age), Permenkes 2/2020,
Kemenkes' guide to gizi buruk 2019 (weight for length, arm or oedema, each alone; danger signs of MTBS), WHO
2017 (overweight: food and activity, no less milk), WHO's pocket book (short and not thin is no emergency).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SOLID_FOOD_MONTHS = 6
"""Breast milk alone until six completed months (WHO; the KIA book)."""

MILK_MONTHS = 24
"""Breast milk up to the second birthday: until then food is spoken of with a child that is well, too."""

VITAMIN_A_MONTHS = (2, 8)
"""February and August; the blue capsule from 6, the red one from 12 completed months (Kemenkes 2016)."""


class Step(StrEnum):
    """What to do next, in the order in which it is said."""

    REFER_TODAY = "refer_today"
    MEASURE_AGAIN = "measure_again"
    REFER = "refer"
    DANGER_SIGNS = "danger_signs"
    LOOK_AT_FEEDING = "look_at_feeding"
    CHECK_HEAD = "check_head"
    MILK_ON_THE_WAY = "milk_on_the_way"
    FEED_ON_THE_WAY = "feed_on_the_way"
    MILK_ONLY = "milk_only"
    FOOD_FROM_6 = "food_from_6"
    FOOD_FROM_9 = "food_from_9"
    FOOD_FROM_24 = "food_from_24"
    MILK_TO_2 = "milk_to_2"
    MILK_NO_LESS = "milk_no_less"
    LIGHTER_FOOD = "lighter_food"
    ASK_EXTRA_FOOD = "ask_extra_food"
    VITAMIN_A_BLUE = "vitamin_a_blue"
    VITAMIN_A_RED = "vitamin_a_red"
    COME_EACH_MONTH = "come_each_month"
    KEEP_CONTROL = "keep_control"
    KEEP_ON = "keep_on"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Condition:
    """What is known of a child after a measurement.

    ``haz``, ``waz``, ``whz``, ``muac``: codes of classes (``registry.growth.LABELS``), empty where not
    measured or not believed. ``months``: completed. ``month``: of the year, when it was measured. ``gain``:
    N, T, O, B or empty. ``days_since``: of an O, how few days before it was weighed last month; 0 where it
    was not. ``is_flagged``: WHO's limits do not believe a value. ``is_complete``: weight and height were both
    measured. ``has_odd_head``: its circumference is outside -2 and +2.
    """

    months: int
    haz: str = ""
    waz: str = ""
    whz: str = ""
    muac: str = ""
    oedema: bool = False
    gain: str = ""
    twice_not_gained: bool = False
    is_flagged: bool = False
    is_complete: bool = True
    month: int = 1
    has_odd_head: bool = False
    days_since: int = 0

    @property
    def is_baby(self) -> bool:
        """Return whether breast milk alone is its food."""
        return self.months < SOLID_FOOD_MONTHS

    @property
    def is_judged(self) -> bool:
        """Return whether anything is known of how it grows."""
        return bool(self.haz or self.waz or self.whz or self.muac)

    @property
    def has_gizi_buruk(self) -> bool:
        """Return whether one of its three signs is there: each alone is enough."""
        return self.oedema or "severely_wasted" in (self.whz, self.muac)

    @property
    def is_too_heavy(self) -> bool:
        if self.whz:
            return self.whz in ("possible_risk_overweight", "overweight", "obese")
        return self.waz == "risk_overweight"

    @property
    def is_for_today(self) -> bool:
        """Return whether it cannot wait: gizi buruk, a baby that is thin, or below the red line.

        Who is below the red line and known not to be gizi buruk by weight for length is short: no emergency,
        but for a baby.
        """
        is_below_red = self.waz == "severely_underweight" and (self.is_baby or not self.whz)
        return self.has_gizi_buruk or is_below_red or (self.is_baby and self.whz == "wasted")

    @property
    def is_for_this_week(self) -> bool:
        return (
            self.haz in ("severely_stunted", "stunted")
            or self.weighs_too_little
            or self.whz in ("wasted", "overweight", "obese")
            or (self.waz == "risk_overweight" and not self.whz)  # to be told by weight for length
        )

    @property
    def weighs_too_little(self) -> bool:
        """Return whether extra food (PMT) is asked for: not for a child that is short alone."""
        is_light = self.waz in ("severely_underweight", "underweight") or "wasted" in (self.whz, self.muac)
        return is_light or self.gain == "T" or self.twice_not_gained


def list_steps(child: Condition) -> tuple[Step, ...]:
    """Return what to do next. A value nobody believes hides no danger, and nothing is concluded from it."""
    if child.is_for_today:
        measure = (Step.MEASURE_AGAIN,) if child.is_flagged else ()
        return (Step.REFER_TODAY, *measure, *_with_referral(child), *_care(child), *_complete(child))
    if child.is_flagged:
        return (Step.MEASURE_AGAIN,)
    is_referred = child.is_for_this_week or child.has_odd_head
    refer = (Step.REFER, *_with_referral(child)) if is_referred else ()
    return (*refer, *_care(child), *_complete(child))


def _with_referral(child: Condition) -> tuple[Step, ...]:
    """Return what stands with every referral. What a baby lacks, it lacks at the breast."""
    look = child.is_baby and not child.is_too_heavy
    head = (Step.CHECK_HEAD,) if child.has_odd_head else ()
    return (Step.DANGER_SIGNS, *((Step.LOOK_AT_FEEDING,) if look else ()), *head)


def _care(child: Condition) -> tuple[Step, ...]:
    """Return what is said of food, and when to come again."""
    if child.has_gizi_buruk:  # its food is for the puskesmas to say
        return (Step.MILK_ON_THE_WAY if child.is_baby else Step.FEED_ON_THE_WAY, Step.KEEP_CONTROL)
    steps = []
    if child.is_too_heavy:
        steps.append(Step.MILK_NO_LESS if child.is_baby else Step.LIGHTER_FOOD)
        if SOLID_FOOD_MONTHS <= child.months < MILK_MONTHS:
            steps.append(Step.MILK_TO_2)
    elif child.is_for_today or child.is_for_this_week or (child.is_judged and child.months < MILK_MONTHS):
        steps.append(_food(child.months))
        if child.weighs_too_little and not child.is_baby:
            steps.append(Step.ASK_EXTRA_FOOD)
    if not child.is_for_today and child.month in VITAMIN_A_MONTHS and not child.is_baby and child.months < 60:
        steps.append(Step.VITAMIN_A_BLUE if child.months < 12 else Step.VITAMIN_A_RED)
    if child.gain == "O" and not child.days_since:
        steps.append(Step.COME_EACH_MONTH)
    if child.is_judged:
        steps.append(Step.KEEP_ON)
    return tuple(steps)


def _food(months: int) -> Step:
    """Return the food of an age in completed months, as the KIA book has it."""
    if months < SOLID_FOOD_MONTHS:
        return Step.MILK_ONLY
    if months < 9:
        return Step.FOOD_FROM_6
    return Step.FOOD_FROM_9 if months < MILK_MONTHS else Step.FOOD_FROM_24


def _complete(child: Condition) -> tuple[Step, ...]:
    return () if child.is_complete else (Step.COMPLETE,)
