"""Recording what people send, one measurement or a phone's morning of them, each answered on its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from registry.actions.bulk.plan import Entry, Outcome, OutcomeKind, TakenDay
from registry.actions.bulk.store import measurement_plan, store_planned
from registry.actions.observation import Observation
from registry.actions.requirements import require_reason
from registry.db.batches import chunks
from registry.db.locks import lock_children
from registry.db.outage import is_outage
from registry.errors import Conflict, NotFound, Refused
from registry.models import Child, Measurement, MergedChild, Source, Upload, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A new measurement of the child ``child_id``, or for ``reason`` the correction of ``corrects``.

    ``id`` is made by the sender: the same one again changes nothing. ``confirmed`` is True, or the codes of
    the doubts that somebody has looked at and confirmed.
    """

    id: UUID
    observation: Observation
    child_id: UUID | None = None
    corrects: UUID | None = None
    reason: str = ""
    confirmed: bool | Collection[str] = False
    client_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored measurement. ``created`` is False when the same one was sent before."""

    measurement: Measurement
    created: bool

    @property
    def is_pending_choice(self) -> bool:
        """Return whether another measurement of that day is in force, so that the midwife has to choose."""
        return self.measurement.is_pending_choice


def record_submissions(
    *,
    by: User,
    submissions: Sequence[Submission],
    source: Source,
    taken_day: TakenDay,
    measured_by: User | None = None,
) -> list[Recorded | Exception]:
    """Store each of ``submissions`` that can be, as if one came after the other; what became of each.

    What is refused leaves the others alone, and so does one that fails for a reason nobody has foreseen: then
    each is stored in a transaction of its own. ``measured_by``: in whose name ``by`` records; by default in
    his own. Raises what the database raises while it cannot answer: each by itself would wait as long.
    """
    if not submissions:
        return []
    try:
        with transaction.atomic():
            return _record_together(by, submissions, source, taken_day, measured_by=measured_by)
    except Exception as error:
        if is_outage(error):
            raise
        if len(submissions) == 1:
            return [_meanwhile_refused(submissions[0].id, error)]
    return [
        result
        for one in submissions
        for result in record_submissions(
            by=by, submissions=[one], source=source, taken_day=taken_day, measured_by=measured_by
        )
    ]


@transaction.atomic
def record_all(
    *, by: User, submissions: Sequence[Submission], source: Source, upload: Upload | None = None
) -> None:
    """Store ``submissions`` as if one came after the other, all or none.

    Raises the refusal of the first that cannot be stored.
    """
    for result in _record_together(by, submissions, source, TakenDay.REFUSE, upload) if submissions else ():
        if isinstance(result, Exception):
            raise result


def _meanwhile_refused(id: UUID, error: Exception) -> Exception:
    """Return the refusal where the id went to another child meanwhile; anything else is a fault of ours."""
    is_used = isinstance(error, IntegrityError) and Measurement.objects.filter(pk=id).exists()
    return Conflict.of("id_used", "id") if is_used else error


def _record_together(
    by: User,
    submissions: Sequence[Submission],
    source: Source,
    taken_day: TakenDay,
    upload: Upload | None = None,
    measured_by: User | None = None,
) -> list[Recorded | Exception]:
    child_ids = _child_ids(submissions)
    known_ids = {pk for pk in child_ids if pk}
    lock_children(known_ids)
    # Who may see a child is asked only with its lock: it could have moved while we waited.
    children = Child.objects.writable_by(by).in_bulk(known_ids)
    children |= _find_merged(by, known_ids - children.keys())
    read = [
        _entry(sent, children.get(child_id) if child_id else None)
        for sent, child_id in zip(submissions, child_ids, strict=True)
    ]
    entries = [one for one in read if isinstance(one, Entry)]
    plan = measurement_plan(by=by, entries=entries, taken_day=taken_day, in_their_order=True)
    store_planned(plan, by=measured_by or by, source=source, upload=upload)
    outcomes = iter(plan.outcomes)
    return [_result(next(outcomes)) if isinstance(one, Entry) else one for one in read]


def _find_merged(by: User, ids: Collection[UUID]) -> dict[UUID, Child]:
    """Return by old id the children, locked, into whose records those of ``ids`` were merged."""
    kept = dict(MergedChild.objects.filter(pk__in=ids).values_list("pk", "kept")) if ids else {}
    lock_children(kept.values())
    children = Child.objects.writable_by(by).in_bulk(set(kept.values())) if kept else {}
    return {old: children[pk] for old, pk in kept.items() if pk in children}


def _child_ids(submissions: Sequence[Submission]) -> list[UUID | None]:
    """Return the id of the child of each submission, None where it corrects what there is not.

    What it corrects is stored, or comes earlier in ``submissions``.
    """
    child_of: dict[UUID, UUID] = {}
    for corrected in chunks([sent.corrects for sent in submissions if sent.corrects]):
        stored = Measurement.objects.filter(pk__in=corrected).order_by()
        child_of.update(stored.values_list("pk", "child_id"))
    found = []
    for sent in submissions:
        child_id = child_of.get(sent.corrects) if sent.corrects else sent.child_id
        if child_id:
            child_of.setdefault(sent.id, child_id)
        found.append(child_id)
    return found


def _entry(sent: Submission, child: Child | None) -> Entry | Refused:
    try:
        reason = require_reason(sent.reason) if sent.corrects else ""
    except Refused as refused:
        return refused
    if child is None:
        if sent.corrects:
            return NotFound.of("measurement_not_found", "id")
        return NotFound.of("child_not_found", "child")
    return Entry(
        id=sent.id,
        child=child,
        observation=sent.observation,
        confirmed=sent.confirmed,
        corrects=sent.corrects,
        reason=reason,
        client_time=sent.client_time,
    )


def _result(outcome: Outcome) -> Recorded | Refused:
    if outcome.measurement is None:
        assert outcome.error is not None  # noqa: S101  for the type checker
        return outcome.error
    return Recorded(outcome.measurement, created=outcome.kind is not OutcomeKind.SAME)
