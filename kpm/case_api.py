"""Cases over REST: those that are open or were, and the steps that are recorded for them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kpm.case_actions import CaseStepEntry, record_case_step, take_back_case_step
from kpm.case_words import held_by
from kpm.cases.course import CaseKind, CaseOutcome
from kpm.cases.standing import Reason, Urgency
from kpm.models import Case, CaseStep, ReferredTo, StepAction
from kpm.models.case import KIND_WORDS
from registry.access.reading import note_villages, require_list_reason
from registry.access.withheld import list_withheld
from registry.api.base import PeopleOnly
from registry.api.openapi import refusals
from registry.models import FormerVillageCode, User

REASONS = [(reason.value, reason.value) for reason in Reason]
_KINDS = [(kind.value, words) for kind, words in KIND_WORDS.items()]


class CaseFilter(django_filters.FilterSet):
    village = django_filters.CharFilter(
        method="by_village", max_length=13, label=_("kode desa tempat anak tinggal sekarang")
    )
    kind = django_filters.ChoiceFilter(choices=_KINDS, label=_("jenis kasus"))
    open = django_filters.BooleanFilter(method="by_open", label=_("terbuka hari ini, atau sudah ditutup"))
    reason = django_filters.CharFilter(
        method="by_nothing",
        max_length=200,
        label=_("untuk apa daftar lebih dari satu desa; wajib tanpa village, dan dicatat"),
    )

    class Meta:
        model = Case
        fields = ["village", "kind", "open"]

    def by_village(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        former = FormerVillageCode.objects.filter(pk=value).values_list("village", flat=True)
        return rows.filter(lives_in__in=[value, *former])

    def by_open(self, rows: QuerySet[Case], name: str, value: bool) -> QuerySet[Case]:
        today = timezone.localdate()
        return rows.filter(closed_on__gt=today) if value else rows.filter(closed_on__lte=today)

    def by_nothing(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        return rows


class CaseSerializer(serializers.Serializer[Case]):
    id = serializers.UUIDField()
    child = serializers.UUIDField(source="child_id")
    village = serializers.CharField(source="lives_in_id", help_text=_("desa tempat anak tinggal sekarang"))
    found_in = serializers.CharField(source="village_id", help_text=_("desa tempat anak ditemukan"))
    kind = serializers.ChoiceField(choices=list(CaseKind))
    reason = serializers.ChoiceField(choices=REASONS, help_text=_("yang terberat dari yang masih ada"))
    worst = serializers.ChoiceField(choices=REASONS, help_text=_("yang terberat selama kasus ini"))
    urgency = serializers.ChoiceField(choices=list(Urgency))
    since = serializers.DateField(help_text=_("hari pertama alasan itu terlihat tanpa putus"))
    found_on = serializers.DateField(help_text=_("pertama ditemukan; sama untuk kasus yang dibuka lagi"))
    spell = serializers.IntegerField(help_text=_("dibuka yang ke"))
    opened_on = serializers.DateField()
    closed_on = serializers.SerializerMethodField(help_text=_("null selama terbuka"))
    outcome = serializers.SerializerMethodField(help_text=_("null selama terbuka"))
    visited_on = serializers.DateField(allow_null=True)
    referred_on = serializers.DateField(allow_null=True)
    arrived_on = serializers.DateField(allow_null=True)
    treated_on = serializers.DateField(allow_null=True)
    waiting_since = serializers.DateField(allow_null=True, help_text=_("rujukan yang belum dijawab"))
    held_by = serializers.SerializerMethodField(help_text=_("siapa yang harus menjawabnya hari ini"))

    def get_closed_on(self, case: Case) -> date | None:
        return case.closed_on if case.closed_on <= timezone.localdate() else None

    def get_outcome(self, case: Case) -> CaseOutcome | None:
        return CaseOutcome(case.outcome) if case.closed_on <= timezone.localdate() else None

    def get_held_by(self, case: Case) -> ReferredTo | None:
        whom = held_by(case, timezone.localdate())
        return ReferredTo(whom) if whom else None


class CaseStepBody(serializers.Serializer[Any]):
    """A step to record, under an id that the sender made."""

    id = serializers.UUIDField()
    child = serializers.UUIDField()
    action = serializers.ChoiceField(choices=StepAction.choices)
    on = serializers.DateField()
    kind = serializers.ChoiceField(
        choices=_KINDS, required=False, default="", help_text=_("kosong: semua kasus yang terbuka hari itu")
    )
    referred_to = serializers.ChoiceField(
        choices=ReferredTo.choices, required=False, default="", help_text=_("hanya untuk referred")
    )
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


def _entry_of(sent: dict[str, Any]) -> CaseStepEntry:
    return CaseStepEntry(child_id=sent["child"], **{key: sent[key] for key in sent if key != "child"})


def record_sent_step(by: User, sent: dict[str, Any], owner: User) -> bool:
    """Record a step that ``owner`` has typed and ``by`` brings; return whether it was stored before."""
    is_known = CaseStep.objects.filter(pk=sent["id"]).exists()
    record_case_step(by=by, entry=_entry_of(sent), recorded_by=owner)
    return is_known


class CaseStepSerializer(serializers.Serializer[CaseStep]):
    id = serializers.UUIDField()
    child = serializers.UUIDField(source="child_id")
    kind = serializers.CharField(allow_blank=True)
    action = serializers.ChoiceField(choices=StepAction.choices)
    referred_to = serializers.CharField(allow_blank=True)
    on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField()
    taken_back_at = serializers.DateTimeField(allow_null=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="cases_list", summary=_("Kasus di wilayah kerja pengguna, yang terbaru dulu")
    )
)
class CaseList(PeopleOnly, ListAPIView[Case]):
    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    queryset = Case.objects.none()  # tells the schema what this is about; see get_queryset

    def get_queryset(self) -> QuerySet[Case]:
        found = Case.objects.visible_to(self.me).filter(opened_on__lte=timezone.localdate())
        shared = found.exclude(child__in=list_withheld(self.me).values("child"))
        return shared.order_by("-opened_on", "pk")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = request.query_params
        reason = require_list_reason(self.me, asked.get("village", ""), asked.get("reason", ""))
        answer = super().get(request, *args, **kwargs)
        note_villages({case["village"] for case in answer.data["results"]}, reason)
        return answer


class CaseStepCreate(PeopleOnly):
    serializer_class = CaseStepSerializer
    queryset = CaseStep.objects.none()
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="case_steps_create",
        summary=_("Catat satu langkah untuk anak dengan kasus terbuka"),
        request=CaseStepBody,
        responses={201: CaseStepSerializer, **refusals(409, 422)},
    )
    def post(self, request: Request) -> Response:
        step = record_case_step(by=self.me, entry=_entry_of(self.read_body(CaseStepBody)))
        return Response(CaseStepSerializer(step).data, status=201)


class CaseStepTakeBack(PeopleOnly):
    serializer_class = CaseStepSerializer
    queryset = CaseStep.objects.none()
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="case_steps_take_back",
        summary=_("Hapus langkah yang salah dicatat"),
        request=None,
        responses={200: CaseStepSerializer, **refusals()},
    )
    def post(self, request: Request, id: UUID) -> Response:
        return Response(CaseStepSerializer(take_back_case_step(by=self.me, step_id=id)).data)
