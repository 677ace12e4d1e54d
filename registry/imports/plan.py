"""What a file would do to the register: its rows matched and judged, nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from registry.actions.life_course import Departure
from registry.actions.observation import observation_of, validate_observation
from registry.db.batches import chunks
from registry.imports.departure_plan import DeparturePlanner
from registry.imports.matching.matcher import MatchedRow
from registry.imports.missing_fields import (
    MissingFields,
    contradiction_notes,
    missing_fields,
    missing_fields_words,
)
from registry.imports.report import (
    NOT_TAKEN,
    Question,
    Report,
    RowNote,
    RowNumber,
    RowOutcome,
    RowReport,
)
from registry.imports.row_notes import assumed_position_notes, notes_of, rounding_notes, value_words
from registry.imports.row_reports import report_row
from registry.imports.tables.find_tables import FileTables
from registry.models import Measurement, Position
from registry.places.village_label import village_words
from registry.validation_messages import day_taken_in_file_message, spoken_date


@dataclass(frozen=True, slots=True)
class Completion:
    """A stored measurement and what it is with the values a file adds to it."""

    measurement: Measurement
    seen: Observation


@dataclass(slots=True)
class ImportPlan:
    """What has to be written for the report of a file to come true."""

    measurements: MeasurementPlan
    new_children: list[NewChild]
    completions: list[Completion]
    posyandu: dict[UUID, str]  # its name, by child that is new or moves
    niks: dict[UUID, str]  # by child that had none
    fills: dict[UUID, MissingFields]  # by child, what the register lacked of it
    departures: list[Departure]  # of children who died or left


class ImportPlanner:
    """Turns the outcomes of the actions into what each row did, in the order of the file."""

    def __init__(
        self,
        matched: Sequence[MatchedRow | RowReport],
        new_children: Mapping[UUID, NewChild],
        measurements: MeasurementPlan,
    ) -> None:
        outcomes = measurements.outcomes
        self._matched, self._new, self._measurements = matched, new_children, measurements
        self._outcomes = {o.entry.id: o for o in outcomes}
        self._stored = _stored_that_day([o for o in outcomes if o.kind == OutcomeKind.REFUSED])
        self._first_day: dict[UUID, date] = {}  # of each child with a measurement to be stored
        for outcome in outcomes:
            if outcome.kind == OutcomeKind.NEW and outcome.measurement:
                pk, day = outcome.entry.child.id, outcome.entry.observation.measured_on
                self._stored[pk, day] = outcome.measurement
                self._first_day[pk] = min(day, self._first_day.get(pk, day))
        self._departures = DeparturePlanner(measurements)
        seen = [m.row.seen for m in matched if isinstance(m, MatchedRow) and m.row.seen]
        self._positions_assumed = sum(map(_assumes_position, seen))
        lengths = sum(one.lenhei_cm is not None for one in seen)
        self._names_positions = 2 * self._positions_assumed < lengths  # else it is said once of the file
        self._row_of: dict[UUID, RowNumber] = {}  # of the row that brought a measurement
        self._first_row: dict[UUID, RowNumber] = {}  # of each child, the first row that is stored
        for m in matched:
            if isinstance(m, RowReport):
                continue
            if m.entry and self._outcomes[m.entry.id].kind == OutcomeKind.NEW:
                self._row_of[m.entry.id] = m.row.at
                self._first_row.setdefault(m.child.id, m.row.at)
            elif m.entry is None:
                self._first_row.setdefault(m.child.id, m.row.at)
        self._completed: dict[UUID, Completion] = {}
        self._posyandu: dict[UUID, str] = {}
        self._niks: dict[UUID, str] = {}
        self._fills: dict[UUID, MissingFields] = {}

    def plan(self, found: FileTables, questions: tuple[Question, ...]) -> tuple[Report, ImportPlan]:
        """Return what becomes of each row, and what has to be written for it.

        ``questions`` are those that one answer settles for many rows.
        """
        rows = [
            m if isinstance(m, RowReport) else self._with_nik(m, self._complete_child(m, self._report(m)))
            for m in self._matched
        ]
        report = Report(
            found.tables[0].layout,
            found.tables[0].sheet,
            rows,
            found.others,
            questions,
            found.names_children,
            found.columns_not_read,
            found.measures_missing,
            self._positions_assumed,
            tuple(dict.fromkeys(table.sheet for table in found.tables)),
            found.left_notes,
            found.notes,
            found.village_for,
        )
        return report, ImportPlan(
            replace(self._measurements, outcomes=[], known={}),  # the report says what becomes of them
            self._children_to_enrol(),
            list(self._completed.values()),
            self._posyandu,
            self._niks,
            self._fills,
            self._departures.all(),
        )

    def _children_to_enrol(self) -> list[NewChild]:
        """Return the new children with a measurement that is stored, living there since the first of them.

        The new children that a file without measurements brings are there too.
        """
        since, moving = dict(self._first_day), self._measurements.moving
        for m in self._matched:
            if isinstance(m, RowReport):
                continue
            pk = m.child.id
            if pk in moving:
                self._at_home(m)
            if pk not in self._new:
                continue
            if m.row.posyandu and pk not in moving:
                self._posyandu.setdefault(pk, m.row.posyandu)
            if m.entry is None:
                since.setdefault(pk, self._new[pk].since)
            elif m.row.homes and pk in since:
                since[pk] = min(since[pk], self._new[pk].since)
        return [replace(new, since=since[pk]) for pk, new in self._new.items() if pk in since]

    def _at_home(self, m: MatchedRow) -> None:
        """Keep what a row says of a child's place in the village where the child lives in the end.

        It is kept only where an earlier row has said nothing of it. Rows of another village are passed over.
        """
        if self._measurements.homes[m.child.id][-1].village != m.village:
            return
        if m.row.posyandu:
            self._posyandu.setdefault(m.child.id, m.row.posyandu)
        if m.child._state.adding:
            for name in ("rt", "rw", "address"):
                if not getattr(m.child, name):
                    setattr(m.child, name, getattr(m.row, name))

    def _report(self, m: MatchedRow) -> RowReport:
        if m.departure:
            return self._departures.report(m, m.departure)
        if m.entry is None:
            return self._identity(m)
        outcome = self._outcomes[m.entry.id]
        if outcome.kind == OutcomeKind.NEW and outcome.measurement:
            return self._report_new(m, m.entry, outcome.measurement)
        if outcome.kind == OutcomeKind.SAME and outcome.measurement:
            return self._same(m, outcome.measurement)
        error = outcome.error
        stored = self._stored.get((m.child.id, m.entry.observation.measured_on))
        if stored is not None and error is not None and error.code == "day_taken":
            return self._day_taken(m, m.entry, stored)
        code, sentence = (error.code, error.message) if error else ("unknown", "")
        return report_row(m, RowOutcome.REFUSED, code, sentence)

    def _with_nik(self, m: MatchedRow, report: RowReport) -> RowReport:
        """The NIK that a row brings is added to its child when the row itself is right."""
        if not m.adds_nik or report.outcome in NOT_TAKEN or m.child.id in self._niks:
            return report
        self._niks[m.child.id] = m.row.nik
        note = RowNote("nik_added", _("NIK dari berkas ditambahkan ke anak ini, yang belum punya."))
        sentence = _("%(what)s NIK-nya ditambahkan.") % {"what": report.sentence}
        return _add_to_child(report, note, sentence)

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
        known = self._fills.get(m.child.id, {})
        adds = {name: value for name, value in brought.items() if name not in known}
        if not adds:
            return report
        self._fills[m.child.id] = {**known, **adds}
        sentence = _("Data anak ini dilengkapi: %(added)s.") % {"added": missing_fields_words(adds)}
        note = RowNote("child_completed", sentence)
        return _add_to_child(report, note, f"{report.sentence} {sentence}")

    def _identity(self, m: MatchedRow) -> RowReport:
        """A row that only says who a child is: it enrols the child, or fills what the register lacks."""
        if m.child.id in self._new:
            if self._first_row[m.child.id] == m.row.at:
                sentence = _("Anak baru di %(village)s, tanpa pengukuran.") % {
                    "village": village_words(m.village)
                }
                return report_row(m, RowOutcome.NEW_CHILD, "new_child", sentence)
            return _same_in_file(m, self._first_row[m.child.id])
        found = missing_fields(m.child, m.row)
        known = self._fills.setdefault(m.child.id, {})
        adds = {name: value for name, value in found.items() if name not in known}
        if not adds:
            return report_row(m, RowOutcome.SAME, "child_known", _("Anak ini sudah ada di register."))
        known.update(adds)
        sentence = _("Anak ini sudah ada dan dilengkapi: %(added)s.") % {"added": missing_fields_words(adds)}
        return report_row(m, RowOutcome.COMPLETED, "child_completed", sentence)

    def _report_new(self, m: MatchedRow, entry: Entry, measurement: Measurement) -> RowReport:
        is_new = self._first_row.get(m.child.id) == m.row.at and m.child.id in self._new
        doubtful = bool(measurement.confirmed_doubts)
        outcome = RowOutcome.NEW_CHILD if is_new else RowOutcome.MEASURED
        code = f"{outcome}_doubtful" if doubtful else str(outcome)
        sentence = (
            _("Anak baru di %(village)s, dengan pengukurannya.") % {"village": village_words(m.village)}
            if is_new
            else _("Pengukuran baru anak yang sudah terdaftar.")
        )
        taken = RowOutcome.DOUBTFUL if doubtful else outcome
        # A child that somebody chose may live elsewhere than the file says.
        notes = [*notes_of(measurement), *rounding_notes(entry.observation, measurement)]
        if self._names_positions:
            notes += assumed_position_notes(measurement)
        return report_row(m, taken, code, sentence, measurement, notes, place=measurement.village)

    def _same(self, m: MatchedRow, measurement: Measurement) -> RowReport:
        at = self._row_of.get(measurement.pk)
        if at is None:
            return report_row(
                m, RowOutcome.SAME, "same", _("Pengukuran ini sudah ada di register."), measurement
            )
        return _same_in_file(m, at, measurement)

    def _day_taken(self, m: MatchedRow, entry: Entry, stored: Measurement) -> RowReport:
        """The child has a measurement that day: the row says the same, more, or otherwise."""
        completed = self._completed.get(stored.pk)
        seen = validate_observation(entry.observation, m.child)
        known = completed.seen if completed else observation_of(stored)
        against = [name for name in _COMPARED if _contradict(getattr(known, name), getattr(seen, name))]
        if against:
            sentence = _contradiction(known, seen, against, m.row.sheet, self._row_of.get(stored.pk))
            return report_row(m, RowOutcome.REFUSED, "day_taken", sentence)
        adds = [name for name in _COMPARED if _adds(getattr(known, name), getattr(seen, name))]
        if not adds:
            return self._same(m, stored)
        merged = replace(known, **{name: getattr(seen, name) for name in adds})
        self._completed[stored.pk] = Completion(stored, merged)
        self._row_of[stored.pk] = m.row.at
        sentence = _("Pengukuran hari itu sudah ada dan dilengkapi: %(added)s.") % {
            "added": ", ".join(value_words(name, getattr(seen, name)) for name in adds)
        }
        return report_row(m, RowOutcome.COMPLETED, "completed", sentence, assess_observation(m.child, merged))


def _same_in_file(m: MatchedRow, at: RowNumber, measurement: Measurement | None = None) -> RowReport:
    sentence = (
        _("Sama dengan baris %(number)d berkas ini.")
        if at.sheet == m.row.sheet
        else _("Sama dengan baris %(number)d lembar %(sheet)s.")
    )
    said = {"number": at.number, "sheet": at.sheet}
    return report_row(m, RowOutcome.SAME, "same_in_file", sentence % said, measurement)


def _add_to_child(report: RowReport, note: RowNote, sentence: str) -> RowReport:
    """Return the report of a row that adds to its child; ``sentence``: of a row that does nothing else."""
    notes = (*report.notes, note)
    if report.outcome != RowOutcome.SAME:
        return replace(report, notes=notes)
    return replace(report, notes=notes, outcome=RowOutcome.COMPLETED, code=note.code, sentence=sentence)


_COMPARED = ("weight_kg", "lenhei_cm", "position", "muac_cm", "head_cm", "oedema")

_Value = Decimal | Position | bool | None


def _is_empty(value: _Value) -> bool:
    """Nothing was said; of oedema, nobody tells whether it was looked for and not there."""
    return value is None or value is False or value == Position.UNKNOWN


def _adds(known: _Value, seen: _Value) -> bool:
    return _is_empty(known) and not _is_empty(seen)


def _contradict(one: _Value, other: _Value) -> bool:
    return not _is_empty(one) and not _is_empty(other) and one != other


def _contradiction(
    known: Observation, seen: Observation, names: Sequence[str], sheet: str, row: RowNumber | None
) -> str:
    """``row`` is the one that has brought what is known, ``sheet`` where the other stands."""
    said = "; ".join(
        _("%(known)s, di berkas %(seen)s")
        % {"known": value_words(name, getattr(known, name)), "seen": value_words(name, getattr(seen, name))}
        for name in names
    )
    if row is None or row.sheet == sheet:
        return day_taken_in_file_message(known.measured_on, said, row and row.number)
    sentence = _(
        "Baris %(row)d lembar %(sheet)s juga mengukur anak ini pada %(date)s: %(said)s. Betulkan di "
        "berkas asal."
    )
    day = spoken_date(known.measured_on)
    return sentence % {"row": row.number, "sheet": row.sheet, "date": day, "said": said}


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


def _assumes_position(seen: Observation) -> bool:
    return seen.lenhei_cm is not None and not seen.position
