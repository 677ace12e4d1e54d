"""A column of NIK that a spreadsheet has kept as numbers, and saved again as text."""

from __future__ import annotations

from collections.abc import Sequence

from registry.imports.tables.cells import nik_of
from registry.imports.tables.table_rows import SheetRow
from registry.nik import is_possible, is_whole

_FEWEST = 8
"""One NIK in ten ends in 0: that many of that many are no chance."""


def mark_lost_digits(lines: Sequence[SheetRow]) -> Sequence[SheetRow]:
    """Return ``lines``, with ``?`` for the last digit of each NIK where all of them have lost it.

    They have where every NIK ends in 0. A number has fifteen digits, so the last of sixteen is gone.
    Otherwise the children of one birth date and sex in a kecamatan would have one NIK.
    """
    rounded = 0
    for line in lines:
        nik = nik_of(line["nik"])
        if is_whole(nik) and is_possible(nik):
            if not nik.endswith("0"):
                return lines
            rounded += 1
    if rounded < _FEWEST:
        return lines
    return [_without_last_digit(line) for line in lines]


def _without_last_digit(line: SheetRow) -> SheetRow:
    nik = nik_of(line["nik"])
    if not is_whole(nik) or not is_possible(nik):
        return line
    return line.with_cells({"nik": f"{nik[:15]}?"})
