"""Which column is which in tables that no layout of the field describes, remembered under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.access import ROLES_WITH_PEOPLE
from registry.models.place import District

if TYPE_CHECKING:
    from registry.models.access import User


class ColumnMappingQuerySet(models.QuerySet["ColumnMapping"]):
    def visible_to(self, user: User) -> ColumnMappingQuerySet:
        """Return those of the kabupaten the user works in: a neighbour's workbook looks alike."""
        if not user.is_active:
            return self.none()
        held = user.memberships.held_on(timezone.localdate()).filter(role__in=ROLES_WITH_PEOPLE)
        paths = ("district", "kecamatan__district", "puskesmas__kecamatan__district")
        works_in = Q(district__in=held.values("village__kecamatan__district"))
        for path in paths:
            works_in |= Q(district__in=held.values(path))
        return self.filter(works_in)


class ColumnMapping(models.Model):
    """What somebody has said each column of a table is. It names columns and never a child."""

    name = models.CharField(_("nama"), max_length=60)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="+", verbose_name=_("kabupaten")
    )
    user = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="mappings", verbose_name=_("pengguna")
    )
    # From field to column: counted from 0, or the text of its header, which survives a column put in before.
    columns = models.JSONField(_("kolom"), default=dict)
    header_row = models.PositiveSmallIntegerField(
        _("baris judul"), null=True, blank=True, help_text=_("0: tanpa judul; kosong: dicari")
    )
    created_at = models.DateTimeField(_("dibuat pada"), auto_now_add=True)

    objects = ColumnMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemetaan kolom")
        verbose_name_plural = _("pemetaan kolom")
        ordering = ["name"]
        constraints = [models.UniqueConstraint("district", "name", name="mapping_once")]

    def __str__(self) -> str:
        return self.name
