"""The audits of a place: a row each, and which cases of a page are audited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpm.cases.course import CaseKind
from kpm.models import AUDITORS, PACKAGE_WORDS, Case, CaseAudit
from kpm.models.case import KIND_WORDS
from kpm.scorecard.indicators import ServicePackage
from registry.access.visible_places import Place, villages_of
from registry.models import User
from registry.validation_messages import spoken_date

AuditKey = tuple[UUID, str, date]
"""Child, kind and first day of a case."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An audit with its child: the case, its causes and how far it is, in words."""

    audit: CaseAudit
    case: str
    causes: str
    state: str


def list_audits(user: User, place: Place) -> QuerySet[CaseAudit]:
    """Return the audits of children of ``place``, the open ones and then the newest first."""
    found = CaseAudit.objects.visible_to(user).filter(child__village__in=villages_of(place))
    found = found.select_related("child__village", "child__posyandu").prefetch_related("causes", "decisions")
    return found.order_by(F("concluded_on").desc(nulls_first=True), "-chosen_on", "-pk")


def audit_line(audit: CaseAudit, today: date) -> AuditLine:
    """Return what a row says of ``audit``."""
    causes = [str(PACKAGE_WORDS[ServicePackage(c.package)]) for c in audit.causes.all() if c.contributes]
    return AuditLine(audit, case_words(audit), ", ".join(causes), _state_words(audit, today))


def case_words(audit: CaseAudit) -> str:
    """Return the case of an audit: its kind and the day on which it was found."""
    kind = KIND_WORDS[CaseKind(audit.kind)]
    return _("%(kind)s, ditemukan %(date)s") % {"kind": kind, "date": spoken_date(audit.found_on)}


def _state_words(audit: CaseAudit, today: date) -> str:
    if audit.concluded_on:
        words = _("Selesai %(date)s.") % {"date": spoken_date(audit.concluded_on)}
    else:
        words = _("Dipilih %(date)s, belum selesai.") % {"date": spoken_date(audit.chosen_on)}
    open_days = [decision.due_on for decision in audit.decisions.all() if decision.done_on is None]
    if not open_days:
        return words
    waiting = ngettext(
        "%(count)d keputusan belum dikerjakan", "%(count)d keputusan belum dikerjakan", len(open_days)
    ) % {"count": len(open_days)}
    late = sum(day < today for day in open_days)
    return f"{words} {waiting}" + (_(", %(count)d lewat batas.") % {"count": late} if late else ".")


def audits_of(user: User, cases: Iterable[Case]) -> dict[UUID, CaseAudit] | None:
    """Return the audit of each case that has one, by the id of the case: one query.

    None for a user who reads no audits.
    """
    if not user.roles & AUDITORS:
        return None
    cases = list(cases)
    found: dict[AuditKey, CaseAudit] = {}
    for audit in CaseAudit.objects.visible_to(user).filter(child__in={case.child_id for case in cases}):
        found.setdefault((audit.child_id, audit.kind, audit.found_on), audit)
    keyed = {case.pk: found.get((case.child_id, case.kind, case.found_on)) for case in cases}
    return {pk: audit for pk, audit in keyed.items() if audit}
