"""What the district wants to reach and what surveys found: both edited here."""

from __future__ import annotations

from django.contrib import admin

from registry.admin.base import MergingAdmin
from registry.models import SurveyEstimate, Target


@admin.register(Target)
class TargetAdmin(MergingAdmin):
    list_display = ("year", "indicator", "percent", "district", "source")
    list_select_related = ("district",)
    list_filter = ("indicator", "year")
    search_fields = ("source", "district__name")


@admin.register(SurveyEstimate)
class SurveyEstimateAdmin(MergingAdmin):
    list_display = ("year", "survey", "indicator", "percent", "district", "source")
    list_select_related = ("district",)
    list_filter = ("survey", "indicator", "year")
    search_fields = ("source", "district__name")
