"""Measurements: looked at, never edited. A correction or a void is an action on the child's page."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.base import PeopleAdmin, VisibleRowsAdmin
from registry.models import Measurement

_SEEN = ("weight_kg", "lenhei_cm", "position", "muac_cm", "head_cm", "oedema")
_JUDGED = (
    "age_days",
    "clenhei_cm",
    "position_disbelieved",
    ("haz", "haz_flag"),
    ("waz", "waz_flag"),
    ("whz", "whz_flag"),
    ("baz", "baz_flag"),
    ("hcz", "hcz_flag"),
    ("acz", "acz_flag"),
    "gain",
)
_CAME_FROM = ("source", "upload", "recorded_by", "received_at", "client_time", "confirmed_doubts")
_BECAME = ("state", "supersedes", "reason", "voided_by", "voided_at")


@admin.register(Measurement)
class MeasurementAdmin(PeopleAdmin, VisibleRowsAdmin):
    list_display = (
        "measured_on",
        "child",
        "village",
        "village__kecamatan",
        "weight_kg",
        "lenhei_cm",
        "haz",
        "state",
        "source",
    )
    list_select_related = ("child", "village__kecamatan")
    list_filter = ("state", "source", "haz_flag", "village__kecamatan")
    date_hierarchy = "measured_on"
    ordering = ("-measured_on",)
    search_fields = ("child__pk", "village__code")
    fieldsets = (
        (None, {"fields": ("id", "child", "village", "measured_on")}),
        (_("Yang dilihat"), {"fields": _SEEN}),
        (_("Yang dihitung menurut standar WHO 2006"), {"fields": _JUDGED}),
        (_("Asalnya"), {"fields": _CAME_FROM}),
        (_("Koreksi dan pembatalan"), {"fields": _BECAME}),
    )
