"""Audit Kasus Stunting: a case looked into by a team, its causes by package, and what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpm.models.case import KIND_CHOICES
from kpm.models.typed_record import Retractable
from kpm.scorecard.indicators import ServicePackage
from registry.models import Child, Role, User

AUDITORS = frozenset({Role.PUSKESMAS, Role.KECAMATAN, Role.DISTRICT, Role.ADMIN})
"""Who chooses cases for audit and records what it found and decided."""

PACKAGE_WORDS = {
    ServicePackage.HEALTH: _("KIA"),
    ServicePackage.COUNSELLING: _("Konseling gizi"),
    ServicePackage.WATER_SANITATION: _("Air dan sanitasi"),
    ServicePackage.SOCIAL_PROTECTION: _("Perlindungan sosial"),
    ServicePackage.EARLY_LEARNING: _("PAUD"),
}
_PACKAGES = [(package.value, words) for package, words in PACKAGE_WORDS.items()]


class CaseAuditQuerySet(models.QuerySet["CaseAudit"]):
    def visible_to(self, user: User) -> CaseAuditQuerySet:
        """Return the audits, but for those taken back, of children who live now where ``user`` works."""
        mine = user.area(people=True).as_q("child__village__")
        return self.filter(mine, taken_back_at=None)


class CaseAudit(Retractable):
    """A case chosen for audit. ``kind`` and ``found_on`` name it, since cases are derived again and again.

    One chosen by mistake is taken back, never deleted.
    """

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="case_audits", verbose_name=_("anak")
    )
    kind = models.CharField(_("jenis"), max_length=16, choices=KIND_CHOICES)
    found_on = models.DateField(_("pertama ditemukan pada"))
    chosen_on = models.DateField(_("dipilih pada"))
    reason = models.CharField(_("alasan dipilih"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("dipilih oleh"))
    concluded_on = models.DateField(_("selesai pada"), null=True, blank=True)

    objects = CaseAuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit kasus")
        verbose_name_plural = _("audit kasus")
        ordering = ["-chosen_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(chosen_on__gte=F("found_on")), name="audit_after_finding"),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True) | Q(concluded_on__gte=F("chosen_on")),
                name="audit_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="audit_taken_back_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.found_on}"


class AuditCause(models.Model):
    """What a package of services has to do with the case of an audit; one a package."""

    audit = models.ForeignKey(
        CaseAudit, on_delete=models.CASCADE, related_name="causes", verbose_name=_("audit kasus")
    )
    package = models.CharField(_("paket layanan"), max_length=20, choices=_PACKAGES)
    contributes = models.BooleanField(_("berperan"))
    note = models.CharField(_("penjelasan"), max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    recorded_at = models.DateTimeField(_("dicatat pada"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("penyebab menurut audit")
        verbose_name_plural = _("penyebab menurut audit")
        ordering = ["audit", "pk"]
        constraints = [models.UniqueConstraint("audit", "package", name="audit_cause_once_a_package")]

    def __str__(self) -> str:
        return str(self.get_package_display())


class AuditDecision(models.Model):
    """What was decided for the child of an audit, who does it and until when."""

    audit = models.ForeignKey(
        CaseAudit, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("audit kasus")
    )
    text = models.CharField(_("keputusan"), max_length=300)
    responsible = models.CharField(_("penanggung jawab"), max_length=120)
    due_on = models.DateField(_("batas waktu"))
    done_on = models.DateField(_("dikerjakan pada"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    recorded_at = models.DateTimeField(_("dicatat pada"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("keputusan audit")
        verbose_name_plural = _("keputusan audit")
        ordering = ["audit", "due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.due_on}"
