"""What a file would do to the register: its rows matched and judged, nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from registry.actions import (
    Entry,
    Identity,
    NewChild,
    Observation,
    Outcome,
    OutcomeKind,
    Refused,
    plan_measurements,
)
from registry.actions.children import built_child
from registry.actions.judge import assessment_of
from registry.actions.observation import checked, observation_of, spoken_date
from registry.chunks import chunks
from registry.growth import Assessment
from registry.models import Child, Measurement, Position, User, Village
from registry.nik import mask_nik
from registry.spreadsheets.layout import Table
from registry.spreadsheets.match import Ask, ChildIndex, Places
from registry.spreadsheets.report import Note, Report, RowOutcome, RowReport
from registry.spreadsheets.rows import RowLeft, RowRead, read_rows
from registry.spreadsheets.said import differences, notes_of, value_words


@dataclass(frozen=True, slots=True)
class Matched:
    """A row with its village and its child, and the measurement it asks to store."""

    row: RowRead
    village: Village
    entry: Entry
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A stored measurement and what it is with the values a file adds to it."""

    measurement: Measurement
    seen: Observation


@dataclass
class Plan:
    """The report, and what has to be written for it to come true."""

    report: Report
    entries: list[Entry] = field(default_factory=list)
    new_children: list[NewChild] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    posyandu: dict[UUID, str] = field(default_factory=dict)  # its name, by new child


def plan_table(table: Table, user: User) -> Plan:
    """What taking in ``table`` as ``user`` would do. Writes nothing."""
    rows = read_rows(table)
    matcher = _Matcher(user, [row for row in rows if isinstance(row, RowRead)])
    matched = [row if isinstance(row, RowLeft) else matcher.match(row) for row in rows]
    entries = [m.entry for m in matched if isinstance(m, Matched)]
    outcomes = plan_measurements(by=user, entries=entries, new_children=list(matcher.new_children.values()))
    return _Planner(table, matcher.new_children, outcomes).plan(matched)


class _Matcher:
    """Finds the village and child of each row, building the children that are new."""

    def __init__(self, user: User, rows: Sequence[RowRead]) -> None:
        self._user = user
        self._places = Places(user)
        self._children = ChildIndex(user, rows)
        self.new_children: dict[UUID, NewChild] = {}

    def match(self, row: RowRead) -> Matched | RowLeft:
        try:
            village = self._places.of(row)
            found = self._children.find(row, village)
            child = found.child or self._new_child(row, village)
        except Refused as refused:
            outcome = RowOutcome.ASK if isinstance(refused, Ask) else RowOutcome.REFUSED
            return RowLeft(row.number, outcome, refused.code, refused.message, row.name, mask_nik(row.nik))
        return Matched(row, village, Entry(uuid4(), child, row.seen, confirmed=True), found.notes)

    def _new_child(self, row: RowRead, village: Village) -> Child:
        identity = Identity(
            name=row.name,
            sex=row.sex,
            birth_date=row.birth_date,
            nik=row.nik,
            birth_weight_kg=row.birth_weight_kg,
            birth_length_cm=row.birth_length_cm,
            parent_name=row.parent,
            rt=row.rt,
            rw=row.rw,
            address=row.address,
        )
        child = built_child(
            by=self._user,
            id=uuid4(),
            village=village,
            identity=identity,
            partial_nik=True,
            known_on=row.seen.measured_on,
        )
        self.new_children[child.pk] = NewChild(child, row.seen.measured_on)
        self._children.add(child)
        return child


class _Planner:
    """Turns the outcomes of the actions into what each row did, in the order of the file."""

    def __init__(
        self, table: Table, new_children: Mapping[UUID, NewChild], outcomes: Sequence[Outcome]
    ) -> None:
        self._table = table
        self._new = new_children
        self._outcomes = {id(o.entry): o for o in outcomes}
        self._stored = _stored_that_day([o for o in outcomes if o.kind == OutcomeKind.REFUSED])
        for outcome in outcomes:
            if outcome.kind == OutcomeKind.NEW and outcome.measurement:
                self._stored[outcome.entry.child.pk, outcome.entry.seen.measured_on] = outcome.measurement
        self._row_of: dict[UUID, int] = {}  # number of the row that brought a measurement
        self._first_row: dict[UUID, int] = {}  # of each new child, the first row that is stored
        self._completed: dict[UUID, Completion] = {}
        self._plan = Plan(Report(table.layout, table.sheet, []))

    def plan(self, matched: Sequence[Matched | RowLeft]) -> Plan:
        for m in matched:
            if isinstance(m, Matched) and self._outcomes[id(m.entry)].kind == OutcomeKind.NEW:
                self._row_of[m.entry.id] = m.row.number
                self._first_row.setdefault(m.entry.child.pk, m.row.number)
        reports = [_left(m) if isinstance(m, RowLeft) else self._report(m) for m in matched]
        self._plan.report = Report(self._table.layout, self._table.sheet, reports, self._table.others)
        self._plan.new_children = self._enrolled(matched)
        self._plan.completions = list(self._completed.values())
        return self._plan

    def _enrolled(self, matched: Sequence[Matched | RowLeft]) -> list[NewChild]:
        """The new children with a measurement that is stored, living there since the first of them."""
        since: dict[UUID, date] = {}
        for entry in self._plan.entries:
            day = entry.seen.measured_on
            since[entry.child.pk] = min(day, since.get(entry.child.pk, day))
        for m in matched:
            if isinstance(m, Matched) and m.entry.child.pk in self._new and m.row.posyandu:
                self._plan.posyandu.setdefault(m.entry.child.pk, m.row.posyandu)
        return [replace(new, since=since[pk]) for pk, new in self._new.items() if pk in since]

    def _report(self, m: Matched) -> RowReport:
        outcome = self._outcomes[id(m.entry)]
        if outcome.kind == OutcomeKind.NEW and outcome.measurement:
            return self._taken(m, outcome.measurement)
        if outcome.kind == OutcomeKind.SAME and outcome.measurement:
            return self._same(m, outcome.measurement)
        error = outcome.error
        stored = self._stored.get((m.entry.child.pk, m.entry.seen.measured_on))
        if stored is not None and error is not None and error.code == "day_taken":
            return self._day_taken(m, stored)
        code, sentence = (error.code, error.message) if error else ("unknown", "")
        return _report(m, RowOutcome.REFUSED, code, sentence)

    def _taken(self, m: Matched, measurement: Measurement) -> RowReport:
        self._plan.entries.append(m.entry)
        is_new = self._first_row.get(m.entry.child.pk) == m.row.number and m.entry.child.pk in self._new
        doubtful = bool(measurement.confirmed_doubts)
        outcome = RowOutcome.NEW_CHILD if is_new else RowOutcome.MEASURED
        code = f"{outcome}_doubtful" if doubtful else str(outcome)
        sentence = (
            _("Anak baru di %(village)s, dengan pengukurannya.") % {"village": m.village}
            if is_new
            else _("Pengukuran baru anak yang sudah terdaftar.")
        )
        return _report(
            m,
            RowOutcome.DOUBTFUL if doubtful else outcome,
            code,
            sentence,
            measurement,
            notes_of(measurement),
        )

    def _same(self, m: Matched, measurement: Measurement) -> RowReport:
        number = self._row_of.get(measurement.pk)
        if number is None:
            return _report(
                m, RowOutcome.SAME, "same", _("Pengukuran ini sudah ada di register."), measurement
            )
        sentence = _("Sama dengan baris %(number)d berkas ini.") % {"number": number}
        return _report(m, RowOutcome.SAME, "same_in_file", sentence, measurement)

    def _day_taken(self, m: Matched, stored: Measurement) -> RowReport:
        """The child has a measurement that day: the row says the same, more, or otherwise."""
        completed = self._completed.get(stored.pk)
        seen = checked(m.entry.seen, m.entry.child)
        known = completed.seen if completed else observation_of(stored)
        against = [name for name in _COMPARED if _contradict(getattr(known, name), getattr(seen, name))]
        if against:
            return _report(m, RowOutcome.REFUSED, "day_taken", _contradiction(known, seen, against))
        adds = [name for name in _COMPARED if _adds(getattr(known, name), getattr(seen, name))]
        if not adds:
            return self._same(m, stored)
        merged = replace(known, **{name: getattr(seen, name) for name in adds})
        self._completed[stored.pk] = Completion(stored, merged)
        self._row_of[stored.pk] = m.row.number
        sentence = _("Pengukuran hari itu sudah ada dan dilengkapi: %(added)s.") % {
            "added": ", ".join(value_words(name, getattr(seen, name)) for name in adds)
        }
        return _report(m, RowOutcome.COMPLETED, "completed", sentence, assessment_of(m.entry.child, merged))


_COMPARED = ("weight_kg", "lenhei_cm", "position", "muac_cm", "head_cm")


def _is_empty(value: Decimal | Position | None) -> bool:
    return value is None or value == Position.UNKNOWN


def _adds(known: Decimal | Position | None, seen: Decimal | Position | None) -> bool:
    return _is_empty(known) and not _is_empty(seen)


def _contradict(one: Decimal | Position | None, other: Decimal | Position | None) -> bool:
    return not _is_empty(one) and not _is_empty(other) and one != other


def _contradiction(known: Observation, seen: Observation, names: Sequence[str]) -> str:
    said = "; ".join(
        _("%(known)s, di berkas %(seen)s")
        % {"known": value_words(name, getattr(known, name)), "seen": value_words(name, getattr(seen, name))}
        for name in names
    )
    return _("Pengukuran %(date)s sudah ada: %(said)s. Kalau berkas yang benar, koreksi di register.") % {
        "date": spoken_date(known.measured_on),
        "said": said,
    }


def _stored_that_day(refused: Sequence[Outcome]) -> dict[tuple[UUID, date], Measurement]:
    """The measurements in force that stand in the way of refused ones."""
    wanted = {
        (o.entry.child.pk, o.entry.seen.measured_on) for o in refused if not o.entry.child._state.adding
    }
    ids = sorted({pk for pk, _day in wanted})
    found: dict[tuple[UUID, date], Measurement] = {}
    for chunk in chunks(ids):
        for m in Measurement.objects.in_force().filter(child_id__in=chunk):
            if (m.child_id, m.measured_on) in wanted:
                found[m.child_id, m.measured_on] = m
    return found


def _left(row: RowLeft) -> RowReport:
    return RowReport(row.number, row.outcome, row.code, row.sentence, row.name, row.nik)


def _report(
    m: Matched,
    outcome: RowOutcome,
    code: str,
    sentence: str,
    judged: Measurement | Assessment | None = None,
    notes: Sequence[Note] = (),
) -> RowReport:
    return RowReport(
        number=m.row.number,
        outcome=outcome,
        code=code,
        sentence=sentence,
        name=m.row.name,
        nik=mask_nik(m.row.nik),
        place=str(m.village),
        measured_on=m.row.seen.measured_on,
        child_id=m.entry.child.pk,
        notes=(*m.row.notes, *m.notes, *notes),
        differences=differences(m.row.file_z, judged) if judged else (),
    )
