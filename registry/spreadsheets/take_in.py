"""Taking a file in: what it would do, and doing it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry.actions import Conflict, OutcomeKind, correct_measurement, record_measurements, update_child
from registry.actions.door import lock_children
from registry.chunks import CHUNK, chunks
from registry.models import Child, Posyandu, Source, Upload, User
from registry.places.names import posyandu_key
from registry.spreadsheets.asked import NOTHING_ASKED, Asked
from registry.spreadsheets.matching.lacking import identity_of
from registry.spreadsheets.plan import Completion, Plan, plan_table
from registry.spreadsheets.read import read_sheets
from registry.spreadsheets.report import Report
from registry.spreadsheets.tables.layout import Table, find_table

_LONGEST_NAME = 60


def table_of(content: bytes, asked: Asked = NOTHING_ASKED) -> Table:
    """The table of a file. Raises :class:`registry.actions.Invalid` for any other file."""
    return find_table(read_sheets(content), asked)


def preview(content: bytes, user: User, *, asked: Asked = NOTHING_ASKED) -> Report:
    """What taking the file in as ``user`` would do, with the answers ``asked``. Writes nothing.

    Raises as :func:`table_of`, and Invalid (``village_needed``) when neither the file nor ``asked`` says of
    which village it is.
    """
    return plan_table(table_of(content, asked), user, asked).report


def take_in(
    content: bytes,
    user: User,
    upload: Upload | None = None,
    progress: Callable[[int], None] = lambda done: None,
    *,
    asked: Asked = NOTHING_ASKED,
) -> Report:
    """Store every row that can be, all in one transaction; ``progress`` as ``record_measurements`` calls it.

    Raises as :func:`preview`, and Conflict when somebody else has changed the same children meanwhile:
    nothing is written then.
    """
    table = table_of(content, asked)
    try:
        with transaction.atomic():
            plan = plan_table(table, user, asked)
            _write(plan, user, upload, progress)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return plan.report


def _write(plan: Plan, user: User, upload: Upload | None, progress: Callable[[int], None]) -> None:
    _give_posyandu(plan)
    # All of them before any figure is counted, which is the order everybody locks in.
    completed = [completion.measurement.child_id for completion in plan.completions]
    lock_children(
        [
            *completed,
            *plan.niks,
            *plan.fills,
            *(e.child.pk for e in plan.entries if not e.child._state.adding),
        ]
    )
    outcomes = record_measurements(
        by=user,
        entries=plan.entries,
        new_children=plan.new_children,
        source=Source.FILE,
        upload=upload,
        progress=progress,
    )
    if any(outcome.kind != OutcomeKind.NEW for outcome in outcomes):
        raise _changed_meanwhile()
    for completion in plan.completions:
        _complete(completion, user, upload)
    _complete_children(plan, user)


def _complete_children(plan: Plan, user: User) -> None:
    """Write the NIK, and what else the register lacked of a child, that rows have brought."""
    ids = sorted(plan.niks.keys() | {pk for pk, values in plan.fills.items() if values})
    for chunk in chunks(ids):
        for child in Child.objects.filter(pk__in=chunk):
            identity = replace(
                identity_of(child), nik=plan.niks.get(child.pk), **plan.fills.get(child.pk, {})
            )
            update_child(by=user, child_id=child.pk, identity=identity)


def _complete(completion: Completion, user: User, upload: Upload | None) -> None:
    correct_measurement(
        by=user,
        id=uuid4(),
        measurement_id=completion.measurement.pk,
        seen=completion.seen,
        reason=_("Dilengkapi dari berkas."),
        confirmed=True,
        source=Source.FILE,
        upload=upload,
    )


def _give_posyandu(plan: Plan) -> None:
    """Give each new child its posyandu, making those that its village does not have yet."""
    wanted = {
        new.child.pk: (new.child.village_id, posyandu_key(name))
        for new in plan.new_children
        if (name := plan.posyandu.get(new.child.pk))
    }
    known = _posyandu_of(sorted({village for village, _key in wanted.values()}))
    names: dict[tuple[str, str], str] = {}
    for pk, place in wanted.items():
        names.setdefault(place, plan.posyandu[pk])
    missing = [
        Posyandu(village_id=village, key=key, name=names[village, key][:_LONGEST_NAME])
        for village, key in sorted(set(wanted.values()) - known.keys())
        if key
    ]
    for posyandu in Posyandu.objects.bulk_create(missing, batch_size=CHUNK):
        known[posyandu.village_id, posyandu.key] = posyandu
    for new in plan.new_children:
        if new.child.pk in wanted:
            new.child.posyandu = known.get(wanted[new.child.pk])


def _posyandu_of(villages: Sequence[str]) -> dict[tuple[str, str], Posyandu]:
    return {(p.village_id, p.key): p for p in Posyandu.objects.filter(village__in=villages)}


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "changed_meanwhile",
        _("Ada yang mencatat anak yang sama pada saat bersamaan. Belum ada yang tersimpan; coba lagi."),
    )
