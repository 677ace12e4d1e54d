"""Remembered columns of unknown tables: looked at here, written where files are handed in."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import ViewOnlyAdmin, user_of
from registry.models import ColumnMapping


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ViewOnlyAdmin):
    list_display = ("name", "district", "user", "header_row", "created_at")
    list_select_related = ("district", "user")
    search_fields = ("name", "user__username", "user__full_name")
    fields = ("name", "district", "user", "columns", "header_row", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ColumnMapping]:
        return ColumnMapping.objects.visible_to(user_of(request))
