"""Whether a child gained enough since last month: the codes N, T, O and B of the KMS.

Source: the minimum monthly gain (kenaikan berat minimum, KBM) printed on the KMS of Kemenkes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from registry.growth.rules import Sex, age_in_days, completed_months


class GainCode(StrEnum):
    """What this month's weighing says. Every child weighed has exactly one: D = N + T + O + B."""

    N = "N"
    """Naik: gained at least the minimum."""
    T = "T"
    """Tidak naik: weighed last month too, and gained less."""
    O = "O"  # noqa: E741  # the letter of the KMS
    """Not weighed the month before."""
    B = "B"
    """Baru: weighed for the first time."""


KBM_VERSION = "KMS, Permenkes 155/2010"
"""Which card the table below is from; a new card is a new table beside it."""

_KBM_FROM_MONTH = (1, 2, 3, 4, 5, 6, 7, 8, 11, 12)
_KBM_GRAMS = {
    Sex.BOY: (800, 900, 800, 600, 500, 400, 400, 300, 300, 200),
    Sex.GIRL: (800, 900, 800, 600, 500, 400, 300, 300, 200, 200),
}
_KBM_LAST_MONTH = 60


def minimum_gain_g(sex: Sex, age_months: int) -> int | None:
    """The minimum gain in one month in grams at an age in completed months; None past 60 months.

    Below one month the first column holds. ValueError for a negative age or an unknown sex.
    """
    if age_months < 0:
        raise ValueError(f"an age of {age_months} months is before birth")
    return None if age_months > _KBM_LAST_MONTH else _kbm(sex, age_months)


def _kbm(sex: Sex, age_months: int) -> int:
    """The column of the card for an age; ages before the first or past the last take that one."""
    column = bisect_right(_KBM_FROM_MONTH, max(age_months, _KBM_FROM_MONTH[0])) - 1
    return _KBM_GRAMS[Sex(sex)][column]


def gain_code(
    *,
    sex: Sex,
    birth: date,
    on: date,
    weight_kg: float,
    previous: tuple[date, float] | None,
    ever_weighed: bool,
) -> GainCode:
    """The code of a weighing, decided in the order B, O, N, T.

    previous: date and weight in kg of the last weighing before this calendar month; ever_weighed:
    whether there was any. Past the last month of the KMS its last minimum holds: such a child is
    in no rate. ValueError when a date is before the birth.
    """
    age_months = completed_months(age_in_days(birth, on))
    if not ever_weighed:
        return GainCode.B
    if previous is None or _month_number(previous[0]) != _month_number(on) - 1:
        return GainCode.O
    gained_g = _grams(weight_kg) - _grams(previous[1])
    return GainCode.N if gained_g >= _kbm(sex, age_months) else GainCode.T


def series_gain_codes(sex: Sex, birth: date, weighings: Sequence[tuple[date, float]]) -> list[GainCode]:
    """The code of each of a child's weighings (date, kg), oldest first.

    Each is compared with the last weighing of the calendar month before, never with an earlier one
    of its own month, so that weighing a child twice does not change what the month says.
    ValueError when they are not sorted by date.
    """
    codes = []
    before: tuple[date, float] | None = None
    latest: tuple[date, float] | None = None
    for on, weight_kg in weighings:
        if latest is not None:
            if on < latest[0]:
                raise ValueError("weighings are sorted by date, oldest first")
            if _month_number(latest[0]) < _month_number(on):
                before = latest
        codes.append(
            gain_code(
                sex=sex,
                birth=birth,
                on=on,
                weight_kg=weight_kg,
                previous=before,
                ever_weighed=before is not None,
            )
        )
        latest = (on, weight_kg)
    return codes


def twice_not_gained(codes: Sequence[GainCode | None]) -> bool:
    """2T: T in the last two months. One code a month, oldest first, None for a month not weighed."""
    return list(codes[-2:]) == [GainCode.T, GainCode.T]


def _grams(weight_kg: float) -> int:
    """Whole grams: 8.2 - 8.0 is a little less than 0.2 in floats, and 200 g must count as 200 g."""
    return round(weight_kg * 1000)


def _month_number(on: date) -> int:
    return on.year * 12 + on.month
