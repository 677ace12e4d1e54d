"""What a single cell says."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from registry.growth.cells.codes import oedema_of
from registry.growth.cells.numbers import is_mangled, number_of, read_as_time
from registry.growth.cells.text import Cell, text_of, words_of
from registry.imports.tables.cells import nik_of, position_of, sex_of
from registry.models import Position, Sex
from registry.nik import is_whole


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("CONTOH  ANAK EMPAT \u00a0", "CONTOH ANAK EMPAT"),
        (3.0, "3"),
        (2.9, "2.9"),
        (None, ""),
        ("=1+1", "=1+1"),
    ],
)
def test_text_has_single_blanks_and_no_formula_is_run(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize("cell", ["-", " -\u00a0", "", None, "#N/A", "--"])
def test_a_dash_says_nothing(cell: Cell) -> None:
    assert words_of(cell) == ""


def test_a_negative_rt_stays_text() -> None:
    assert words_of("-2") == "-2"


@pytest.mark.parametrize(
    ("cell", "sex"),
    [
        ("L\u00a0", Sex.BOY),
        ("Laki-laki", Sex.BOY),
        ("laki laki", Sex.BOY),
        ("p", Sex.GIRL),
        ("Perempuan", Sex.GIRL),
        ("Pria", Sex.BOY),
        ("WANITA", Sex.GIRL),
        ("m", Sex.BOY),
        ("F", Sex.GIRL),
        ("1", Sex.BOY),
        ("2", Sex.GIRL),
        ("2.0", Sex.GIRL),
        ("", None),
        ("3", None),
        ("L + P", None),
        ("X", None),
    ],
)
def test_sex_is_read_as_the_field_writes_it(cell: str, sex: Sex | None) -> None:
    assert sex_of(cell) is sex


@pytest.mark.parametrize(
    ("cell", "position"),
    [
        ("Berdiri", Position.STANDING),
        ("Standing", Position.STANDING),
        ("Terlentang", Position.LYING),
        ("Recumbent", Position.LYING),
        ("-", Position.UNKNOWN),
        ("", Position.UNKNOWN),
        ("Standing/Recumbent", None),
    ],
)
def test_position_is_read_as_the_field_writes_it(cell: str, position: Position | None) -> None:
    assert position_of(cell) is position


@pytest.mark.parametrize(
    ("cell", "nik"),
    [
        ("3301021403220001\u00a0 ", "3301021403220001"),
        ("'3301021403220001", "3301021403220001"),
        (3301021403220001.0, "3301021403220001"),
        ("3301021403220001.0", "3301021403220001"),
        ("-", ""),
    ],
)
def test_a_whole_nik_is_read_whole(cell: Cell, nik: str) -> None:
    assert nik_of(cell) == nik


@pytest.mark.parametrize("cell", ["33011**********", "3.30102E+15", "330102410923000", 3301021403220000.0])
def test_a_masked_rounded_or_cut_nik_is_not_whole(cell: Cell) -> None:
    assert nik_of(cell)
    assert not is_whole(nik_of(cell))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12.1, "12.1"),
        (86, "86"),
        ("12,1", "12.1"),
        ("7.9 kg", "7.9"),
        ("70,5 cm", "70.5"),
        ("12.05", "12.05"),
        ("0", "0"),
        ("'9.8", "9.8"),
        ("\u20189,8 kg", "9.8"),
        ("'86", "86"),
    ],
)
def test_a_number_with_comma_point_or_unit_is_read(cell: Cell, value: str) -> None:
    assert number_of(cell).value == Decimal(value)
    assert not number_of(cell).bent


@pytest.mark.parametrize("cell", ["PINDAH RUMAH", "Outlier", "1.234,5", "12,1,3", "'", "'Outlier", True])
def test_words_are_no_number(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r".+"):
        number_of(cell)


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("05.06", ["5.6", "5.06"]),
        ("00.19", ["0.19"]),
        ("90.05.00", ["90.5", "90.05"]),
        ("8:05", ["8.5", "8.05"]),
        ("'05.06", ["5.6", "5.06"]),
        (time(8, 5), ["8.5", "8.05"]),
        (timedelta(hours=90, minutes=5), ["90.5", "90.05"]),
        (date(2024, 5, 8), ["8.5", "8.05", "5.8", "5.08"]),
    ],
)
def test_a_decimal_turned_into_a_time_or_date_may_be_more_than_one_value(
    cell: Cell, values: list[str]
) -> None:
    number = number_of(cell)
    assert number.bent
    assert list(number.values) == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("12.01", ["12.1", "12.01"]),
        (12.01, ["12.1", "12.01"]),
        ("86.05 cm", ["86.5", "86.05"]),
        *((cell, []) for cell in ("12.1", "12.10", "12.11", 12.1, "12,01", 12, True, "", None)),
    ],
)
def test_a_number_that_a_time_would_be_written_like_may_be_one(cell: Cell, values: list[str]) -> None:
    assert list(read_as_time(cell).values) == [Decimal(value) for value in values]


def test_one_sure_time_makes_every_like_number_of_the_file_doubtful() -> None:
    assert is_mangled(["12.01", "07.09"])
    assert not is_mangled(["12.01", "7.9", "0.19", "-0.50"])
    assert number_of("12.01").values == (Decimal("12.01"),)
    assert number_of("12.01", bent_file=True).values == (Decimal("12.1"), Decimal("12.01"))
    assert number_of("70.5", bent_file=True).values == (Decimal("70.5"),)


@pytest.mark.parametrize(
    ("cell", "text"),
    [("'=CMD()", "=CMD()"), ("'-", "-"), ("'Aini", "'Aini"), ("Nur'aini", "Nur'aini"), ("'", "'")],
)
def test_the_apostrophe_before_a_formula_is_not_part_of_the_text(cell: str, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "oedema"),
    [
        *[
            (yes, True)
            for yes in ("Ya", "y", "ada", "1", 1, True, "+", "++", "1+", "+1", "Ya (+)", "positif")
        ],
        *[(yes, True) for yes in ("Derajat 1", "Derajat 3", "derajat +2", "Ya, kedua kaki")],
        *[
            (no, False)
            for no in ("tidak", "Tidak ada", "T", "", "-", None, "0", 0, "derajat 0", "negatif", "(-)")
        ],
        *[(no, False) for no in (False, "FALSE", "-/-", "(- / -)", "nihil", "odema tidak ada", "non edema")],
        *[(no, False) for no in ("oedema tidak ada", "tidak ada bengkak", "tidak tampak ada edema", "tanpa")],
        *[(no, False) for no in ("bengkak tidak ada", "Tidak (-)", "pitting edema negatif")],
        *[(yes, True) for yes in ("+/+", "++/++", "bengkak", "edema ada", "ada bengkak", "odema +", "ya, 2")],
        *[(silent, False) for silent in ("belum diperiksa", "tidak diperiksa", "Belum di periksa")],
        *[(two, None) for two in ("ada riwayat, sekarang tidak", "tidak ya", "ya tidak", "ada/tidak")],
        *[
            (two, None)
            for two in ("+/-", "tidak (+)", "ya (-)", "tidak normal", "mungkin ada", "ada riwayat")
        ],
        *[(unknown, None) for unknown in ("mungkin", "?", "kaki", "9", "edema", "belum")],
    ],
)
def test_oedema_is_said_in_many_ways_and_never_guessed(cell: Cell, oedema: bool | None) -> None:
    assert oedema_of(cell) is oedema


@pytest.mark.parametrize(
    ("cell", "nik"),
    [
        ("3.3010312E+15", "33010312????????"),
        ("3,30103E+15", "330103??????????"),
        ("3.3010254032200E+15", "33010254032200??"),
        ("\u200e3301025403220001\u202c", "3301025403220001"),
        ("3301025403220000", "330102540322000?"),
        ("3301025403220010", "3301025403220010"),
    ],
)
def test_a_nik_that_a_spreadsheet_has_rounded_is_not_whole(cell: str, nik: str) -> None:
    assert nik_of(cell) == nik


def test_what_nobody_sees_is_no_part_of_a_text() -> None:
    assert text_of("\ufeffSiti\u200b  Contoh\u200e") == "Siti Contoh"
