"""Cases of children who need somebody, and what people have done about them."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpm.cases.course import CaseKind, CaseOutcome
from kpm.cases.standing import Reason, Urgency
from kpm.models.typed_record import TypedRecord
from registry.models import Child, Role, User, Village


class StepAction(models.TextChoices):
    """What somebody has done, in the order in which it is usually done."""

    VISITED = "visited", _("dikunjungi")
    MEASURED_AGAIN = "measured_again", _("diukur ulang")
    REFERRED = "referred", _("dirujuk")
    ARRIVED = "arrived", _("sampai di tempat rujukan")
    TREATED = "treated", _("ditangani")
    SUPPLEMENTED = "supplemented", _("diberi PMT")
    REFUSED = "refused", _("keluarga menolak")
    MOVED = "moved", _("keluarga pindah")


class ReferredTo(models.TextChoices):
    """Whom a child is referred to, the nearest first: an unanswered referral rises to the next one."""

    MIDWIFE = "midwife", _("bidan desa")
    PUSKESMAS = "puskesmas", _("puskesmas")
    HOSPITAL = "hospital", _("rumah sakit")


TREATMENT_STEPS = frozenset({StepAction.ARRIVED, StepAction.TREATED})
"""Steps that only who treats children can record (:data:`MAY_ANSWER`)."""

KIND_WORDS = {
    CaseKind.WASTING: _("gizi buruk atau kurang"),
    CaseKind.UNDERWEIGHT: _("berat badan kurang"),
    CaseKind.STUNTING: _("stunting"),
    CaseKind.GAIN: _("berat tidak naik atau kurang dari KBM"),
    CaseKind.OVERWEIGHT: _("gizi lebih"),
    CaseKind.HEAD: _("lingkar kepala"),
    CaseKind.MEASURE_AGAIN: _("perlu ukur ulang"),
    CaseKind.NOT_MEASURED: _("dua bulan tidak diukur"),
}
KIND_CHOICES = [(kind.value, words) for kind, words in KIND_WORDS.items()]


MAY_ANSWER = frozenset({Role.MIDWIFE, Role.PUSKESMAS})
"""Who can say that a child has arrived where it was referred to, and was treated."""


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """Return the cases of the children who live now where ``user`` works with people."""
        return self.filter(user.area(people=True).as_q("lives_in__"))

    def open_on(self, day: date) -> CaseQuerySet:
        """Return those that are open on ``day``, as their children are known today."""
        return self.filter(opened_on__lte=day, closed_on__gt=day)


class Case(models.Model):
    """A reason why a child needs somebody, from the day it was found until it is over.

    A relapse opens the same case again: another row, with the same ``found_on`` and the next ``spell``.

    Every row is derived from the child's measurements, its life and its steps (``kpm.cases``), and is made
    again with each change of them: ``manage.py rebuild_cases`` changes nothing. ``closed_on`` is never empty,
    since a child turns five; the days of both may be to come.
    """

    is_derived = True

    id = models.UUIDField(primary_key=True, editable=False)  # of child, kind and first day: :func:`case_id`
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="cases", verbose_name=_("anak"))
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="cases_found", verbose_name=_("desa saat ditemukan")
    )
    # Of the child, so that counting the open cases of a kabupaten joins no child.
    lives_in = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="cases_now", verbose_name=_("desa sekarang")
    )
    kind = models.CharField(_("jenis"), max_length=16, choices=KIND_CHOICES)
    reason = models.CharField(_("alasan"), max_length=24, choices=[(one.value, one.value) for one in Reason])
    worst = models.CharField(_("terberat"), max_length=24, choices=[(one.value, one.value) for one in Reason])
    urgency = models.CharField(
        _("kapan"), max_length=10, choices=[(one.value, one.value) for one in Urgency], db_index=False
    )
    since = models.DateField(_("sejak"))
    opened_on = models.DateField(_("dibuka pada"))
    closed_on = models.DateField(_("ditutup pada"))
    outcome = models.CharField(
        _("hasil"), max_length=12, choices=[(one.value, one.value) for one in CaseOutcome]
    )
    found_on = models.DateField(_("pertama ditemukan pada"))
    spell = models.PositiveSmallIntegerField(_("dibuka yang ke"), default=1)
    visited_on = models.DateField(_("dikunjungi pada"), null=True, blank=True)
    referred_on = models.DateField(_("dirujuk pada"), null=True, blank=True)
    arrived_on = models.DateField(_("sampai pada"), null=True, blank=True)
    treated_on = models.DateField(_("ditangani pada"), null=True, blank=True)
    # The newest referral that nobody has answered, and whom it went to.
    waiting_since = models.DateField(_("menunggu sejak"), null=True, blank=True)
    waiting_for = models.CharField(_("menunggu"), max_length=10, choices=ReferredTo, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("kasus")
        verbose_name_plural = _("kasus")
        ordering = ["opened_on"]
        indexes = [
            models.Index(fields=["lives_in", "closed_on"]),
            models.Index(fields=["village", "opened_on"]),
        ]
        constraints = [
            models.UniqueConstraint("child", "kind", "opened_on", name="case_once"),
            models.CheckConstraint(condition=Q(closed_on__gt=F("opened_on")), name="case_days_in_order"),
            models.CheckConstraint(
                condition=Q(waiting_since__isnull=True, waiting_for="")
                | Q(waiting_since__isnull=False, waiting_for__in=ReferredTo.values),
                name="case_waits_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_on}"

    def days_open(self, today: date) -> int:
        """Return for how many days it is open ``today``, or was until it was closed."""
        return (min(today, self.closed_on) - self.opened_on).days

    def counts(self, step: CaseStep) -> bool:
        """Return whether a step is one of this case."""
        return step.kind in ("", self.kind) and self.opened_on <= step.on <= self.closed_on


def case_id(child: UUID, kind: CaseKind, opened_on: date) -> UUID:
    """Return the id of a case, the same whenever and wherever it is derived."""
    return uuid.uuid5(child, f"{kind}:{opened_on.isoformat()}")


class CaseStep(TypedRecord):
    """Something that was done for a child with an open case. A mistaken one is taken back, never deleted."""

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="case_steps", verbose_name=_("anak")
    )
    # Empty: of every case of the child that was open on that day.
    kind = models.CharField(_("jenis"), max_length=16, choices=KIND_CHOICES, blank=True)
    action = models.CharField(_("langkah"), max_length=16, choices=StepAction)
    referred_to = models.CharField(_("dirujuk ke"), max_length=10, choices=ReferredTo, blank=True)
    note = models.CharField(_("catatan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("langkah kasus")
        verbose_name_plural = _("langkah kasus")
        ordering = ["on", "recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(action="referred") & Q(referred_to__in=ReferredTo.values))
                | (~Q(action="referred") & Q(referred_to="")),
                name="case_step_refers_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="case_step_taken_back_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["recorded_at"]), models.Index(fields=["taken_back_at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.on}"
