"""What a cell says. These are the words of the field's own programs, so they are not translated."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from registry.exports.queries import ExportedMeasurement
from registry.growth import LABELS, Label, label_haz, label_waz, label_whz

OUTLIER = "Outlier"
"""e-PPGBM's word next to a z-score outside WHO's limits."""


def number(value: Decimal | None) -> float | int | None:
    """Return 12.1 for 12.100 and 86 for 86.00."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def z_score(z: float | None) -> Decimal | None:
    """Return a z-score with two decimals, and no minus before zero."""
    return None if z is None else Decimal(f"{z:.2f}") + 0


def age_words(born: date, on: date) -> str:
    """Return completed years, months and days by the calendar: ``2 Tahun - 2 Bulan - 29 Hari``.

    A month is complete on the day of birth, or on the last day of a month that is too short to have it:
    ``registry.growth.cells.ages.day_of_age`` leads back to ``on``.
    """
    months = (on.year - born.year) * 12 + on.month - born.month
    if _months_after(born, months) > on:
        months -= 1
    days = (on - _months_after(born, months)).days
    return f"{months // 12} Tahun - {months % 12} Bulan - {days} Hari"


def _months_after(born: date, months: int) -> date:
    years, index = divmod(born.month - 1 + months, 12)
    year, month = born.year + years, index + 1
    return date(year, month, min(born.day, monthrange(year, month)[1]))


def height_class(measured: ExportedMeasurement) -> str:
    return _class(label_haz, measured.haz, measured.haz_flag)


def weight_class(measured: ExportedMeasurement) -> str:
    return _class(
        label_waz, measured.waz, measured.waz_flag, _SEVERELY_UNDERWEIGHT if measured.oedema else None
    )


def proportion_class(measured: ExportedMeasurement) -> str:
    return _class(label_whz, measured.whz, measured.whz_flag, _SEVERELY_WASTED if measured.oedema else None)


# With oedema there is no z-score of weight, and the class is the worst.
_SEVERELY_UNDERWEIGHT = LABELS["severely_underweight"]
_SEVERELY_WASTED = LABELS["severely_wasted"]


def _class(
    label_of: Callable[[float | None], Label | None], z: float | None, flag: bool, given: Label | None = None
) -> str:
    """Return Permenkes 2/2020's word; empty where nothing was measured."""
    if flag:
        return OUTLIER
    label = given or label_of(z)
    return label.id if label else ""


def yes_no(answer: bool | None) -> str:
    """Return ``Ya``, ``Tidak``, or nothing where nobody has asked."""
    return "" if answer is None else "Ya" if answer else "Tidak"


def moment(at: datetime | None) -> datetime | None:
    """Return a moment as a spreadsheet knows it: local, without its zone, to the minute."""
    return timezone.localtime(at).replace(tzinfo=None, second=0, microsecond=0) if at else None
