"""Measurements: record one, read it, put it right, take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from registry.access.loaders import get_or_404
from registry.access.reading import note_child
from registry.actions import (
    choose_measurement,
    correct_measurement,
    record_measurement,
    void_measurement,
)
from registry.api.base import PeopleOnly
from registry.api.measurement_schema import (
    CorrectBody,
    MeasurementSerializer,
    RecordBody,
    VoidBody,
    observation_from,
    readable_measurements,
)
from registry.api.openapi import refusals
from registry.models import Measurement, Source


class MeasurementRows(PeopleOnly):
    serializer_class: Any = MeasurementSerializer
    queryset = Measurement.objects.none()
    filter_backends = []
    pagination_class = None

    def require_visible(self, id: UUID) -> None:
        """Raise Http404 before the body is read: outside the area there is nothing to be wrong about."""
        get_or_404(readable_measurements(self.me), pk=id)

    def answer(self, id: UUID, *, created: bool = False) -> Response:
        """Answer with the stored row as it is now."""
        measurement = get_or_404(readable_measurements(self.me), pk=id)
        return Response(MeasurementSerializer(measurement).data, status=201 if created else 200)


class MeasurementCreate(MeasurementRows):
    @extend_schema(
        operation_id="measurements_create",
        summary=_("Catat satu pengukuran"),
        request=RecordBody,
        responses={201: MeasurementSerializer, 200: MeasurementSerializer, **refusals(409, 422)},
    )
    def post(self, request: Request) -> Response:
        sent = self.read_body(RecordBody)
        recorded = record_measurement(
            by=self.me,
            id=sent["id"],
            child_id=sent["child"],
            observation=observation_from(sent),
            confirmed=sent.get("confirmed", False),
            source=Source.API,
            client_time=sent.get("client_time"),
        )
        return self.answer(recorded.measurement.pk, created=recorded.created)


class MeasurementDetail(MeasurementRows):
    @extend_schema(operation_id="measurements_retrieve", summary=_("Satu pengukuran"))
    def get(self, request: Request, id: UUID) -> Response:
        measurement = get_or_404(readable_measurements(self.me), pk=id)
        note_child(measurement.child_id)
        return Response(MeasurementSerializer(measurement).data)


class MeasurementCorrect(MeasurementRows):
    @extend_schema(
        operation_id="measurements_correct",
        summary=_("Koreksi: pengukuran baru menggantikan yang ini"),
        request=CorrectBody,
        responses={201: MeasurementSerializer, 200: MeasurementSerializer, **refusals(409, 422)},
    )
    def post(self, request: Request, id: UUID) -> Response:
        self.require_visible(id)
        sent = self.read_body(CorrectBody)
        recorded = correct_measurement(
            by=self.me,
            id=sent["id"],
            measurement_id=id,
            observation=observation_from(sent),
            reason=sent["reason"],
            confirmed=sent.get("confirmed", False),
            source=Source.API,
        )
        return self.answer(recorded.measurement.pk, created=recorded.created)


class MeasurementVoid(MeasurementRows):
    @extend_schema(
        operation_id="measurements_void",
        summary=_("Batalkan pengukuran: tetap terbaca, di luar semua angka"),
        request=VoidBody,
        responses={200: MeasurementSerializer, **refusals(409)},
    )
    def post(self, request: Request, id: UUID) -> Response:
        self.require_visible(id)
        sent = self.read_body(VoidBody)
        return self.answer(void_measurement(by=self.me, measurement_id=id, reason=sent["reason"]).pk)


class MeasurementChoose(MeasurementRows):
    @extend_schema(
        operation_id="measurements_choose",
        summary=_("Pilih: dari beberapa nilai satu hari, yang ini berlaku"),
        request=None,
        responses={200: MeasurementSerializer, **refusals(409)},
    )
    def post(self, request: Request, id: UUID) -> Response:
        self.require_visible(id)
        return self.answer(choose_measurement(by=self.me, measurement_id=id).pk)
