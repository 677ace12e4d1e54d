"""The e-PPGBM file of a district's quarter: invented children, each measured once in each of three months.

Every value is one that e-PPGBM itself would write there: the z-scores are those of the register's own engine,
so that nothing is refused or doubted for being impossible, and reading it back takes every row.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from bench._import_kinds import LARGE_VILLAGE, FileKind
from demo.child_growth import Visits, faltering, latents, measure
from demo.invented_names import parent_names, person_names, posyandu_names
from demo.people import BoolArray, IntArray
from registry.exports.cell_formatting import age_words
from registry.growth import BatchAssessment, assess_batch, label_haz, label_waz, label_whz
from registry.growth.batch import LYING, STANDING
from registry.growth.rules import LAST_DAY, SexCode
from registry.places.data import puskesmas_names, read_places

HEADER = (
    *("No", "NIK", "Nama", "JK", "Tgl Lahir", "BB Lahir", "TB Lahir", "Nama Ortu"),
    *("Prov", "Kab/Kota", "Kec", "Pukesmas", "Desa/Kel", "Posyandu", "RT", "RW", "Alamat"),
    *("Usia Saat Ukur", "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur", "LiLA"),
    *("BB/U", "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB", "Naik Berat Badan"),
    *("Jml Vit A", "KPSP", "KIA", "Detail"),
)
"""The 34 columns of e-PPGBM in 2024."""

MONTHS = (date(2024, 6, 1), date(2024, 7, 1), date(2024, 8, 1))
_PARENTS, _VILLAGE = (HEADER.index(name) - 1 for name in ("Nama Ortu", "Desa/Kel"))  # after the number
_SEED = 2024
_POSYANDU = 8  # of a village
_FIRST_SERIAL = 9001  # of a NIK; the civil registry never comes this far on one day
_POSITIONS = {LYING: "Terlentang", STANDING: "Berdiri"}
_AGAIN = 0.15  # SD; how far a child's weight for height is from month to month


def make_file(path: Path, rows: int, kind: FileKind = FileKind.USUAL) -> None:
    """Write the .xlsx with so many rows; the same every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    _write(half, _rows(rows, kind))
    half.rename(path)


def _write(path: Path, rows: list[list[Any]]) -> None:
    # Not row by row ("constant_memory"): texts shared by rows are what the field's program writes.
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Worksheet")
        sheet.write_row(0, 0, HEADER)
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, row)


def _rows(count: int, kind: FileKind) -> list[list[Any]]:
    """Yield the rows by month and then by child, as three lists of a month one below the other."""
    rng = np.random.default_rng(_SEED)
    children = -(-count // len(MONTHS))
    villages = len(read_places()) if kind == FileKind.USUAL else -(-children // LARGE_VILLAGE)
    village = np.sort(rng.integers(0, villages, children))
    girl = rng.random(children) < 0.487
    # Under five in every one of the months, and born before the first.
    birth = rng.integers(MONTHS[-1].toordinal() + 30 - LAST_DAY, MONTHS[0].toordinal(), children)
    people = _people(rng, village, girl, birth)
    if kind == FileKind.SAME_PARENTS:
        parents = dict[str, str]()  # of the first child of each village
        for person in people:
            person[_PARENTS] = parents.setdefault(person[_VILLAGE], person[_PARENTS])
    seen = _measure_months(rng, girl, birth)
    before: dict[int, float] = {}
    rows: list[list[Any]] = []
    for visits in seen:
        rows += _month(people, visits, _assess_visits(visits, girl, birth), before, len(rows))
    return rows[:count]


def _people(rng: np.random.Generator, village: IntArray, girl: BoolArray, birth: IntArray) -> list[list[Any]]:
    """Return NIK to address of each child, and its birth date last."""
    places = read_places()
    names, parents = person_names(rng, girl), parent_names(rng, len(girl))
    posyandu, serials = posyandu_names(_POSYANDU), Counter[str]()
    of_child = rng.integers(0, _POSYANDU, len(girl)).tolist()
    weight = np.clip(np.round(rng.normal(3.1, 0.42, len(girl)), 1), 1.6, 5.0).tolist()
    length = np.clip(np.round(rng.normal(48.8, 1.9, len(girl))), 42, 55).astype(int).tolist()
    rt, rw = (rng.integers(1, most, len(girl)).tolist() for most in (7, 13))
    people = []
    for i, (number, day) in enumerate(zip(village.tolist(), birth.tolist(), strict=True)):
        place, born = places[number], date.fromordinal(day)
        prefix = f"{place.kecamatan_code.replace('.', '')}{born.day + 40 * bool(girl[i]):02d}{born:%m%y}"
        nik = f"{prefix}{_FIRST_SERIAL + serials[prefix]}"
        serials[prefix] += 1
        puskesmas = puskesmas_names(place.kecamatan)
        people.append(
            [
                *(nik, names[i].upper(), "P" if girl[i] else "L", born.isoformat(), weight[i], length[i]),
                *(parents[i].upper(), "JAWA TENGAH", "CILACAP", place.kecamatan.upper()),
                *(puskesmas[of_child[i] % len(puskesmas)].upper(), place.name.upper()),
                *(posyandu[of_child[i]].upper(), f"{rt[i]:03d}", f"{rw[i]:03d}"),
                f"DUSUN {rt[i]} {place.name.upper()}",
                born,
            ]
        )
    return people


def _measure_months(rng: np.random.Generator, girl: BoolArray, birth: IntArray) -> list[Visits]:
    """Measure every child once in each month, growing along its own line."""
    count = len(girl)
    latent = latents(rng, np.full(count, -0.9))
    haz, whz = np.clip(latent.haz, -4, 3), np.clip(latent.whz, -3, 2.5)
    no = np.zeros(count, np.bool_)
    seen = []
    for month in MONTHS:
        day = month.toordinal() + rng.integers(2, 22, count)
        age = day - birth
        visits = measure(
            rng,
            child=np.arange(count),
            day=day,
            age_days=age,
            girl=girl,
            haz=haz + faltering(age),
            whz=whz + rng.normal(0, _AGAIN, count),
            hcz=latent.hcz,
            whole_cm=no,
            half_kg=no,
        )
        seen.append(visits)
    return seen


def _assess_visits(visits: Visits, girl: BoolArray, birth: IntArray) -> BatchAssessment:
    return assess_batch(
        sex=np.where(girl, SexCode.GIRL, SexCode.BOY),
        age_days=visits.day - birth,
        weight_kg=visits.weight_kg,
        lenhei_cm=visits.lenhei_cm,
        position=visits.position,
    )


def _month(
    people: list[list[Any]], visits: Visits, judged: BatchAssessment, before: dict[int, float], number: int
) -> list[list[Any]]:
    rows = []
    z_scores = [(judged.waz, label_waz), (judged.haz, label_haz), (judged.whz, label_whz)]
    for i, (*person, born) in enumerate(people):
        day, weight = date.fromordinal(int(visits.day[i])), float(visits.weight_kg[i])
        gain = "O" if i not in before else "N" if weight > before[i] else "T"
        before[i] = weight
        classes: list[Any] = []
        for z, label_of in z_scores:
            label = label_of(float(z[i])) if np.isfinite(z[i]) else None
            classes += [label.id, round(float(z[i]), 2)] if label else ["", ""]
        rows.append(
            [
                *(number + i + 1, *person),
                *(age_words(born, day), day.isoformat(), weight, _number(visits.lenhei_cm[i])),
                *(_POSITIONS.get(int(visits.position[i]), ""), _number(visits.muac_cm[i])),
                *(*classes, gain, "1", "Sesuai", "Ya", "-"),
            ]
        )
    return rows


def _number(value: float) -> float | str:
    return float(value) if np.isfinite(value) else ""
