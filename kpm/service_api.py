"""Services and conditions over REST, one at a time, as a phone posts them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kpm.convergence_actions import ConditionEntry, ServiceEntry, record_condition, record_service
from kpm.models import ConditionRecord, ServiceRecord
from kpm.models.convergence import CONDITION_WORDS, SERVICE_WORDS
from kpm.scorecard.indicators import LivingCondition, ScoredService
from registry.api.base import PeopleOnly
from registry.api.openapi import refusals
from registry.models import User

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
        entry = _service_of(self.read_body(ServiceBody))
        return Response(RecordedSerializer(record_service(by=self.me, entry=entry)).data, status=201)


class ConditionCreate(PeopleOnly):
    serializer_class = RecordedSerializer
    queryset = ConditionRecord.objects.none()
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="conditions_create",
        summary=_("Catat keadaan rumah, anak atau kehamilan yang ditanya"),
        request=ConditionBody,
        responses={201: RecordedSerializer, **refusals(409, 422)},
    )
    def post(self, request: Request) -> Response:
        sent = _read_person(self.read_body(ConditionBody))
        entry = ConditionEntry(**sent | {"condition": LivingCondition(sent["condition"])})
        return Response(RecordedSerializer(record_condition(by=self.me, entry=entry)).data, status=201)


def record_sent_service(by: User, sent: dict[str, Any], owner: User) -> bool:
    """Record a service that ``owner`` has typed and ``by`` brings; return whether it was stored before."""
    is_known = ServiceRecord.objects.filter(pk=sent["id"]).exists()
    record_service(by=by, entry=_service_of(sent), recorded_by=owner)
    return is_known


def _service_of(sent: dict[str, Any]) -> ServiceEntry:
    return ServiceEntry(**_read_person(sent) | {"service": ScoredService(sent["service"])})


def _read_person(sent: dict[str, Any]) -> dict[str, Any]:
    """Return a body with the names that entries use."""
    return {f"{name}_id" if name in ("child", "beneficiary") else name: value for name, value in sent.items()}
