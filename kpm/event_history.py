"""What was put right of an event, as its page shows it: who, when, what, why."""

from __future__ import annotations

from datetime import date

from django.db.models import DateField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpm.identity_history import IdentityChange, list_changes
from kpm.models import Event, EventKind
from registry.models import ChangeSubject
from registry.validation_messages import spoken_date


def event_history(event: Event) -> list[IdentityChange]:
    """Return what was changed of the event, newest first: one query."""
    return list_changes(ChangeSubject.EVENT, [event.pk], _field_label, _format_two_values)


def _field_label(name: str) -> str:
    return capfirst(str(Event._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _format_two_values(name: str, old: str, new: str) -> tuple[str, str]:
    return _format_value(name, old), _format_value(name, new)


def _format_value(name: str, value: str) -> str:
    if not value:
        return _("kosong")
    if isinstance(Event._meta.get_field(name), DateField):
        return spoken_date(date.fromisoformat(value))
    return str(EventKind(value).label) if name == "kind" else value
