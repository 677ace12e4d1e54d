"""e-PPGBM's list of 2025/26: its 36 columns in its order, then those that the register needs to read its own
file back without loss: head circumference, oedema, the code of the village the child lived in that day,
where it has lived since when, and whether and when it died or left.

What the register does not keep (vitamin A, KPSP, the mothers' class, MBG) stays empty. Posyandu, RT, RW and
address are those of today, so they stay empty too on a row from before a move.
"""

from __future__ import annotations

from registry.exports.cell_formatting import (
    Value,
    age_words,
    height_class,
    number,
    proportion_class,
    weight_class,
    yes_no,
    z_score,
)
from registry.exports.nik_masking import Niks
from registry.exports.queries import Histories, Person, Places, Seen
from registry.models import ChildStatus, Position, Sex

OF_EPPGBM = (
    *("No", "NIK", "Nama", "JK", "Tgl Lahir", "BB Lahir", "TB Lahir", "Nama Ortu"),
    *("Prov", "Kab/Kota", "Kec", "Pukesmas", "Desa/Kel", "Posyandu", "RT", "RW", "Alamat"),
    *("Usia Saat Ukur", "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur", "LiLA"),
    *("BB/U", "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB", "Naik Berat Badan"),
    *("Jml Vit A", "KPSP", "KIA", "Kelas Ibu Balita", "MBG", "Detail"),
)
OURS = ("Riwayat Tinggal", "Status Anak", "Tanggal Status")
HEADER = (*OF_EPPGBM, "Lingkar Kepala", "Pitting Edema", "Kode Desa", *OURS)

_PROVINCES = {"33": "JAWA TENGAH"}
"""By the first two digits of a code; the register knows no place above a kabupaten."""

_POSITIONS = {Position.LYING: "Terlentang", Position.STANDING: "Berdiri", Position.UNKNOWN: ""}
_GONE = {ChildStatus.DIED: "meninggal", ChildStatus.MOVED: "pindah keluar kabupaten"}


def row(
    no: int, person: Person, seen: Seen, places: Places, histories: Histories, niks: Niks
) -> tuple[Value, ...]:
    return (
        no,
        niks.of(person.nik_sealed),
        person.name,
        Sex(person.sex).letter,
        person.birth_date.isoformat(),
        number(person.birth_weight_kg),
        number(person.birth_length_cm),
        person.parent_name,
        *_place(person, seen, places),
        age_words(person.birth_date, seen.measured_on),
        seen.measured_on.isoformat(),
        number(seen.weight_kg),
        number(seen.lenhei_cm),
        _POSITIONS[Position(seen.position)],
        number(seen.muac_cm),
        weight_class(seen),
        z_score(seen.waz),
        height_class(seen),
        z_score(seen.haz),
        proportion_class(seen),
        z_score(seen.whz),
        seen.gain,
        "",
        "",
        yes_no(person.growth_book),
        "",
        "",
        _detail(person),
        number(seen.head_cm),
        yes_no(seen.oedema),
        seen.village,
        histories.of(person.id),
        _GONE.get(ChildStatus(person.status), ""),
        person.status_date.isoformat() if person.status_date else "",
    )


def _place(person: Person, seen: Seen, places: Places) -> tuple[Value, ...]:
    home = places.home(seen.village)
    at_home = person.village == seen.village
    return (
        _PROVINCES.get(home.code[:2], ""),
        home.district.upper(),
        home.kecamatan.upper(),
        home.puskesmas.upper(),
        home.village.upper(),
        *((places.posyandu(person.posyandu), person.rt, person.rw, person.address) if at_home else ("",) * 4),
    )


def _detail(person: Person) -> str:
    """A child that died or left, so that nobody sets out to visit it."""
    gone = _GONE.get(ChildStatus(person.status))
    return f"{gone} {person.status_date}" if gone else ""
