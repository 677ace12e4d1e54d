"""The columns of the table of beneficiaries, as it is given and taken, and what their cells say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain

from django.utils import translation
from django.utils.text import capfirst

from kpm.models import BeneficiaryEnd, BeneficiaryGroup
from kpm.models.convergence import CONDITION_WORDS, SERVICE_WORDS, typed_services
from kpm.scorecard.indicators import LivingCondition, ScoredService
from registry.growth.cells.codes import yes_or_no
from registry.growth.cells.column_names import NAMES
from registry.growth.cells.dates import Order, written_date
from registry.growth.cells.text import Cell, plain, text_of, words_of

SERVICES = tuple(dict.fromkeys(chain.from_iterable(map(typed_services, BeneficiaryGroup))))
"""Services that are typed for anybody besides children, in the order of the columns."""
CONDITIONS = tuple(one for one in LivingCondition if one is not LivingCondition.BIRTH_CERTIFICATE)
TABLETS = 30
"""Iron tablets of a month, where a cell says no number."""

_PEOPLE = {
    "group": "Kelompok",
    "name": "Nama",
    "birth_date": "Tanggal lahir",
    "last_period": "HPHT",
    "rt": "RT",
    "rw": "RW",
    "village": "Desa/kelurahan",
    "village_code": "Kode desa",
    "ended_on": "Berakhir pada",
    "ended_by": "Berakhir karena",
}
_OTHER_TITLES: Mapping[str, Sequence[str]] = {
    "no": ("NO", "NOMOR"),
    "register": ("NO REGISTER", "NOMOR REGISTER", "NO REGISTER KIA", "NO KIA", "NOMOR REGISTER KIA"),
    "group": ("KELOMPOK SASARAN", "JENIS SASARAN"),
    "name": ("NAMA IBU", "NAMA IBU HAMIL", "NAMA SASARAN", "NAMA LENGKAP", "NAMA REMAJA PUTRI"),
    "child": ("NAMA ANAK", "NAMA BALITA", "NAMA BADUTA"),
    "birth_date": ("TGL LAHIR", "TANGGAL LAHIR ANAK", "TGL LAHIR ANAK", "TANGGAL LAHIR IBU"),
    "last_period": ("TANGGAL HPHT", "TGL HPHT", "HARI PERTAMA HAID TERAKHIR"),
    "due": ("HPL", "TANGGAL HPL", "HARI PERKIRAAN LAHIR", "TANGGAL PERKIRAAN LAHIR", "TAKSIRAN PERSALINAN"),
    "ended_on": ("TANGGAL BERAKHIR", "TANGGAL MELAHIRKAN", "TGL MELAHIRKAN"),
    "ended_by": ("SEBAB BERAKHIR", "SEBAB", "ALASAN BERAKHIR"),
    "status": ("STATUS KEHAMILAN",),
    "kecamatan": NAMES["kecamatan"],
    "village": NAMES["village"],
    "village_code": NAMES["village_code"],
    "check_up": ("PEMERIKSAAN KEHAMILAN", "PERIKSA HAMIL", "ANC"),
    "iron_tablets": ("KONSUMSI PIL FE", "PIL FE", "TTD", "KONSUMSI TTD", "FE"),
    "postnatal_visit": ("PEMERIKSAAN NIFAS", "NIFAS"),
    "counselling": ("KELAS IBU HAMIL", "KONSELING GIZI ORANG TUA", "KONSELING GIZI BAGI ORANG TUA"),
    "immunisation_complete": ("IMUNISASI DASAR", "PEMBERIAN IMUNISASI DASAR"),
    "weighing": ("PENGUKURAN BERAT BADAN", "PENIMBANGAN"),
    "height": ("PENGUKURAN TINGGI BADAN", "TINGGI BADAN"),
    "parenting_class": ("PENGASUHAN", "PENGASUHAN PAUD", "LAYANAN PENGASUHAN"),
    "safe_water": ("AKSES AIR BERSIH", "AIR BERSIH", "AIR MINUM", "AKSES AIR MINUM AMAN"),
    "latrine": ("KEPEMILIKAN JAMBAN", "JAMBAN"),
    "insurance": ("JAMINAN KESEHATAN", "KEPEMILIKAN JAMINAN KESEHATAN"),
    "birth_certificate": ("AKTA LAHIR", "KEPEMILIKAN AKTA LAHIR"),
    "at_risk": ("RISTI", "RISIKO TINGGI"),
    "kek": ("IBU HAMIL KEK",),
}
_BRACKETS = re.compile(r"\(.*?\)")
_TICKS = {"V": True, "√": True, "✓": True, "✔": True, "☑": True, "X": False, "×": False, "✗": False}
_BEHIND = re.compile(r"(.+?)\s*\(([^()]*)\)", re.DOTALL)
_SEVERAL = re.compile(r"[;,\n]")
_MOST_TIMES = 9


@cache
def titles() -> Mapping[str, str]:
    """Return the title of each column by its field; Indonesian for every user, since it is read again."""
    with translation.override("id"):
        of_services = {str(one): capfirst(str(words)) for one, words in SERVICE_WORDS.items()}
        of_conditions = {str(one): capfirst(str(words)) for one, words in CONDITION_WORDS.items()}
    return _PEOPLE | of_services | of_conditions


@cache
def _fields() -> Mapping[str, str]:
    known = {_plain_title(title): field for field, title in titles().items()}
    return known | {title: field for field, names in _OTHER_TITLES.items() for title in names}


def field_of_title(cell: Cell) -> str:
    """Return the field that a title means, with or without what is in brackets; empty for any other."""
    fields = _fields()
    return fields.get(plain(text_of(cell))) or fields.get(_plain_title(text_of(cell))) or ""


def _plain_title(text: str) -> str:
    return plain(_BRACKETS.sub(" ", text))


@cache
def group_words() -> Mapping[BeneficiaryGroup, str]:
    """Return how the table calls the groups."""
    with translation.override("id"):
        return {one: str(one.label) for one in BeneficiaryGroup}


@cache
def end_words() -> Mapping[BeneficiaryEnd, str]:
    """Return how the table says why somebody left the list."""
    with translation.override("id"):
        return {one: str(one.label) for one in BeneficiaryEnd}


def day_of_cell(cell: Cell) -> date | None:
    """Return the day of a cell, day before month where that is open; None if empty. Raises ValueError."""
    written = written_date(cell)
    if written is None:
        return None
    day = written.read(Order.DAY_FIRST)
    if day is None:
        raise ValueError(text_of(cell))
    return day


def tick_of_cell(cell: Cell) -> bool | None:
    """Return whether a cell is ticked, or says yes; None for an empty one. Raises ValueError."""
    words = words_of(cell)
    if not words:
        return None
    found = _TICKS.get(words.upper(), yes_or_no(words))
    if found is None:
        raise ValueError(text_of(cell))
    return found


def services_of_cell(cell: Cell, service: ScoredService) -> Iterator[tuple[date | None, int]]:
    """Yield day and quantity of each time that a cell tells of; None for the day where it is only ticked.

    Several days stand in one cell, each with its number behind it in brackets. A number alone counts tablets,
    else times. Raises ValueError.
    """
    usual = TABLETS if service is ScoredService.IRON_TABLETS else 1
    words = words_of(cell)
    if words.isascii() and words.isdigit() and len(words) <= 3:
        number = int(words)
        if service is ScoredService.IRON_TABLETS:
            yield from [(None, number if number > 1 else usual)] if number else []
            return
        if number > _MOST_TIMES:
            raise ValueError(words)
        yield from [(None, usual)] * number
        return
    try:
        if tick_of_cell(cell):
            yield None, usual
        return
    except ValueError:
        pass
    parts = _SEVERAL.split(words) if isinstance(cell, str) else [cell]
    for part in parts:
        match = _BEHIND.fullmatch(text_of(part))
        day = day_of_cell(match[1] if match else part)
        if day is None or (match and not (match[2].isascii() and match[2].isdigit())):
            raise ValueError(words)
        yield day, int(match[2]) if match else usual


def answer_of_cell(cell: Cell) -> tuple[bool, date | None] | None:
    """Return an answer and the day in brackets behind it; None for an empty cell. Raises ValueError."""
    match = _BEHIND.fullmatch(words_of(cell))
    answer = tick_of_cell(match[1] if match else cell)
    return None if answer is None else (answer, day_of_cell(match[2]) if match else None)
