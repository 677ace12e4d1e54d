"""What is on record of a parent's consent, in words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from registry.models import Child, Consent, ConsentKind, ParentRelation
from registry.validation_messages import spoken_date


def consent_words(consent: Consent | None) -> str:
    """Return what holds, as the child's page says it: ``versi 1, 3 Agustus 2024, ibu``."""
    if consent is None:
        return _("belum ada")
    version = consent.text.version if consent.text else ""
    return _words(consent.kind, consent.on, consent.relation, version)


def find_consent(child: Child) -> Consent | None:
    """Return the newest row, which says what holds; None where nobody was asked."""
    return child.consents.select_related("text", "recorded_by").first()


def list_unasked(children: Collection[Child]) -> set[UUID]:
    """Return which of the ``children`` have no consent on record, neither given nor withdrawn: one query."""
    ids = {child.pk for child in children}
    return ids - set(Consent.objects.filter(child__in=ids).order_by().values_list("child", flat=True))


def logged_consent_words(value: str) -> str:
    """Return what ``registry.actions.consents`` has written into the change log, in words."""
    kind, on, relation, *rest = value.split(" ")
    return _words(kind, date.fromisoformat(on), relation, rest[-1] if rest else "")


def _words(kind: str, on: date, relation: str, version: object) -> str:
    parts = {"version": version, "day": spoken_date(on), "relation": ParentRelation(relation).label}
    if kind == ConsentKind.WITHDRAWN:
        return _("dicabut %(day)s, %(relation)s") % parts
    return _("versi %(version)s, %(day)s, %(relation)s") % parts
