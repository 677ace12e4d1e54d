"""Stored figures: looked at; ``manage.py rebuild_figures`` counts them."""

from __future__ import annotations

from django.contrib import admin

from registry.admin.base import ViewOnlyAdmin
from registry.models import CountedMonth, HeightSpread, QualityMonth, VillageMonth


@admin.register(CountedMonth)
class CountedMonthAdmin(ViewOnlyAdmin):
    list_display = ("month", "opened_at")
    date_hierarchy = "month"
    search_fields = ("month",)


@admin.register(VillageMonth)
class VillageMonthAdmin(ViewOnlyAdmin):
    list_display = (
        "month",
        "village",
        "village__kecamatan",
        "sex",
        "age_group",
        "registered",
        "measured",
        "haz_believed",
        "stunted",
    )
    list_select_related = ("village__kecamatan",)
    list_filter = ("sex", "age_group", "village__kecamatan")
    date_hierarchy = "month"
    ordering = ("-month", "village", "sex", "age_group")
    search_fields = ("village__name", "village__code")


@admin.register(HeightSpread)
class HeightSpreadAdmin(ViewOnlyAdmin):
    list_display = ("month", "village", "village__kecamatan", "count")
    list_select_related = ("village__kecamatan",)
    list_filter = ("village__kecamatan",)
    date_hierarchy = "month"
    ordering = ("-month", "village")
    search_fields = ("village__name", "village__code")


@admin.register(QualityMonth)
class QualityMonthAdmin(ViewOnlyAdmin):
    list_display = ("month", "village", "posyandu", "recorder", "count", "grade", "points", "possible")
    list_select_related = ("village", "posyandu", "recorder")
    list_filter = ("grade", "village__kecamatan")
    date_hierarchy = "month"
    ordering = ("-month", "village")
    search_fields = ("village__name", "village__code")
