"""Every value of a row is taken or said: stored, or named in a note, an unread column or a refusal."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from django.core.management import CommandError

from registry.growth.cells.column_names import field_of, is_expected_unread
from registry.growth.cells.dates import written_date
from registry.growth.cells.text import plain, words_of
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows
from registry.imports.report import NOT_TAKEN, Report, RowOutcome
from registry.models import Child, Measurement, Sex, User
from tests.imports.files import SAMPLES
from tests.imports.test_import_command import run

pytestmark = pytest.mark.django_db

WHO = "Nama,JK,Tgl Lahir,Nama Ortu,Kec,Desa"
SITI = "SITI,P,2024-03-14,IBU AMINAH,KESUGIHAN,MENGANTI"
DAY = "Tanggal Pengukuran"
RECOMPUTED = {"no", "age", "age_years", "age_months", "age_days", "waz", "haz", "whz", "ntob"}
"""Fields that say nothing of their own: numbers of rows, and what the register works out anew."""

TICKED = {"boy": "L", "girl": "P"}

# Header, rows, days that are answered, and how import_file ends: 0, 1 left open, 2 the file refused.
CASES = {
    "one day": (f"{WHO},{DAY},BB,TB", [f"{SITI},2025-01-12,9.1,78"], (), 0),
    "arm and head": (f"{WHO},{DAY},BB,TB,LILA,LK", [f"{SITI},2025-01-12,9.1,78,13.5,45.2"], (), 0),
    "a title nobody knows": (f"{WHO},{DAY},BB,TB,KPSP lama", [f"{SITI},2025-01-12,9.1,78,sesuai"], (), 0),
    "born in grams": (f"{WHO},BB Lahir,{DAY},BB", [f"{SITI},3100,2025-01-12,9.1"], (), 0),
    "born too heavy": (f"{WHO},BB Lahir,{DAY},BB", [f"{SITI},55,2025-01-12,9.1"], (), 0),
    "a weight in words": (f"{WHO},{DAY},BB,TB", [f"{SITI},2025-01-12,banyak,78"], (), 1),
    "no day": (f"Nama,JK,Tgl Lahir,Kec,BB,Desa,{DAY}", ["SITI,P,2024-03-14,KESUGIHAN,9.1,MENGANTI,"], (), 1),
    "months not answered": (f"{WHO},BB Jan,TB Jan,BB Feb", [f"{SITI},9.1,78,9.3"], (), 1),
    "one month answered": (f"{WHO},BB Jan,TB Jan,BB Feb", [f"{SITI},9.1,78,9.3"], ("2025-01-12",), 1),
    "months answered": (
        f"{WHO},BB Jan,TB Jan,BB Feb",
        [f"{SITI},9.1,78,9.3", f"{SITI},,,9.4".replace("SITI", "BUDI").replace("AMINAH", "RATNA")],
        ("2025-01-12", "2025-02-12"),
        0,
    ),
    "months and an age": (
        f"{WHO},Imunisasi Jan,Cara Ukur,BB Jan,BB Feb",
        [f"{SITI},BCG,Berdiri,9.1,9.3"],
        ("2025-01-12", "2025-02-12"),
        0,
    ),
    "ill in a month": (
        f"{WHO},BB Jan,BB Feb",
        [f"{SITI},9.1,sakit", "BUDI,L,2024-05-01,IBU RATNA,KESUGIHAN,MENGANTI,,"],
        ("2025-01-12", "2025-02-12"),
        0,
    ),
    "moved in a month": (f"{WHO},BB Jan,BB Feb", [f"{SITI},9.1,PINDAH"], ("2025-01-12", "2025-02-12"), 1),
    "months in two rows": (
        f"{WHO},JANUARI,,FEBRUARI,", [",,,,,,BB,TB,BB,TB", f"{SITI},9.1,78,9.3,79"], ("2025-01-12",), 1
    ),
    "weights by number": (f"{WHO},{DAY},BB 1,BB 2", [f"{SITI},2025-01-12,9.1,9.3"], (), 2),
    "weights twice": (f"{WHO},{DAY},BB,BB", [f"{SITI},2025-01-12,9.1,9.3"], (), 2),
}  # fmt: skip


def lines_of(content: bytes) -> list[list[str]]:
    written = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(written), delimiter=";" if written.count(";") > 9 else ","))


def stored_values() -> set[str | Decimal | date]:
    """What the register has of any child and measurement, as cells are compared."""
    found: set[str | Decimal | date] = set()
    for child in Child.objects.select_related("village__kecamatan", "posyandu"):
        texts = (child.name, child.parent_name, child.village.name, child.village.kecamatan.name)
        more = (child.posyandu.name if child.posyandu else "", child.rt, child.rw, child.address)
        found |= {plain(text) for text in (*texts, *more) if text}
        found |= {Sex(child.sex).letter, child.birth_date}
        found |= {value for value in (child.birth_weight_kg, child.birth_length_cm) if value}
    for one in Measurement.objects.all():
        found |= {one.measured_on}
        found |= {value for value in (one.weight_kg, one.lenhei_cm, one.muac_cm, one.head_cm) if value}
    return found


def is_stored(cell: str, field: str | None, values: set[str | Decimal | date]) -> bool:
    if field in TICKED:
        return TICKED[field] in values
    if field in ("birth_date", "measured_on"):
        written = written_date(cell)
        return written is not None and not values.isdisjoint(written.meanings)
    try:
        return Decimal(cell.replace(",", ".")) in values
    except InvalidOperation:
        return plain(cell) in values


def not_said(content: bytes, report: Report) -> Iterator[tuple[int, str]]:
    """Yield the number of the row and the text of each cell that is neither stored nor told."""
    lines, values = lines_of(content), stored_values()
    first = min(row.number for row in report.rows)
    header = [" ".join(titles) for titles in zip(*lines[: first - 1], strict=False)]
    unread = " ".join(column.title for column in report.columns_not_read)
    for number, cells in enumerate(lines[first - 1 :], start=first):
        rows = [row for row in report.rows if row.number == number]
        sentences = [row.sentence for row in rows if row.outcome in {*NOT_TAKEN, RowOutcome.SKIPPED}]
        told = " ".join(note.sentence for row in rows for note in row.notes)
        for title, cell in zip(header, cells, strict=False):
            if not words_of(cell) or field_of(title) in RECOMPUTED or is_expected_unread(title):
                continue
            in_unread = title.strip() and title.strip() in unread
            if not (
                is_stored(cell, field_of(title), values)
                or in_unread
                or re.search(rf"[“ ]{re.escape(cell)}[”.]", told)
                or sentences
            ):
                yield number, cell


@pytest.mark.parametrize("case", CASES)
def test_every_value_is_stored_or_said_and_zero_means_that(officer: User, tmp_path: Path, case: str) -> None:
    header, rows, days, expected = CASES[case]
    check(officer, tmp_path, "\n".join([header, *rows]).encode(), days, expected)


@pytest.mark.parametrize("name", ["16", "18"])
def test_so_are_those_of_the_samples(officer: User, tmp_path: Path, name: str) -> None:
    days = ("2025-01-12", "2025-02-12", "2025-03-12") if name == "16" else ()
    check(officer, tmp_path, next(SAMPLES.glob(f"{name}*")).read_bytes(), days, 0)


def check(officer: User, folder: Path, content: bytes, days: Sequence[str], expected: int) -> None:
    file = folder / "berkas.csv"
    file.write_bytes(content)
    options = ["--as", officer.username, *(["--measured-on", ",".join(days)] if days else [])]
    if expected == 2:
        with pytest.raises(CommandError) as caught:
            run(file, *options)
        assert caught.value.returncode == 2
        return
    assert run(file, *options)[0] == expected
    answers = ImportAnswers(days=tuple(map(date.fromisoformat, days)))
    report = import_rows(content, officer, answers=answers)
    assert list(not_said(content, report)) == []
    assert bool(report.not_taken) == bool(expected)
