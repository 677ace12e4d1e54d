"""What a column is called in the files of the field, in one spelling, and which field that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from registry.growth.cells.month_names import NamedMonth, split_month
from registry.growth.cells.text import Cell, plain, quote, text_of

# Column names in one spelling (``plain``), as the layouts of the field write them. Those of the last rows
# are only known so that nothing else is taken for them, and to tell the layouts apart.
NAMES: Mapping[str, Sequence[str]] = {
    "no": ("NO", "NOMOR"),
    "nik": ("NIK", "NIK ANAK", "NIK BALITA", "NOMOR INDUK KEPENDUDUKAN"),
    "name": (
        *("NAMA", "NAMA ANAK", "NAMA BALITA", "NAMA BAYI"),
        *("NAMA LENGKAP", "NAMA LENGKAP ANAK", "NAMA LENGKAP BALITA"),
    ),
    "sex": ("JK", "JENIS KELAMIN", "L P", "JNS KELAMIN", "JENIS KEL", "JNS KEL"),
    # Two columns to tick, known as a pair alone: see ``registry.imports.tables.header``.
    "boy": ("L", "LAKI LAKI", "JK L", "JENIS KELAMIN L", "JENIS KELAMIN LAKI LAKI"),
    "girl": ("P", "PEREMPUAN", "JK P", "JENIS KELAMIN P", "JENIS KELAMIN PEREMPUAN"),
    "birth_date": ("TGL LAHIR", "TANGGAL LAHIR"),
    "birth_day": ("TGL LAHIR TGL", "TANGGAL LAHIR TGL", "TGL LAHIR TANGGAL", "TANGGAL LAHIR TANGGAL"),
    "birth_month": ("TGL LAHIR BLN", "TANGGAL LAHIR BLN", "TGL LAHIR BULAN", "TANGGAL LAHIR BULAN"),
    "birth_year": ("TGL LAHIR THN", "TANGGAL LAHIR THN", "TGL LAHIR TAHUN", "TANGGAL LAHIR TAHUN"),
    "birth_weight": ("BB LAHIR", "BB LHR", "BERAT LAHIR", "BERAT BADAN LAHIR", "BERAT LAHIR SASARAN"),
    "birth_length": ("TB LAHIR", "PB LAHIR", "PB LHR", "PANJANG LAHIR", "PANJANG LAHIR SASARAN"),
    "gestation": (
        *("USIA HAMIL", "UMUR HAMIL", "USIA KEHAMILAN", "UMUR KEHAMILAN", "USIA GESTASI", "UMUR GESTASI"),
        *("USIA KEHAMILAN SAAT LAHIR", "UMUR KEHAMILAN SAAT LAHIR", "USIA KEHAMILAN LAHIR"),
        *("GESTASI", "GESTATION", "GESTATIONAL AGE", "GESTATIONAL AGE AT BIRTH", "MINGGU KEHAMILAN"),
    ),
    "parent": ("NAMA ORTU", "NAMA ORANG TUA", "ORANG TUA", "NAMA ORANG TUA IBU AYAH"),
    "father": ("NAMA AYAH", "NAMA ORANG TUA AYAH", "NAMA ORTU AYAH", "AYAH"),
    "mother": ("NAMA IBU", "NAMA ORANG TUA IBU", "NAMA ORTU IBU", "IBU"),
    "district": ("KAB KOTA", "KABUPATEN", "KABUPATEN KOTA", "KAB"),
    "kecamatan": ("KEC", "KECAMATAN", "NAMA KECAMATAN"),
    "puskesmas": ("PUKESMAS", "PUSKESMAS", "PUSK", "PKM", "NAMA PUSKESMAS"),
    "village": (
        *("DESA KEL", "DESA KELURAHAN", "DESA", "KELURAHAN", "KEL", "DES", "KEL DESA", "KELURAHAN DESA"),
        *("NAMA DESA", "NAMA KELURAHAN", "NAMA DESA KEL", "NAMA DESA KELURAHAN"),
    ),
    "village_code": ("KODE DESA", "KODE WILAYAH"),
    "posyandu": ("POSYANDU", "POSY", "NAMA POSYANDU"),
    "rt": ("RT",),
    "rw": ("RW",),
    "address": ("ALAMAT",),
    "age": ("USIA SAAT UKUR", "UMUR SAAT UKUR", "UMUR LENGKAP"),
    "age_years": ("UMUR TAHUN", "UMUR THN", "USIA TAHUN", "USIA THN"),
    "age_months": ("UMUR BULAN", "UMUR BLN", "USIA BULAN", "USIA BLN"),
    "measured_on": (
        *("TANGGAL PENGUKURAN", "TGL PENGUKURAN", "TANGGAL UKUR", "TGL UKUR", "TANGGALUKUR", "TGLUKUR"),
        *("TANGGAL TIMBANG", "TGL TIMBANG", "TANGGAL PENIMBANGAN", "TGL PENIMBANGAN"),
        "TERAKHIR DIUKUR",  # of the register's own lists, whose values are those of that day
    ),
    "weight": ("BERAT", "BB", "BERAT BADAN", "HASIL UKUR BB"),
    "lenhei": ("TINGGI", "TB", "PB", "TINGGI BADAN", "PANJANG BADAN", "PB TB", "TB PB", "HASIL UKUR TB"),
    "position": ("CARA UKUR", "CARAUKUR", "POSISI UKUR"),
    "muac": ("LILA", "LINGKAR LENGAN ATAS"),
    "head": ("LINGKAR KEPALA", "LIKA", "LK"),
    "oedema": ("PITTING EDEMA", "EDEMA", "OEDEMA"),
    "waz": ("ZS BB U",),
    "haz": ("ZS TB U", "ZS PB U"),
    "whz": ("ZS BB TB", "ZS BB PB"),
    "pmt": ("PMT DITERIMA KG", "PMT DITERIMA", "PMT"),
    "mother_class": ("KELAS IBU BALITA",),
    "mbg": ("MBG",),
    "remove": ("HAPUS",),
    "move": ("PINDAH",),
    "remark": ("KETERANGAN", "KET"),
    "ntob": ("NTOB", "N T O B"),
    "age_days": ("UMUR HARI",),
    "family_card": ("NOMOR KK", "NO KK", "KK"),
    "birth_order": ("ANAK KE",),
    "parent_nik": ("NIK ORTU", "NIK ORANG TUA", "NIK IBU", "NIK AYAH"),
    "birth_head": ("LINGKAR KEPALA LAHIR",),
    "since": ("SEJAK", "SINCE"),  # of the register's own list of visits: no day of birth
    "growth_book": ("KIA",),
    # Of the register's own file, so that it comes back as it was.
    "homes": ("RIWAYAT TINGGAL",),
    "status": ("STATUS ANAK",),
    "status_date": ("TANGGAL STATUS",),
    "birth_basis": ("DASAR TANGGAL LAHIR",),
}
FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
"""From the spelling of a header to its field."""

_UNREAD = frozenset(
    {
        *(
            "PROV",
            "PROVINSI",
            "BB U",
            "TB U",
            "PB U",
            "PB TB U",
            "PB TB U PB TB U",
            "BB TB",
            "BB PB",
            "BB PB TB",
        ),
        *("IMT U", "NAIK BERAT BADAN", "JML VIT A", "VITA", "VIT A", "VITAMIN A", "KPSP", "DETAIL", "IMD"),
        *("KIA BAYI KECIL", "BUKUKIA", "BUKU KIA", "HP ORTU", "NO HP"),
        *(f"ASI BULAN {month}" for month in range(7)),
    }
)
"""Titles of the field's own files, of columns that nobody expects to be read."""

_UNIT = re.compile(r" (?:KG|CM|GR|GRAM|MINGGU|MGG|WEEKS)$")
_MEASURES: Mapping[str, frozenset[str]] = {
    "weight": frozenset({"BB", "BERAT"}),
    "lenhei": frozenset({"TB", "PB", "TINGGI", "PANJANG"}),
}
_INITIALS = {"B": "BERAT", "T": "TINGGI", "P": "PANJANG"}  # only before BADAN
_BODY = frozenset({"BADAN", "BDN", "BAD"})
_BIRTH = frozenset({"LAHIR", "LHR"})
_WHO = frozenset({"ANAK", "BALITA", "BAYI", "BADUTA", "SASARAN"})
_FILLERS = frozenset(
    {
        *("SAAT", "INI", "SEKARANG", "TERKINI", "BULAN", "HARI", "HASIL", "UKUR", "PENGUKURAN", "TIMBANG"),
        *("PENIMBANGAN", "DIUKUR", "DITIMBANG", *_WHO),
        *("ATAU", "DAN", "DALAM", "DLM", "KG", "CM", "GR", "GRAM", "G"),
    }
)


OF_A_DAY = frozenset(
    {
        *("measured_on", "weight", "lenhei", "lenhei_other", "muac", "head", "position", "oedema"),
        *("waz", "haz", "whz", "ntob", "pmt", "age", "age_years", "age_months", "age_days"),
    }
)
"""Fields of one measurement, which a table may have for each of several months."""

_DAYS = frozenset({"TGL", "TANGGAL"})  # of measuring, where a title says the month as well
_NUMBERED = re.compile(r"\b(?:KE|\d+)\b", re.ASCII)
_LONGEST_TITLE = 60  # characters; longer ones are remarks


def plain_heading(cell: Cell) -> str:
    """Return a header in one spelling."""
    return plain(text_of(cell))


@lru_cache(maxsize=1024, typed=True)
def field_of(cell: Cell) -> str | None:
    """Return the field of a header, with or without its unit behind it, or the month it is of."""
    name = plain_heading(cell)
    return _field_named(name) or _of_month(name)[1]


@lru_cache(maxsize=1024, typed=True)
def month_of_title(cell: Cell) -> NamedMonth | None:
    """Return the month that a header says beside what is measured in it, as BB JAN 2024."""
    name = plain_heading(cell)
    return None if _field_named(name) else _of_month(name)[0]


def field_told_by_number(cell: Cell) -> str | None:
    """Return the field of a header that a number or a day tells from others of it, as BB 2."""
    _month, rest = split_month(plain_heading(cell))
    return _field_named(" ".join(_NUMBERED.sub(" ", rest).split()))


def _field_named(name: str) -> str | None:
    return FIELD_OF.get(name) or FIELD_OF.get(_UNIT.sub("", name)) or _measure(name)


def _of_month(name: str) -> tuple[NamedMonth | None, str | None]:
    """Return the month and the field of a title that says both."""
    month, rest = split_month(name)
    if month is None:  # as nearly all are
        return None, None
    field = "measured_on" if rest in _DAYS else _field_named(rest)
    return (month, field) if field in OF_A_DAY else (None, None)


def _measure(name: str) -> str | None:
    """Return weight or height in the words that people make titles of: PANJANG TINGGI BADAN, BB SAAT INI."""
    if len(name) > _LONGEST_TITLE:
        return None
    words = name.split()
    if words[:1] and words[0] in _WHO:  # ANAK TB is one with tuberculosis
        return None
    if len(words) > 1 and words[1] in _BODY:
        words[0] = _INITIALS.get(words[0], words[0])
    said = set(words)
    left = said - _FILLERS - _BODY - _BIRTH
    found = [field for field, names in _MEASURES.items() if left and left <= names]
    if not found:
        return None
    born = {"weight": "birth_weight", "lenhei": "birth_length"}
    return born[found[0]] if said & _BIRTH else found[0]


def is_length(cell: Cell) -> bool:
    """Return whether a heading is of length: PB and TB may be two columns, of which each child has one."""
    words = set(plain_heading(cell).split())
    return not words & {"TB", "TINGGI", "T"} and bool(words & {"PB", "PANJANG", "P"})


def is_expected_unread(cell: Cell) -> bool:
    """Return whether a title of the field's own files is of a column that is not read, and need not be."""
    return plain_heading(cell) in _UNREAD


def letters_of(column: int) -> str:
    """Return A, B ... Z, AA: as a spreadsheet names the column of that index."""
    return (letters_of(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def column_words(column: int, header: Sequence[Cell]) -> str:
    """Return a column as people find it: its letters, and its title where it has one."""
    title = quote(header[column]) if column < len(header) else ""
    return f"{letters_of(column)} ({title})" if title else letters_of(column)
