"""Stored figures: looked at; ``manage.py rebuild_figures`` counts them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from registry.admin.base import ViewOnlyAdmin
from registry.models import CountedMonth, HeightSpread, QualityMonth, VillageMonth


@admin.register(CountedMonth)
class CountedMonthAdmin(ViewOnlyAdmin):
    list_display = ("month", "opened_at")
    date_hierarchy = "month"
    search_fields = ("month",)


class VillageFiguresAdmin(ViewOnlyAdmin):
    """Figures of villages, the latest month first."""

    list_select_related: ClassVar[tuple[str, ...]] = ("village__kecamatan",)
    date_hierarchy = "month"
    ordering: ClassVar[tuple[str, ...]] = ("-month", "village")
    search_fields = ("village__name", "village__code")


@admin.register(VillageMonth)
class VillageMonthAdmin(VillageFiguresAdmin):
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
    list_filter = ("sex", "age_group", "village__kecamatan")
    ordering = ("-month", "village", "sex", "age_group")


@admin.register(HeightSpread)
class HeightSpreadAdmin(VillageFiguresAdmin):
    list_display = ("month", "village", "village__kecamatan", "count")
    list_filter = ("village__kecamatan",)


@admin.register(QualityMonth)
class QualityMonthAdmin(VillageFiguresAdmin):
    list_display = ("month", "village", "posyandu", "recorder", "count", "grade", "points", "possible")
    list_select_related = ("village", "posyandu", "recorder")
    list_filter = ("grade", "village__kecamatan")
