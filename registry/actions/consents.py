"""Records that a parent has agreed to the text of consent, or has withdrawn that."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.access.loaders import get_child_for_update
from registry.actions.change_log import FieldChange, log_changes
from registry.errors import Conflict, Invalid
from registry.models import (
    ChangeSubject,
    Child,
    Consent,
    ConsentKind,
    ConsentMethod,
    ConsentText,
    ParentRelation,
    User,
)
from registry.validation_messages import spoken_date


@transaction.atomic
def record_consent(
    *,
    by: User,
    child_id: UUID,
    version: int,
    on: date,
    person_name: str,
    relation: ParentRelation,
    method: ConsentMethod,
) -> Consent:
    """Record that a parent has agreed to a version of the text; the same again changes nothing.

    Raises NotFound for a child outside the user's area, Invalid for no name, a day before the child's birth,
    before the version or in the future.
    """
    child = get_child_for_update(by=by, child_id=child_id)
    text = ConsentText.objects.in_use_on(on).filter(version=version).first()
    if text is None:
        raise Invalid(
            "consent_before_text",
            _("Naskah versi %(version)s belum berlaku pada tanggal itu.") % {"version": version},
            "on",
        )
    consent = Consent(kind=ConsentKind.GIVEN, text=text, on=on, relation=relation, method=method)
    return _store(by, child, consent, person_name)


@transaction.atomic
def withdraw_consent(
    *, by: User, child_id: UUID, on: date, person_name: str, relation: ParentRelation
) -> Consent:
    """Record that a parent has withdrawn the consent; the same again changes nothing.

    Raises as :func:`record_consent`, and Conflict where none is in force on that day.
    """
    child = get_child_for_update(by=by, child_id=child_id)
    consent = Consent(kind=ConsentKind.WITHDRAWN, on=on, relation=relation)
    now = child.consents.first()
    if now is None or (not now.is_withdrawn and on < now.on):
        raise Conflict("consent_none", _("Pada tanggal itu belum ada persetujuan yang bisa dicabut."), "on")
    return now if now.is_withdrawn else _store(by, child, consent, person_name)


def _store(by: User, child: Child, consent: Consent, person_name: str) -> Consent:
    consent.person_name = " ".join(person_name.split())[:120]
    if not consent.person_name:
        raise Invalid("consent_name_missing", _("Tulis nama ibu, ayah atau walinya."), "person_name")
    if consent.on > (today := timezone.localdate()):
        raise Invalid.of("future", "on", sentence="day_in_future", today=today)
    if consent.on < child.birth_date:
        raise Invalid(
            "consent_before_birth",
            _("Anak ini lahir %(date)s. Tanggal persetujuan harus setelah itu.")
            % {"date": spoken_date(child.birth_date)},
            "on",
        )
    before = child.consents.first()
    if before and _log_text(before) == _log_text(consent) and before.person_name == consent.person_name:
        return before
    consent.child, consent.recorded_by = child, by
    consent.save(force_insert=True)
    old, new = (_log_text(one) if one else "" for one in (before, consent))
    log_changes([FieldChange(ChangeSubject.CHILD, child.pk, "consent", old, new)], by=by)
    return consent


def _log_text(consent: Consent) -> str:
    """Return what the log says of it: no name. ``kpm.consent`` says it in words."""
    version = consent.text.version if consent.text else ""
    return f"{consent.kind} {consent.on} {consent.relation} {consent.method} {version}".rstrip()
