"""Each row with its village and its child: as people have decided, else as the register knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.actions import Entry, Identity, Move, NewChild
from registry.actions.identity import build_child
from registry.actions.life_course import Departure
from registry.db.batches import chunks
from registry.errors import Refused
from registry.growth.cells.text import word
from registry.imports.answers import ImportAnswers
from registry.imports.known_places import KnownPlaces
from registry.imports.matching.candidates import ChildIndex, FoundChild
from registry.imports.matching.departures import (
    confirmed_departure,
    departure_question,
    report_departure_asked,
    report_lives_elsewhere,
    report_not_to_close,
    report_unknown,
    without_measures,
)
from registry.imports.matching.moved_children import MovedChildren
from registry.imports.matching.questions import LivesElsewhere, ask_child_gone, report_refused
from registry.imports.matching.row_villages import RowHome, RowVillages
from registry.imports.missing_fields import contradiction_notes
from registry.imports.report import RowNote, RowReport
from registry.imports.row_notes import value_words
from registry.imports.tables.row_read import AskedDeparture, RowRead
from registry.models import Child, ChildStatus, Posyandu, RowChoice, User, Village
from registry.nik import keyed_hash
from registry.places.names import plain
from registry.validation_messages import spoken_date


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """A row with its village and its child, and the measurement it asks to store, if it is about one."""

    row: RowRead
    village: Village
    child: Child
    entry: Entry | None
    notes: tuple[RowNote, ...] = ()
    adds_nik: bool = False
    brings: bool = False  # it is the row that the child was built from
    departure: Departure | None = None  # that closes the child


class Matcher:
    """Finds the village and child of each row, building the children that are new."""

    def __init__(
        self, user: User, rows: Sequence[RowRead], answers: ImportAnswers, places: KnownPlaces
    ) -> None:
        self._user = user
        self._answers = answers
        self._today = timezone.localdate()
        self._places = RowVillages(places)
        self._children = ChildIndex(user, rows, _ids_in_decisions(rows, answers))
        self._movers = MovedChildren(rows, answers, self._children)
        self._posyandu: dict[int | None, str] = dict(Posyandu.objects.values_list("pk", "key"))
        self.new_children: dict[UUID, NewChild] = {}

    @property
    def moves(self) -> Sequence[Move]:
        """The children that live elsewhere from some row on, a child's moves in the order of time."""
        return self._movers.moves

    def match_all(self, rows: Sequence[RowRead | RowReport]) -> list[MatchedRow | RowReport]:
        """Every row in the order of the file: a child may be brought by an earlier one."""
        matched = [row if isinstance(row, RowReport) else self._match(row) for row in rows]
        self._free_ids()
        return matched

    def _match(self, row: RowRead) -> MatchedRow | RowReport:
        try:
            village = self._places.of(row)
            if row.departs:
                return self._match_departure(row, row.departs, village)
            found = self._find_child(row, village)
            # A file that brought a record which was merged since is of the one kept.
            child = found.child or self._children.merged_into(lambda: _child_id_of(row, self._answers))
            notes, brings = found.notes, child is None
            if child is None:
                child, nik_note = self._new_child(row, village)
                notes = (*notes, *nik_note)
            elif not child._state.adding:  # what else the file says of its own is looked at in its order
                notes = (*notes, *self._contradiction_notes(child, row, adds_nik=found.adds_nik))
        except Refused as refused:
            words = _words_of_child(row)
            report = report_refused(refused, row.number, row.name, row.nik, keys=row.keys, words=words)
            return replace(report, sheet=row.sheet)
        entry = Entry(uuid4(), child, row.seen, confirmed=True) if row.seen else None
        return MatchedRow(row, village, child, entry, notes, found.adds_nik, brings)

    def _match_departure(
        self, row: RowRead, asked: AskedDeparture, village: Village
    ) -> MatchedRow | RowReport:
        """The child that a row says has left or died, whom somebody has to close."""
        said, decision = without_measures(row), self._answers.decision_on(row.keys)
        try:
            found = self._child_by_decision(row, village) or self._children.find(row, village)
            child = found.child
        except LivesElsewhere as elsewhere:
            child = elsewhere.child
            if child.is_active and asked.status == ChildStatus.MOVED:
                return report_lives_elsewhere(said, child, elsewhere.home)
        child = child or self._children.merged_into(lambda: _child_id_of(row, self._answers))
        if child is None:
            return report_unknown(said)
        if left := report_not_to_close(said, child):
            return left
        if departure := confirmed_departure(decision, child):
            return MatchedRow(said, village, child, None, departure=departure)
        return report_departure_asked(said, child, village, departure_question(decision, child, asked))

    def _contradiction_notes(self, child: Child, row: RowRead, *, adds_nik: bool) -> Iterator[RowNote]:
        digest = self._children.digest(row.nik)
        left_nik = digest is not None and not adds_nik and child.nik_hash != digest
        return contradiction_notes(child, row, self._posyandu.get(child.posyandu_id, ""), left_nik=left_nik)

    def _find_child(self, row: RowRead, village: Village) -> FoundChild:
        try:
            return self._child_by_decision(row, village) or self._children.find(row, village)
        except LivesElsewhere as elsewhere:
            note = self._movers.move(row, elsewhere, self._places.homes_of(row))
            if note is None:
                raise
            return FoundChild(elsewhere.child, (note,), self._children.brings_nik(elsewhere.child, row))

    def _child_by_decision(self, row: RowRead, village: Village) -> FoundChild | None:
        """What somebody has decided about the row, None where nobody has, or that its child has moved."""
        decision = self._answers.decision_on(row.keys)
        if decision is None or decision.choice in (RowChoice.SKIP, RowChoice.MOVED):
            return None
        if decision.choice == RowChoice.NEW:
            # Taken in before, the row finds the child it brought then.
            note = RowNote("new_by_choice", _("Anak lain, sesuai pilihan yang diingat."))
            brought = self._children.with_id(_child_id_of(row, self._answers))
            return self._twin_measured_so(row, village, brought) or FoundChild(brought, (note,))
        child = self._children.with_id(decision.child) if decision.child else None
        if child is None:
            raise ask_child_gone()
        if child in self._children.namesakes(row, village) and not self._answers.decided_here(row.keys):
            return None  # nobody can tell from another day which of them this row means
        note = RowNote("same_by_choice", _("%(name)s, sesuai pilihan yang diingat.") % {"name": child.name})
        found = FoundChild(child, (note,), self._children.brings_nik(child, row))
        return self._twin_measured_so(row, village, child) or found

    def _twin_measured_so(self, row: RowRead, village: Village, chosen: Child | None) -> FoundChild | None:
        """Return another twin of the name of ``chosen`` that has the values of that day as its own.

        It is None where there is none. A decision is about a place in the file, where the rows of twins may
        have changed places.
        """
        namesakes = self._children.namesakes(row, village)
        if chosen is None or chosen not in namesakes:
            return None
        child = self._children.measured_so(namesakes, row, chosen)
        return None if child is None or child == chosen else FoundChild(child)

    def _new_child(self, row: RowRead, village: Village) -> tuple[Child, tuple[RowNote, ...]]:
        """A child to enrol. A NIK that is another's is left out: only a decision leads here with one."""
        digest = self._children.digest(row.nik)
        is_free = digest is None or self._children.is_free(digest)
        homes = self._places.homes_of(row) or [RowHome(village, row.day)]
        lives_here = homes[-1].village == village
        identity = Identity(
            name=row.name,
            sex=row.sex,
            birth_date=row.birth_date,
            nik=row.nik if is_free else "",
            birth_weight_kg=row.birth_weight_kg,
            birth_length_cm=row.birth_length_cm,
            gestation_weeks=row.gestation_weeks,
            parent_name=row.parent,
            rt=row.rt if lives_here else "",
            rw=row.rw if lives_here else "",
            address=row.address if lives_here else "",
            growth_book=row.growth_book,
            birth_date_basis=row.birth_date_basis,
        )
        child = build_child(
            by=self._user,
            id=_child_id_of(row, self._answers),
            village=homes[0].village,
            identity=identity,
            of_file=True,
            known_on=row.day,
            today=self._today,
        )
        if digest is not None and is_free:
            child.nik_hash = digest  # the same text, once
        if row.left:
            child.status, child.status_date = row.left.status, row.left.on
        self.new_children[child.pk] = NewChild(child, homes[0].since)
        self._children.enrol(child)
        self._movers.add_enrolled(child, homes)
        if is_free:
            return child, ()
        return child, (RowNote("nik_left_out", _("NIK di berkas milik anak lain, jadi dikosongkan."), True),)

    def _free_ids(self) -> None:
        """The id of a row that enrolled a child before, which was changed beyond knowing, is taken."""
        for ids in chunks(list(self.new_children)):
            for taken in Child.objects.filter(pk__in=ids).values_list("pk", flat=True):
                new = self.new_children.pop(taken)
                new.child.pk = uuid4()
                self.new_children[new.child.pk] = new


def _ids_in_decisions(rows: Sequence[RowRead], answers: ImportAnswers) -> list[UUID]:
    """The children that decisions about these rows name, and those that decisions have brought before."""
    named = []
    for row in rows:
        decision = answers.decision_on(row.keys)
        if decision and decision.choice == RowChoice.NEW:
            named.append(_child_id_of(row, answers))
        elif decision and decision.child:
            named.append(decision.child)
    return named


def _child_id_of(row: RowRead, answers: ImportAnswers) -> UUID:
    """The id of the child that a row enrols: no other row of the same child, of any day, enrols it again."""
    said = (
        row.nik,
        plain(row.name),
        row.birth_date.isoformat(),
        str(int(row.sex)),
        word(row.village_code) or (answers.village.pk if answers.village and not row.village else ""),
        word(row.kecamatan),
        word(row.village),
        plain(row.parent),
    )
    twin = f"|{row.keys.nth}" if row.keys.nth > 1 else ""
    return UUID(hex=keyed_hash("child|" + "|".join(said) + twin)[:32], version=4)


def _words_of_child(row: RowRead) -> str:
    """What the file says of a child, beside its name, that tells it from others."""
    said = (
        row.sex.letter,
        _("lahir %(born)s") % {"born": spoken_date(row.birth_date)},
        row.parent and _("orang tua %(value)s") % {"value": row.parent},
        row.village,
        *_words_of_measurement(row),
    )
    return ", ".join(part for part in said if part)


def _words_of_measurement(row: RowRead) -> Iterator[str]:
    """The day and the values, where the row has any."""
    if row.seen is None:
        return
    yield _("diukur %(day)s") % {"day": spoken_date(row.seen.measured_on)}
    for name in ("weight_kg", "lenhei_cm"):
        if (value := getattr(row.seen, name)) is not None:
            yield value_words(name, value)
