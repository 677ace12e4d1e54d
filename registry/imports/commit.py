"""Taking a file in: what it would do, and doing it, in one transaction."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from operator import attrgetter
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry.actions import Correction, Identity, correct_measurements, store_planned, update_children
from registry.actions.undo_log import NIK, Changes
from registry.db.batches import CHUNK, chunks
from registry.db.locks import lock_children, lock_for_key_share
from registry.errors import Conflict
from registry.imports.answers import NO_ANSWERS, ImportAnswers, RowKeys
from registry.imports.matching.match_by_nik_or_name import known_children
from registry.imports.matching.missing_fields import MissingFields, identity_of
from registry.imports.plan import ImportPlan, plan_table
from registry.imports.progress import Stage, Told, counted, nobody
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import Report
from registry.imports.tables.layout import Table, find_table
from registry.imports.tables.row_reading import read_rows
from registry.models import Child, Posyandu, Source, Upload, User
from registry.places.names import posyandu_key


def table_of(content: bytes, asked: ImportAnswers = NO_ANSWERS) -> Table:
    """The table of a file. Raises :class:`registry.errors.Invalid` for any other file."""
    return find_table(read_sheets(content), asked)


def preview(content: bytes, user: User, *, asked: ImportAnswers = NO_ANSWERS, told: Told = nobody) -> Report:
    """What taking the file in as ``user`` would do, with the answers ``asked``. Writes nothing. ``told`` what
    is being done.

    Raises as :func:`table_of`, and Invalid (``village_needed``) when neither the file nor ``asked`` says of
    which village it is.
    """
    with _nothing_collected():
        told(Stage.READING)
        return plan_table(table_of(content, asked), user, asked, told=told).report


def keys_of(content: bytes, user: User, *, asked: ImportAnswers) -> dict[int, RowKeys]:
    """The keys of the rows of a file, by their numbers, with the answers ``asked``. Raises as
    :func:`table_of`.
    """
    with _nothing_collected():
        table = table_of(content, asked)
        reading = read_rows(table, asked, known_children(table, user, asked))
    return {row.number: row.keys for row in reading.rows}


def take_in(
    content: bytes,
    user: User,
    upload: Upload | None = None,
    *,
    asked: ImportAnswers = NO_ANSWERS,
    told: Told = nobody,
    agreed: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Store every row that can be, all in one transaction; ``told`` what is being done. ``agreed`` is shown
    the report before anything is written, and may refuse.

    Raises as :func:`preview`, and Conflict when somebody else has changed the same children meanwhile:
    nothing is written then.
    """
    try:
        with _nothing_collected(), transaction.atomic():
            told(Stage.READING)
            plan = plan_table(table_of(content, asked), user, asked, found=hold, to_decide=False, told=told)
            agreed(plan.report)
            _write(plan, user, upload, told)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return plan.report


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What a file becomes are millions of objects that live until its end, and none that refer to each other
    in a ring: looking for those again and again takes a quarter of the time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.freeze()  # and let go at once: now they count as looked at, which else takes a second
            gc.unfreeze()
            gc.enable()


def hold(children: Collection[Child]) -> None:
    """Lock them all, before any is judged and any figure is counted, which is the order everybody locks in.

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


def _write(plan: ImportPlan, user: User, upload: Upload | None, told: Told) -> None:
    progress = counted(told, Stage.WRITING, len(plan.measurements.planned()))
    changes = Changes()
    changes.make(_give_posyandu(plan))
    changes.move(plan.measurements.moves)
    stored = store_planned(
        plan.measurements,
        by=user,
        new_children=plan.new_children,
        source=Source.FILE,
        upload=upload,
        progress=progress,
        counting=partial(told, Stage.COUNTING),
    )
    changes.lengthen(stored.lengthened)
    changes.open(stored.opened)
    _complete(plan, user, upload)
    _complete_children(plan, user, changes)
    if upload is not None:
        upload.changes_sealed = changes.sealed()
        upload.save(update_fields=["changes_sealed"])


def _complete(plan: ImportPlan, user: User, upload: Upload | None) -> None:
    """Write what rows have added to measurements that were stored before, or in this very file."""
    correct_measurements(
        by=user,
        corrections=[Correction(uuid4(), c.measurement.pk, c.seen) for c in plan.completions],
        reason=_("Dilengkapi dari berkas."),
        source=Source.FILE,
        upload=upload,
    )


def _complete_children(plan: ImportPlan, user: User, changes: Changes) -> None:
    """Write the NIK, and what else the register lacked of a child, that rows have brought."""
    ids = sorted(plan.niks.keys() | {pk for pk, values in plan.fills.items() if values})
    identities: dict[UUID, Identity] = {}
    for chunk in chunks(ids):
        for child in Child.objects.filter(pk__in=chunk).order_by("pk"):
            nik, brought = plan.niks.get(child.pk), _still_lacking(child, plan)
            identities[child.pk] = replace(identity_of(child), nik=nik, **brought)
            changes.fill(child.pk, {**brought, NIK: nik})
    update_children(by=user, identities=identities)


def _still_lacking(child: Child, plan: ImportPlan) -> MissingFields:
    """What rows say that the child has nothing of, also if somebody has filled some since it was found."""
    brought = plan.fills.get(child.pk, {})
    return {name: value for name, value in brought.items() if not getattr(child, name)}


def _give_posyandu(plan: ImportPlan) -> list[Posyandu]:
    """Give each child that is new or moves its posyandu, making those that its village does not have yet;
    these are returned.
    """
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
    missing = [
        Posyandu(village_id=village, key=key, name=names[village, key])
        for village, key in sorted(set(wanted.values()) - known.keys())
        if key
    ]
    made = Posyandu.objects.bulk_create(missing, batch_size=CHUNK)
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
