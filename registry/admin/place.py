"""Places: added when the kabupaten changes, otherwise loaded by ``manage.py load_places``."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry.access.decorators import user_of
from registry.actions.village_puskesmas import log_puskesmas
from registry.admin.base import FixedOnceAddedAdmin, MergingAdmin, MergingForm, ViewOnlyAdmin
from registry.models import Boundary, District, FormerVillageCode, Kecamatan, Posyandu, Puskesmas, Village
from registry.places.names import posyandu_key


@admin.register(District)
class DistrictAdmin(FixedOnceAddedAdmin):
    # Names and kinds follow Kemendagri's list, which load_places would put back.
    fixed = ("code", "name")
    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(Kecamatan)
class KecamatanAdmin(FixedOnceAddedAdmin):
    fixed = ("code", "name", "district")
    list_display = ("code", "name", "district")
    list_select_related = ("district",)
    search_fields = ("code", "name")


@admin.register(Puskesmas)
class PuskesmasAdmin(MergingAdmin):
    list_display = ("name", "kecamatan")
    list_select_related = ("kecamatan",)
    list_filter = ("kecamatan",)
    search_fields = ("name", "kecamatan__name")
    autocomplete_fields = ("kecamatan",)


@admin.register(Village)
class VillageAdmin(FixedOnceAddedAdmin):
    fixed = ("code", "name", "kind", "kecamatan")
    list_display = ("code", "name", "kind", "kecamatan", "puskesmas")
    list_select_related = ("kecamatan", "puskesmas")
    list_filter = ("kind", ("puskesmas", admin.EmptyFieldListFilter), "kecamatan")
    search_fields = ("code", "name", "kecamatan__name")
    autocomplete_fields = ("kecamatan", "puskesmas")

    def save_model(self, request: HttpRequest, obj: Village, form: Any, change: bool) -> None:
        before = Village.objects.select_related("puskesmas").filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before:
            log_puskesmas(user_of(request), obj, before.puskesmas, obj.puskesmas)


@admin.register(FormerVillageCode)
class FormerVillageCodeAdmin(ViewOnlyAdmin):
    """Made where a village gets another code."""

    list_display = ("code", "village", "changed_on")
    list_select_related = ("village",)
    search_fields = ("code", "village__code", "village__name")


class PosyanduForm(MergingForm):
    """A posyandu and the spelling files are matched by."""

    class Meta:
        model = Posyandu
        fields = ("village", "name")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        village, name = cleaned.get("village"), cleaned.get("name")
        if not village or not name:
            return cleaned
        self.instance.key = posyandu_key(name)
        if not self.instance.key:
            raise ValidationError({"name": _("Tulis nama posyandu dengan huruf atau angka.")})
        same = (
            Posyandu.objects.filter(village=village, key=self.instance.key)
            .exclude(pk=self.instance.pk)
            .first()
        )
        if same:
            raise ValidationError(
                {
                    "name": _("Desa ini sudah punya posyandu %(name)s, yang dianggap sama.")
                    % {"name": same.name}
                }
            )
        return cleaned


@admin.register(Posyandu)
class PosyanduAdmin(MergingAdmin):
    form = PosyanduForm
    list_display = ("name", "village", "village__kecamatan")
    list_select_related = ("village__kecamatan",)
    list_filter = ("village__kecamatan",)
    search_fields = ("name", "key", "village__name")
    # From the list of villages, which shows code and kecamatan: a name alone may be that of two.
    raw_id_fields = ("village",)


@admin.register(Boundary)
class BoundaryAdmin(ViewOnlyAdmin):
    """Loaded by ``manage.py load_boundaries``."""

    list_display = ("code", "source")
    search_fields = ("code", "source")
    exclude = ("geometry",)
