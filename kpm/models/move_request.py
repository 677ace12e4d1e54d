"""A move that the village of a child asks for and another village answers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import Child, ChildStatus, User, Village


class MoveAnswer(models.TextChoices):
    ACCEPTED = "accepted", _("diterima")
    DECLINED = "declined", _("ditolak")
    WITHDRAWN = "withdrawn", _("ditarik kembali")


class MoveRequestQuerySet(models.QuerySet["MoveRequest"]):
    def awaiting_answer(self) -> MoveRequestQuerySet:
        """Return those that wait for an answer, of children who still live where it was asked."""
        return self.filter(
            answer="",
            child__village=F("from_village"),
            child__status=ChildStatus.ACTIVE,
            child__pseudonymised_at=None,
        )

    def of_user(self, user: User) -> MoveRequestQuerySet:
        """Return those that ``user`` may see: from and to the villages where it works with people."""
        area = user.area(people=True)
        return self.filter(area.as_q("from_village__") | area.as_q("to_village__"))


class MoveRequest(models.Model):
    """That a child lives in another village now, asked by who works where it is on record.

    The child moves when somebody of ``to_village`` accepts; until then it stays where it is.
    """

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="move_requests", verbose_name=_("anak")
    )
    from_village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="+", verbose_name=_("dari desa/kelurahan")
    )
    to_village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="+", verbose_name=_("ke desa/kelurahan")
    )
    moved_on = models.DateField(_("tinggal di sana sejak"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    recorded_at = models.DateTimeField(_("dicatat pada"), default=timezone.now, editable=False)
    answer = models.CharField(_("jawaban"), max_length=10, choices=MoveAnswer, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dijawab oleh")
    )
    answered_at = models.DateTimeField(_("dijawab pada"), null=True)

    objects = MoveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("permintaan pindah")
        verbose_name_plural = _("permintaan pindah")
        ordering = ["-recorded_at"]
        constraints = [
            models.UniqueConstraint("child", condition=Q(answer=""), name="one_open_move_request"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="move_request_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(from_village=F("to_village")), name="move_request_to_another_village"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_village_id} > {self.to_village_id} {self.moved_on}"
