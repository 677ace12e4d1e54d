"""What a cell says in a word: sex, position, oedema, why nothing was measured, yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from registry.growth.cells.text import Cell, plain, repeated_words, word, words_of
from registry.growth.rules import PositionCode, SexCode

_SEXES_OF_THE_FIELD = {
    **dict.fromkeys(("L", "LK", "LAKI", "LAKI LAKI", "LAKILAKI", "LELAKI", "PRIA"), SexCode.BOY),
    **dict.fromkeys(("P", "PR", "PEREMPUAN", "WANITA"), SexCode.GIRL),
}
_SEXES_OF_PROGRAMS = {
    **dict.fromkeys(("M", "MALE", "BOY", "1"), SexCode.BOY),
    **dict.fromkeys(("F", "FEMALE", "GIRL", "2"), SexCode.GIRL),
}
_SEXES = _SEXES_OF_THE_FIELD | _SEXES_OF_PROGRAMS
_POSITIONS = {
    "BERDIRI": PositionCode.STANDING,
    "STANDING": PositionCode.STANDING,
    "H": PositionCode.STANDING,
    "TERLENTANG": PositionCode.LYING,
    "TELENTANG": PositionCode.LYING,
    "BERBARING": PositionCode.LYING,
    "RECUMBENT": PositionCode.LYING,
    "LYING": PositionCode.LYING,
    "L": PositionCode.LYING,
}
_YES = frozenset({"YA", "Y", "YES", "ADA", "1", "TRUE"})
_NO = frozenset({"TIDAK", "T", "NO", "N", "0", "TDK", "FALSE"})
_OEDEMA = frozenset({"EDEMA", "OEDEMA", "ODEMA", "UDEM", "PITTING"})
_SWOLLEN = frozenset({"BENGKAK", "BENGKAKNYA"})
_HAS = _YES | {"POSITIF", "POS"}
_HAS_NOT = _NO | {"NEGATIF", "NEG", "TANPA", "NON", "NIHIL", "NORMAL"}
_SEEN = frozenset({"ADA", "TAMPAK", "TERLIHAT", "DITEMUKAN"}) | _OEDEMA | _SWOLLEN  # behind a no, part of it
_UNSURE = frozenset({"MUNGKIN", "RAGU", "RIWAYAT", "DULU"})
_NOT_LOOKED = re.compile(r"(?:BELUM|TIDAK|TDK) (?:DI ?)?(?:PERIKSA|CEK|UKUR|NILAI)")
_DEGREE = re.compile(r"(?:DERAJAT|GRADE|EDEMA|OEDEMA|ODEMA)?[\s(+]*([0-3]|-|\++)[\s+)-]*")
_BOTH_FEET = re.compile(r"(?:EDEMA|OEDEMA|ODEMA)?[\s(]*(-|\++)\s*/\s*(-|\++)[\s)]*")
_IN_BRACKETS = re.compile(r"\(\s*(-|\++)\s*\)")

_NOT_MEASURED = re.compile(
    r"(?:(?:TIDAK|TDK|TAK|GAK|NGGAK|BELUM|BLM)"
    r"(?: (?:HADIR|DATANG|ADA|IKUT|MAU|BISA|(?:DI ?)?(?:UKUR|TIMBANG|PERIKSA)|NIMBANG))?"
    r"|ABSEN|ALPA|SAKIT|IZIN|IJIN|KOSONG|X+|PERGI|BEPERGIAN|MUDIK|(?:KE )?LUAR KOTA|MENOLAK|REWEL|TIDUR)"
    r"(?: (?:KARENA|KRN))?(?: (?:ABSEN|SAKIT|IZIN|IJIN|PERGI|BEPERGIAN|MUDIK|(?:KE )?LUAR KOTA|REWEL|TIDUR))?"
)
_LEFT = re.compile(r"(?:SUDAH|SDH|TELAH)? ?PINDAH(?! (?:DARI|MASUK))(?: .*)?")
_DIED = re.compile(r"(?:(?:SUDAH|SDH|TELAH)? ?(?:MENINGGAL|WAFAT)|ALM|ALMARHUM|ALMARHUMAH)(?: .*)?")


class Absence(StrEnum):
    """Why a child was not measured, as a cell says it."""

    NOT_MEASURED = "not_measured"
    LEFT = "left"
    DIED = "died"


def sex_of(cell: Cell) -> SexCode | None:
    """Return boy or girl as the field and programs write it; None for anything else."""
    # Where some cells of a column are empty, programs write a code as 1.0.
    return _SEXES.get(word(repeated_words(cell).removesuffix(".0")))


def is_sex_of_the_field(cell: Cell) -> bool:
    """Return whether a cell says boy or girl as only the field does: 1, 2, M and F may say something else."""
    return word(repeated_words(cell)) in _SEXES_OF_THE_FIELD


def position_of(cell: Cell) -> PositionCode | None:
    """Return lying or standing, UNKNOWN for an empty cell; None for a word nobody knows."""
    said = word(repeated_words(cell))
    return _POSITIONS.get(said) if said else PositionCode.UNKNOWN


def absence_of(cell: Cell) -> Absence | None:
    """Return why nothing was measured, in the words of a cell; None for an empty one and for other words."""
    words = plain(words_of(cell))  # also of a remark, which may name people
    known = {Absence.NOT_MEASURED: _NOT_MEASURED, Absence.LEFT: _LEFT, Absence.DIED: _DIED}
    return next((absence for absence, pattern in known.items() if pattern.fullmatch(words)), None)


def oedema_of(cell: Cell) -> bool | None:
    """Return whether a child has oedema, False for an empty cell; None for a word nobody knows."""
    return _oedema(repeated_words(cell))


@lru_cache(maxsize=1024)
def _oedema(written: str) -> bool | None:
    if not written:
        return False
    if degree := _DEGREE.fullmatch(written.upper()):
        return degree[1] not in ("0", "-")
    if feet := _BOTH_FEET.fullmatch(written.upper()):
        left, right = (foot != "-" for foot in feet.groups())
        return left if left == right else None
    said = plain(written)
    if _NOT_LOOKED.fullmatch(said):
        return False
    found = set(_sayings(said.split()))
    found |= {sign != "-" for sign in _IN_BRACKETS.findall(written)}
    return found.pop() if len(found) == 1 else None


def _sayings(words: list[str]) -> Iterator[bool | None]:
    """Return what each of the words says of oedema; None for what makes it doubtful."""
    about = [one for one in words if one not in _OEDEMA | _SWOLLEN]
    if not about:
        yield True if _SWOLLEN & set(words) else None
        return
    if about[0] not in _HAS | _HAS_NOT:
        yield None
    before = ""
    for i, one in enumerate(about):
        if one in _UNSURE:
            yield None
        elif i and one.isdigit():  # so many days, the first foot
            continue
        elif one in _HAS_NOT:
            yield None if one == "NORMAL" and before in _NO else False
        elif one in _HAS and not (before in _HAS_NOT and one in _SEEN):
            yield True
        before = one if one in _HAS_NOT or one not in _SEEN else before


def yes_or_no(cell: Cell) -> bool | None:
    """Return whether a cell says yes; None where it says neither."""
    said = word(repeated_words(cell))
    return True if said in _YES else False if said in _NO else None
