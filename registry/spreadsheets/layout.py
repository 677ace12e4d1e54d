"""Where the table of a file begins, which column is which, and which layout of e-PPGBM it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions import Invalid
from registry.places.names import plain
from registry.spreadsheets.cells import text_of
from registry.spreadsheets.read import Cell, Sheet

_TITLE_ROWS = 40  # how far down a header may be
_FEWEST_KNOWN = 5  # known names that make a row the header

# Column names in one spelling (``plain``), as the layouts of the field write them.
_NAMES: Mapping[str, Sequence[str]] = {
    "no": ("NO", "NOMOR"),
    "nik": ("NIK", "NIK ANAK"),
    "name": ("NAMA", "NAMA ANAK", "NAMA BALITA"),
    "sex": ("JK", "JENIS KELAMIN", "L P"),
    "birth_date": ("TGL LAHIR", "TANGGAL LAHIR"),
    "birth_weight": ("BB LAHIR", "BERAT LAHIR"),
    "birth_length": ("TB LAHIR", "PB LAHIR", "PANJANG LAHIR"),
    "parent": ("NAMA ORTU", "NAMA ORANG TUA"),
    "district": ("KAB KOTA", "KABUPATEN", "KABUPATEN KOTA"),
    "kecamatan": ("KEC", "KECAMATAN"),
    "puskesmas": ("PUKESMAS", "PUSKESMAS"),
    "village": ("DESA KEL", "DESA KELURAHAN", "DESA", "KELURAHAN"),
    "village_code": ("KODE DESA", "KODE WILAYAH"),
    "posyandu": ("POSYANDU", "NAMA POSYANDU"),
    "rt": ("RT",),
    "rw": ("RW",),
    "address": ("ALAMAT",),
    "age": ("USIA SAAT UKUR", "UMUR SAAT UKUR"),
    "measured_on": ("TANGGAL PENGUKURAN", "TGL PENGUKURAN", "TANGGAL UKUR", "TGL UKUR"),
    "weight": ("BERAT", "BB", "BERAT BADAN"),
    "lenhei": ("TINGGI", "TB", "TINGGI BADAN", "PB TB"),
    "position": ("CARA UKUR",),
    "muac": ("LILA",),
    "head": ("LINGKAR KEPALA", "LIKA"),
    "oedema": ("PITTING EDEMA", "EDEMA", "OEDEMA"),
    "waz": ("ZS BB U",),
    "haz": ("ZS TB U", "ZS PB U"),
    "whz": ("ZS BB TB", "ZS BB PB"),
    "pmt": ("PMT DITERIMA KG", "PMT DITERIMA", "PMT"),
    "mother_class": ("KELAS IBU BALITA",),
    "mbg": ("MBG",),
}
FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}

_NEEDED: Mapping[str, Promise] = {
    "name": gettext_lazy("Nama"),
    "sex": gettext_lazy("JK"),
    "birth_date": gettext_lazy("Tgl Lahir"),
    "measured_on": gettext_lazy("Tanggal Pengukuran"),
}


class LayoutName(StrEnum):
    """Which of e-PPGBM's exports a header is, told by the columns that came and went."""

    EPPGBM_2023 = "eppgbm-2023"
    EPPGBM_2024 = "eppgbm-2024"
    EPPGBM_2025 = "eppgbm-2025"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Line:
    """One row below the header: its number in the sheet, from 1, and its cells by field."""

    number: int
    cells: Mapping[str, Cell]

    def __getitem__(self, field: str) -> Cell:
        return self.cells.get(field)


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a file. ``columns`` leads from field to column, the first one of each name."""

    layout: LayoutName
    sheet: str
    columns: Mapping[str, int]
    header: Sequence[Cell]
    first: int  # number of the first row below the header
    rows: Sequence[Sequence[Cell]]
    others: tuple[str, ...] = ()  # sheets with a table of children that is not read

    def lines(self) -> Iterator[Line]:
        """The rows that hold anything."""
        for number, row in enumerate(self.rows, start=self.first):
            if any(text_of(cell) for cell in row):
                yield Line(number, {f: row[i] for f, i in self.columns.items() if i < len(row)})

    def repeats_header(self, line: Line) -> bool:
        """The header again in the middle of the table, as pages pasted together have it."""
        return all(FIELD_OF.get(plain(text_of(line[field]))) == field for field in self.columns)


def find_table(sheets: Sequence[Sheet]) -> Table:
    """The first sheet with a header the field knows, and what is below it.

    Raises :class:`registry.actions.Invalid` with the columns that are missing, or without any row.
    """
    tables = [table for table in (_table(sheet) for sheet in sheets) if table is not None]
    found = next(iter(tables), None)
    if found is None:
        raise Invalid(
            "header_missing",
            _(
                "Baris judul kolom tidak ditemukan. Pakai berkas unduhan e-PPGBM yang memuat kolom "
                "Nama, JK, Tgl Lahir, Kec, Desa/Kel, Tanggal Pengukuran, Berat dan Tinggi."
            ),
            "file",
        )
    missing = list(_missing(found.columns))
    if missing:
        raise Invalid(
            "columns_missing",
            _("Kolom %(columns)s tidak ada di berkas ini. Unduh lagi dari e-PPGBM tanpa menghapus kolom.")
            % {"columns": ", ".join(missing)},
            "file",
        )
    if next(found.lines(), None) is None:
        raise Invalid(
            "rows_missing",
            _("Berkas ini hanya berisi judul kolom, tanpa satu anak pun. Periksa saringannya di e-PPGBM."),
            "file",
        )
    # Said and not read: a second sheet may be the first one again, as another month or as a copy.
    return replace(found, others=tuple(t.sheet for t in tables[1:] if next(t.lines(), None)))


def _table(sheet: Sheet) -> Table | None:
    for i, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        columns = _columns(row)
        if len(columns) >= _FEWEST_KNOWN:
            return Table(_layout(columns), sheet.name, columns, row, i + 2, sheet.rows[i + 1 :])
    return None


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for i, cell in enumerate(row):
        if field := FIELD_OF.get(plain(text_of(cell))):
            columns.setdefault(field, i)
    return columns


def _layout(columns: Mapping[str, int]) -> LayoutName:
    if "mbg" in columns or "mother_class" in columns:
        return LayoutName.EPPGBM_2025
    if "position" in columns:
        return LayoutName.EPPGBM_2024
    return LayoutName.EPPGBM_2023 if "pmt" in columns else LayoutName.SHORT


def _missing(columns: Mapping[str, int]) -> Iterator[str]:
    for field, name in _NEEDED.items():
        if field not in columns:
            yield str(name)
    if "village_code" not in columns:
        yield from (str(name) for field, name in _PLACE_COLUMNS.items() if field not in columns)
    if not columns.keys() & {"weight", "lenhei"}:
        yield _("Berat atau Tinggi")


_PLACE_COLUMNS: Mapping[str, Promise] = {
    "kecamatan": gettext_lazy("Kec"),
    "village": gettext_lazy("Desa/Kel"),
}
