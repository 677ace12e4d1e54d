from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kpm.forms.fields import DayField, NumberField


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12,1", "12.1"),
        ("12.1", "12.1"),
        (" 12 ", "12"),
        ("12,", "12"),
        ("9,85", "9.85"),
        ("1.234", "1.234"),
        ("1,234", "1.234"),
    ],
)
def test_a_comma_and_a_point_are_both_the_decimal_mark_and_never_a_thousands_mark(
    typed: str, read: str
) -> None:
    assert NumberField().clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["1.234,5", "1,234.5", "12,1 kg", "-3", "1e3", "dua", "nan", "١٢", ",5"])
def test_what_is_no_plain_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"bukan angka. Tulis seperti 12,1 atau 12\.1"):
        NumberField().clean(typed)


def test_an_empty_number_is_none() -> None:
    assert NumberField().clean("  ") is None


def test_a_stored_number_is_shown_with_a_comma_and_without_padding() -> None:
    assert NumberField().prepare_value(Decimal("9.800")) == "9,8"
    assert NumberField().prepare_value("9.8x") == "9.8x"


@pytest.mark.parametrize("typed", ["2024-08-05", "05/08/2024", "5-8-2024"])
def test_a_day_may_be_typed_the_indonesian_way(typed: str) -> None:
    assert DayField().clean(typed) == date(2024, 8, 5)


def test_a_day_that_does_not_exist_is_refused_with_an_example() -> None:
    with pytest.raises(ValidationError, match="hari/bulan/tahun"):
        DayField().clean("31/02/2024")
