"""The difference of two rates, with the worked example of the paper it comes from."""

from __future__ import annotations

from datetime import date

import pytest

from registry.access.visible_places import PlaceName
from registry.figures import Direction, change_between
from registry.figures.counts import Counts
from registry.figures.prevalence import Prevalence, rate_from
from registry.models import Indicator

PLACE = PlaceName("village", "33.01.02.2016", "Kesugihan Kidul")


def rate(stunted: int, believed: int, *, registered: int | None = None) -> Prevalence:
    counts = Counts(
        registered=registered or believed, measured=believed, haz_believed=believed, stunted=stunted
    )
    return rate_from(PLACE, date(2024, 7, 1), counts, Indicator.STUNTED)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe 1998, table II, example (a): 56/70 less 48/80 is 0.2000, method 10 from 0.0524 to 0.3339.
    found = change_between(rate(48, 80), rate(56, 70))
    assert found is not None
    assert (found.difference, found.low, found.high) == (
        pytest.approx(0.2),
        pytest.approx(0.0524, abs=5e-5),
        pytest.approx(0.3339, abs=5e-5),
    )
    assert found.direction == Direction.UP


def test_a_change_that_may_be_chance_is_unclear() -> None:
    found = change_between(rate(10, 70), rate(9, 70))
    assert found is not None
    assert found.direction == Direction.UNCLEAR
    assert found.low < 0 < found.high


def test_falling_is_down() -> None:
    found = change_between(rate(56, 70), rate(48, 80))
    assert found is not None
    assert found.direction == Direction.DOWN


def test_a_month_that_is_running_or_thinly_covered_is_compared_with_none() -> None:
    counts = Counts(registered=80, measured=80, haz_believed=80, stunted=48)
    running = rate_from(PLACE, date(2024, 8, 1), counts, Indicator.STUNTED)
    few = Counts(registered=80, measured=63, haz_believed=63, stunted=40)
    thin = rate_from(PLACE, date(2024, 7, 1), few, Indicator.STUNTED, [counts])
    assert (running.is_running, thin.is_thin) == (True, True)
    assert change_between(rate(10, 70), running) is change_between(rate(10, 70), thin) is None


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (rate(3, 29), rate(10, 70)),  # few children
        (rate(10, 70), rate(10, 70, registered=100)),  # coverage 70 %
        (rate(0, 0), rate(10, 70)),
    ],
)
def test_a_pale_month_is_compared_with_none(before: Prevalence, now: Prevalence) -> None:
    assert change_between(before, now) is None
