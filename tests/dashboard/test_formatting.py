from __future__ import annotations

from decimal import Decimal

from django.utils import translation

from dashboard.formatting import interval, number, percent, short_percent


def test_numbers_are_rounded_not_cut() -> None:
    assert number(17.96, 1) == "18,0"
    assert percent(2 / 3) == "66,7%"


def test_indonesian_groups_by_a_point_and_english_by_a_comma() -> None:
    assert number(1234567) == "1.234.567"
    with translation.override("en"):
        assert number(1234567.25, 1) == "1,234,567.2"


def test_no_data_is_a_dash() -> None:
    assert percent(None) == "–"
    assert interval(None, None) == "–"


def test_a_percentage_as_it_was_set_loses_only_zeros() -> None:
    shown = [short_percent(Decimal(p)) for p in ("14.0", "18.50", "23.18", "20")]
    assert shown == ["14%", "18,5%", "23,18%", "20%"]
