"""What leaves the team: counts of 1 to 4 are hidden, and what would give them away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from registry.access.visible_places import PlaceName
from registry.figures import Summary, suppress_small_counts, visible_denominator
from registry.figures.counts import PUBLISHED, Counts
from registry.figures.prevalence import summary_of

AUGUST = date(2024, 8, 1)
PLACE = PlaceName("village", "33.01.02.2016", "Kesugihan Kidul")


def summary(*, hide_small: bool = True, **counts: int) -> Summary:
    return summary_of(
        PLACE, AUGUST, Counts(**{"registered": 90, "measured": 80, **counts}), hide_small=hide_small
    )


def parts(n: int, t: int, o: int, b: int, **more: Any) -> dict[str, int | None]:
    seen = suppress_small_counts(summary(gained=n, not_gained=t, not_before=o, first=b, **more))
    return {"n": seen.gained, "t": seen.not_gained, "o": seen.not_before, "b": seen.first, "d": seen.weighed}


def test_the_team_sees_every_count() -> None:
    seen = suppress_small_counts(summary(hide_small=False, registered=3, measured=2, gained=1, first=1))
    assert (seen.registered, seen.measured, seen.gained, seen.suppressed) == (3, 2, 1, False)


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert parts(40, 20, 5, 15) == {"n": 40, "t": 20, "o": 5, "b": 15, "d": 80}


def test_a_lone_small_part_hides_the_next_smallest_too_since_d_would_give_it_away() -> None:
    assert parts(40, 20, 17, 3) == {"n": 40, "t": 20, "o": None, "b": None, "d": 80}


def test_two_small_parts_hide_no_third() -> None:
    assert parts(40, 35, 3, 2) == {"n": 40, "t": 35, "o": None, "b": None, "d": 80}


def test_two_parts_of_one_child_each_hide_no_third_since_one_of_them_may_have_both() -> None:
    assert parts(40, 38, 1, 1) == {"n": 40, "t": 38, "o": None, "b": None, "d": 80}


def test_n_hides_t_and_no_other_letter() -> None:
    assert parts(3, 57, 5, 15) == {"n": None, "t": None, "o": 5, "b": 15, "d": 80}


def test_none_is_shown_as_none() -> None:
    assert parts(40, 40, 0, 0) == {"n": 40, "t": 40, "o": 0, "b": 0, "d": 80}


def test_without_data_all_but_the_registered_is_unknown_and_nothing_hidden() -> None:
    seen = suppress_small_counts(summary(measured=0))
    assert (seen.registered, seen.measured, seen.weighed, seen.gained) == (90, None, None, None)
    assert (seen.coverage, seen.participation, seen.no_data, seen.suppressed) == (None, None, True, False)


def test_whether_there_is_data_is_hidden_with_the_measured() -> None:
    for measured in (0, 3, 40):
        company = summary_of(
            PLACE, AUGUST, Counts(90, measured), hide_small=True, hidden=frozenset({"measured"})
        )
        assert suppress_small_counts(company).no_data is None


def test_a_small_sum_is_hidden_with_the_rates_made_of_it() -> None:
    seen = suppress_small_counts(summary(gained=3, not_gained=1))
    assert (seen.weighed, seen.participation, seen.success) == (None, None, None)


def test_coverage_is_hidden_with_a_small_number_of_measured_children() -> None:
    seen = suppress_small_counts(summary(measured=4))
    assert (seen.measured, seen.coverage, seen.suppressed) == (None, None, True)


@pytest.mark.parametrize("believed", [1, 4])
def test_a_small_denominator_of_a_hidden_rate_is_hidden(believed: int) -> None:
    rate = summary(haz_believed=believed, stunted=1).stunted
    assert (rate.suppressed, visible_denominator(rate)) == (True, None)


def test_where_few_were_measured_only_the_registered_are_shown() -> None:
    few = summary(measured=4, gained=4, haz_believed=4, waz_believed=4, whz_believed=0)
    assert few.hidden == set(PUBLISHED) - {"registered"}


def test_few_who_are_not_stunted_are_hidden_as_few_who_are() -> None:
    rate = summary(haz_believed=70, stunted=67).stunted
    assert (rate.suppressed, rate.numerator, visible_denominator(rate)) == (True, None, 70)
    assert summary(haz_believed=70, stunted=70).stunted.numerator == 70


def test_where_nearly_all_are_overweight_those_wasted_would_follow() -> None:
    assert summary(whz_believed=20, wasted=1, overweight=17).hidden == set(PUBLISHED) - {"registered"}


def test_the_denominator_of_a_rate_hidden_for_its_numerator_is_shown() -> None:
    rate = summary(haz_believed=70, stunted=4).stunted
    assert (rate.suppressed, rate.numerator, visible_denominator(rate)) == (True, None, 70)


def test_a_hidden_rate_makes_the_summary_say_so() -> None:
    assert suppress_small_counts(summary(haz_believed=70, stunted=4)).suppressed is True
