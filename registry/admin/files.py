"""Files that came in or went out, and what was decided about them: looked at, written by other pages."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.access.decorators import user_of
from registry.admin.base import ViewOnlyAdmin, VisibleRowsAdmin
from registry.models import ColumnMapping, ExportLog, RowDecision, Upload


@admin.register(Upload)
class UploadAdmin(ViewOnlyAdmin):
    """Who handed in what and what became of it; never the file itself, which is its owner's."""

    list_display = ("file_name", "user", "created_at", "committed_at")
    list_select_related = ("user",)
    list_filter = (("committed_at", admin.EmptyFieldListFilter),)
    date_hierarchy = "created_at"
    search_fields = ("file_name", "user__username", "sha256")
    fields = ("id", "file_name", "user", "sha256", "created_at", "committed_at", "summary")


@admin.register(RowDecision)
class RowDecisionAdmin(ViewOnlyAdmin):
    list_display = ("made_at", "user", "choice")
    list_filter = ("choice",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("made_at", "user", "choice")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RowDecision]:
        return RowDecision.objects.filter(user=user_of(request))


@admin.register(ColumnMapping)
class ColumnMappingAdmin(VisibleRowsAdmin):
    list_display = ("name", "district", "user", "header_row", "created_at")
    list_select_related = ("district", "user")
    search_fields = ("name", "user__username")
    fields = ("name", "district", "user", "columns", "header_row", "created_at")


@admin.register(ExportLog)
class ExportLogAdmin(VisibleRowsAdmin):
    """For those who answer for the kabupaten."""

    list_display = (
        *("at", "user", "kind", "page", "form", "place_code"),
        *("rows", "children", "withheld", "unmasked", "reason"),
    )
    list_select_related = ("user",)
    list_filter = ("kind", "unmasked")
    date_hierarchy = "at"
    search_fields = ("user__username", "place_code", "page", "reason")
    fields = (
        *("at", "user", "kind", "page", "form", "district", "place_code", "month_from", "month_to"),
        *("rows", "children", "withheld", "unmasked", "reason"),
    )
