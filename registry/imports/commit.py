"""The way of a file through an import: read, matched, judged, stored, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry.actions import (
    Identity,
    Submission,
    measurement_plan,
    record_all,
    store_planned,
    update_children,
)
from registry.actions.change_log import reason_of_file
from registry.actions.identity import identity_of
from registry.actions.identity_changes import NIK
from registry.actions.residences import close_children
from registry.actions.undo_log import ImportChanges
from registry.actions.uploads import create_posyandu, save_changes
from registry.db.batches import chunks
from registry.db.locks import lock_children, lock_for_key_share
from registry.errors import Conflict
from registry.growth.cells.month_names import NamedMonth
from registry.imports.answers import NO_ANSWERS, ImportAnswers, RowKeys
from registry.imports.known_places import NO_PLACES, KnownPlaces
from registry.imports.matching.estimated_births import settle_estimates
from registry.imports.matching.match_by_nik_or_name import known_children
from registry.imports.matching.matcher import MatchedRow, Matcher
from registry.imports.missing_fields import MissingFields
from registry.imports.plan import ImportPlan, ImportPlanner
from registry.imports.progress import Progress, Stage
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import TAKEN, Question, QuestionKind, Report, RowNumber, RowReport
from registry.imports.saved_plan import FEWEST_BYTES, find_checked_plan, register_state
from registry.imports.tables.find_tables import FileTables, check_villages, find_tables
from registry.imports.tables.row_read import RowRead, TableReading
from registry.imports.tables.table_reader import read_rows
from registry.models import Child, Posyandu, Source, Upload, User
from registry.places.names import posyandu_key


def read_tables(
    content: bytes, answers: ImportAnswers = NO_ANSWERS, places: KnownPlaces = NO_PLACES
) -> FileTables:
    """Return the tables of a file. Raises :class:`registry.errors.Invalid` for any other file."""
    return find_tables(read_sheets(content), answers, places)


def preview(
    content: bytes,
    user: User,
    *,
    answers: ImportAnswers = NO_ANSWERS,
    progress: Progress | None = None,
) -> Report:
    """Return what importing the file as ``user`` would do, with these ``answers``. Writes nothing.

    Raises as :func:`read_tables`, and Invalid (``village_needed``) when neither the file nor ``answers`` says
    of which village it is.
    """
    progress = progress or Progress()
    progress.begin(Stage.READING)
    places = KnownPlaces.of_user(user)
    found = read_tables(content, answers, places)
    report, _plan = plan_tables(found, user, answers, places=places, progress=progress)
    return report


def check(
    upload: Upload, content: bytes, *, answers: ImportAnswers, progress: Progress | None = None
) -> tuple[Report, ImportPlan, str]:
    """Return what importing ``upload`` would do, what that writes, and the state of the register it rests on.

    The state is empty for a small file, which is planned again for its import. Raises as :func:`preview`.
    """
    progress = progress or Progress()
    progress.begin(Stage.READING)
    # Looked at first: what changes while the rows are matched is not in the plan.
    state = register_state(upload.user) if len(content) >= FEWEST_BYTES else ""
    places = KnownPlaces.of_user(upload.user)
    found = read_tables(content, answers, places)
    del content  # neither a large file nor its sheet need lie beside its rows
    report, plan = plan_tables(found, upload.user, answers, places=places, progress=progress)
    return report, plan, state


def keys_of(content: bytes, user: User, *, answers: ImportAnswers) -> dict[RowNumber, RowKeys]:
    """Return the keys of the rows of a file by their numbers. Raises as :func:`read_tables`."""
    found = read_tables(content, answers, KnownPlaces.of_user(user))
    return {row.at: row.keys for row in _read_all(found, user, answers).rows}


def import_rows(
    content: bytes,
    user: User,
    upload: Upload | None = None,
    *,
    answers: ImportAnswers = NO_ANSWERS,
    progress: Progress | None = None,
    approve: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Store every row that can be, all in one transaction, and return what became of each.

    ``approve`` gets the report before anything is written, and may refuse. Raises as :func:`preview`, and
    Conflict when another user has changed the same children meanwhile: nothing is written then.
    """
    progress = progress or Progress()
    try:
        with transaction.atomic():
            progress.begin(Stage.READING)
            places = KnownPlaces.of_user(user)
            found = read_tables(content, answers, places)
            report, plan = plan_tables(found, user, answers, places=places, to_import=True, progress=progress)
            approve(report)
            _store(plan, user, upload, progress)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return report


def import_checked(upload: Upload, report: Report, progress: Progress | None = None) -> bool:
    """Store what the check of ``report`` has planned; return False where something has changed since.

    That the database refuses it says so too: of a NIK that a child out of the user's sight has got.
    """
    try:
        with transaction.atomic():
            lock_children(row.child_id for row in report.rows if row.child_id and row.outcome in TAKEN)
            plan = find_checked_plan(upload, register_state(upload.user))
            if plan is None:
                transaction.set_rollback(True)  # the locks go
                return False
            _store(plan, upload.user, upload, progress or Progress())
    except IntegrityError:
        return False
    return True


def plan_tables(
    found: FileTables,
    user: User,
    answers: ImportAnswers = NO_ANSWERS,
    *,
    places: KnownPlaces,
    to_import: bool = False,
    progress: Progress | None = None,
) -> tuple[Report, ImportPlan]:
    """Return what importing ``found`` as ``user`` would do, and what that writes.

    ``to_import``: the children are locked until the transaction ends. Raises
    :class:`registry.errors.Invalid` when nobody has said of which village a table is. The
    rows of ``found`` are gone afterwards: a large sheet does not lie beside what is read of it.
    """
    progress = progress or Progress()
    check_villages(found)
    reading = _read_all(found, user, answers)
    reading = replace(reading, rows=settle_estimates(user, reading.rows))
    progress.begin(Stage.MATCHING, len(reading.rows))
    matcher = Matcher(user, [row for row in reading.rows if isinstance(row, RowRead)], answers, places)
    matched, new, moves = matcher.match_all(reading.rows), matcher.new_children, matcher.moves
    del matcher  # what it knows of all children is as large as the report
    if to_import:
        children = {m.child.pk: m.child for m in matched if isinstance(m, MatchedRow)}
        lock_matched_children([child for child in children.values() if not child._state.adding])
    entries = [m.entry for m in matched if isinstance(m, MatchedRow) and m.entry]
    progress.begin(Stage.JUDGING, len(entries))
    measurements = measurement_plan(
        by=user, entries=entries, new_children=list(new.values()), moves=moves, new_ids=True
    )
    return ImportPlanner(matched, new, measurements).plan(found, reading.questions)


def _read_all(found: FileTables, user: User, answers: ImportAnswers) -> TableReading:
    """Return the rows of all tables, whose sheets are emptied, and the questions about any of them."""
    rows: list[RowRead | RowReport] = []
    questions: dict[tuple[QuestionKind, NamedMonth | None], Question] = {}
    times: Counter[str] = Counter()
    for i, table in enumerate(found.tables):
        of_whom = partial(known_children, user, table.place.village, answers)
        reading = read_rows(table, answers, of_whom, times)
        found.tables[i] = replace(table, rows=())
        name = table.name
        rows += [replace(row, sheet=name) for row in reading.rows] if name else reading.rows
        for question in reading.questions:
            questions.setdefault((question.asks, question.month), question)
    return TableReading(rows, tuple(questions.values()))


def lock_matched_children(children: Collection[Child]) -> None:
    """Lock the children before any is judged and any figure is counted: every action locks in that order.

    Raises Conflict when one has changed since it was found.
    """
    lock_children(child.pk for child in children)
    known = {child.pk: child for child in children}
    for chunk in chunks(sorted(known)):
        now = Child.objects.filter(pk__in=chunk).values_list("pk", *_MATCHED_BY)
        if {row[0]: row[1:] for row in now} != {pk: _matched_by(known[pk]) for pk in chunk}:
            raise _changed_meanwhile()


_MATCHED_BY = ("birth_date", "sex", "village_id", "nik_hash", "status", "status_date")
_matched_by = attrgetter(*_MATCHED_BY)


def _store(plan: ImportPlan, user: User, upload: Upload | None, progress: Progress) -> None:
    """Write what ``plan`` says, and what is needed to revert it."""
    progress.begin(Stage.WRITING, len(plan.measurements.new))
    changes = ImportChanges()
    changes.make(_give_posyandu(plan))
    changes.move(plan.measurements.moves)
    stored = store_planned(
        plan.measurements,
        by=user,
        new_children=plan.new_children,
        source=Source.FILE,
        upload=upload,
        progress=progress.advance,
        counting=progress.count_months,
    )
    changes.lengthen(stored.lengthened)
    changes.open(stored.opened)
    _complete(plan, user, upload)
    _complete_children(plan, user, changes, upload)
    changes.close(plan.departures)
    close_children(plan.departures, by=user, reason=reason_of_file(upload))
    if upload is not None:
        save_changes(upload, changes)


def _complete(plan: ImportPlan, user: User, upload: Upload | None) -> None:
    """Write what rows have added to measurements that were stored before, or in this very file."""
    reason = _("Dilengkapi dari berkas.")
    corrections = [
        Submission(id=uuid4(), corrects=c.measurement.pk, observation=c.seen, reason=reason, confirmed=True)
        for c in plan.completions
    ]
    record_all(by=user, submissions=corrections, source=Source.FILE, upload=upload)


def _complete_children(plan: ImportPlan, user: User, changes: ImportChanges, upload: Upload | None) -> None:
    """Write the NIK, and what else the register lacked of a child, that rows have brought."""
    ids = sorted(plan.niks.keys() | {pk for pk, values in plan.fills.items() if values})
    identities: dict[UUID, Identity] = {}
    for chunk in chunks(ids):
        for child in Child.objects.filter(pk__in=chunk).order_by("pk"):
            nik, brought = plan.niks.get(child.pk), _still_lacking(child, plan)
            identities[child.pk] = replace(identity_of(child), nik=nik, **brought)
            changes.fill(child.pk, {**brought, NIK: nik})
    update_children(by=user, identities=identities, of_file=True, reason=reason_of_file(upload))


def _still_lacking(child: Child, plan: ImportPlan) -> MissingFields:
    """What rows say that the child has nothing of, also if somebody has filled some since it was found."""
    brought = plan.fills.get(child.pk, {})
    return {name: value for name, value in brought.items() if not getattr(child, name)}


def _give_posyandu(plan: ImportPlan) -> list[Posyandu]:
    """Give each child that is new or moves its posyandu, and return those that had to be created."""
    moves = plan.measurements.moves
    villages = {
        **{new.child.pk: plan.measurements.homes[new.child.pk][-1].village_id for new in plan.new_children},
        **{move.child.pk: move.village.pk for move in moves},
    }
    wanted = {
        pk: (village, posyandu_key(name))
        for pk, village in villages.items()
        if (name := plan.posyandu.get(pk))
    }
    known = _posyandu_of(sorted({village for village, _key in wanted.values()}))
    names: dict[tuple[str, str], str] = {}
    for pk, place in wanted.items():
        names.setdefault(place, plan.posyandu[pk])
    missing = sorted(place for place in set(wanted.values()) - known.keys() if place[1])
    made = create_posyandu((*place, names[place]) for place in missing)
    for posyandu in made:
        known[posyandu.village_id, posyandu.key] = posyandu
    given = {pk: known.get(place) for pk, place in wanted.items()}
    for new in plan.new_children:
        new.child.posyandu = given.get(new.child.pk)
    plan.measurements.moves = [
        replace(move, posyandu=given.get(move.child.pk))
        if move.village.pk == villages[move.child.pk]
        else move
        for move in moves
    ]
    return made


def _posyandu_of(villages: Sequence[str]) -> dict[tuple[str, str], Posyandu]:
    rows = Posyandu.objects.filter(village__in=villages)
    there = lock_for_key_share(rows)  # a file that made one may be taken back at this very moment
    return {(p.village_id, p.key): p for p in rows if p.pk in there}


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "changed_meanwhile",
        _("Ada yang mencatat anak yang sama pada saat bersamaan. Belum ada yang tersimpan; coba lagi."),
    )
