"""Takes the person out of records of children whose term is over; what figures are counted from stays.

Kept are birth date, sex, village and posyandu, where the child lived when, and what was measured: a recount
of any past month gives the same figures. The birth date is kept whole, since the age at the end of a month,
and so who counts in it, follows from its day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registry.actions.change_log import FieldChange, log_changes
from registry.actions.refresh import children_pseudonymised, records_expired
from registry.actions.undo_log import changes_of
from registry.db.locks import lock_children
from registry.errors import Conflict
from registry.models import (
    ChangeLog,
    ChangeSubject,
    Child,
    Consent,
    Measurement,
    MergedChild,
    ReadLog,
    ReadSubject,
    RowDecision,
    Upload,
    User,
)
from registry.models.child import ChildQuerySet

GONE = "–"
"""Stands where the database asks for a text that says why."""

_AT_ONCE = 100
"""Children of one transaction, so that others can write between."""


def list_expired(today: date | None = None) -> ChildQuerySet:
    """Return the children whose record ended ``RETENTION_YEARS`` ago or earlier and still says who they are.

    It ends when the child dies or leaves the kabupaten, and on its fifth birthday.
    """
    limit = _limit_of(today)
    ended = Q(status_date__lte=limit) | Q(birth_date__lte=_years_before(limit, 5))
    return Child.objects.filter(ended, pseudonymised_at=None)


def pseudonymise_expired(*, by: User | None, today: date | None = None) -> Iterator[int]:
    """Pseudonymise all of :func:`list_expired`, some at a time; yield how many it were each time.

    Other tables with people of their own hear ``records_expired`` at the end.
    """
    while ids := list(list_expired(today).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        yield _pseudonymise(ids, by, today)
    with transaction.atomic():
        records_expired.send(sender=None, limit=_limit_of(today))


@transaction.atomic
def _pseudonymise(ids: Collection[UUID], by: User | None, today: date | None) -> int:
    lock_children(ids)
    # Again: one of them may have come back, or been merged, while we waited.
    children = list(list_expired(today).filter(pk__in=ids))
    found = [child.pk for child in children]
    merged = MergedChild.objects.filter(kept__in=found).values_list("pk", flat=True)
    every = {str(pk) for pk in (*found, *merged)}
    for child in children:
        _empty_child(child)
    empty_changes(ChangeSubject.CHILD, every)
    reads = ReadLog.objects.filter(subject__in=[ReadSubject.CHILD, ReadSubject.NIK], subject_id__in=every)
    reads.exclude(reason="").update(reason="")
    MergedChild.objects.filter(kept__in=found).update(snapshot_sealed=b"", entry_digest="")
    Consent.objects.filter(child__in=found).update(person_name="")
    Measurement.objects.filter(child__in=found).exclude(reason="").update(reason=GONE)
    RowDecision.objects.filter(child__in=every).delete()
    _forget_in_uploads({UUID(pk) for pk in every})
    children_pseudonymised.send(sender=None, children=found)
    now = timezone.localtime().isoformat(timespec="minutes")
    log_changes([FieldChange(ChangeSubject.CHILD, pk, "pseudonymised", "", now) for pk in found], by=by)
    return len(found)


def _empty_child(child: Child) -> None:
    child.name, child.parent_name = f"Anak {child.pk.hex[:8]}", ""
    child.nik_sealed, child.nik_hash, child.entry_digest = "", None, ""
    child.rt = child.rw = child.address = ""
    child.upload = None  # a file that is taken back must not delete what figures are counted from
    child.pseudonymised_at = timezone.now()
    child.save()


def empty_changes(subject: ChangeSubject, ids: Collection[str]) -> None:
    """Leave who changed which field when; no value, and no reason, which may name somebody."""
    changes = ChangeLog.objects.filter(subject=subject, subject_id__in=ids)
    changes.update(values_sealed=ChangeLog.seal_values("", ""), reason="")


def _forget_in_uploads(ids: Collection[UUID]) -> None:
    """Empty what old files need to be taken back where that tells of one of the children."""
    for upload in Upload.objects.exclude(changes_sealed=b"").iterator(chunk_size=1):
        try:
            known = changes_of(upload)
        except Conflict:  # its key is lost: nobody reads it any more
            continue
        if not known.children().union(map(UUID, known.lengthened)).isdisjoint(ids):
            Upload.objects.filter(pk=upload.pk).update(changes_sealed=b"", report_sealed=b"")


def _limit_of(today: date | None) -> date:
    return _years_before(today or timezone.localdate(), settings.RETENTION_YEARS)


def _years_before(day: date, years: int) -> date:
    """Return the same day of an earlier year; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
