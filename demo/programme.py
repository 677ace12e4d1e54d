"""The KPM programme of the invented district: its lokus villages, its audited cases, a page for everybody."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from demo.district import TOUR_VILLAGE
from kpm.lokus_actions import declare_lokus
from kpm.models import AuditCause, AuditDecision, Case, CaseAudit
from kpm.scorecard.indicators import ServicePackage
from kpm.scored_people import VISITED_CASES
from registry.actions.community_page import switch_community_page
from registry.models import Role, User, Village

_DAY = timedelta(days=1)


class _AuditStage(NamedTuple):
    """How far an audit is, in days from today: when it was chosen and each decision is due and was done."""

    chosen: int
    has_causes: bool = False
    decisions: Sequence[tuple[int, int | None]] = ()
    concluded: int | None = None


_STAGES = (
    _AuditStage(-60, True, ((-30, -32), (-14, None))),
    _AuditStage(-5),
    _AuditStage(-60, True, ((-30, -35), (-20, -24)), concluded=-20),
    _AuditStage(-25, True, ((20, None),)),
    _AuditStage(-12, True),
)
_FINDINGS = {
    ServicePackage.HEALTH: (0.6, "Sering diare, imunisasi belum lengkap", "Imunisasi lengkap"),
    ServicePackage.COUNSELLING: (1.0, "MP-ASI jarang dengan lauk hewani", ""),
    ServicePackage.WATER_SANITATION: (0.5, "Belum punya jamban sendiri", "Air dan jamban layak"),
    ServicePackage.SOCIAL_PROTECTION: (0.3, "Belum punya jaminan kesehatan", "Menerima PKH"),
    ServicePackage.EARLY_LEARNING: (0.3, "Belum ikut kelas pengasuhan", "Ikut kelas pengasuhan"),
}
"""How often a package contributes to a case, and the note of one that does and that does not."""

_DECISIONS = (
    ("PMT 90 hari, berat dipantau tiap minggu", "Ahli gizi puskesmas"),
    ("Kelas MP-ASI dua minggu sekali", "KPM dan bidan desa"),
)


def load_programme(today: date, by: User, seed: int) -> None:
    """Record lokus villages of two years and audits in every state, and open the page of a village."""
    dice = random.Random(seed)  # noqa: S311  an invented district
    _declare_lokus(today.year, by, dice)
    _audit_cases(today, dice)
    switch_community_page(by=by, village_code=TOUR_VILLAGE, is_public=True)


def _declare_lokus(year: int, by: User, dice: random.Random) -> None:
    """Name 40 villages for each of two years; most stay, and the demo's people work in one of them."""
    others = Village.objects.exclude(pk=TOUR_VILLAGE).order_by("pk").values_list("pk", flat=True)
    drawn = dice.sample(list(others), 54)
    for named, chosen in ((year - 1, drawn[:39]), (year, drawn[15:])):
        declare_lokus(
            by=by,
            year=named,
            village_codes=[TOUR_VILLAGE, *chosen],
            decree_number=f"440/{dice.randrange(100, 900)}/{named - 1}",
            decree_date=date(named - 1, 11, 15),
        )


def _audit_cases(today: date, dice: random.Random) -> None:
    """Let three officers audit a case in each state: in the village of the demo's people, then elsewhere."""
    audited: set[Any] = set()
    longest = today + min(stage.chosen for stage in _STAGES) * _DAY
    lasting = Case.objects.open_on(today).filter(kind__in=VISITED_CASES, found_on__lte=longest)
    lasting = lasting.filter(child__birth_date__lt=today - 365 * _DAY)
    for role, where in (
        (Role.KECAMATAN, {"lives_in": TOUR_VILLAGE}),
        (Role.PUSKESMAS, {}),
        (Role.DISTRICT, {}),
    ):
        officer = User.objects.filter(memberships__role=role).order_by("pk")[0]
        for stage in _STAGES:
            cases = lasting.visible_to(officer).filter(**where).exclude(child__in=audited)
            if case := cases.order_by("kind", "found_on", "pk").first():
                audited.add(case.child_id)
                _audit(case, stage, today, officer, dice)


def _audit(case: Case, stage: _AuditStage, today: date, by: User, dice: random.Random) -> None:
    audit = CaseAudit.objects.create(
        child_id=case.child_id,
        kind=case.kind,
        found_on=case.found_on,
        chosen_on=today + stage.chosen * _DAY,
        reason="Belum membaik sejak ditemukan",
        concluded_on=today + stage.concluded * _DAY if stage.concluded else None,
        by=by,
    )
    for package, (share, cause, otherwise) in _FINDINGS.items() if stage.has_causes else ():
        contributes = dice.random() < share
        note = cause if contributes else otherwise
        AuditCause.objects.create(audit=audit, package=package, contributes=contributes, note=note, by=by)
    for (text, responsible), (due, done) in zip(_DECISIONS, stage.decisions, strict=False):
        AuditDecision.objects.create(
            audit=audit,
            text=text,
            responsible=responsible,
            due_on=today + due * _DAY,
            done_on=today + done * _DAY if done else None,
            by=by,
        )
