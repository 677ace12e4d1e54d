"""Services and conditions over REST as a phone posts them, and the published scorecards of villages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kpm.convergence_actions import ConditionEntry, ServiceEntry, record_condition, record_service
from kpm.models import ConditionRecord, Scorecard, ServiceRecord
from kpm.models.convergence import CONDITION_WORDS, SERVICE_WORDS
from kpm.program_api import VillageRowsFilter
from kpm.scorecard.indicators import (
    LivingCondition,
    ScoredService,
    ScoreGroup,
    ScoreIndicator,
    ServicePackage,
)
from kpm.scorecard.score import ScoreShare, score_cells
from kpm.scored_people import read_cells
from registry.api.base import Base, PeopleOnly
from registry.api.openapi import refusals
from registry.models import Village

SERVICES = [(one.value, words) for one, words in SERVICE_WORDS.items()]
CONDITIONS = [(one.value, words) for one, words in CONDITION_WORDS.items()]


class PersonBody(serializers.Serializer[Any]):
    """Of whom and when, under an id that the sender made: of a child, else of a beneficiary."""

    id = serializers.UUIDField()
    child = serializers.UUIDField(required=False, allow_null=True, default=None)
    beneficiary = serializers.UUIDField(required=False, allow_null=True, default=None)
    on = serializers.DateField()


class ServiceBody(PersonBody):
    service = serializers.ChoiceField(choices=SERVICES)
    quantity = serializers.IntegerField(required=False, default=1, min_value=0, max_value=200)
    out_of = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=200,
        help_text=_("hanya PAUD: hari belajar"),
    )


class ConditionBody(PersonBody):
    condition = serializers.ChoiceField(choices=CONDITIONS)
    is_met = serializers.BooleanField()


class RecordedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    taken_back_at = serializers.DateTimeField(allow_null=True)


class ScoreShareSerializer(serializers.Serializer[ScoreShare]):
    yes = serializers.IntegerField()
    applicable = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True, help_text=_("null kalau tidak ada yang berlaku"))


class PackageScoreSerializer(ScoreShareSerializer):
    package = serializers.ChoiceField(choices=[(one.value, one.value) for one in ServicePackage])


class IndicatorScoreSerializer(ScoreShareSerializer):
    group = serializers.ChoiceField(choices=[(one.value, one.value) for one in ScoreGroup])
    indicator = serializers.ChoiceField(choices=[(one.value, one.value) for one in ScoreIndicator])


class ScorecardSerializer(serializers.Serializer[Scorecard]):
    """The score of a village and quarter as it was published."""

    village = serializers.CharField(source="village_id")
    year = serializers.IntegerField()
    quarter = serializers.IntegerField()
    published_on = serializers.DateField()
    people = serializers.IntegerField(help_text=_("orang di formulir 2A, 2B dan 2C"))
    score = serializers.SerializerMethodField(help_text=_("semua ya dibagi semua yang berlaku"))
    packages = serializers.SerializerMethodField()
    indicators = serializers.SerializerMethodField()

    @extend_schema_field(ScoreShareSerializer)
    def get_score(self, card: Scorecard) -> dict[str, Any]:
        return _share(score_cells(read_cells(card)).village)

    @extend_schema_field(PackageScoreSerializer(many=True))
    def get_packages(self, card: Scorecard) -> list[dict[str, Any]]:
        shares = score_cells(read_cells(card)).by_package
        return [{"package": package.value, **_share(share)} for package, share in shares.items()]

    @extend_schema_field(IndicatorScoreSerializer(many=True))
    def get_indicators(self, card: Scorecard) -> list[dict[str, Any]]:
        cells = read_cells(card)
        return [{"group": g.value, "indicator": i.value, **_share(share)} for (g, i), share in cells.items()]


class ScorecardFilter(VillageRowsFilter):
    year = django_filters.NumberFilter(label=_("tahun"), min_value=2018, max_value=2100)
    quarter = django_filters.NumberFilter(label=_("triwulan, 1 sampai 4"), min_value=1, max_value=4)

    class Meta:
        model = Scorecard
        fields = ["village", "year", "quarter"]


@extend_schema_view(
    get=extend_schema(operation_id="scorecards_list", summary=_("Kartu skor desa yang sudah ditutup"))
)
class ScorecardList(Base, ListAPIView[Scorecard]):
    serializer_class = ScorecardSerializer
    filterset_class = ScorecardFilter
    queryset = Scorecard.objects.none()  # tells the schema what this is about; see get_queryset

    def get_queryset(self) -> QuerySet[Scorecard]:
        villages = Village.objects.visible_to(self.me)
        return Scorecard.objects.filter(village__in=villages).order_by("-year", "-quarter", "village")


class ServiceCreate(PeopleOnly):
    serializer_class = RecordedSerializer
    queryset = ServiceRecord.objects.none()
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="services_create",
        summary=_("Catat satu layanan yang diterima anak atau sasaran"),
        request=ServiceBody,
        responses={201: RecordedSerializer, **refusals(409, 422)},
    )
    def post(self, request: Request) -> Response:
        sent = _read_person(self.read_body(ServiceBody))
        entry = ServiceEntry(**sent | {"service": ScoredService(sent["service"])})
        return Response(RecordedSerializer(record_service(by=self.me, entry=entry)).data, status=201)


class ConditionCreate(PeopleOnly):
    serializer_class = RecordedSerializer
    queryset = ConditionRecord.objects.none()
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="conditions_create",
        summary=_("Catat keadaan rumah tangga, anak atau kehamilan yang ditanya"),
        request=ConditionBody,
        responses={201: RecordedSerializer, **refusals(409, 422)},
    )
    def post(self, request: Request) -> Response:
        sent = _read_person(self.read_body(ConditionBody))
        entry = ConditionEntry(**sent | {"condition": LivingCondition(sent["condition"])})
        return Response(RecordedSerializer(record_condition(by=self.me, entry=entry)).data, status=201)


def _read_person(sent: dict[str, Any]) -> dict[str, Any]:
    """Return a body with the names that entries use."""
    return {f"{name}_id" if name in ("child", "beneficiary") else name: value for name, value in sent.items()}


def _share(share: ScoreShare) -> dict[str, Any]:
    percent = None if share.percent is None else round(share.percent, 1)
    return {"yes": share.yes, "applicable": share.applicable, "percent": percent}
