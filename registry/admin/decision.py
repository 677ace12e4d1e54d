"""What is decided about rows of files: looked at here, decided and undone where files are looked at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.admin.base import ViewOnlyAdmin, user_of
from registry.models import RowDecision


@admin.register(RowDecision)
class RowDecisionAdmin(ViewOnlyAdmin):
    list_display = ("made_at", "user", "choice")
    list_filter = ("choice",)
    list_select_related = ("user",)
    search_fields = ("user__username", "user__full_name")
    fields = ("made_at", "user", "choice")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RowDecision]:
        return RowDecision.objects.filter(user=user_of(request))
