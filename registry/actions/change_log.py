"""Logs what was put right, in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.db.bulk_insert import insert_rows
from registry.models import ChangeLog, ChangeSubject, Upload, User


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one subject: old and new value in one spelling, empty where there is none."""

    subject: ChangeSubject
    subject_id: object
    field: str
    old: str
    new: str


def reason_of_file(upload: Upload | None) -> str:
    """Return what the log says of changes that a file brings; nothing where there is none."""
    return _("berkas %(name)s") % {"name": upload.file_name} if upload else ""


def log_changes(changes: Iterable[FieldChange], *, by: User | None, reason: str = "") -> datetime:
    """Store what differs after one action, and return the moment that all its changes share."""
    at = timezone.now()
    insert_rows(
        [
            ChangeLog(
                subject=change.subject,
                subject_id=str(change.subject_id),
                field=change.field,
                values_sealed=ChangeLog.seal_values(change.old, change.new),
                by=by,
                at=at,
                reason=reason[:200],
            )
            for change in changes
            if change.old != change.new
        ]
    )
    return at
