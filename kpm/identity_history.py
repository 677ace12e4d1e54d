"""What was put right of a child's identity, as its page shows it: who, when, what, why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpm.consent import logged_consent_words
from kpm.life_events import LIFE_COURSE_FIELDS, format_life_course
from kpm.templatetags.site import amount
from registry.actions.identity_changes import NIK, UNREADABLE
from registry.models import ChangeLog, ChangeSubject, Child, Sex, User
from registry.nik import InvalidToken, mask_nik
from registry.validation_messages import spoken_date

CONSENT = "consent"
HOUSEHOLD = "household"
_EVENTS = {
    CONSENT: gettext_lazy("Persetujuan orang tua"),
    HOUSEHOLD: gettext_lazy("Rumah tangga"),
    "pseudonymised": gettext_lazy("Tanpa nama sejak"),
}
"""What the log says of a child that is no field of it."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field as people call it, and what it said before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """All that one action changed of a child, or of another subject of the log."""

    at: datetime
    by: User | None
    reason: str
    fields: list[ChangedField]


def identity_history(child: Child, *merged: UUID) -> list[IdentityChange]:
    """Return what was changed of ``child`` and of records ``merged`` into it, newest first: one query."""
    return list_changes(ChangeSubject.CHILD, [child.pk, *merged], field_label, format_two_values)


def list_changes(
    subject: ChangeSubject,
    ids: Iterable[object],
    label_of: Callable[[str], str],
    format_values: Callable[[str, str, str], tuple[str, str]],
    fields: Collection[str] = (),
) -> list[IdentityChange]:
    """Return what was changed of one or more subjects by action, newest first: one query.

    ``label_of`` a field, ``format_values`` of a field, its old and its new value. ``fields``: of these alone.
    """

    def describe(row: ChangeLog) -> ChangedField:
        try:
            old, new = format_values(row.field, *row.values)
        except InvalidToken:
            old = new = _("tidak dapat dibaca")
        return ChangedField(label_of(row.field), old, new)

    rows = ChangeLog.objects.filter(subject=subject, subject_id__in=[str(pk) for pk in ids])
    if fields:
        rows = rows.filter(field__in=fields)
    # Of a merge, the same is said of the kept record.
    rows = rows.exclude(field="merged_into").select_related("by")
    grouped = groupby(rows.order_by("-at", "pk"), key=lambda row: (row.at, row.by, row.reason))
    return [
        IdentityChange(at, by, reason, [describe(row) for row in group])
        for (at, by, reason), group in grouped
    ]


def latest_changes(child: Child, fields: Collection[str]) -> dict[str, ChangeLog]:
    """Return the latest change of each of ``fields``: one query."""
    rows = ChangeLog.objects.filter(
        subject=ChangeSubject.CHILD, subject_id=str(child.pk), field__in=fields
    ).select_related("by")
    return {row.field: row for row in rows.order_by("at", "pk")}


def field_label(name: str) -> str:
    """Return what people call a field of a child."""
    if name in _EVENTS:
        return str(_EVENTS[name])
    if name in LIFE_COURSE_FIELDS:
        return str(LIFE_COURSE_FIELDS[name])
    field = _find_field(name)
    return "NIK" if name == NIK else capfirst(str(field.verbose_name)) if field else name


def format_two_values(name: str, one: str, other: str) -> tuple[str, str]:
    """Return two values of ``identity_text`` as people write them; says so of two NIK that look alike."""
    words = format_identity_value(name, one), format_identity_value(name, other)
    if name == NIK and one != other and words[0] == words[1]:
        return words[0], _("%(nik)s, nomor lain") % {"nik": words[1]}
    return words


def format_identity_value(name: str, value: str) -> str:
    """Return a value of ``identity_text`` as people write it; a NIK is masked."""
    if not value:
        return _("kosong")
    if name in LIFE_COURSE_FIELDS:
        return format_life_course(name, value)
    if name == HOUSEHOLD:
        return _("nomor %(number)s") % {"number": value[:8]}
    if name == CONSENT:
        return logged_consent_words(value)
    if name == NIK:
        return _("tidak dapat dibaca") if value == UNREADABLE else mask_nik(value)
    if name == "sex":
        return str(Sex.from_letter(value).label)
    field = _find_field(name)
    if isinstance(field, models.DateField):
        return spoken_date(date.fromisoformat(value))
    if isinstance(field, models.DecimalField):
        return amount(value)
    if isinstance(field, models.BooleanField):
        return _("ya") if value == str(True) else _("tidak")
    return str(dict(field.flatchoices).get(value, value)) if field else value


def _find_field(name: str) -> models.Field | None:
    try:
        field = Child._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None
