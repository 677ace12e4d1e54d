"""Mean and standard deviation of heights, exact from whole numbers."""

from __future__ import annotations

from datetime import date
from statistics import mean, stdev

import pytest

from registry.figures import heights_of
from registry.figures.count import Spread
from registry.figures.haz_distribution import found_of
from registry.models import CountedMonth, Measurement, Role
from tests.factories import make_child, make_district, make_user, measure

VALUES = [-2.31, -1.07, -0.5, 0.0, 1.84]


def spread_of(values: list[float]) -> Spread:
    spread = Spread()
    for value in values:
        spread.add(value)
    return spread


def test_mean_and_standard_deviation_are_those_of_the_values() -> None:
    found = found_of(spread_of(VALUES))
    assert found.mean == pytest.approx(mean(VALUES), abs=1e-12)
    assert found.sd == pytest.approx(stdev(VALUES), abs=1e-12)
    assert (found.count, sum(found.bins)) == (5, 5)


def test_spreads_add_up() -> None:
    assert found_of(spread_of(VALUES[:2]) + spread_of(VALUES[2:])) == found_of(spread_of(VALUES))


def test_without_a_child_there_is_no_mean_and_of_one_no_deviation() -> None:
    assert (found_of(Spread()).mean, found_of(Spread()).sd) == (None, None)
    assert (found_of(spread_of([-1.0])).mean, found_of(spread_of([-1.0])).sd) == (-1.0, None)


@pytest.mark.django_db
@pytest.mark.parametrize("stored", [True, False])
def test_the_heights_of_a_place_are_those_that_count(stored: bool) -> None:
    officer = make_user(Role.DISTRICT, make_district())
    for height in ("84.0", "88.0", "91.5"):
        measure(make_child(by=officer), date(2024, 8, 5), "11.0", height, confirmed=True)
    if not stored:
        CountedMonth.objects.all().delete()
    values = list(Measurement.objects.values_list("haz", flat=True))
    found = heights_of(make_district(), date(2024, 8, 1), officer)
    assert found.count == 3
    assert found.mean == pytest.approx(mean(v for v in values if v is not None), abs=1e-9)
