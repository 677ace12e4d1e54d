"""Attendance over REST: one cadre of one event at a time, so that a phone's outbox can send it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kpm.event_actions import mark_attendance
from kpm.models import Attendance, Event
from registry.access.loaders import get_or_404
from registry.api.base import PeopleOnly
from registry.api.fields import Body, Truth, Uuid, Whole
from registry.api.openapi import refusals
from registry.models import User


class AttendanceBody(Body):
    """Whether a cadre came; ``id`` is the phone's own, which needs none: the last answer counts."""

    id = Uuid(required=False, help_text=_("nomor kiriman HP; boleh ada, tidak dipakai"))
    event = Uuid()
    cadre = Whole(min_value=1, help_text=_("`id` dari `/cadres/`"))
    present = Truth()


def record_sent_attendance(by: User, sent: dict[str, Any], owner: User) -> bool:
    """Mark what ``owner`` has typed and ``by`` brings; return whether it was so before."""
    was = Attendance.objects.filter(event=sent["event"], cadre=sent["cadre"]).exists()
    _mark(by, sent)
    return was == sent["present"]


def _mark(by: User, sent: dict[str, Any]) -> None:
    mark_attendance(by=by, event_id=sent["event"], cadre_id=sent["cadre"], present=sent["present"])


class AttendanceSerializer(serializers.Serializer[Any]):
    event = serializers.UUIDField()
    cadre = serializers.IntegerField()
    present = serializers.BooleanField()


class AttendanceMark(PeopleOnly):
    serializer_class = AttendanceSerializer
    queryset = Attendance.objects.none()
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="events_attendance",
        summary=_("Tandai satu KPM hadir atau tidak; kiriman yang sama tidak mengubah apa pun"),
        request=AttendanceBody,
        responses={200: AttendanceSerializer, **refusals()},
    )
    def post(self, request: Request) -> Response:
        sent = self.read_body(AttendanceBody)
        get_or_404(Event.objects.visible_to(self.me), pk=sent["event"])
        _mark(self.me, sent)
        return Response({name: sent[name] for name in ("event", "cadre", "present")})
