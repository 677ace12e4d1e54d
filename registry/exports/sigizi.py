"""The two templates that Sigizi takes: of children, and of their measurements.

Columns the register has nothing for stay empty, but for weight and length at birth, where Sigizi's own code
stands for "not known". ``hapus`` is never filled: a child is taken out of the national system by a person.
"""

from __future__ import annotations

from decimal import Decimal

from registry.exports.cell_formatting import number, yes_no
from registry.exports.layout import ChildColumns, MeasurementColumns, no_value
from registry.exports.page_table import Value
from registry.models import ChildStatus, Position, Sex

NOT_KNOWN = 8888

_SEXES = {Sex.BOY: "Laki-laki", Sex.GIRL: "Perempuan"}
_POSITIONS = {Position.LYING: "terlentang", Position.STANDING: "berdiri", Position.UNKNOWN: ""}

IDENTITY_COLUMNS: ChildColumns = (
    ("No", lambda row: row.number),
    ("anak_ke", no_value),
    ("tgl_lahir", lambda row: row.child.birth_date.isoformat()),
    ("jenis_kelamin", lambda row: _SEXES[Sex(row.child.sex)]),
    ("nomor_KK", no_value),
    ("NIK", lambda row: row.nik),
    ("nama_anak", lambda row: row.child.name),
    ("usia_hamil", lambda row: row.child.gestation_weeks),
    ("berat_lahir", lambda row: _or_not_known(row.child.birth_weight_kg)),
    ("panjang_lahir", lambda row: _or_not_known(row.child.birth_length_cm)),
    ("lingkar_kepala_lahir", no_value),
    ("kia", lambda row: yes_no(row.child.growth_book)),
    ("kia_bayi_kecil", no_value),
    ("imd", no_value),
    ("nama_ortu", lambda row: row.child.parent_name),
    ("nik_ortu", no_value),
    ("hp_ortu", no_value),
    ("alamat", lambda row: row.child.address),
    ("nama_posyandu", lambda row: row.posyandu),
    ("rt", lambda row: row.child.rt),
    ("rw", lambda row: row.child.rw),
    ("hapus", no_value),
    ("pindah", lambda row: "pindah" if row.child.status == ChildStatus.MOVED else ""),
)

MEASUREMENT_COLUMNS: MeasurementColumns = (
    ("No", lambda row: row.number),
    ("NIK", lambda row: row.nik),
    ("nama_anak", lambda row: row.child.name),
    ("TANGGALUKUR", lambda row: row.measured.measured_on.isoformat()),
    ("BERAT", lambda row: number(row.measured.weight_kg)),
    ("TINGGI", lambda row: number(row.measured.lenhei_cm)),
    ("LILA", lambda row: number(row.measured.muac_cm)),
    ("lingkar_kepala", lambda row: number(row.measured.head_cm)),
    ("Pitting_edema", lambda row: yes_no(row.measured.oedema).lower()),
    ("CARAUKUR", lambda row: _POSITIONS[Position(row.measured.position)]),
    ("vita", no_value),
    *((f"asi_bulan_{month}", no_value) for month in range(7)),
    ("kelas_ibu_balita", no_value),
    ("mbg", no_value),
)


def _or_not_known(value: Decimal | None) -> Value:
    return NOT_KNOWN if value is None else number(value)
