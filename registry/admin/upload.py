"""Uploaded files, for those who answer for them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import ViewOnlyAdmin
from registry.models import Upload


@admin.register(Upload)
class UploadAdmin(ViewOnlyAdmin):
    """Who handed in what and what became of it; never the file itself, which is its owner's."""

    list_display = ("file_name", "user", "created_at", "committed_at")
    list_select_related = ("user",)
    list_filter = (("committed_at", admin.EmptyFieldListFilter),)
    date_hierarchy = "created_at"
    search_fields = ("file_name", "user__username", "user__full_name", "sha256")
    fields = ("id", "file_name", "user", "sha256", "created_at", "committed_at", "summary")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Upload]:
        return super().get_queryset(request).defer("content_sealed")
