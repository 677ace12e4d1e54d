"""When a target is met: lines whose answer is known, and the same children measured month after month."""

from __future__ import annotations

from datetime import date
from math import exp, log, sqrt

import numpy as np
import pytest

from registry.statistics.projection import MonthCount, ProjectionOutcome, TargetProjection, project

NOW = date(2024, 8, 1)
TARGET = 0.14
LAST_TWELVE = range(-11, 1)


def log_odds(rate: float) -> float:
    return log(rate / (1 - rate))


def month(ahead: int) -> date:
    years, index = divmod(NOW.month - 1 + ahead, 12)
    return date(NOW.year + years, index + 1, 1)


def straight(
    rate: float, slope: float, children: int = 10_000_000, months: range | list[int] = LAST_TWELVE
) -> list[MonthCount]:
    """Counts on a line in log-odds that is at ``rate`` now."""
    shares = {k: 1 / (1 + exp(-log_odds(rate) - slope * k)) for k in months}
    return [MonthCount(month(k), round(children * share), children) for k, share in shares.items()]


def around(rate: float, off: list[int], children: int) -> list[MonthCount]:
    """Twelve months of the same rate, each off by so many children."""
    even = round(rate * children)
    return [MonthCount(month(k), even + o, children) for k, o in zip(LAST_TWELVE, off, strict=True)]


def reach(found: TargetProjection) -> float:
    assert found.slope_high is not None and found.slope_low is not None
    return (found.slope_high - found.slope_low) / 2


def test_a_straight_line_gives_back_its_month() -> None:
    # From the odds 1/4 to 14/86 by a fiftieth of log-odds a month: (1.81529 - 1.38629) / 0.02 = 21.45 months.
    found = project(straight(0.2, -0.02), TARGET, NOW)
    assert (found.outcome, found.month) == (ProjectionOutcome.EXPECTED, date(2026, 6, 1))
    assert (found.earliest, found.latest) == (date(2026, 6, 1), date(2026, 6, 1))
    assert found.rate_now == pytest.approx(0.2, abs=1e-6)
    assert found.slope_points_per_month == pytest.approx(-0.02 * 0.2 * 0.8 * 100, abs=1e-5)


def test_a_rate_that_gets_there_on_the_month_is_there() -> None:
    # Half a month before 24 months, and half a month after.
    fall = log_odds(0.2) - log_odds(TARGET)
    assert project(straight(0.2, -fall / 23.5), TARGET, NOW).month == date(2026, 8, 1)
    assert project(straight(0.2, -fall / 24.5), TARGET, NOW).month == date(2026, 9, 1)


def test_the_month_lies_between_the_earliest_and_the_latest() -> None:
    found = project(straight(0.2, -0.02, children=2000), TARGET, NOW)
    assert found.month == date(2026, 6, 1)
    assert found.earliest is not None and found.latest is not None
    assert NOW < found.earliest < date(2026, 1, 1)
    assert date(2027, 6, 1) < found.latest < date(2030, 1, 1)


def test_earliest_and_latest_are_where_the_ends_of_the_line_cross() -> None:
    # The months have nearly one weight w, that of their middle: 20.354 %, 5.5 months ago. There the line is
    # known to 1/sqrt(12 w), and its slope to 1/sqrt(143 w); t of 10 degrees is 2.2281.
    found = project(straight(0.2, -0.004, children=40_000), 0.195, NOW)
    weight = 40_000 * 0.20354 * 0.79646
    level, goal = log_odds(0.2), log_odds(0.195)

    def crossing(sign: int) -> int:
        return next(
            k
            for k in range(121)
            if level - 0.004 * k + sign * 2.2281 * sqrt((1 / 12 + (k + 5.5) ** 2 / 143) / weight) <= goal
        )

    assert found.month == month(8)
    assert (found.earliest, found.latest) == (month(crossing(-1)), month(crossing(1)))
    assert crossing(-1) < 8 < crossing(1)


def test_a_latest_month_after_ten_years_is_not_told() -> None:
    found = project(straight(0.2, -0.02, children=700), TARGET, NOW)
    assert (found.outcome, found.latest) == (ProjectionOutcome.EXPECTED, None)
    assert found.earliest is not None


def test_a_flat_rate_has_no_month() -> None:
    found = project(straight(0.2, 0), TARGET, NOW)
    assert (found.outcome, found.month, found.earliest, found.latest) == (
        ProjectionOutcome.NOT_IN_SIGHT,
        None,
        None,
        None,
    )
    assert found.slope_low is not None and found.slope_high is not None
    assert found.slope_low < 0 < found.slope_high


def test_a_rising_rate_has_no_month() -> None:
    found = project(straight(0.2, 0.02), TARGET, NOW)
    assert found.outcome is ProjectionOutcome.NOT_IN_SIGHT
    assert found.slope_low is not None and found.slope_low > 0


def test_a_fall_that_may_be_none_has_no_month() -> None:
    found = project(straight(0.2, -0.02, children=400), TARGET, NOW)
    assert found.outcome is ProjectionOutcome.NOT_IN_SIGHT
    assert found.slope_points_per_month == pytest.approx(-0.32, abs=0.01)
    assert found.slope_high is not None and found.slope_high > 0


def test_what_takes_more_than_ten_years_is_not_in_sight() -> None:
    # 0.42899 of log-odds in 121 and in 119 months.
    assert project(straight(0.2, -0.42899 / 120.5), TARGET, NOW).outcome is ProjectionOutcome.NOT_IN_SIGHT
    assert project(straight(0.2, -0.42899 / 119.5), TARGET, NOW).month == date(2034, 8, 1)


@pytest.mark.parametrize("slope", [-0.01, 0.0, 0.01])
def test_a_target_is_met_when_the_line_is_below_it_now(slope: float) -> None:
    found = project(straight(0.139, slope), TARGET, NOW)
    assert (found.outcome, found.month) == (ProjectionOutcome.MET, None)
    assert found.rate_now == pytest.approx(0.139, abs=1e-6)


def test_the_line_decides_and_not_the_last_month() -> None:
    counts = around(0.15, [0] * 11 + [-20], 1000)
    assert counts[-1].numerator / counts[-1].denominator < TARGET
    assert project(counts, TARGET, NOW).outcome is ProjectionOutcome.NOT_IN_SIGHT


def test_the_interval_is_never_that_of_fewer_children_than_were_measured() -> None:
    # A quarter of 400 each month: weight 75, slope known to 1/sqrt(143 * 75), t of 10 degrees 2.22814; times
    # 100/4 * 3/4 in points.
    found = project(around(0.25, [0] * 12, 400), TARGET, NOW)
    assert reach(found) == pytest.approx(2.22814 / sqrt(143 * 75) * 18.75, rel=2e-3)
    assert found.rate_low is not None and found.rate_now is not None
    at_end = 2.22814 * sqrt((1 / 12 + 5.5**2 / 143) / 75)
    assert log_odds(found.rate_now) - log_odds(found.rate_low) == pytest.approx(at_end, rel=2e-3)


def test_months_far_from_the_line_make_it_less_sure() -> None:
    # Off by 200 of 10,000 in turn, where sampling would make it 43: least squares by hand.
    off = [200, -200] * 6
    months = np.array(LAST_TWELVE)
    slope = np.sum((months + 5.5) * off) / 143 / 10_000
    rest = np.array(off) / 10_000 - slope * (months + 5.5)
    error = sqrt(np.sum(rest**2) / 10 / 143)
    found = project(around(0.25, off, 10_000), TARGET, NOW)
    assert found.slope_points_per_month == pytest.approx(slope * 100, rel=0.02)
    assert reach(found) == pytest.approx(2.22814 * error * 100, rel=0.02)


def test_neighbouring_months_on_one_side_make_it_less_sure_still() -> None:
    in_turn = project(around(0.25, [200, -200] * 6, 10_000), TARGET, NOW)
    in_runs = project(around(0.25, [-200] * 3 + [200] * 6 + [-200] * 3, 10_000), TARGET, NOW)
    # Of eleven pairs nine are alike and two are not: r = 7/12, the variance is 19/5 times as large. The line
    # itself takes up a little of the distances when they come in turn.
    assert reach(in_runs) / reach(in_turn) == pytest.approx(sqrt(19 / 5), rel=0.03)


def test_months_with_a_gap_between_them_are_no_neighbours() -> None:
    # Six months, every second one: t of 4 degrees is 2.77645, the squares around the mean month are 70.
    months, off = np.arange(-10, 1, 2), np.array([200, 200, -200, -200, 200, 200])
    counts = [MonthCount(month(int(k)), 2500 + int(o), 10_000) for k, o in zip(months, off, strict=True)]
    rest = (off - off.mean()) / 10_000
    assert reach(project(counts, TARGET, NOW)) == pytest.approx(
        2.77645 * sqrt(np.sum(rest**2) / 4 / 70) * 100, rel=0.02
    )


def test_a_noisy_fall_is_seen_through_the_noise() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        counts = [
            MonthCount(c.month, int(rng.binomial(c.denominator, c.numerator / c.denominator)), c.denominator)
            for c in straight(0.2, -0.03, children=3000)
        ]
        found = project(counts, TARGET, NOW)
        assert found.outcome is ProjectionOutcome.EXPECTED
        assert found.earliest is not None
        # 0.42899 / 0.03 = 14.3: fifteen months.
        held += found.earliest <= month(15) and (found.latest is None or month(15) <= found.latest)
    assert held >= 0.93 * 200


def test_the_same_children_without_a_trend_show_none() -> None:
    """The same thousand children each month, with a status they keep for years, a sixth not measured."""
    rng = np.random.default_rng(4)
    seen = []
    for _ in range(150):
        short = rng.random(1000) < 1 / 7
        counts = []
        for k in LAST_TWELVE:
            change = rng.random(1000)
            short = np.where(short, change >= 0.03, change < 0.005)
            left = rng.random(1000) < 1 / 60
            short = np.where(left, rng.random(1000) < 1 / 7, short)
            measured = rng.random(1000) < 5 / 6
            counts.append(MonthCount(month(k), int(np.sum(short & measured)), int(np.sum(measured))))
        found = project(counts, 0.1, NOW)
        assert found.slope_low is not None and found.slope_high is not None
        seen.append(not found.slope_low <= 0 <= found.slope_high)
    assert np.mean(seen) <= 0.08


def test_missing_months_and_those_of_few_children_are_left_out() -> None:
    whole = straight(0.2, -0.02)
    some = [c for i, c in enumerate(whole) if i not in (2, 3, 7)]
    few = [MonthCount(month(-9), 29, 29), MonthCount(month(-4), 0, 0)]
    assert project([*few, *some], TARGET, NOW) == project(some, TARGET, NOW)
    assert project(some, TARGET, NOW).month == date(2026, 6, 1)


def test_only_the_twelve_months_that_end_now_count() -> None:
    whole = straight(0.2, -0.02)
    others = straight(0.5, 0.3, months=[-14, -13, -12, 1, 2])
    assert project([*others, *whole], TARGET, NOW) == project(whole, TARGET, NOW)


def test_the_line_is_read_at_this_month_when_the_last_ones_are_missing() -> None:
    found = project(straight(0.2, -0.02, months=range(-11, -3)), TARGET, NOW)
    assert found.rate_now == pytest.approx(0.2, abs=1e-6)
    assert found.month == date(2026, 6, 1)


def test_order_and_days_of_months_do_not_matter() -> None:
    whole = straight(0.2, -0.02, children=2000)
    shuffled = [MonthCount(c.month.replace(day=17), c.numerator, c.denominator) for c in reversed(whole)]
    assert project(shuffled, TARGET, NOW.replace(day=31)) == project(whole, TARGET, NOW)


def test_five_months_are_too_little_and_six_are_not() -> None:
    assert project(straight(0.2, -0.02, months=range(-4, 1)), TARGET, NOW) == TargetProjection(
        ProjectionOutcome.TOO_LITTLE
    )
    assert (
        project(straight(0.2, -0.02, months=range(-5, 1)), TARGET, NOW).outcome is ProjectionOutcome.EXPECTED
    )
    assert project([], TARGET, NOW).outcome is ProjectionOutcome.TOO_LITTLE


def test_six_months_of_which_one_has_29_children_are_too_little() -> None:
    counts = [MonthCount(month(k), 6, 30) for k in range(-5, 1)]
    assert project(counts, TARGET, NOW).outcome is ProjectionOutcome.NOT_IN_SIGHT
    assert (
        project([*counts[1:], MonthCount(month(-5), 6, 29)], TARGET, NOW).outcome
        is ProjectionOutcome.TOO_LITTLE
    )


def test_months_without_a_case_are_below_the_target_with_an_end() -> None:
    # Of 600 children none: one of 602 is added to the line.
    found = project([MonthCount(month(k), 0, 50) for k in LAST_TWELVE], TARGET, NOW)
    assert found.outcome is ProjectionOutcome.MET
    assert found.rate_now == pytest.approx(1 / 602, rel=0.01)
    assert found.rate_high is not None and found.rate_high < TARGET


def test_cases_in_the_first_month_only_leave_a_finite_line() -> None:
    counts = [MonthCount(month(k), 8 if k == -11 else 0, 50) for k in LAST_TWELVE]
    found = project(counts, TARGET, NOW)
    assert found.outcome is ProjectionOutcome.MET
    assert found.rate_now is not None and 0 < found.rate_now < 0.001


def test_arguments_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="not a target"):
        project([], 14, NOW)
    with pytest.raises(ValueError, match="not a part"):
        project([MonthCount(NOW, 31, 30)], TARGET, NOW)
