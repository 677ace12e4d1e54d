"""From the lines of a table to rows that say who was measured, where, when and what; or why they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.errors import Invalid, Refused
from registry.growth.cells.ages import age_of
from registry.growth.cells.date_evidence import (
    RowEvidence,
    dated_rows,
    open_beside_text,
    open_like,
    open_turned,
    orders_of,
    trust_ages,
)
from registry.growth.cells.dates import DateCell, Order, Orders, WrittenDate, written_column
from registry.growth.cells.numbers import NUMERIC, is_mangled
from registry.growth.cells.text import Cell, words_of
from registry.imports.answers import NO_ORDERS, Decision, ImportAnswers, RowKeys
from registry.imports.report import Question, QuestionKind, RowOutcome, RowReport
from registry.imports.tables.cells import nik_of, proof_nik
from registry.imports.tables.estimated_birth_dates import estimate_birth_dates
from registry.imports.tables.layout import Table
from registry.imports.tables.row_checks import RowChecks, reason_to_skip
from registry.imports.tables.row_key import RowKeyMaker
from registry.imports.tables.row_read import (
    KnownChildren,
    RowRead,
    TableReading,
)
from registry.imports.tables.row_reader import RowReader
from registry.imports.tables.table_rows import SheetRow, mark_lost_digits
from registry.imports.tables.written_departure import is_marked
from registry.models import BirthDateBasis, RowChoice, Sex
from registry.nik import mask_nik


@dataclass(frozen=True, slots=True)
class _DateColumns:
    """What only a whole column can tell."""

    born: Sequence[DateCell]
    bases: Sequence[BirthDateBasis]
    measured: Sequence[DateCell]
    evidence: Sequence[RowEvidence]
    orders: Orders
    bent: bool


FindChildren = Callable[[Sequence[tuple[SheetRow, RowKeys]]], KnownChildren]
"""Says of whom lines are, with the keys by which somebody may have decided it."""


def read_rows(
    table: Table, answers: ImportAnswers, find_children: FindChildren, times: Counter[str]
) -> TableReading:
    """Return every row of ``table`` that holds anything, in its order.

    ``find_children`` is asked where the table itself does not say who a child is. ``times``: how many rows
    of the tables before say the same of who, where and when.
    """
    raw = mark_lost_digits(list(table.lines()))
    known = (
        KnownChildren()
        if table.names_children
        else find_children(_lines_with_keys(RowKeyMaker(table, answers, times.copy()), table, raw))
    )
    lines = [_with_identity(line, known) for line in raw]
    reader = _TableReader(
        table, _columns(table, lines, answers), answers, known, RowKeyMaker(table, answers, times)
    )
    rows = [reader.read(written, line, i) for i, (written, line) in enumerate(zip(raw, lines, strict=True))]
    return TableReading(rows, tuple(reader.questions.values()))


def _lines_with_keys(
    keys: RowKeyMaker, table: Table, lines: Sequence[SheetRow]
) -> list[tuple[SheetRow, RowKeys]]:
    """Return the lines that are about a child."""
    days = _date_column([line["measured_on"] for line in lines])
    return [
        (line, keys.of(line, None, day))
        for line, day in zip(lines, days, strict=True)
        if not reason_to_skip(table, line)
    ]


def _with_identity(line: SheetRow, known: KnownChildren) -> SheetRow:
    """A measurement is judged by birth date and sex, which the register has where the file has none."""
    child = known.children.get(line.number)
    if child is None:
        return line
    identity: dict[str, Cell] = {"birth_date": child.birth_date, "sex": Sex(child.sex).letter}
    if not words_of(line["name"]):
        identity["name"] = child.name
    return line.with_cells(identity)


def _columns(table: Table, lines: Sequence[SheetRow], answers: ImportAnswers) -> _DateColumns:
    def column_of(name: str) -> list[Cell]:
        return [line[name] for line in lines]

    days_born, days_measured = column_of("birth_date"), column_of("measured_on")
    born, measured = _date_column(days_born), _days_measured(table, days_measured, answers)
    evidence = [
        RowEvidence(proof_nik(nik_of(nik)), age_of(age))
        for nik, age in zip(column_of("nik"), column_of("age"), strict=True)
    ]
    if table.names_children:
        born, measured = open_like(born, days_born, measured), open_like(measured, days_measured, born)
        trusted = trust_ages(born, measured, evidence)
        born, measured = open_turned(born, measured, trusted)
    else:  # the register says when a child was born
        born = [WrittenDate(day, day) if isinstance(day, date) else None for day in days_born]
        trusted = trust_ages(born, measured, evidence)
    bent = any(is_mangled(set(column_of(name))) for name in NUMERIC)
    proven, said = orders_of(dated_rows(born, measured, trusted)), answers.orders or NO_ORDERS
    if table.is_one_of_several:  # what is said of the dates of one sheet is not of those that prove theirs
        said = Orders(proven.born or said.born, proven.measured or said.measured)
    orders = Orders(said.born or proven.born, said.measured or proven.measured)
    bases = [BirthDateBasis.DAY] * len(born)
    if table.names_children:
        born, bases = estimate_birth_dates(days_born, born, measured, evidence, orders.measured)
        trusted = [  # a NIK and an age are of the day, not of its estimate
            row if basis == BirthDateBasis.DAY else RowEvidence()
            for row, basis in zip(trusted, bases, strict=True)
        ]
    return _DateColumns(born, bases, measured, trusted, orders, bent)


def _date_column(cells: Sequence[Cell]) -> Sequence[DateCell]:
    return open_beside_text(written_column(cells))


def _days_measured(table: Table, cells: Sequence[Cell], answers: ImportAnswers) -> Sequence[DateCell]:
    if not table.measures:
        today = timezone.localdate()
        return [WrittenDate(today, today)] * len(cells)
    day = answers.day_of(table.month)
    if "measured_on" in table.columns or day is None:
        return _date_column(cells)
    return [WrittenDate(day, day)] * len(cells)


@dataclass
class _TableReader:
    table: Table
    columns: _DateColumns
    answers: ImportAnswers
    known: KnownChildren
    keys: RowKeyMaker
    questions: dict[QuestionKind, Question] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.checks = RowChecks(self.table)

    def read(self, written: SheetRow, line: SheetRow, i: int) -> RowRead | RowReport:
        """The row of ``line``, which is ``written`` with what the register knows of its child."""
        if self.checks.is_moved_header(written):
            sentence = _("Judul kolom yang berulang, dengan urutan lain.")
            return RowReport(line.number, RowOutcome.SKIPPED, "header_again", sentence)
        if why := reason_to_skip(self.table, written):
            if why.code == "header_again":
                self.checks.own_header_again()
            return RowReport(line.number, RowOutcome.SKIPPED, why.code, why.sentence)
        born, measured = self.columns.born[i], self.columns.measured[i]
        keys = self.keys.of(written, born, measured)
        if self._choice_on(keys) == RowChoice.SKIP:
            return self._not_taken(
                line, keys, RowOutcome.SKIPPED, "skipped_by_choice", _("Dilewati atas pilihan Anda.")
            )
        if line.number in self.known.left:
            return replace(self.known.left[line.number], keys=keys)
        try:
            self.checks.check(line)
            _check_removal(line)
            reader = RowReader(line, keys, self.columns.bent, self.table)
            reader.basis = self.columns.bases[i]
            row = reader.read(born, measured, self.columns.evidence[i], self.columns.orders)
        except Refused as refused:
            waiting = self._ask(refused, line, i)
            outcome = RowOutcome.ASK if waiting else RowOutcome.REFUSED
            return self._not_taken(line, keys, outcome, refused.code, waiting or refused.message)
        self._show_answered(line, i)
        if self.answers.only is not None and keys.row not in self.answers.only:
            return self._not_taken(
                line, keys, RowOutcome.SKIPPED, "not_chosen", _("Tidak dipilih untuk disimpan.")
            )
        child = self.known.children.get(line.number)
        return row if child is None else replace(row, child=child)

    def _choice_on(self, keys: RowKeys) -> RowChoice | None:
        decision: Decision | None = self.answers.decision_on(keys)
        return decision.choice if decision else None

    def _ask(self, refused: Refused, line: SheetRow, i: int) -> str:
        """Keep what one answer settles for the whole column, and say what the row waits for.

        Empty where no answer would help.
        """
        if refused.code == "date_order":
            orders = self.columns.orders
            self._ask_order(QuestionKind.BORN_ORDER, line["birth_date"], self.columns.born[i], orders.born)
            self._ask_order(
                QuestionKind.MEASURED_ORDER, line["measured_on"], self.columns.measured[i], orders.measured
            )
            return refused.message
        if refused.code == "date_against_column":
            return refused.message
        if refused.code == "measured_on_missing" and "measured_on" not in self.table.columns:
            month = self.table.month
            self.questions[QuestionKind.MEASURED_ON] = Question(QuestionKind.MEASURED_ON, month=month)
            if month:
                sentence = _("Tanggal pengukuran %(month)s tidak ada di berkas ini. Jawab pertanyaannya.")
                return sentence % {"month": month.words}
            return _("Berkas ini tidak memuat tanggal pengukuran. Jawab pertanyaan tentang tanggalnya.")
        return ""

    def _show_answered(self, line: SheetRow, i: int) -> None:
        """Keep the example of a question that somebody has answered, to be answered otherwise."""
        said = self.answers.orders or NO_ORDERS
        if month := self.table.asks_month:
            self.questions[QuestionKind.MEASURED_ON] = Question(QuestionKind.MEASURED_ON, month=month)
        if said.born:
            self._ask_order(QuestionKind.BORN_ORDER, line["birth_date"], self.columns.born[i], None)
        if said.measured:
            self._ask_order(QuestionKind.MEASURED_ORDER, line["measured_on"], self.columns.measured[i], None)

    def _ask_order(self, asks: QuestionKind, cell: Cell, written: DateCell, order: Order | None) -> None:
        if order is None and isinstance(written, WrittenDate) and len(written.meanings) > 1:
            question = Question(asks, words_of(cell), written.day_first, written.month_first)
            self.questions.setdefault(asks, question)

    @staticmethod
    def _not_taken(line: SheetRow, keys: RowKeys, outcome: RowOutcome, code: str, sentence: str) -> RowReport:
        name, nik = words_of(line["name"]), mask_nik(nik_of(line["nik"]))
        return RowReport(line.number, outcome, code, sentence, name, nik, keys=keys)


def _check_removal(line: SheetRow) -> None:
    """Sigizi's column that deletes a child: a person does that, and says why."""
    if is_marked(line["remove"]):
        raise Invalid(
            "asks_removal",
            _("Baris ini minta anak dihapus. Berkas tidak menghapus anak; buka anaknya di register."),
            "remove",
        )
