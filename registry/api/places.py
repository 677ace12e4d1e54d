"""The villages a user may see."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from registry.access.loaders import get_village_or_404
from registry.api.base import Base
from registry.api.filters import VillageFilter
from registry.models import Village, VillageKind


class PlaceRefSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text=_("kode Kemendagri"))
    name = serializers.CharField()


class NumberedRefSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text=_("nomor di register ini"))
    name = serializers.CharField()


class VillageSerializer(serializers.Serializer[Village]):
    code = serializers.CharField(help_text=_("kode Kemendagri, misalnya 33.01.02.2009"))
    name = serializers.CharField(help_text=_("enam belas nama ada lebih dari sekali: cocokkan dengan kode"))
    kind = serializers.ChoiceField(choices=VillageKind.choices)
    kecamatan = PlaceRefSerializer()
    puskesmas = NumberedRefSerializer(allow_null=True)
    latitude = serializers.FloatField(allow_null=True, help_text=_("derajat desimal, WGS 84"))
    longitude = serializers.FloatField(allow_null=True, help_text=_("derajat desimal, WGS 84"))


class VillageRows(Base):
    serializer_class = VillageSerializer
    queryset = Village.objects.none()  # tells the schema what this is about; see get_queryset

    def get_queryset(self) -> QuerySet[Village]:
        return Village.objects.visible_to(self.me).select_related("kecamatan", "puskesmas").order_by("pk")


@extend_schema_view(
    get=extend_schema(operation_id="villages_list", summary=_("Desa dan kelurahan di wilayah kerja pengguna"))
)
class VillageList(VillageRows, ListAPIView[Village]):
    filterset_class = VillageFilter


@extend_schema_view(
    get=extend_schema(operation_id="villages_retrieve", summary=_("Satu desa atau kelurahan"))
)
class VillageDetail(VillageRows, RetrieveAPIView[Village]):
    filter_backends = []
    lookup_url_kwarg = "code"

    def get_object(self) -> Village:
        """Return the village that has the code of the address, or had it before."""
        return get_village_or_404(self.get_queryset(), self.kwargs["code"])
