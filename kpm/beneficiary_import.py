"""The files of beneficiaries, as the imports of the register read, write and revert them (docs/adr/0019)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpm.beneficiary_columns import titles
from kpm.beneficiary_table import PersonTable, WrittenPerson, find_people, is_no_person, read_person
from kpm.import_actions import BroughtRecords, StoredRow, save_brought, store_row, take_back_brought
from registry.errors import Refused
from registry.growth.cells.text import plain, text_of
from registry.imports.answers import LEAVE_OUT, NO_ANSWERS, ImportAnswers, RowKeys
from registry.imports.known_places import NO_PLACES, KnownPlaces
from registry.imports.progress import Progress, Stage
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import Question, QuestionKind, Report, RowNote, RowOutcome, RowReport
from registry.imports.review import NOT_CHOSEN
from registry.imports.tables.table_rows import SheetRow
from registry.models import Child, Upload, User
from registry.nik import keyed_hash
from registry.places.village_label import village_words
from registry.validation_messages import spoken_date


class BeneficiaryFiles:
    """Tables of people with their services: our own, and forms 2A and 2B."""

    kind = "beneficiaries"
    words = gettext_lazy("daftar sasaran layanan")

    def read(self, content: bytes) -> None:
        """Raise Invalid for a file without a table of people."""
        find_people(read_sheets(content), NO_ANSWERS, NO_PLACES)

    def write(self, upload: Upload, content: bytes, answers: ImportAnswers, progress: Progress) -> Report:
        """Store every row that can be. Raises Invalid (``village_needed``) where none is said."""
        places = KnownPlaces.of_user(upload.user)
        tables = find_people(read_sheets(content), answers, places)
        brought = BroughtRecords()
        writer = _RowStore(upload.user, answers, places, brought, named=len(tables) > 1)
        lines = [(table, line) for table in tables for line in table.lines()]
        progress.begin(Stage.READING, len(lines), 0)
        rows: list[RowReport] = []
        for table, line in lines:
            rows.append(writer.report(table, line))
            progress.advance(1)
        save_brought(upload, brought)
        asks = any(row.code == "measured_on_missing" for row in rows)
        return Report(
            layout=self.kind,
            sheet=tables[0].sheet.name,
            rows=rows,
            sheets=tuple(table.sheet.name for table in tables),
            sheet_notes=tuple(dict.fromkeys(filter(None, map(_note, tables)))),
            questions=(Question(QuestionKind.MEASURED_ON),) if asks else (),
            enrols=False,
        )

    def revert(self, *, by: User, upload: Upload) -> Mapping[str, int]:
        """Delete what the file has brought and nobody has worked with since."""
        return take_back_brought(by=by, upload=upload)


class _RowStore:
    """Stores the rows of a file one by one, each in a savepoint, and reports them."""

    def __init__(
        self, by: User, answers: ImportAnswers, places: KnownPlaces, brought: BroughtRecords, *, named: bool
    ) -> None:
        self._by, self._answers, self._places, self._named = by, answers, places, named
        self._brought, self._settled = brought, set[UUID]()
        self._times: Counter[str] = Counter()

    def report(self, table: PersonTable, line: SheetRow) -> RowReport:
        """Store a row, unless it is left out, and return its report. Raises Invalid (``village_needed``)."""
        found = RowReport(
            number=line.number,
            sheet=table.sheet.name if self._named else "",
            outcome=RowOutcome.SKIPPED,
            code="no_person",
            sentence=_("Baris ini bukan orang."),
        )
        if is_no_person(line):
            return found
        keys = self._keys(table, line)
        name = text_of(line["child"] if table.names_children else line["name"])
        found = replace(found, name=name, keys=keys)
        if self._answers.decisions.get(keys.row) == LEAVE_OUT:
            return replace(found, code="skipped_by_choice", sentence=_("Dilewati atas pilihan Anda."))
        if self._answers.only is not None and keys.row not in self._answers.only:
            return replace(found, code=NOT_CHOSEN, sentence=_("Tidak dipilih untuk disimpan."))
        try:
            row = read_person(table, line, self._places)
            stored = store_row(by=self._by, row=row, brought=self._brought, settled=self._settled)
        except Refused as refused:
            if refused.code == "village_needed":
                raise
            asks = refused.code == "measured_on_missing"
            outcome = RowOutcome.ASK if asks else RowOutcome.REFUSED
            return replace(found, outcome=outcome, code=refused.code, sentence=refused.message)
        self._settled.add(stored.person.pk)
        return _add_stored(found, row, stored)

    def _keys(self, table: PersonTable, line: SheetRow) -> RowKeys:
        """Return the names of a row: of who, where and when, not of what she had."""
        fields = ("name", "child", "group", "birth_date", "last_period", "due", "village", "village_code")
        place = table.place.village.pk if table.place.village else ""
        row = keyed_hash("|".join(["person", place, *(plain(text_of(line[one])) for one in fields)]))
        self._times[row] += 1
        nth = self._times[row]
        return RowKeys(row if nth == 1 else keyed_hash(f"{row}|{nth}"), keyed_hash(f"{row}|who"), nth)


def _add_stored(found: RowReport, row: WrittenPerson, stored: StoredRow) -> RowReport:
    person = stored.person
    counted = {"services": stored.services, "answers": stored.answers}
    if stored.is_new:
        outcome, code = RowOutcome.NEW_PERSON, "person_new"
        sentence = _("Didaftarkan, dengan %(services)d layanan dan %(answers)d jawaban.") % counted
    elif stored.is_known:
        outcome, code, sentence = RowOutcome.SAME, "person_known", _("Semuanya sudah ada.")
    else:
        outcome, code = RowOutcome.COMPLETED, "person_completed"
        sentence = _("Sudah terdaftar; ditambah %(services)d layanan dan %(answers)d jawaban.") % counted
    if stored.is_ended and row.ended_by and row.ended_on:
        ended = {"why": row.ended_by.label, "date": spoken_date(row.ended_on)}
        sentence += " " + _("Berakhir: %(why)s, %(date)s.") % ended
    return replace(
        found,
        outcome=outcome,
        code=code,
        sentence=sentence,
        place=village_words(row.village),
        place_code=row.village.pk,
        child_id=person.pk if isinstance(person, Child) else None,
        said=_describe(row),
        notes=(RowNote("service_left", _left_sentence(row.left)),) if row.left else (),
    )


def _left_sentence(titles_left: Sequence[str]) -> str:
    words = _(
        "Tidak diambil dari berkas: %(titles)s. Itu dari pengukuran, kunjungan kasus, atau kelompok lain."
    )
    return words % {"titles": ", ".join(titles_left)}


def _describe(row: WrittenPerson) -> str:
    days = {"birth_date": row.birth_date, "last_period": row.last_period}
    return ", ".join(f"{titles()[name]} {spoken_date(day)}" for name, day in days.items() if day)


def _note(table: PersonTable) -> str:
    if table.day is None:
        return ""
    return _("Yang hanya dicentang dicatat pada %(date)s.") % {"date": spoken_date(table.day)}
