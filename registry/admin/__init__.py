"""Every table of the register in Django's admin, for the administrator. One file a concept.

The admin sets up places, people and targets. What was measured is only looked at here: children and
measurements change through ``registry.actions``, figures through ``registry.figures``.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.access import MembershipAdmin, UserAdmin
from registry.admin.child import ChildAdmin, ResidenceAdmin
from registry.admin.decision import RowDecisionAdmin
from registry.admin.export import ExportLogAdmin
from registry.admin.mapping import ColumnMappingAdmin
from registry.admin.measurement import MeasurementAdmin
from registry.admin.month import CountedMonthAdmin, HeightSpreadAdmin, QualityMonthAdmin, VillageMonthAdmin
from registry.admin.place import (
    BoundaryAdmin,
    DistrictAdmin,
    KecamatanAdmin,
    PosyanduAdmin,
    PuskesmasAdmin,
    VillageAdmin,
)
from registry.admin.target import SurveyEstimateAdmin, TargetAdmin
from registry.admin.upload import UploadAdmin

__all__ = [
    "BoundaryAdmin",
    "ChildAdmin",
    "ColumnMappingAdmin",
    "CountedMonthAdmin",
    "DistrictAdmin",
    "ExportLogAdmin",
    "HeightSpreadAdmin",
    "KecamatanAdmin",
    "MeasurementAdmin",
    "MembershipAdmin",
    "PosyanduAdmin",
    "PuskesmasAdmin",
    "QualityMonthAdmin",
    "ResidenceAdmin",
    "RowDecisionAdmin",
    "SurveyEstimateAdmin",
    "TargetAdmin",
    "UploadAdmin",
    "UserAdmin",
    "VillageAdmin",
    "VillageMonthAdmin",
]

admin.site.site_header = _("Register gizi balita Cilacap: pengaturan")
admin.site.site_title = _("Pengaturan register")
admin.site.index_title = _("Apa yang ingin diatur?")
