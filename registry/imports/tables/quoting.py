"""How numbers of a file are written in sentences, as Indonesia writes them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format


def format_decimal(value: Decimal) -> str:
    """12.100 is 12,1 in Indonesian and 12.1 in English."""
    plain = value.normalize()
    return number_format(plain, decimal_pos=max(0, -int(plain.as_tuple().exponent)))
