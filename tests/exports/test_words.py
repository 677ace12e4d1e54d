"""Ages in words, numbers and classes, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from registry.exports.cell_formatting import (
    age_words,
    height_class,
    number,
    proportion_class,
    weight_class,
    z_score,
)
from registry.exports.queries import ExportedMeasurement
from registry.growth.cells.ages import age_of, day_of_age


@pytest.mark.parametrize(
    ("born", "on", "words"),
    [
        ((2022, 3, 14), (2024, 6, 12), "2 Tahun - 2 Bulan - 29 Hari"),
        ((2023, 9, 1), (2024, 6, 12), "0 Tahun - 9 Bulan - 11 Hari"),
        ((2019, 12, 20), (2024, 6, 12), "4 Tahun - 5 Bulan - 23 Hari"),
        ((2024, 6, 12), (2024, 6, 12), "0 Tahun - 0 Bulan - 0 Hari"),
        ((2023, 1, 31), (2023, 2, 28), "0 Tahun - 1 Bulan - 0 Hari"),
        ((2023, 1, 31), (2023, 3, 1), "0 Tahun - 1 Bulan - 1 Hari"),
        ((2024, 2, 29), (2025, 2, 28), "1 Tahun - 0 Bulan - 0 Hari"),
        ((2023, 12, 31), (2024, 12, 30), "0 Tahun - 11 Bulan - 30 Hari"),
    ],
)
def test_an_age_in_words(born: tuple[int, int, int], on: tuple[int, int, int], words: str) -> None:
    assert age_words(date(*born), date(*on)) == words


@pytest.mark.parametrize("born", [date(2023, 12, 31), date(2024, 2, 29), date(2024, 1, 30)])
def test_the_words_lead_the_reader_back_to_the_very_day(born: date) -> None:
    for days in range(0, 1900, 7):
        on = born + timedelta(days=days)
        age = age_of(age_words(born, on))
        assert age is not None
        assert age.days is not None
        assert day_of_age(born, age.months, age.days) == on


def test_numbers_lose_noughts_and_nothing_else() -> None:
    assert [number(Decimal(n)) for n in ("12.100", "86.00", "7.255", "10.000")] == [12.1, 86, 7.255, 10]
    assert number(None) is None
    assert [str(z_score(z)) for z in (-2.31, -0.5, 0.0, -0.001, None)] == [
        *("-2.31", "-0.50", "0.00", "0.00"),
        "None",
    ]


def seen(**values: object) -> ExportedMeasurement:
    return ExportedMeasurement(**{**dict.fromkeys(ExportedMeasurement._fields), **values})  # type: ignore[arg-type]


def test_classes_are_of_permenkes() -> None:
    assert height_class(seen(haz=-2.0)) == "Normal"
    assert height_class(seen(haz=-2.01)) == "Pendek"
    assert height_class(seen(haz=-3.01)) == "Sangat pendek"
    assert weight_class(seen(waz=1.01)) == "Risiko berat badan lebih"
    assert proportion_class(seen(whz=1.01)) == "Berisiko gizi lebih"
    assert height_class(seen()) == ""


def test_what_who_does_not_believe_is_an_outlier() -> None:
    assert height_class(seen(haz=-7.5, haz_flag=True)) == "Outlier"


def test_oedema_is_the_worst_class_without_a_z_score() -> None:
    assert weight_class(seen(oedema=True)) == "Berat badan sangat kurang"
    assert proportion_class(seen(oedema=True)) == "Gizi buruk"
    assert height_class(seen(oedema=True, haz=0.5)) == "Normal"
