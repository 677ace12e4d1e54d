"""When invented measurements came to the register."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from demo.arrival import draw_arrival_times
from registry.figures.count import LATE_DAYS

# 10:00 in Jakarta.
NOW = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
TODAY = date(2026, 3, 14)


def days_until(day: date, count: int, late: float) -> np.ndarray:
    """Days in Jakarta from the day of measuring to the day of arriving."""
    came = draw_arrival_times(
        np.random.default_rng(1), np.full(count, day.toordinal()), np.full(count, late), NOW
    )
    local = (came + np.timedelta64(7, "h")).astype("datetime64[D]").astype(np.int64) + date(
        1970, 1, 1
    ).toordinal()
    return local - day.toordinal()


def test_most_arrive_the_same_day_or_within_three() -> None:
    waited = days_until(date(2026, 1, 5), 2000, late=0.0)
    assert set(waited.tolist()) == {0, 1, 2, 3}
    assert 0.5 < (waited == 0).mean() < 0.8


def test_the_late_ones_arrive_after_eight_to_twenty_days() -> None:
    waited = days_until(date(2026, 1, 5), 2000, late=0.3)
    late = waited > LATE_DAYS
    assert set(waited[late].tolist()) == set(range(8, 21))
    assert 0.25 < late.mean() < 0.35


def test_nothing_has_arrived_tomorrow_nor_before_it_was_measured() -> None:
    for ago in range(6):
        day = date.fromordinal(TODAY.toordinal() - ago)
        came = draw_arrival_times(
            np.random.default_rng(2), np.full(500, day.toordinal()), np.full(500, 0.5), NOW
        )
        assert came.max() <= np.datetime64("2026-03-14T03:00:00")
        assert (days_until(day, 500, late=0.5) >= 0).all()
