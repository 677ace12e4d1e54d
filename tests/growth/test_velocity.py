"""Weight and length a month, and what no child does."""

from __future__ import annotations

import pytest

from registry.growth import Jump, Measured, series_velocities, velocity

YEAR = Measured(365, 9.0, 75.0)


def test_velocity_is_counted_in_months_of_30_4375_days() -> None:
    # 487 days are 16 months exactly: 3.2 kg are 200 g and 160 mm are 10 mm a month.
    found = velocity(Measured(100, 6.0, 62.0), Measured(587, 9.2, 78.0))
    assert found.weight is not None
    assert found.length is not None
    assert (found.weight.days, found.weight.gained, found.weight.per_month) == (487, 3200, 200)
    assert (found.length.days, found.length.gained, found.length.per_month) == (487, 160, 10)
    assert found.jumps == []


def test_grams_are_whole_and_not_floats() -> None:
    assert int(8.03 * 1000) == 8029, "cutting floats off would lose a gram"
    weight = velocity(Measured(365, 8.0, None), Measured(395, 8.03, None)).weight
    assert weight is not None
    assert weight.gained == 30


def test_a_loss_is_a_negative_velocity() -> None:
    weight = velocity(YEAR, Measured(395, 8.7, None)).weight
    assert weight is not None
    assert (weight.gained, weight.per_month) == (-300, pytest.approx(-304.375))


def test_lengths_before_and_after_two_years_are_both_taken_lying() -> None:
    # 85.0 lying, then a height of 84.9, which is 85.6 lying: 6 mm.
    length = velocity(Measured(725, None, 85.0), Measured(755, None, 84.9)).length
    assert length is not None
    assert length.gained == 6


def test_within_half_a_month_there_is_a_gain_and_no_rate() -> None:
    for days, has_rate in ((0, False), (13, False), (14, True)):
        weight = velocity(YEAR, Measured(365 + days, 9.1, None)).weight
        assert weight is not None
        assert weight.gained == 100
        assert (weight.per_month is not None) is has_rate


def test_a_jump_is_one_also_within_a_day() -> None:
    found = velocity(YEAR, Measured(366, 12.9, 73.9))
    assert found.jumps == [Jump.SHORTER, Jump.WEIGHT_JUMP]
    assert velocity(YEAR, Measured(366, 9.1, 90.0)).jumps == [Jump.LENGTH_JUMP]


def test_what_was_not_measured_twice_has_no_velocity() -> None:
    assert velocity(YEAR, Measured(395, None, 76.0)).weight is None
    assert velocity(Measured(365, 9.0, None), Measured(395, 9.2, 76.0)).length is None


def test_a_later_day_before_is_refused() -> None:
    with pytest.raises(ValueError, match="later day"):
        velocity(Measured(396, 9.0, 75.0), YEAR)


def test_a_series_compares_each_measure_with_its_own_last() -> None:
    found = series_velocities(
        [
            Measured(365, 9.0, 75.0),
            Measured(395, 9.2, None),
            Measured(426, None, 77.0),
            Measured(456, 9.6, 78.0),
        ]
    )
    gained = [
        (v.weight and (v.weight.days, v.weight.gained), v.length and (v.length.days, v.length.gained))
        for v in found
    ]
    assert gained == [
        (None, None),
        ((30, 200), None),
        (None, (61, 20)),
        ((61, 400), (30, 10)),
    ]


def test_a_series_of_nothing_is_empty() -> None:
    assert series_velocities([]) == []


def test_a_series_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="oldest first"):
        series_velocities([Measured(395, None, None), YEAR])
