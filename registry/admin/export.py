"""Files that left the register, for those who answer for the kabupaten."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import ViewOnlyAdmin, user_of
from registry.models import ExportLog


@admin.register(ExportLog)
class ExportLogAdmin(ViewOnlyAdmin):
    list_display = (
        *("at", "user", "kind", "page", "form", "place_code"),
        *("rows", "children", "unmasked", "reason"),
    )
    list_select_related = ("user",)
    list_filter = ("kind", "unmasked")
    date_hierarchy = "at"
    search_fields = ("user__username", "user__full_name", "place_code", "page", "reason")
    fields = (
        *("at", "user", "kind", "page", "form", "district", "place_code", "month_from", "month_to"),
        *("rows", "children", "unmasked", "reason"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExportLog]:
        return ExportLog.objects.visible_to(user_of(request))
