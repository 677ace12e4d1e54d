"""What people have decided about rows of files, so that nobody is asked the same twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.models.access import User


class RowChoice(models.TextChoices):
    """What a person can decide about a row. The values are for programs and never change."""

    SAME_AS = "same_as", _("anak yang dipilih")
    MOVED = "moved", _("anak yang dipilih, pindah ke desa di berkas")
    NEW = "new", _("anak lain, didaftarkan baru")
    SKIP = "skip", _("dilewati")
    LEFT = "left", _("anak yang dipilih, pindah keluar kabupaten")
    DIED = "died", _("anak yang dipilih, meninggal")


CLOSING = (RowChoice.LEFT, RowChoice.DIED)
"""What closes a child, on a day."""

OF_ONE_ROW = (RowChoice.SKIP, *CLOSING)
"""What is decided about this very row alone, for the user who decides it."""


class RowDecisionQuerySet(models.QuerySet["RowDecision"]):
    def usable_by(self, user: User) -> RowDecisionQuerySet:
        """Return the user's own and what others have said of who is who; later ones and the user's own last.

        A user who meets a key holds a file that writes a child just so; a child the user does not see is left
        out where the decision is used.
        """
        mine = Q(user=user)
        own = models.Case(models.When(mine, then=1), default=0)
        found = self.filter(mine | ~Q(choice__in=OF_ONE_ROW))
        return found.select_related("user").order_by(own, "made_at")


class RowDecision(models.Model):
    """One decision. ``key`` is a keyed hash of a row, or of who a row writes; it tells nothing of a child."""

    key = models.CharField(_("sidik baris"), max_length=64)
    choice = models.CharField(_("pilihan"), max_length=7, choices=RowChoice)
    # No foreign key: the child may be one that the file itself brings, in an earlier row.
    child = models.UUIDField(_("anak"), null=True, blank=True)
    day = models.DateField(_("pindah atau meninggal pada"), null=True, blank=True)
    user = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("diputuskan oleh")
    )
    made_at = models.DateTimeField(_("diputuskan pada"), auto_now=True)

    objects = RowDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("keputusan baris")
        verbose_name_plural = _("keputusan baris")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint("key", "user", name="decision_once"),
            models.CheckConstraint(
                condition=Q(choice__in=["same_as", "moved", "left", "died"], child__isnull=False)
                | (Q(choice__in=["new", "skip"]) & Q(child=None)),
                name="decision_names_its_child",
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["left", "died"]) | Q(day=None), name="decision_day_of_departure"
            ),
        ]

    def __str__(self) -> str:
        return self.get_choice_display()
