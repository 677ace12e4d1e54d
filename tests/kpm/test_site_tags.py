from decimal import Decimal

import pytest
from django.utils.translation import override

from kpm.templatetags.site import age, amount, icon, percent, svg_number, zscore


@pytest.mark.parametrize(
    ("value", "shown"),
    [("12.100", "12,1"), ("87.00", "87,0"), ("12.345", "12,345"), ("10", "10,0"), ("0.50", "0,5")],
)
def test_an_amount_is_shown_as_read_off_the_scale(value: str, shown: str) -> None:
    assert amount(Decimal(value)) == shown


def test_english_writes_the_same_amount_with_a_point() -> None:
    with override("en"):
        assert amount(Decimal("12.100")) == "12.1"


def test_what_was_not_measured_is_empty_or_a_dash() -> None:
    assert (amount(None), amount(""), zscore(None)) == ("", "", "–")


def test_a_z_score_has_two_decimals_and_a_true_minus() -> None:
    assert (zscore(-2.1), zscore(0.0), zscore(1.25)) == ("−2,10", "0,00", "1,25")


@pytest.mark.parametrize(
    ("days", "words"), [(0, "0 hari"), (30, "30 hari"), (31, "1 bulan"), (731, "24 bulan")]
)
def test_an_age_is_in_days_the_first_month_and_in_completed_months_after(days: int, words: str) -> None:
    assert age(days) == words


def test_a_percentage_of_nothing_is_a_dash() -> None:
    assert (percent(1, 8), percent(0, 0)) == ("12,5%", "–")


def test_a_coordinate_keeps_its_point() -> None:
    assert svg_number(12.5) == "12.5"


def test_an_icon_is_hidden_from_readers_aloud() -> None:
    assert 'aria-hidden="true"' in icon("check")
    assert "sprite.svg#check" in icon("check")
