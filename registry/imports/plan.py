"""What a file would do to the register: its rows matched and judged, nothing written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from registry.actions import (
    Entry,
    MeasurementPlan,
    NewChild,
    Observation,
    Outcome,
    OutcomeKind,
)
from registry.actions.assessment import assess_observation
from registry.actions.observation import observation_of, validate_observation
from registry.db.batches import chunks
from registry.growth import Assessment
from registry.imports.matching.matcher import MatchedRow
from registry.imports.matching.missing_fields import (
    MissingFields,
    contradiction_notes,
    missing_fields,
    missing_fields_words,
)
from registry.imports.report import NOT_TAKEN, Question, Report, RowNote, RowOutcome, RowReport
from registry.imports.row_notes import notes_of, rounding_notes, value_words, z_differences
from registry.imports.tables.layout import Table
from registry.imports.tables.read_row import RowNotTaken
from registry.models import Child, Measurement, Position, Village
from registry.nik import mask_nik
from registry.places.village_label import village_words
from registry.validation_messages import day_taken_in_file_message


@dataclass(frozen=True, slots=True)
class Completion:
    """A stored measurement and what it is with the values a file adds to it."""

    measurement: Measurement
    seen: Observation


@dataclass
class ImportPlan:
    """The report, and what has to be written for it to come true."""

    report: Report
    measurements: MeasurementPlan
    entries: list[Entry] = field(default_factory=list)
    new_children: list[NewChild] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    posyandu: dict[UUID, str] = field(default_factory=dict)  # its name, by child that is new or moves
    niks: dict[UUID, str] = field(default_factory=dict)  # by child that had none
    fills: dict[UUID, MissingFields] = field(default_factory=dict)  # by child, what the register lacked of it


def stored_children(matched: Sequence[MatchedRow | RowNotTaken]) -> Collection[Child]:
    """Return the children of the register that rows are of, each once."""
    children = (m.child for m in matched if isinstance(m, MatchedRow))
    return {child.pk: child for child in children if not child._state.adding}.values()


class ImportPlanner:
    """Turns the outcomes of the actions into what each row did, in the order of the file."""

    def __init__(
        self,
        table: Table,
        questions: tuple[Question, ...],
        new_children: Mapping[UUID, NewChild],
        measurements: MeasurementPlan,
    ) -> None:
        outcomes = measurements.outcomes
        self._table = table
        self._questions = questions
        self._new = new_children
        self._outcomes = {id(o.entry): o for o in outcomes}
        self._stored = _stored_that_day([o for o in outcomes if o.kind == OutcomeKind.REFUSED])
        for outcome in outcomes:
            if outcome.kind == OutcomeKind.NEW and outcome.measurement:
                self._stored[outcome.entry.child.id, outcome.entry.observation.measured_on] = (
                    outcome.measurement
                )
        self._row_of: dict[UUID, int] = {}  # number of the row that brought a measurement
        self._first_row: dict[UUID, int] = {}  # of each new child, the first row that is stored
        self._completed: dict[UUID, Completion] = {}
        self._new_in: dict[str, str] = {}  # what is said of a new child, by its village
        self._measured_words = _("Pengukuran baru anak yang sudah terdaftar.")
        self._plan = ImportPlan(Report(table.layout, table.sheet, []), measurements)

    def plan(self, matched: Sequence[MatchedRow | RowNotTaken]) -> ImportPlan:
        for m in matched:
            if isinstance(m, MatchedRow) and m.entry and self._outcomes[id(m.entry)].kind == OutcomeKind.NEW:
                self._row_of[m.entry.id] = m.row.number
                self._first_row.setdefault(m.child.id, m.row.number)
            elif isinstance(m, MatchedRow) and m.entry is None:
                self._first_row.setdefault(m.child.id, m.row.number)
        reports = [
            _report_not_taken(m)
            if isinstance(m, RowNotTaken)
            else self._with_nik(m, self._complete_child(m, self._report(m)))
            for m in matched
        ]
        table = self._table
        self._plan.report = Report(
            table.layout,
            table.sheet,
            reports,
            table.others,
            self._questions,
            table.names_children,
            table.columns_not_read,
            table.measures_missing,
        )
        self._plan.new_children = self._children_to_enrol(matched)
        self._plan.completions = list(self._completed.values())
        return self._plan

    def _children_to_enrol(self, matched: Sequence[MatchedRow | RowNotTaken]) -> list[NewChild]:
        """Return the new children with a measurement that is stored, living there since the first of them.

        The new children that a file without measurements brings are there too.
        """
        since: dict[UUID, date] = {}
        for entry in self._plan.entries:
            day = entry.observation.measured_on
            since[entry.child.id] = min(day, since.get(entry.child.id, day))
        moving = self._plan.measurements.moving
        for m in matched:
            if not isinstance(m, MatchedRow):
                continue
            pk = m.child.id
            if pk in moving:
                self._at_home(m)
            if pk not in self._new:
                continue
            if m.row.posyandu and pk not in moving:
                self._plan.posyandu.setdefault(pk, m.row.posyandu)
            if m.entry is None:
                since.setdefault(pk, self._new[pk].since)
            elif m.row.homes and pk in since:
                since[pk] = min(since[pk], self._new[pk].since)
        return [replace(new, since=since[pk]) for pk, new in self._new.items() if pk in since]

    def _at_home(self, m: MatchedRow) -> None:
        """Keep what a row says of a child's place in the village where the child lives in the end.

        It is kept only where an earlier row has said nothing of it. Rows of another village are passed over.
        """
        if self._plan.measurements.homes[m.child.id][-1].village != m.village:
            return
        if m.row.posyandu:
            self._plan.posyandu.setdefault(m.child.id, m.row.posyandu)
        if m.child._state.adding:
            for name in ("rt", "rw", "address"):
                if not getattr(m.child, name):
                    setattr(m.child, name, getattr(m.row, name))

    def _report(self, m: MatchedRow) -> RowReport:
        if m.entry is None:
            return self._identity(m)
        outcome = self._outcomes[id(m.entry)]
        if outcome.kind == OutcomeKind.NEW and outcome.measurement:
            return self._report_new(m, m.entry, outcome.measurement)
        if outcome.kind == OutcomeKind.SAME and outcome.measurement:
            return self._same(m, outcome.measurement)
        error = outcome.error
        stored = self._stored.get((m.child.id, m.entry.observation.measured_on))
        if stored is not None and error is not None and error.code == "day_taken":
            return self._day_taken(m, m.entry, stored)
        code, sentence = (error.code, error.message) if error else ("unknown", "")
        return _report(m, RowOutcome.REFUSED, code, sentence)

    def _with_nik(self, m: MatchedRow, report: RowReport) -> RowReport:
        """The NIK that a row brings is added to its child when the row itself is right."""
        if not m.adds_nik or report.outcome in NOT_TAKEN or m.child.id in self._plan.niks:
            return report
        self._plan.niks[m.child.id] = m.row.nik
        note = RowNote("nik_added", _("NIK dari berkas ditambahkan ke anak ini, yang belum punya."))
        report = replace(report, notes=(*report.notes, note))
        if report.outcome != RowOutcome.SAME:
            return report
        sentence = _("%(what)s NIK-nya ditambahkan.") % {"what": report.sentence}
        return replace(report, outcome=RowOutcome.COMPLETED, code="nik_added", sentence=sentence)

    def _complete_child(self, m: MatchedRow, report: RowReport) -> RowReport:
        """What the register lacks of a child is filled by a measurement's row too, when the row is right."""
        if m.entry is None or m.brings or report.outcome in NOT_TAKEN:
            return report
        brought = missing_fields(m.child, m.row, lives_there=m.village == m.child.village)
        if m.child._state.adding:  # by an earlier row
            if notes := tuple(contradiction_notes(m.child, m.row)):
                report = replace(report, notes=(*report.notes, *notes))
            for name, value in brought.items():
                setattr(m.child, name, value)
            return report
        known = self._plan.fills.get(m.child.id, {})
        adds = {name: value for name, value in brought.items() if name not in known}
        if not adds:
            return report
        self._plan.fills[m.child.id] = {**known, **adds}
        sentence = _("Data anak ini dilengkapi: %(added)s.") % {"added": missing_fields_words(adds)}
        report = replace(report, notes=(*report.notes, RowNote("child_completed", sentence)))
        if report.outcome != RowOutcome.SAME:
            return report
        sentence = f"{report.sentence} {sentence}"
        return replace(report, outcome=RowOutcome.COMPLETED, code="child_completed", sentence=sentence)

    def _identity(self, m: MatchedRow) -> RowReport:
        """A row that only says who a child is: it enrols the child, or fills what the register lacks."""
        if m.child.id in self._new:
            if self._first_row[m.child.id] == m.row.number:
                sentence = _("Anak baru di %(village)s, tanpa pengukuran.") % {
                    "village": village_words(m.village)
                }
                return _report(m, RowOutcome.NEW_CHILD, "new_child", sentence)
            sentence = _("Sama dengan baris %(number)d berkas ini.") % {"number": self._first_row[m.child.id]}
            return _report(m, RowOutcome.SAME, "same_in_file", sentence)
        found = missing_fields(m.child, m.row)
        known = self._plan.fills.setdefault(m.child.id, {})
        adds = {name: value for name, value in found.items() if name not in known}
        if not adds:
            return _report(m, RowOutcome.SAME, "child_known", _("Anak ini sudah ada di register."))
        known.update(adds)
        sentence = _("Anak ini sudah ada dan dilengkapi: %(added)s.") % {"added": missing_fields_words(adds)}
        return _report(m, RowOutcome.COMPLETED, "child_completed", sentence)

    def _report_new(self, m: MatchedRow, entry: Entry, measurement: Measurement) -> RowReport:
        self._plan.entries.append(entry)
        is_new = self._first_row.get(m.child.id) == m.row.number and m.child.id in self._new
        doubtful = bool(measurement.confirmed_doubts)
        outcome = RowOutcome.NEW_CHILD if is_new else RowOutcome.MEASURED
        code = f"{outcome}_doubtful" if doubtful else str(outcome)
        sentence = self._new_words(m.village) if is_new else self._measured_words
        taken = RowOutcome.DOUBTFUL if doubtful else outcome
        # A child that somebody chose may live elsewhere than the file says.
        notes = (*notes_of(measurement), *rounding_notes(entry.observation, measurement))
        return _report(m, taken, code, sentence, measurement, notes, place=measurement.village)

    def _new_words(self, village: Village) -> str:
        """The same of all its children, of whom a file may bring thousands."""
        if village.pk not in self._new_in:
            said = {"village": village_words(village)}
            self._new_in[village.pk] = _("Anak baru di %(village)s, dengan pengukurannya.") % said
        return self._new_in[village.pk]

    def _same(self, m: MatchedRow, measurement: Measurement) -> RowReport:
        number = self._row_of.get(measurement.pk)
        if number is None:
            return _report(
                m, RowOutcome.SAME, "same", _("Pengukuran ini sudah ada di register."), measurement
            )
        sentence = _("Sama dengan baris %(number)d berkas ini.") % {"number": number}
        return _report(m, RowOutcome.SAME, "same_in_file", sentence, measurement)

    def _day_taken(self, m: MatchedRow, entry: Entry, stored: Measurement) -> RowReport:
        """The child has a measurement that day: the row says the same, more, or otherwise."""
        completed = self._completed.get(stored.pk)
        seen = validate_observation(entry.observation, m.child)
        known = completed.seen if completed else observation_of(stored)
        against = [name for name in _COMPARED if _contradict(getattr(known, name), getattr(seen, name))]
        if against:
            sentence = _contradiction(known, seen, against, self._row_of.get(stored.pk))
            return _report(m, RowOutcome.REFUSED, "day_taken", sentence)
        adds = [name for name in _COMPARED if _adds(getattr(known, name), getattr(seen, name))]
        if not adds:
            return self._same(m, stored)
        merged = replace(known, **{name: getattr(seen, name) for name in adds})
        self._completed[stored.pk] = Completion(stored, merged)
        self._row_of[stored.pk] = m.row.number
        sentence = _("Pengukuran hari itu sudah ada dan dilengkapi: %(added)s.") % {
            "added": ", ".join(value_words(name, getattr(seen, name)) for name in adds)
        }
        return _report(m, RowOutcome.COMPLETED, "completed", sentence, assess_observation(m.child, merged))


_COMPARED = ("weight_kg", "lenhei_cm", "position", "muac_cm", "head_cm", "oedema")

_Value = Decimal | Position | bool | None


def _is_empty(value: _Value) -> bool:
    """Nothing was said; of oedema, nobody tells whether it was looked for and not there."""
    return value is None or value is False or value == Position.UNKNOWN


def _adds(known: _Value, seen: _Value) -> bool:
    return _is_empty(known) and not _is_empty(seen)


def _contradict(one: _Value, other: _Value) -> bool:
    return not _is_empty(one) and not _is_empty(other) and one != other


def _contradiction(known: Observation, seen: Observation, names: Sequence[str], row: int | None) -> str:
    """``row`` is the one that has brought what is known."""
    said = "; ".join(
        _("%(known)s, di berkas %(seen)s")
        % {"known": value_words(name, getattr(known, name)), "seen": value_words(name, getattr(seen, name))}
        for name in names
    )
    return day_taken_in_file_message(known.measured_on, said, row)


def _stored_that_day(refused: Sequence[Outcome]) -> dict[tuple[UUID, date], Measurement]:
    """The measurements in force that stand in the way of refused ones."""
    wanted = {
        (o.entry.child.id, o.entry.observation.measured_on)
        for o in refused
        if not o.entry.child._state.adding
    }
    ids = sorted({pk for pk, _day in wanted})
    found: dict[tuple[UUID, date], Measurement] = {}
    for chunk in chunks(ids):
        for m in Measurement.objects.in_force().filter(child_id__in=chunk):
            if (m.child_id, m.measured_on) in wanted:
                found[m.child_id, m.measured_on] = m
    return found


def _report_not_taken(row: RowNotTaken) -> RowReport:
    return RowReport(
        number=row.number,
        outcome=row.outcome,
        code=row.code,
        sentence=row.sentence,
        name=row.name,
        nik=row.nik,
        keys=row.keys,
        said=row.said,
        candidates=row.candidates,
    )


def _report(
    m: MatchedRow,
    outcome: RowOutcome,
    code: str,
    sentence: str,
    judged: Measurement | Assessment | None = None,
    notes: Sequence[RowNote] = (),
    place: Village | None = None,
) -> RowReport:
    row, village = m.row, place or m.village
    return RowReport(
        number=row.number,
        outcome=outcome,
        code=code,
        sentence=sentence,
        name=row.name,
        nik=mask_nik(row.nik),
        place=village_words(village),
        place_code=village.pk,
        measured_on=row.seen.measured_on if row.seen else None,
        born=row.birth_date,
        sex=row.sex.letter,
        weight_kg=row.seen.weight_kg if row.seen else None,
        lenhei_cm=row.seen.lenhei_cm if row.seen else None,
        child_id=m.child.id,
        keys=row.keys,
        notes=(*row.notes, *m.notes, *notes),
        differences=z_differences(row.file_z, judged) if judged else (),
    )
