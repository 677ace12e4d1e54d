"""The only code that writes audits of cases. Atomic; refuses in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.event_actions import require_decision
from kpm.models import AUDITORS, AuditCause, AuditDecision, Case, CaseAudit
from kpm.scorecard.indicators import ServicePackage
from registry.access.loaders import get_child_for_update
from registry.actions.requirements import require_reason
from registry.errors import Invalid, NotFound
from registry.models import Role, User


@dataclass(frozen=True, slots=True)
class CauseFinding:
    """What an audit found about one package: whether it contributes to the case, and how."""

    package: ServicePackage
    contributes: bool
    note: str = ""


@transaction.atomic
def choose_case(*, by: User, case_id: UUID, reason: str = "") -> CaseAudit:
    """Choose a case for audit; one that is being audited stays as it is.

    Raises NotFound (a case outside the area, or a user who chooses none) and Invalid (no reason of somebody
    who does not treat).
    """
    found = Case.objects.visible_to(by).filter(pk=case_id).first()
    if found is None or not by.roles & AUDITORS:
        raise NotFound("case_not_found", _("Kasus ini tidak ada di wilayah kerja Anda."), "case")
    reason = " ".join(reason.split())[:200]
    if not by.has_role(Role.PUSKESMAS):
        reason = require_reason(reason)
    child = get_child_for_update(by=by, child_id=found.child_id)
    known = CaseAudit.objects.filter(
        child=child, kind=found.kind, found_on=found.found_on, concluded_on=None, taken_back_at=None
    ).first()
    return known or CaseAudit.objects.create(
        child=child,
        kind=found.kind,
        found_on=found.found_on,
        chosen_on=timezone.localdate(),
        reason=reason,
        by=by,
    )


@transaction.atomic
def record_causes(*, by: User, audit_id: int, findings: Sequence[CauseFinding]) -> CaseAudit:
    """Store what an audit found about packages. Raises NotFound, and Invalid for an audit that is over."""
    audit = _get_open_audit(by, audit_id)
    for finding in findings:
        note = " ".join(finding.note.split())[:300]
        said = {"contributes": finding.contributes, "note": note}
        known = audit.causes.filter(package=finding.package).first()
        if known is None:
            AuditCause.objects.create(audit=audit, package=finding.package, by=by, **said)
        elif (known.contributes, known.note) != (finding.contributes, note):
            audit.causes.filter(pk=known.pk).update(by=by, recorded_at=timezone.now(), **said)
    return audit


@transaction.atomic
def store_decision(
    *,
    by: User,
    audit_id: int,
    decision_id: int | None = None,
    text: str,
    responsible: str,
    due_on: date,
    done_on: date | None = None,
) -> AuditDecision:
    """Store a decision, new or put right; an audit that is over still learns what was done.

    Raises NotFound and Invalid (nothing decided, nobody responsible, a day to come on which it was done).
    """
    audit = _get_audit_for_update(by, audit_id)
    text, responsible = require_decision(text, responsible, 300)
    if done_on and not audit.found_on <= done_on <= timezone.localdate():
        raise Invalid(
            "done_day",
            _("Tanggal dikerjakan tidak boleh sebelum kasus ditemukan atau setelah hari ini."),
            "done_on",
        )
    decision = AuditDecision(audit=audit)
    if decision_id is not None:
        known = audit.decisions.filter(pk=decision_id).first()
        if known is None:
            raise NotFound("decision_not_found", _("Keputusan ini tidak ada."))
        decision = known
    decision.text, decision.responsible = text, responsible
    decision.due_on, decision.done_on = due_on, done_on
    decision.by, decision.recorded_at = by, timezone.now()
    decision.save()
    return decision


@transaction.atomic
def conclude_audit(*, by: User, audit_id: int, on: date | None) -> CaseAudit:
    """Conclude an audit on a day, or open it again (None). Raises NotFound and Invalid (another day)."""
    audit = _get_audit_for_update(by, audit_id)
    if on and not audit.chosen_on <= on <= timezone.localdate():
        raise Invalid("concluded_day", _("Tanggal selesai dari hari dipilih sampai hari ini."), "on")
    audit.concluded_on = on
    audit.save(update_fields=["concluded_on"])
    return audit


@transaction.atomic
def take_back_audit(*, by: User, audit_id: int) -> CaseAudit:
    """Take back the audit of a case that was chosen by mistake; it stays in the child's record."""
    audit = _get_audit_for_update(by, audit_id)
    audit.taken_back_by, audit.taken_back_at = by, timezone.now()
    audit.save(update_fields=["taken_back_by", "taken_back_at"])
    return audit


def forget_audit_texts(children: Collection[UUID]) -> None:
    """Empty what audits say of children whose records no longer say who they are."""
    audits = CaseAudit.objects.filter(child__in=children)
    AuditCause.objects.filter(audit__in=audits).exclude(note="").update(note="")
    AuditDecision.objects.filter(audit__in=audits).update(text="", responsible="")
    audits.exclude(reason="").update(reason="")


def _get_open_audit(by: User, audit_id: int) -> CaseAudit:
    audit = _get_audit_for_update(by, audit_id)
    if audit.concluded_on:
        raise Invalid("audit_over", _("Audit ini sudah selesai. Buka lagi dulu kalau ada yang berubah."))
    return audit


def _get_audit_for_update(by: User, audit_id: int) -> CaseAudit:
    """Return the audit, its child locked. Raises NotFound."""
    audit = CaseAudit.objects.visible_to(by).filter(pk=audit_id).first()
    if audit is None or not by.roles & AUDITORS:
        raise NotFound("audit_not_found", _("Audit ini tidak ada di wilayah kerja Anda."))
    get_child_for_update(by=by, child_id=audit.child_id)
    return CaseAudit.objects.get(pk=audit_id)
