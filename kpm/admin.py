"""The cadres in Django's admin. Its forms ask ``kpm.actions`` whether a term may be; they hold no rule."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpm.actions import check_term, delete_cadre, store_cadre
from kpm.forms.cadre import TERM_ENDS_ACCESS, TERM_STARTS_ACCESS
from kpm.lokus_actions import delete_lokus, store_lokus
from kpm.models import (
    Attendance,
    AuditCause,
    AuditDecision,
    Beneficiary,
    BeneficiaryStay,
    Cadre,
    Case,
    CaseAudit,
    CaseStep,
    ConditionRecord,
    Event,
    EventDecision,
    EventMaterial,
    GroupInUse,
    Household,
    HouseholdChild,
    LokusVillage,
    MoveRequest,
    Scorecard,
    ScorecardRule,
    ServiceRecord,
)
from registry.access.decorators import user_of
from registry.admin.base import STAFF_SEARCH_HELP, MergingAdmin, MergingForm, ViewOnlyAdmin
from registry.errors import Refused


class CadreForm(MergingForm):
    """A form that says an overlap of terms in the action's own sentence."""

    class Meta:
        model = Cadre
        fields = [
            "village",
            "full_name",
            "sex",
            "phone",
            "user",
            "musyawarah_desa_date",
            "decree_number",
            "decree_date",
            "term_start",
            "term_end",
            "handed_over_on",
            "handover_note",
        ]
        help_texts = {"term_start": TERM_STARTS_ACCESS, "term_end": TERM_ENDS_ACCESS}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("village") and data.get("term_start"):
            but = self.instance if self.instance.pk else None
            try:
                check_term(
                    village=data["village"],
                    term_start=data["term_start"],
                    term_end=data.get("term_end"),
                    but=but,
                )
            except Refused as refused:
                raise ValidationError({refused.field or "term_start": refused.message}) from refused
        return data


@admin.register(Cadre)
class CadreAdmin(MergingAdmin):
    form = CadreForm
    list_display = ["full_name", "village", "kecamatan", "term_start", "term_end", "phone"]
    list_select_related = ["village__kecamatan"]
    list_filter = ["village__kecamatan"]
    search_fields = ["user__username", "decree_number", "village__name", "village__code"]
    search_help_text = STAFF_SEARCH_HELP
    autocomplete_fields = ["village", "user"]
    date_hierarchy = "term_start"

    def save_model(self, request: HttpRequest, obj: Cadre, form: Any, change: bool) -> None:
        store_cadre(by=user_of(request), cadre=obj)

    def delete_model(self, request: HttpRequest, obj: Cadre) -> None:
        delete_cadre(by=user_of(request), cadre=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Cadre]) -> None:
        for cadre in queryset:
            delete_cadre(by=user_of(request), cadre=cadre)

    @admin.display(description=_("kecamatan"))
    def kecamatan(self, cadre: Cadre) -> str:
        return str(cadre.village.kecamatan)


@admin.register(Event)
class EventAdmin(MergingAdmin):
    list_display = ["title", "kind", "date", "end_date", "place", "village"]
    list_select_related = ["village"]
    list_filter = ["kind"]
    autocomplete_fields = ["village"]
    exclude = ["invited"]  # called on the page of training
    search_fields = ["title", "topic", "place"]
    date_hierarchy = "date"


@admin.register(Attendance)
class AttendanceAdmin(MergingAdmin):
    list_display = ["cadre", "event"]
    list_select_related = ["cadre", "event"]
    list_filter = ["event__kind"]
    search_fields = ["cadre__village__name", "cadre__village__code", "event__title"]
    autocomplete_fields = ["event", "cadre"]


@admin.register(EventDecision)
class EventDecisionAdmin(ViewOnlyAdmin):
    list_display = ("text", "event", "due_on", "done_on")
    list_select_related = ("event",)
    date_hierarchy = "due_on"
    search_fields = ("event__title",)


@admin.register(EventMaterial)
class EventMaterialAdmin(ViewOnlyAdmin):
    list_display = ("file_name", "event", "size", "uploaded_by", "uploaded_at")
    list_select_related = ("event", "uploaded_by")
    search_fields = ("event__title",)


@admin.register(Case)
class CaseAdmin(ViewOnlyAdmin):
    list_display = ("opened_on", "child", "kind", "closed_on", "lives_in")
    list_select_related = ("child", "lives_in")
    date_hierarchy = "opened_on"
    search_fields = ("child__id", "lives_in__code", "lives_in__name")


@admin.register(CaseStep)
class CaseStepAdmin(ViewOnlyAdmin):
    list_display = ("on", "child", "action", "referred_to", "by", "taken_back_at")
    list_select_related = ("child", "by")
    date_hierarchy = "on"
    search_fields = ("child__id",)


@admin.register(CaseAudit)
class CaseAuditAdmin(ViewOnlyAdmin):
    list_display = ("chosen_on", "child", "kind", "found_on", "concluded_on", "taken_back_at")
    list_select_related = ("child",)
    date_hierarchy = "chosen_on"
    search_fields = ("child__id",)


@admin.register(AuditCause)
class AuditCauseAdmin(ViewOnlyAdmin):
    list_display = ("audit", "package", "contributes", "by")
    list_select_related = ("audit", "by")
    search_fields = ("audit__child__id",)


@admin.register(AuditDecision)
class AuditDecisionAdmin(ViewOnlyAdmin):
    list_display = ("audit", "due_on", "done_on", "by")
    list_select_related = ("audit", "by")
    search_fields = ("audit__child__id",)


@admin.register(MoveRequest)
class MoveRequestAdmin(ViewOnlyAdmin):
    list_display = ("recorded_at", "child", "from_village", "to_village", "moved_on", "answer")
    list_select_related = ("child", "from_village", "to_village")
    list_filter = ("answer",)
    search_fields = ("child__id",)


@admin.register(LokusVillage)
class LokusVillageAdmin(MergingAdmin):
    list_display = ("year", "village", "decree_number", "decree_date")
    list_select_related = ("village",)
    list_filter = ("year",)
    search_fields = ("village__name", "village__code", "decree_number")
    autocomplete_fields = ("village",)

    def save_model(self, request: HttpRequest, obj: LokusVillage, form: Any, change: bool) -> None:
        store_lokus(by=user_of(request), lokus=obj)

    def delete_model(self, request: HttpRequest, obj: LokusVillage) -> None:
        delete_lokus(by=user_of(request), lokus=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[LokusVillage]) -> None:
        for lokus in queryset:
            delete_lokus(by=user_of(request), lokus=lokus)


@admin.register(Beneficiary)
class BeneficiaryAdmin(ViewOnlyAdmin):
    list_display = ("id", "group", "village", "last_period", "ended_on", "ended_by")
    list_select_related = ("village",)
    search_fields = ("id", "village__code", "village__name")


@admin.register(BeneficiaryStay)
class BeneficiaryStayAdmin(ViewOnlyAdmin):
    list_display = ("beneficiary_id", "village", "since", "until")
    list_select_related = ("village",)
    search_fields = ("beneficiary__id", "village__code", "village__name")


@admin.register(Household)
class HouseholdAdmin(ViewOnlyAdmin):
    list_display = ("id", "village", "created_at")
    list_select_related = ("village",)
    search_fields = ("id", "village__code", "village__name")


@admin.register(HouseholdChild)
class HouseholdChildAdmin(ViewOnlyAdmin):
    list_display = ("child_id", "household_id", "added_at")
    search_fields = ("child__id", "household__id")


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ViewOnlyAdmin):
    list_display = ("on", "service", "child_id", "beneficiary_id", "quantity", "by", "taken_back_at")
    list_select_related = ("by",)
    date_hierarchy = "on"
    search_fields = ("child__id", "beneficiary__id")


@admin.register(ConditionRecord)
class ConditionRecordAdmin(ViewOnlyAdmin):
    list_display = ("on", "condition", "is_met", "household_id", "by", "taken_back_at")
    list_select_related = ("by",)
    date_hierarchy = "on"
    search_fields = ("child__id", "beneficiary__id", "household__id")


@admin.register(Scorecard)
class ScorecardAdmin(ViewOnlyAdmin):
    list_display = ("village", "year", "quarter", "people", "published_on", "published_by")
    list_select_related = ("village", "published_by")
    search_fields = ("village__code", "village__name")


@admin.register(GroupInUse)
class GroupInUseAdmin(MergingAdmin):
    list_display = ["group", "district", "since"]
    list_select_related = ["district"]


@admin.register(ScorecardRule)
class ScorecardRuleAdmin(MergingAdmin):
    list_display = ["since", *ScorecardRule.NUMBERS]
