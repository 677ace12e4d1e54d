"""The two templates that Sigizi takes: of children, and of their measurements.

Columns the register has nothing for stay empty, but for weight and length at birth, where Sigizi's own code
stands for "not known". ``hapus`` is never filled: a child is taken out of the national system by a person.
"""

from __future__ import annotations

from registry.exports.cell_formatting import Value, number, yes_no
from registry.exports.nik_masking import Niks
from registry.exports.queries import Person, Places, Seen
from registry.models import ChildStatus, Position, Sex

NOT_KNOWN = 8888

IDENTITY = (
    *("No", "anak_ke", "tgl_lahir", "jenis_kelamin", "nomor_KK", "NIK", "nama_anak", "usia_hamil"),
    *("berat_lahir", "panjang_lahir", "lingkar_kepala_lahir", "kia", "kia_bayi_kecil", "imd"),
    *("nama_ortu", "nik_ortu", "hp_ortu", "alamat", "nama_posyandu", "rt", "rw", "hapus", "pindah"),
)
_MONTHS_OF_BREASTFEEDING = tuple(f"asi_bulan_{month}" for month in range(7))
MEASUREMENT = (
    *("No", "NIK", "nama_anak", "TANGGALUKUR", "BERAT", "TINGGI", "LILA", "lingkar_kepala"),
    *("Pitting_edema", "CARAUKUR", "vita", *_MONTHS_OF_BREASTFEEDING, "kelas_ibu_balita", "mbg"),
)

_SEXES = {Sex.BOY: "Laki-laki", Sex.GIRL: "Perempuan"}
_POSITIONS = {Position.LYING: "terlentang", Position.STANDING: "berdiri", Position.UNKNOWN: ""}


def identity(no: int, person: Person, places: Places, niks: Niks) -> tuple[Value, ...]:
    return (
        no,
        "",
        person.birth_date.isoformat(),
        _SEXES[Sex(person.sex)],
        "",
        niks.of(person.nik_sealed),
        person.name,
        "",
        NOT_KNOWN if person.birth_weight_kg is None else number(person.birth_weight_kg),
        NOT_KNOWN if person.birth_length_cm is None else number(person.birth_length_cm),
        "",
        yes_no(person.growth_book),
        "",
        "",
        person.parent_name,
        "",
        "",
        person.address,
        places.posyandu(person.posyandu),
        person.rt,
        person.rw,
        "",
        "pindah" if person.status == ChildStatus.MOVED else "",
    )


def measurement(no: int, person: Person, seen: Seen, niks: Niks) -> tuple[Value, ...]:
    return (
        no,
        niks.of(person.nik_sealed),
        person.name,
        seen.measured_on.isoformat(),
        number(seen.weight_kg),
        number(seen.lenhei_cm),
        number(seen.muac_cm),
        number(seen.head_cm),
        yes_no(seen.oedema).lower(),
        _POSITIONS[Position(seen.position)],
        "",
        *("" for _month in _MONTHS_OF_BREASTFEEDING),
        "",
        "",
    )
