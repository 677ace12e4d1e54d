"""Which column of a CSV is which, by its heading, and the headings of the file that comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.growth.cells.column_names import FIELD_OF as _EPPGBM  # the headings of e-PPGBM, kept once
from registry.growth.cells.text import plain
from registry.growth.indices import INDICES

# Headings in one spelling (``plain``): "LiLA (cm)" is LILA CM, "age_days" is AGE DAYS.
_NAMES: Mapping[str, Sequence[str]] = {
    "sex": ("SEX", "GENDER", "KELAMIN"),
    "age_days": ("AGE DAYS", "AGE IN DAYS", "UMUR HARI", "USIA HARI", "UMUR DALAM HARI"),
    "age_months": ("AGE MONTHS", "AGE IN MONTHS", "UMUR BULAN", "USIA BULAN", "UMUR DALAM BULAN"),
    "birth_date": ("BIRTH DATE", "BIRTHDATE", "DATE OF BIRTH", "DOB"),
    "measured_on": (
        *("DATE", "MEASURED ON", "MEASUREMENT DATE", "DATE OF MEASUREMENT", "VISIT DATE", "DATE OF VISIT"),
        *("TANGGAL", "TGL"),
    ),
    "position": ("MEASURE", "POSITION", "POSTURE", "POSISI"),
    "weight_kg": ("WEIGHT KG", "WEIGHT", "BERAT KG", "BB KG", "BERAT BADAN KG"),
    "lenhei_cm": (
        *("LENHEI CM", "LENHEI", "LENGTH CM", "LENGTH", "HEIGHT CM", "HEIGHT"),
        *("PB", "PANJANG", "PANJANG BADAN", "PB CM", "PANJANG CM", "PANJANG BADAN CM"),
        *("TB CM", "TINGGI CM", "TINGGI BADAN CM", "PB TB CM"),
    ),
    "muac_mm": ("MUAC MM", "ARMC MM", "LILA MM"),
    "muac_cm": ("MUAC CM", "ARMC CM", "LILA CM"),
    "head_cm": ("HEADC CM", "HEADC", "HEAD CM", "LINGKAR KEPALA CM", "LIKA CM"),
    "triceps_mm": ("TRISKIN MM", "TRISKIN", "TRICEPS MM", "TRICEPS"),
    "subscapular_mm": ("SUBSKIN MM", "SUBSKIN", "SUBSCAPULAR MM", "SUBSCAPULAR"),
    "oedema": ("OEDEMA", "EDEMA"),
}
_FROM_EPPGBM = {
    "sex": "sex",
    "birth_date": "birth_date",
    "measured_on": "measured_on",
    "weight": "weight_kg",
    "lenhei": "lenhei_cm",
    "position": "position",
    "muac": "muac_cm",
    "head": "head_cm",
}
FIELD_OF = {name: _FROM_EPPGBM[field] for name, field in _EPPGBM.items() if field in _FROM_EPPGBM} | {
    name: field for field, names in _NAMES.items() for name in names
}

# Headings without the unit that decides what they say, and how to write them.
_WITHOUT_UNIT = {
    "MUAC": ("muac_mm", "muac_cm"),
    "ARMC": ("muac_mm", "muac_cm"),
    "AGE": ("age_days", "age_months"),
    "UMUR": ("age_days", "age_months"),
    "USIA": ("age_days", "age_months"),
}

_DATES = {"birth_date", "measured_on"}
_SAME_QUANTITY = {"muac_mm": "muac_cm"}

MEASURES = frozenset(
    ("weight_kg", "lenhei_cm", "muac_mm", "muac_cm", "head_cm", "triceps_mm", "subscapular_mm")
)

WHO_NAMES = dict(
    zip((index.name for index in INDICES), ("len", "wei", "wfl", "bmi", "hc", "ac", "ts", "ss"), strict=True)
)
"""What WHO's software calls each index: ``z`` and this is the score, ``f`` and this the flag."""

LABELLED = ("haz", "waz", "whz", "baz", "muac")

OURS = (
    "clenhei",
    *(f"{letter}{name}" for name in WHO_NAMES.values() for letter in "zf"),
    *(f"label_{name}" for name in LABELLED),
    "reason",
)
"""The headings that are appended, in their order."""


class Unreadable(Exception):
    """The whole file cannot be scored. Its text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a field stands in the file: the number of its column, from 0, and the heading as written."""

    index: int
    heading: str


def find_columns(header: Sequence[str]) -> dict[str, ColumnPlace]:
    """Return the fields of a header and their places.

    Raises :class:`Unreadable` when sex, age or every measure is missing, when two columns say the same, and
    when a heading leaves its unit open.
    """
    found: dict[str, ColumnPlace] = {}
    taken: dict[str, str] = {}
    for index, heading in enumerate(header):
        field = FIELD_OF.get(plain(heading))
        if field is None:
            continue
        first = taken.setdefault(_SAME_QUANTITY.get(field, field), heading)
        if field in found or first != heading:
            raise Unreadable(
                f"Kolom '{first}' dan '{heading}' sama artinya. Hapus atau ganti nama salah satunya. / "
                f"Columns '{first}' and '{heading}' mean the same. Remove or rename one of them."
            )
        found[field] = ColumnPlace(index, heading)
    _check_units(header, found)
    _check_missing(found)
    if not found.keys() >= _DATES:
        for field in _DATES:
            found.pop(field, None)  # one date alone tells nothing, so nothing in it can be wrong
    return found


def _check_units(header: Sequence[str], found: Mapping[str, ColumnPlace]) -> None:
    """Raise Unreadable for a unit left open, where no other column says the same with its unit."""
    aged = _knows_age(found)
    for heading in header:
        names = _WITHOUT_UNIT.get(plain(heading), ())
        if names and not found.keys() & set(names) and not (names[0] == "age_days" and aged):
            raise Unreadable(
                f"Kolom '{heading}' tidak menyebut satuannya. Tulis {' atau '.join(names)}. / "
                f"Column '{heading}' does not tell its unit. Write {' or '.join(names)}."
            )


def _check_missing(found: Mapping[str, ColumnPlace]) -> None:
    missing = []
    if "sex" not in found:
        missing.append("sex (jk)")
    if not _knows_age(found):
        missing.append("age_days / age_months / birth_date + date (tgl_lahir + tgl_ukur)")
    if not found.keys() & MEASURES:
        missing.append("weight_kg (bb) / lenhei_cm (tb) / muac_mm / headc_cm / triskin_mm / subskin_mm")
    if missing:
        names = "; ".join(missing)
        raise Unreadable(
            f"Kolom ini tidak ada: {names}. Periksa judul kolom di baris pertama. / "
            f"These columns are missing: {names}. Check the headings in the first row."
        )


def _knows_age(found: Mapping[str, ColumnPlace]) -> bool:
    return bool(found.keys() & {"age_days", "age_months"}) or found.keys() >= _DATES


def output_header(header: Sequence[str]) -> list[str]:
    """Return the headings of the result: the file's own, then ours, no two the same in any case.

    Ours keep their plain names, so that a program finds them in every result. A heading of the file that is
    one of ours gets ``_in`` behind it; a repeated or empty one gets a number.
    """
    ours = {name.casefold() for name in OURS}
    taken = ours | {heading.casefold() for heading in header}
    seen: set[str] = set()
    names = []
    for number, heading in enumerate(header, start=1):
        name, key = heading, heading.casefold()
        if key in ours:
            name = _free(f"{heading}_in", taken)
        elif not heading.strip():
            name = _free(f"column_{number}", taken)
        elif key in seen:
            name = _free(heading, taken)
        seen.add(key)
        taken.add(name.casefold())
        names.append(name)
    return [*names, *OURS]


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name}_{number}"
    return free
