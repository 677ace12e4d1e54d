"""From the sheets of a file to rows of beneficiaries, and of children on form 2B. Asks no database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.beneficiary_columns import (
    answer_of_cell,
    day_of_cell,
    end_words,
    field_of_title,
    group_words,
    services_of_cell,
    titles,
)
from kpm.models import BeneficiaryEnd, BeneficiaryGroup
from kpm.models.convergence import typed_services
from kpm.scorecard.indicators import LivingCondition, ScoredService
from registry.calendar_months import last_day
from registry.errors import Invalid
from registry.growth.cells.month_names import split_month
from registry.growth.cells.text import Cell, plain, quote, text_of, words_of
from registry.imports.answers import ImportAnswers
from registry.imports.known_places import KnownPlaces
from registry.imports.readers.read_file import Sheet
from registry.imports.tables.header import TITLE_ROWS
from registry.imports.tables.sheet_places import SheetPlace, find_sheet_place
from registry.imports.tables.table_rows import SheetRow
from registry.models import Village
from registry.places.match import VillageNotFound

T = TypeVar("T")

MOST_ROWS = 2000
DAYS_TO_BIRTH = timedelta(days=280)
_FEWEST_KNOWN = 3
_FEWEST_ABOVE = 2  # known titles in the upper row of two: a title above a header is no part of it
_SUM = re.compile(r"(?:JUMLAH|JML|TOTAL|REKAP)\b")
_NO_PERSON = re.compile(rf"{_SUM.pattern}.*|[^A-Z]*")


@dataclass(frozen=True, slots=True)
class PersonTable:
    """A sheet with people: ``columns`` lead from field to column, ``day`` is that of what has only a tick."""

    sheet: Sheet
    columns: Mapping[str, int]
    first: int
    place: SheetPlace
    day: date | None

    @property
    def names_children(self) -> bool:
        return "child" in self.columns

    def lines(self) -> Iterator[SheetRow]:
        """Yield the rows below the header that hold anything in a known column."""
        for i, cells in enumerate(self.sheet.rows[self.first :], start=self.first + 1 + self.sheet.above):
            line = SheetRow(i, self.columns, cells)
            if any(words_of(cell) for cell in line.cells()):
                yield line


@dataclass(frozen=True, slots=True)
class WrittenPerson:
    """What a row says of somebody; ``group`` is None for a child. ``left``: titles that are not taken."""

    name: str
    group: BeneficiaryGroup | None
    village: Village
    birth_date: date | None
    last_period: date | None = None
    rt: str = ""
    rw: str = ""
    ended_on: date | None = None
    ended_by: BeneficiaryEnd | None = None
    services: Sequence[tuple[ScoredService, date, int]] = ()
    answers: Sequence[tuple[LivingCondition, bool, date]] = ()
    left: Sequence[str] = field(default=())


def find_people(sheets: Sequence[Sheet], answers: ImportAnswers, places: KnownPlaces) -> list[PersonTable]:
    """Return the tables of people. Raises Invalid where there is none, or more rows than a village has."""
    found = [
        table
        for sheet in sheets
        if not sheet.hidden and (table := _find_table(sheet, answers, places)) is not None
    ]
    if not found:
        sentence = _(
            "Tidak ada tabel sasaran di berkas ini. Baris judulnya perlu memuat Nama dan paling sedikit dua "
            "kolom lain, misalnya HPHT dan RT."
        )
        raise Invalid("people_missing", sentence, "file")
    if sum(len(one.sheet.rows) - one.first for one in found) > MOST_ROWS:
        sentence = _("Berkas ini lebih dari %(most)s baris. Pecah per desa, lalu unggah satu per satu.")
        raise Invalid("too_many_people", sentence % {"most": MOST_ROWS}, "file")
    return found


def _find_table(sheet: Sheet, answers: ImportAnswers, places: KnownPlaces) -> PersonTable | None:
    for i, row in enumerate(sheet.rows[:TITLE_ROWS]):
        columns, first = _columns(row), i + 1
        below = sheet.rows[i + 1] if i + 1 < len(sheet.rows) else ()
        both = _columns(row, below)
        is_upper = _FEWEST_ABOVE <= len(columns) < len(both)
        if is_upper and not _names_somebody(columns, row, below):
            columns, first = both, i + 2
        if len(columns) >= _FEWEST_KNOWN and {"name", "child"} & columns.keys():
            above = sheet.rows[:i]
            place = find_sheet_place(sheet.name, above, columns, places, answers.village)
            return PersonTable(sheet, columns, first, place, _day_of(sheet, above, answers))
    return None


def _columns(row: Sequence[Cell], below: Sequence[Cell] = ()) -> dict[str, int]:
    found: dict[str, int] = {}
    for i in range(max(len(row), len(below))):
        own = field_of_title(row[i]) if i < len(row) else ""
        if name := own or (field_of_title(below[i]) if i < len(below) else ""):
            found.setdefault(name, i)
    return found


def _names_somebody(columns: Mapping[str, int], row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Return whether the row below a header is the first one of the table, and no part of the header."""
    i = columns.get("name", columns.get("child", len(below)))
    return i < len(below) and bool(words_of(below[i])) and text_of(below[i]) != text_of(row[i])


def _day_of(sheet: Sheet, above: Sequence[Sequence[Cell]], answers: ImportAnswers) -> date | None:
    """Return the last day of the month that the titles or the sheet's name say, else what was answered."""
    today = timezone.localdate()
    for text in [*(text_of(cell) for row in above for cell in row), sheet.name]:
        month, _rest = split_month(plain(text))
        if month and month.year and (first := date(month.year, month.number, 1)) <= today:
            return min(last_day(first), today)
    return answers.measured_on


def is_no_person(line: SheetRow) -> bool:
    """Return whether a row is a sum, the numbers of the columns, or one of a form that nobody filled in."""
    name, number = (plain(words_of(cell)) for cell in (line["name"] or line["child"], line["no"]))
    if name:
        return _NO_PERSON.fullmatch(name) is not None
    filled = sum(bool(words_of(cell)) for cell in line.cells()) - bool(number)
    return not filled or (bool(number) and _SUM.match(number) is not None)


def read_person(table: PersonTable, line: SheetRow, places: KnownPlaces) -> WrittenPerson:
    """Return what a row says. Raises Invalid with a sentence for a cell that cannot be read."""
    group = None if table.names_children else _read_group(line["group"])
    ended_on = None if group is None else _read(line, "ended_on", day_of_cell)
    services, left = _read_services(table, line, group)
    return WrittenPerson(
        name=text_of(line["child" if group is None else "name"]),
        group=group,
        village=_read_village(line, table.place, places),
        birth_date=_read(line, "birth_date", day_of_cell),
        last_period=_read_last_period(line) if group == BeneficiaryGroup.PREGNANT else None,
        rt=_read_number(line["rt"]),
        rw=_read_number(line["rw"]),
        ended_on=ended_on,
        ended_by=_read_end(line["ended_by"], group) if ended_on and group else None,
        services=services,
        answers=_read_answers(table, line, group),
        left=left,
    )


def _read(line: SheetRow, name: str, reader: Callable[[Cell], T]) -> T:
    try:
        return reader(line[name])
    except ValueError:
        said = {"title": titles().get(name) or name.upper(), "text": quote(line[name])}
        sentence = (
            _("%(title)s: “%(text)s” tidak terbaca. Tulis tanggal seperti 2024-06-12.")
            if reader is day_of_cell
            else _("%(title)s: “%(text)s” tidak terbaca. Tulis tanggal seperti 2024-06-12, atau ya/tidak.")
        )
        raise Invalid("cell_unread", sentence % said, name) from None


def _read_group(cell: Cell) -> BeneficiaryGroup:
    said = plain(words_of(cell))
    for group, words in group_words().items():
        if said == plain(words) or (not said and group == BeneficiaryGroup.PREGNANT):
            return group
    sentence = _("Kelompok “%(text)s” tidak dikenal. Pakai: %(groups)s.")
    known = ", ".join(group_words().values())
    raise Invalid("group_unknown", sentence % {"text": quote(cell), "groups": known}, "group")


def _read_end(cell: Cell, group: BeneficiaryGroup) -> BeneficiaryEnd:
    said = plain(words_of(cell))
    if not said and group == BeneficiaryGroup.PREGNANT:
        return BeneficiaryEnd.DELIVERED
    for end, words in end_words().items():
        if said == plain(words):
            return end
    sentence = _("Sebab berakhir “%(text)s” tidak dikenal. Pakai: %(ends)s.")
    ends = ", ".join(end_words().values())
    raise Invalid("end_unknown", sentence % {"text": quote(cell), "ends": ends}, "ended_by")


def _read_last_period(line: SheetRow) -> date | None:
    due = _read(line, "due", day_of_cell)
    return _read(line, "last_period", day_of_cell) or (due - DAYS_TO_BIRTH if due else None)


def _read_number(cell: Cell) -> str:
    return words_of(cell)[:5]


def _read_village(line: SheetRow, place: SheetPlace, places: KnownPlaces) -> Village:
    code, name = words_of(line["village_code"]), words_of(line["village"])
    if not code and not name and place.village is not None:
        return place.village
    if not code and not name:
        sentence = _("Berkas ini tidak menyebut desanya. Pilih desa atau kelurahannya, lalu periksa lagi.")
        raise Invalid("village_needed", sentence, "village")
    found = places.find(code, words_of(line["kecamatan"]) or place.kecamatan, name)
    if isinstance(found, VillageNotFound):
        raise Invalid("village_not_found", found.reason, "village")
    return found


def _read_services(
    table: PersonTable, line: SheetRow, group: BeneficiaryGroup | None
) -> tuple[list[tuple[ScoredService, date, int]], list[str]]:
    """Return the services of a row, and the titles of those that are not typed for its group."""
    typed, left = typed_services(group), []
    found: list[tuple[ScoredService, date, int]] = []
    for service in ScoredService:
        if service not in typed or service is ScoredService.LESSONS:
            left += [titles()[service]] if words_of(line[service]) else []
            continue

        def read(cell: Cell, service: ScoredService = service) -> list[tuple[date | None, int]]:
            return list(services_of_cell(cell, service))

        for day, quantity in _read(line, service, read):
            on = day or table.day
            if on is None:
                sentence = _("Layanan ini hanya dicentang. Jawab dulu tanggalnya di atas.")
                raise Invalid("measured_on_missing", sentence, service)
            found.append((service, on, quantity))
    return found, left


def _read_answers(
    table: PersonTable, line: SheetRow, group: BeneficiaryGroup | None
) -> list[tuple[LivingCondition, bool, date]]:
    today = table.day or timezone.localdate()
    found: dict[LivingCondition, tuple[bool, date]] = {}
    if group == BeneficiaryGroup.PREGNANT and (status := plain(words_of(line["status"]))):
        found[LivingCondition.THIN] = "KEK" in status.split(), today
        found[LivingCondition.AT_RISK] = any(word in status for word in ("RISTI", "RISIKO TINGGI")), today
        if status != "NORMAL" and not any(answer for answer, _day in found.values()):
            sentence = _("Status kehamilan “%(text)s” tidak dikenal. Pakai: KEK, RISTI atau NORMAL.")
            raise Invalid("status_unknown", sentence % {"text": quote(line["status"])}, "status")
    for condition in LivingCondition:
        if answer := _read(line, condition, answer_of_cell):
            found[condition] = answer[0], answer[1] or today
    return [(condition, *answer) for condition, answer in found.items()]


def number_services(
    services: Sequence[tuple[ScoredService, date, int]],
) -> Iterator[tuple[ScoredService, date, int, int]]:
    """Yield services with the how manieth of its kind and day each one is, from 1."""
    times: Counter[tuple[ScoredService, date]] = Counter()
    for service, on, quantity in services:
        times[service, on] += 1
        yield service, on, quantity, times[service, on]
