"""When invented measurements reached the register: on the day or soon after, some weeks later."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from demo.people import FloatArray, IntArray

# A cadre enters on the day or within three; late are those past a week (``figures.count.LATE_DAYS``).
_SOON_DAYS, _LATE_DAYS = (0, 3), (8, 20)
_SAME_DAY = 0.55
_FIRST_HOUR, _LAST_HOUR = 8, 21  # local time at which cadres enter
_JAKARTA_HOURS = 7  # Asia/Jakarta has had no other offset since 1964
_DAY_SECONDS = 24 * 60 * 60
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def draw_arrival_times(
    rng: np.random.Generator, day: IntArray, late_share: FloatArray, now: datetime
) -> npt.NDArray[np.datetime64]:
    """Return UTC times in seconds at which measurements of a day (ordinal, local) came, none after ``now``.

    ``late_share``: the chance of each to come late. What would come late but has no time left came at once.
    """
    count = len(day)
    soon = np.where(rng.random(count) < _SAME_DAY, 0, rng.integers(_SOON_DAYS[0], _SOON_DAYS[1] + 1, count))
    late = rng.integers(_LATE_DAYS[0], _LATE_DAYS[1] + 1, count)
    after = np.where(rng.random(count) < late_share, late, soon)
    second = rng.integers(_FIRST_HOUR * 3600, _LAST_HOUR * 3600, count)
    end = int(now.timestamp())
    came = _utc_second(day + after, second)
    came = np.where(came > end, np.minimum(_utc_second(day, second), end), came)
    return came.astype("datetime64[s]")


def _utc_second(day: IntArray, second: IntArray) -> IntArray:
    seconds: IntArray = (day - _EPOCH_DAY) * _DAY_SECONDS + second - _JAKARTA_HOURS * 3600
    return seconds
