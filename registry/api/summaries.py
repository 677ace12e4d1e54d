"""Summaries of places by month: what figures count, as JSON or CSV."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from registry.access.loaders import get_or_404, get_village_or_404
from registry.access.visible_places import Place
from registry.api.base import Base
from registry.api.openapi import MONTH
from registry.api.summary_schema import SummariesSerializer, SummarySerializer, month_text, summary_body
from registry.api.table import CsvRenderer
from registry.calendar_months import parse_month
from registry.figures import last_received, last_received_by_village, summaries, summary, target_for
from registry.figures.default_month import default_month_of_api
from registry.models import District, Kecamatan, Target, Village


def _operation(operation_id: str, summary: Any, serializer: type[Any] = SummarySerializer) -> Any:
    """Return the decorator that describes an operation which answers figures of a month, as JSON or CSV."""
    answers = {
        (200, "application/json"): serializer,
        (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, _("satu baris tiap tempat, angka yang sama")),
    }
    return extend_schema(operation_id=operation_id, summary=summary, parameters=[MONTH], responses=answers)


class Figures(Base):
    """A view of figures of the month asked for."""

    renderer_classes = [JSONRenderer, CsvRenderer]
    filter_backends = []
    pagination_class = None

    def month(self) -> date:
        """Return the month of ``?month=2024-08``, else the default month. Raises InvalidMonth."""
        asked = self.request.query_params.get("month")
        return default_month_of_api() if asked is None else parse_month(asked)

    def summary_of(self, place: Place, district: District) -> Response:
        month = self.month()
        body = summary_body(
            summary(place, month, self.me),
            target=target_for(district, month.year),
            data_date=last_received(place, self.me),
        )
        return self.answer(SummarySerializer(body).data, f"{place.pk}-{month_text(month)}")

    def answer(self, data: Any, name: str) -> Response:
        response = Response(data)
        if getattr(self.request.accepted_renderer, "format", "") == CsvRenderer.format:
            response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response


class VillageSummary(Figures):
    @_operation("villages_summary", _("Angka satu desa di satu bulan"))
    def get(self, request: Request, code: str) -> Response:
        villages = Village.objects.visible_to(self.me).select_related("kecamatan__district")
        village = get_village_or_404(villages, code)
        return self.summary_of(village, village.kecamatan.district)


class KecamatanSummary(Figures):
    @_operation("kecamatan_summary", _("Angka satu kecamatan di satu bulan"))
    def get(self, request: Request, code: str) -> Response:
        kecamatan = get_or_404(Kecamatan.objects.select_related("district"), pk=code)
        return self.summary_of(kecamatan, kecamatan.district)


class DistrictSummary(Figures):
    @_operation("district_summary", _("Angka kabupaten pengguna di satu bulan"))
    def get(self, request: Request) -> Response:
        district = District.objects.filter(pk__in=self.me.area().districts).order_by("pk").first()
        if district is None:
            raise exceptions.NotFound
        return self.summary_of(district, district)


class Summaries(Figures):
    @_operation(
        "summaries_list", _("Angka semua desa di wilayah kerja pengguna di satu bulan"), SummariesSerializer
    )
    def get(self, request: Request) -> Response:
        month = self.month()
        villages = Village.objects.visible_to(self.me)
        received = last_received_by_village(villages)
        targets = self._targets(month)
        results = [
            summary_body(found, target=targets[found.place.code], data_date=received.get(found.place.code))
            for found in summaries(villages, month, self.me)
        ]
        data = SummariesSerializer({"month": month_text(month), "results": results}).data
        return self.answer(data, f"desa-{month_text(month)}")

    def _targets(self, month: date) -> dict[str, Target | None]:
        """Return the target of each visible village: that of its district."""
        district_of = dict(Village.objects.visible_to(self.me).values_list("pk", "kecamatan__district"))
        districts = District.objects.in_bulk(set(district_of.values()))
        targets = {code: target_for(district, month.year) for code, district in districts.items()}
        return {village: targets[code] for village, code in district_of.items()}
