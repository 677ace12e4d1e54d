"""e-PPGBM's list of 2025/26: its 36 columns in its order, then what the register adds.

The register adds what it needs to read its own file back without loss: head circumference, oedema, the
village the child lived in that day, where it has lived since when, and whether and when it died or left.

What the register does not keep (vitamin A, KPSP, the mothers' class, MBG) stays empty. Posyandu, RT, RW and
address are those of today, so they stay empty too on a row from before a move.
"""

from __future__ import annotations

from registry.exports.cell_formatting import (
    age_words,
    height_class,
    number,
    proportion_class,
    weight_class,
    yes_no,
    z_score,
)
from registry.exports.layout import ChildRow, MeasurementColumns, no_value
from registry.models import BirthDateBasis, ChildStatus, Position, Sex

_PROVINCES = {"33": "JAWA TENGAH"}
"""By the first two digits of a code; the register knows no place above a kabupaten."""

_POSITIONS = {Position.LYING: "Terlentang", Position.STANDING: "Berdiri", Position.UNKNOWN: ""}
BIRTH_DATE_BASES = {BirthDateBasis.MONTH: "bulan", BirthDateBasis.AGE: "umur"}
"""What is known of an estimated birth date; nothing is said of one that is known."""
_GONE = {ChildStatus.DIED: "meninggal", ChildStatus.MOVED: "pindah keluar kabupaten"}


def _gone_text(row: ChildRow) -> str:
    return _GONE.get(ChildStatus(row.child.status), "")


def _detail(row: ChildRow) -> str:
    """Return that a child died or left, so that nobody sets out to visit it."""
    return f"{gone} {row.child.status_date}" if (gone := _gone_text(row)) else ""


EPPGBM_COLUMNS: MeasurementColumns = (
    ("No", lambda row: row.number),
    ("NIK", lambda row: row.nik),
    ("Nama", lambda row: row.child.name),
    ("JK", lambda row: Sex(row.child.sex).letter),
    ("Tgl Lahir", lambda row: row.child.birth_date.isoformat()),
    ("BB Lahir", lambda row: number(row.child.birth_weight_kg)),
    ("TB Lahir", lambda row: number(row.child.birth_length_cm)),
    ("Nama Ortu", lambda row: row.child.parent_name),
    ("Prov", lambda row: _PROVINCES.get(row.home.code[:2], "")),
    ("Kab/Kota", lambda row: row.home.district.upper()),
    ("Kec", lambda row: row.home.kecamatan.upper()),
    ("Pukesmas", lambda row: row.home.puskesmas.upper()),
    ("Desa/Kel", lambda row: row.home.village.upper()),
    ("Posyandu", lambda row: row.posyandu if row.is_at_home else ""),
    ("RT", lambda row: row.child.rt if row.is_at_home else ""),
    ("RW", lambda row: row.child.rw if row.is_at_home else ""),
    ("Alamat", lambda row: row.child.address if row.is_at_home else ""),
    ("Usia Saat Ukur", lambda row: age_words(row.child.birth_date, row.measured.measured_on)),
    ("Tanggal Pengukuran", lambda row: row.measured.measured_on.isoformat()),
    ("Berat", lambda row: number(row.measured.weight_kg)),
    ("Tinggi", lambda row: number(row.measured.lenhei_cm)),
    ("Cara Ukur", lambda row: _POSITIONS[Position(row.measured.position)]),
    ("LiLA", lambda row: number(row.measured.muac_cm)),
    ("BB/U", lambda row: weight_class(row.measured)),
    ("ZS BB/U", lambda row: z_score(row.measured.waz)),
    ("TB/U", lambda row: height_class(row.measured)),
    ("ZS TB/U", lambda row: z_score(row.measured.haz)),
    ("BB/TB", lambda row: proportion_class(row.measured)),
    ("ZS BB/TB", lambda row: z_score(row.measured.whz)),
    ("Naik Berat Badan", lambda row: row.measured.gain),
    ("Jml Vit A", no_value),
    ("KPSP", no_value),
    ("KIA", lambda row: yes_no(row.child.growth_book)),
    ("Kelas Ibu Balita", no_value),
    ("MBG", no_value),
    ("Detail", _detail),
)
"""The columns of e-PPGBM's own list."""

REGISTER_COLUMNS: MeasurementColumns = (
    ("Lingkar Kepala", lambda row: number(row.measured.head_cm)),
    ("Pitting Edema", lambda row: yes_no(row.measured.oedema)),
    ("Kode Desa", lambda row: row.measured.village),
    ("Riwayat Tinggal", lambda row: row.residence_history),
    ("Status Anak", _gone_text),
    ("Tanggal Status", lambda row: row.child.status_date.isoformat() if row.child.status_date else ""),
    ("Dasar Tanggal Lahir", lambda row: BIRTH_DATE_BASES.get(BirthDateBasis(row.child.birth_date_basis), "")),
)
"""What the register needs besides to read its own file back."""

COLUMNS: MeasurementColumns = (*EPPGBM_COLUMNS, *REGISTER_COLUMNS)
