"""Children and where they lived: to read, never to edit.

An identity is corrected on the page of the child, whose action also assesses its measurements again. Access
holds here too: a user without a membership sees no child, superuser or not.
"""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry.access.decorators import user_of
from registry.admin.base import PeopleAdmin, ViewOnly, VisibleRowsAdmin
from registry.models import Child, Consent, ConsentText, Residence


class ResidenceInline(ViewOnly, admin.TabularInline):
    model = Residence
    fields = ("village", "since", "until")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Residence]:
        return super().get_queryset(request).select_related("village")


@admin.register(Child)
class ChildAdmin(PeopleAdmin, VisibleRowsAdmin):
    list_display = ("name", "sex", "birth_date", "village", "village__kecamatan", "posyandu", "status")
    list_select_related = ("village__kecamatan", "posyandu")
    list_filter = ("status", "sex", "village__kecamatan")
    date_hierarchy = "birth_date"
    search_fields = ("pk", "village__code")
    child_id = "id"
    fields = (
        "name",
        "shown_nik",
        "sex",
        "birth_date",
        "birth_date_basis",
        "birth_weight_kg",
        "birth_length_cm",
        "gestation_weeks",
        "parent_name",
        "village",
        "posyandu",
        "rt",
        "rw",
        "address",
        "status",
        "status_date",
        "created_at",
        "created_by",
    )
    inlines = (ResidenceInline,)

    @admin.display(description=_("NIK"))
    def shown_nik(self, child: Child) -> str:
        return child.nik_masked or "-"


@admin.register(Residence)
class ResidenceAdmin(PeopleAdmin):
    list_display = ("child", "village", "village__kecamatan", "since", "until")
    list_select_related = ("child", "village__kecamatan")
    list_filter = ("village__kecamatan",)
    date_hierarchy = "since"
    search_fields = ("child__pk", "village__code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Residence]:
        return (
            super().get_queryset(request).filter(user_of(request).area(people=True).as_q("child__village__"))
        )


@admin.register(Consent)
class ConsentAdmin(PeopleAdmin):
    list_display = ("child", "kind", "text", "on", "relation", "method", "recorded_by")
    list_select_related = ("child", "text", "recorded_by")
    list_filter = ("kind", "method")
    date_hierarchy = "on"
    search_fields = ("child__pk", "village__code")
    village = "child__village"
    fields = (
        *("child", "kind", "text", "on", "person_name", "relation", "method"),
        *("recorded_by", "recorded_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return (
            super().get_queryset(request).filter(user_of(request).area(people=True).as_q("child__village__"))
        )


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin):
    """A new version is added; one that parents have agreed to never changes."""

    list_display = ("version", "since")
    fields = ("version", "since", "text", "text_en")

    def has_change_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return False
