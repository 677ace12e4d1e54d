"""What was changed of the appointment of a KPM, as its page shows it: who, when, what, why."""

from __future__ import annotations

from datetime import date

from django.db.models import DateField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpm.identity_history import IdentityChange, list_changes
from kpm.models import Cadre
from registry.models import ChangeSubject, Role, User, Village
from registry.places.match import find_by_code
from registry.validation_messages import spoken_date


def term_history(cadre: Cadre) -> list[IdentityChange]:
    """Return what was changed of the appointment, newest first."""
    return list_changes(ChangeSubject.APPOINTMENT, [cadre.pk], _field_label, _format_two_values)


def role_history(user_id: int | None) -> list[IdentityChange]:
    """Return which roles an account was given and lost, newest first; nothing without an account."""
    if user_id is None:
        return []
    return list_changes(
        ChangeSubject.ACCOUNT, [user_id], lambda _name: _("Peran"), _format_two_roles, fields=["role"]
    )


def _field_label(name: str) -> str:
    return capfirst(str(Cadre._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _format_two_roles(_name: str, old: str, new: str) -> tuple[str, str]:
    return _format_role(old), _format_role(new)


def _format_role(value: str) -> str:
    """Return ``cadre 33.01.02.2009 2024-01-01..2024-12-31`` as people write it."""
    if not value:
        return _("kosong")
    role, code, days, *_rest = [*value.split(" "), "", ""]
    words = f"{Role(role).label}, {find_by_code(Village.objects.all(), code) or code}"
    if not days:
        return words
    since, until = (spoken_date(date.fromisoformat(day)) if day else "…" for day in days.split(".."))
    return f"{words}, {since} - {until}"


def _format_two_values(name: str, old: str, new: str) -> tuple[str, str]:
    return _format_value(name, old), _format_value(name, new)


def _format_value(name: str, value: str) -> str:
    if not value:
        return _("kosong")
    if name == "village":
        return str(find_by_code(Village.objects.all(), value) or value)
    if name == "user":
        return str(User.objects.filter(pk=value).values_list("username", flat=True).first() or value)
    is_day = isinstance(Cadre._meta.get_field(name), DateField)
    return spoken_date(date.fromisoformat(value)) if is_day else value
