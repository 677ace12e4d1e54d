"""What the district wants to reach and what surveys found: both edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from registry.access.decorators import user_of
from registry.actions.targets import delete_target, store_target
from registry.admin.base import MergingAdmin
from registry.models import SurveyEstimate, Target


@admin.register(Target)
class TargetAdmin(MergingAdmin):
    list_display = ("year", "indicator", "percent", "district", "source")
    list_select_related = ("district",)
    list_filter = ("indicator", "year")
    search_fields = ("source", "district__name")

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        store_target(by=user_of(request), target=obj)

    def delete_model(self, request: HttpRequest, obj: Target) -> None:
        delete_target(by=user_of(request), target=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Target]) -> None:
        for target in queryset:
            delete_target(by=user_of(request), target=target)


@admin.register(SurveyEstimate)
class SurveyEstimateAdmin(MergingAdmin):
    list_display = ("year", "survey", "indicator", "percent", "district", "source")
    list_select_related = ("district",)
    list_filter = ("survey", "indicator", "year")
    search_fields = ("source", "district__name")
