"""Which column of an unknown table is which: a guess for a person to put right, never used by itself.

Headers are compared with the names of the field; what they leave open is guessed from what the columns hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from statistics import median

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz, process

from registry.growth.cells.codes import is_sex_of_the_field
from registry.growth.cells.column_names import FIELD_OF, field_of, plain_heading
from registry.growth.cells.dates import WrittenDate, written_date
from registry.growth.cells.numbers import number_of
from registry.growth.cells.text import Cell, text_of, words_of
from registry.imports.known_places import NO_PLACES, KnownPlaces
from registry.imports.readers.read_file import Sheet
from registry.imports.tables.cells import nik_of
from registry.imports.tables.header import TITLE_ROWS, Header, header_at
from registry.imports.tables.place_columns import find_place_columns

FIELD_WORDS: Mapping[str, Promise] = {
    "nik": gettext_lazy("NIK"),
    "name": gettext_lazy("Nama anak"),
    "sex": gettext_lazy("Jenis kelamin"),
    "boy": gettext_lazy("Jenis kelamin: centang laki-laki (L)"),
    "girl": gettext_lazy("Jenis kelamin: centang perempuan (P)"),
    "birth_date": gettext_lazy("Tanggal lahir"),
    "birth_day": gettext_lazy("Tanggal lahir: hari"),
    "birth_month": gettext_lazy("Tanggal lahir: bulan"),
    "birth_year": gettext_lazy("Tanggal lahir: tahun"),
    "birth_weight": gettext_lazy("Berat lahir"),
    "birth_length": gettext_lazy("Panjang lahir"),
    "gestation": gettext_lazy("Usia kehamilan (minggu)"),
    "parent": gettext_lazy("Nama orang tua"),
    "father": gettext_lazy("Nama ayah"),
    "mother": gettext_lazy("Nama ibu"),
    "district": gettext_lazy("Kabupaten"),
    "kecamatan": gettext_lazy("Kecamatan"),
    "puskesmas": gettext_lazy("Puskesmas"),
    "village": gettext_lazy("Desa/kelurahan"),
    "village_code": gettext_lazy("Kode desa"),
    "posyandu": gettext_lazy("Posyandu"),
    "rt": gettext_lazy("RT"),
    "rw": gettext_lazy("RW"),
    "address": gettext_lazy("Alamat"),
    "measured_on": gettext_lazy("Tanggal pengukuran"),
    "age": gettext_lazy("Umur saat diukur"),
    "age_years": gettext_lazy("Umur saat diukur: tahun"),
    "age_months": gettext_lazy("Umur saat diukur: bulan"),
    "weight": gettext_lazy("Berat badan"),
    "lenhei": gettext_lazy("Panjang/tinggi badan"),
    "position": gettext_lazy("Cara ukur"),
    "muac": gettext_lazy("LiLA"),
    "head": gettext_lazy("Lingkar kepala"),
    "oedema": gettext_lazy("Bengkak (edema) di kedua punggung kaki"),
    "remark": gettext_lazy("Keterangan (pindah, meninggal, tidak hadir)"),
    "move": gettext_lazy("Tanda pindah"),
    "waz": gettext_lazy("Z-score BB/U"),
    "haz": gettext_lazy("Z-score TB/U"),
    "whz": gettext_lazy("Z-score BB/TB"),
}
"""The fields a column can be said to be, in the order they are shown."""

_ALIKE = 84  # of 100, as rapidfuzz compares two headers
_KNOWN = list(FIELD_OF)
_SAMPLE = 50  # rows looked at
_MOST_TITLES = 10  # rows above the children, where no name of a column is known
_MOST = 0.8  # share of the cells that must fit


def suggest_mapping(sheet: Sheet, places: KnownPlaces = NO_PLACES) -> Header:
    """Return the likeliest field of each column of ``sheet``, for a person to look at."""
    headers = [_compare_names(header_at(sheet, i)) for i in range(min(TITLE_ROWS, len(sheet.rows)))]
    header = max(headers, key=lambda h: len(h.columns), default=Header(0, {}, ()))
    if len(header.columns) < 2:
        header = Header(0, {}, ())
    if header.row:
        rows = _filled_rows(sheet, header.row)
        of_places = find_place_columns(header.names, header.columns, rows, places)
        columns = _by_content({**header.columns, **of_places}, rows)
    else:
        # Titles stand above the children, so that a short list is told by its end only.
        starts = range(min(_MOST_TITLES, len(sheet.rows)))
        guesses = [_by_content({}, _filled_rows(sheet, start)) for start in starts]
        columns = max(guesses, key=len, default={})
        above = _row_above(columns, sheet)
        header = Header(above, columns, sheet.rows[above - 1] if above else ())
    in_order = {field: columns[field] for field in FIELD_WORDS if field in columns}
    return Header(header.row, in_order, header.names)


def _filled_rows(sheet: Sheet, start: int) -> list[Sequence[Cell]]:
    return [row for row in sheet.rows[start:] if any(text_of(cell) for cell in row)][:_SAMPLE]


def _row_above(columns: Mapping[str, int], sheet: Sheet) -> int:
    """The number of the row above the first child, whose names nobody knew; 0 where a child is first."""
    for i, row in enumerate(sheet.rows[:TITLE_ROWS]):
        cells = {field: row[i] for field, i in columns.items() if i < len(row)}
        told = [fits(cells[field]) for field, fits in _TELLING.items() if field in cells]
        if told and all(told):
            return i if i and any(text_of(cell) for cell in sheet.rows[i - 1]) else 0
    return 0


def _compare_names(header: Header) -> Header:
    """The fields whose name is nearly that of a column; each field and each column once, the surest first."""
    near = []
    for i, cell in enumerate(header.names):
        name = plain_heading(cell)
        if field := field_of(cell):
            near.append((100.0, field, i))
        elif len(name) > 3 and (found := process.extractOne(name, _KNOWN, scorer=fuzz.token_sort_ratio)):
            near.append((found[1], FIELD_OF[found[0]], i))
    columns: dict[str, int] = {}
    for alike, field, i in sorted(near, key=lambda one: (-one[0], one[2])):
        if alike >= _ALIKE and field not in columns and i not in columns.values():
            columns[field] = i
    return Header(header.row, columns, header.names)


def _by_content(columns: dict[str, int], rows: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """What the headers leave open, by what stands below them."""
    width = max((len(row) for row in rows), default=0)
    free = {i: _share_filled(rows, i) for i in range(width) if i not in columns.values()}
    free = {i: cells for i, cells in free.items() if len(cells) >= 2}
    for field, fits in _KINDS.items():
        if (
            field not in columns
            and (i := next((i for i in free if _mostly(fits, free[i])), None)) is not None
        ):
            columns[field] = i
            del free[i]
    _dates(columns, free)
    return columns


def _share_filled(rows: Sequence[Sequence[Cell]], i: int) -> list[Cell]:
    return [row[i] for row in rows if i < len(row) and words_of(row[i])]


def _mostly(fits: Callable[[Cell], bool], cells: Sequence[Cell]) -> bool:
    return sum(fits(cell) for cell in cells) >= _MOST * len(cells)


def _is_nik(cell: Cell) -> bool:
    nik = nik_of(cell)
    return len(nik) == 16 and nik[:2].isdigit()


def _is_name(cell: Cell) -> bool:
    text = words_of(cell)
    return len(text) >= 4 and " " in text and not any(letter.isdigit() for letter in text)


def _is_between(low: float, high: float) -> Callable[[Cell], bool]:
    def fits(cell: Cell) -> bool:
        try:
            value = number_of(cell).value
        except ValueError:
            return False
        # A whole number may be anything: an RT, a number of the list, an age.
        return value is not None and low <= value <= high and "." in text_of(cell).replace(",", ".")

    return fits


_KINDS: Mapping[str, Callable[[Cell], bool]] = {
    "nik": _is_nik,
    "sex": is_sex_of_the_field,
    "weight": _is_between(2, 30),
    "lenhei": _is_between(45, 130),
    "name": _is_name,
}

_TELLING: Mapping[str, Callable[[Cell], bool]] = {
    **{field: _KINDS[field] for field in ("sex", "weight", "lenhei")},
    "birth_date": lambda cell: _day(cell) is not None,
}


def _dates(columns: dict[str, int], free: Mapping[int, Sequence[Cell]]) -> None:
    """Of two columns of dates, children are born in the earlier one."""
    days: list[tuple[float, int]] = []
    for i, cells in free.items():
        found = [day for cell in cells if (day := _day(cell)) is not None]
        if len(found) >= _MOST * len(cells):
            days.append((median(day.toordinal() for day in found), i))
    for field in ("birth_date", "measured_on"):
        if field not in columns and days:
            columns[field] = days.pop(days.index(min(days)))[1]


def _day(cell: Cell) -> date | None:
    try:
        written = written_date(cell)
    except ValueError:
        return None
    return written.meanings[0] if isinstance(written, WrittenDate) and written.meanings else None
