"""Whether a child gained enough since last month: the codes N, T, O and B of the KMS.

Source: the minimum monthly gain (kenaikan berat minimum, KBM) printed on the KMS of Kemenkes. The rule is
also in static/js/workspace/zscores.js, for a phone without a network; tests/phone holds the two together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from registry.growth.rules import SexCode, age_in_days, completed_months


class GainCode(StrEnum):
    """What this month's weighing says. Every child weighed has exactly one: D = N + T + O + B."""

    N = "N"
    """Naik: gained at least the minimum."""
    T = "T"
    """Tidak naik: weighed last month too, and gained less."""
    O = "O"  # noqa: E741  # the letter of the KMS
    """Nothing of about a month ago to compare with: not weighed the month before, or not believed."""
    B = "B"
    """Baru: weighed for the first time."""


@dataclass(frozen=True, slots=True)
class KbmTable:
    """A card's minimum monthly gain in grams, by completed months of age; a new card is a new table.

    valid_from: the first day whose weighings it judges; the first of a month, so that one table judges all
    children of a month. from_months: the month of age at which each column begins. boys_g, girls_g: one
    minimum for each column. last_month: the card's last. least_days: the minimum is that of a month, so it
    judges no weighing by another that is nearer. Raises: ValueError when the columns do not fit each other or
    the table begins within a month.
    """

    version: str
    source: str
    valid_from: date
    from_months: tuple[int, ...]
    boys_g: tuple[int, ...]
    girls_g: tuple[int, ...]
    last_month: int
    least_days: int = 21

    def __post_init__(self) -> None:
        if not len(self.from_months) == len(self.boys_g) == len(self.girls_g):
            raise ValueError(f"the columns of card {self.version} do not fit each other")
        if list(self.from_months) != sorted(set(self.from_months)):
            raise ValueError(f"the months of card {self.version} do not rise")
        if self.valid_from.day != 1:
            raise ValueError(f"card {self.version} begins within a month, on {self.valid_from}")

    def minimum_g(self, sex: SexCode, age_months: int) -> int:
        """Return the minimum at an age; ages before the first column or past the last take that one."""
        column = max(bisect_right(self.from_months, age_months) - 1, 0)
        return (self.boys_g if SexCode(sex) is SexCode.BOY else self.girls_g)[column]


KBM_TABLES = (
    KbmTable(
        version="KMS 2010",
        source="Kartu Menuju Sehat of Kemenkes, Permenkes 155/Menkes/Per/I/2010",
        valid_from=date(2010, 1, 1),
        from_months=(1, 2, 3, 4, 5, 6, 7, 8, 11, 12),
        boys_g=(800, 900, 800, 600, 500, 400, 400, 300, 300, 200),
        girls_g=(800, 900, 800, 600, 500, 400, 300, 300, 200, 200),
        last_month=60,
    ),
)
"""Every card, oldest first. A new card is added at the end: a stored N or T stays right, for it was judged by
the table of its day. Only weighings recorded from `valid_from` on, before the table was added, are to be
judged again."""


def get_kbm_table(on: date, tables: Sequence[KbmTable] = KBM_TABLES) -> KbmTable:
    """Return the table in force on a day; before the first one begins, that one."""
    return next((table for table in reversed(tables) if table.valid_from <= on), tables[0])


def minimum_gain_g(
    sex: SexCode, age_months: int, on: date, tables: Sequence[KbmTable] = KBM_TABLES
) -> int | None:
    """Return the minimum gain in one month in grams at an age in completed months; None past the card's last.

    on: the day of the weighing. Below one month of age the first column holds. Raises: ValueError for a
    negative age or an unknown sex.
    """
    if age_months < 0:
        raise ValueError(f"an age of {age_months} months is before birth")
    kbm = get_kbm_table(on, tables)
    minimum_g = kbm.minimum_g(sex, age_months)
    return None if age_months > kbm.last_month else minimum_g


class Weighing(NamedTuple):
    """A weight in kg on a day. believed: whether WHO's limits believe it; another is compared with none."""

    on: date
    weight_kg: float
    believed: bool = True


def gain_code(
    sex: SexCode,
    birth: date,
    now: Weighing,
    before: Sequence[Weighing],
    tables: Sequence[KbmTable] = KBM_TABLES,
) -> GainCode:
    """Return the code of a weighing, decided in the order B, O, N, T, by the table in force on its day.

    before: weighings of earlier days, oldest first; those of its own calendar month change nothing. It is
    compared with the last one of the month before that is believed and about a month ago. Past the last
    month of the KMS its last minimum holds: such a child is in no rate. Raises: ValueError when a date is
    before the birth.
    """
    age_months = completed_months(age_in_days(birth, now.on))
    if not before or _month_number(before[0].on) == _month_number(now.on):
        return GainCode.B
    kbm = get_kbm_table(now.on, tables)
    previous = next((one for one in reversed(before) if _can_compare(one, now, kbm)), None)
    if previous is None:
        return GainCode.O
    gained_g = _grams(now.weight_kg) - _grams(previous.weight_kg)
    return GainCode.N if gained_g >= kbm.minimum_g(sex, age_months) else GainCode.T


def _can_compare(before: Weighing, now: Weighing, kbm: KbmTable) -> bool:
    return (
        before.believed
        and now.believed
        and _month_number(before.on) == _month_number(now.on) - 1
        and (now.on - before.on).days >= kbm.least_days
    )


def series_gain_codes(
    sex: SexCode,
    birth: date,
    weighings: Sequence[Weighing],
    tables: Sequence[KbmTable] = KBM_TABLES,
) -> list[GainCode]:
    """Return the code of each of a child's weighings, oldest first.

    Each is compared with one of the calendar month before, never with an earlier one of its own month, so
    that weighing a child twice does not change what the month says.
    Raises: ValueError when they are not sorted by date.
    """
    if any(one.on > other.on for one, other in pairwise(weighings)):
        raise ValueError("weighings are sorted by date, oldest first")
    return [gain_code(sex, birth, now, weighings[:i], tables) for i, now in enumerate(weighings)]


def month_gain_code(codes: Sequence[str]) -> str:
    """Return what a month says of a child: the last N or T of its codes, oldest first, else the last code.

    An O after them is of a weight that nobody believes. Empty when there is none.
    """
    compared = [code for code in codes if code in (GainCode.N, GainCode.T)]
    return (compared or list(codes) or [""])[-1]


def twice_not_gained(codes: Sequence[GainCode | None]) -> bool:
    """Return whether the last two months are T (2T). One code a month, oldest first, None if not weighed."""
    return list(codes[-2:]) == [GainCode.T, GainCode.T]


def _grams(weight_kg: float) -> int:
    """Return whole grams: 8.2 - 8.0 is a little less than 0.2 in floats, and 200 g must count as 200 g."""
    return round(weight_kg * 1000)


def _month_number(on: date) -> int:
    return on.year * 12 + on.month
