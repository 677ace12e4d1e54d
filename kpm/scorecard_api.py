"""The published scorecards of villages over REST."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from kpm.models import Scorecard
from kpm.program_api import VillageRowsFilter
from kpm.scorecard.indicators import ScoreGroup, ScoreIndicator, ServicePackage
from kpm.scorecard.score import ScoreShare, score_cells
from kpm.scored_people import read_cells
from registry.api.base import Base
from registry.models import Village


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


def _share(share: ScoreShare) -> dict[str, Any]:
    percent = None if share.percent is None else round(share.percent, 1)
    return {"yes": share.yes, "applicable": share.applicable, "percent": percent}
