"""Many measurements in one request, each answered on its own: what a phone sends after a morning offline."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from registry.actions import Recorded, Submission, TakenDay, record_submissions
from registry.api.errors import refusal
from registry.api.fields import Body, Moment, Text, Uuid
from registry.api.measurement_schema import (
    CurrentSerializer,
    MeasurementSerializer,
    ObservedBody,
    observation_from,
    readable_measurements,
)
from registry.api.measurements import MeasurementRows
from registry.api.openapi import DoubtSerializer
from registry.errors import Conflict
from registry.models import Source, User

MOST_ITEMS = 200

log = logging.getLogger(__name__)


class Status(StrEnum):
    """What became of one item."""

    STORED = "stored"
    ALREADY_STORED = "already_stored"
    NEEDS_FIXING = "needs_fixing"
    CONFLICT = "conflict"
    TRY_AGAIN = "try_again"


_STATUS_CHOICES = [
    (Status.STORED, _("tersimpan")),
    (Status.ALREADY_STORED, _("sudah tersimpan sebelumnya, dengan isi yang sama")),
    (Status.NEEDS_FIXING, _("harus diperbaiki atau dipastikan dulu; tidak tersimpan")),
    (
        Status.CONFLICT,
        _("bertentangan dengan yang ada; dengan `measurement`: keduanya disimpan dan bidan desa memilih"),
    ),
    (Status.TRY_AGAIN, _("gangguan di server; tidak tersimpan, kirim lagi nanti")),
]


class BatchItem(ObservedBody):
    """A new measurement of ``child``, or the correction of the one that ``corrects`` names."""

    child = Uuid(required=False, help_text=_("id anak; untuk pengukuran baru"))
    corrects = Uuid(required=False, help_text=_("id pengukuran yang dikoreksi; tanpa `child`"))
    reason = Text(max_length=200, required=False, help_text=_("mengapa dikoreksi; bersama `corrects`"))
    client_time = Moment(required=False, allow_null=True, help_text=_("jam perangkat ketika diisi"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("child" in attrs) == ("corrects" in attrs):
            raise serializers.ValidationError(
                {"child": [gettext("Isi `child` untuk pengukuran baru, atau `corrects` untuk koreksi.")]}
            )
        if "corrects" in attrs and "reason" not in attrs:
            raise serializers.ValidationError({"reason": [gettext("Wajib diisi.")]})
        return attrs


@extend_schema_field(BatchItem(many=True))
class Items(serializers.ListField):
    """Objects, each read on its own later: a bad one must not keep the others out."""

    child = serializers.JSONField(allow_null=True)


class BatchBody(Body):
    items = Items(min_length=1, max_length=MOST_ITEMS, help_text=_("1 sampai 200 pengukuran"))


class BatchResultSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text=_("id dari pengirim, seperti dikirim"), allow_null=True)
    status = serializers.ChoiceField(choices=_STATUS_CHOICES)
    measurement = MeasurementSerializer(allow_null=True, help_text=_("yang tersimpan"))
    code = serializers.CharField(help_text=_("kode penolakan; kosong kalau tersimpan"))
    detail = serializers.CharField(help_text=_("kalimat untuk orang yang mengukur"))
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("kalimat untuk tiap isian yang salah"),
    )
    doubts = DoubtSerializer(many=True, help_text=_("mengapa nilainya diragukan"))
    current = CurrentSerializer(
        allow_null=True, help_text=_("hanya pada `not_in_force`: yang berlaku sekarang, atau pembatalannya")
    )


class BatchAnswerSerializer(serializers.Serializer[Any]):
    results = BatchResultSerializer(many=True, help_text=_("satu untuk tiap kiriman, urutannya sama"))


class MeasurementBatch(MeasurementRows):
    serializer_class: Any = BatchAnswerSerializer

    @extend_schema(
        operation_id="measurements_batch",
        summary=_("Kirim banyak pengukuran; tiap satu dijawab sendiri"),
        request=BatchBody,
        responses={200: BatchAnswerSerializer},
    )
    def post(self, request: Request) -> Response:
        items = self.read_body(BatchBody)["items"]
        # What a person typed in a browser is a form's, whatever road it took.
        by_browser = isinstance(request.successful_authenticator, SessionAuthentication)
        source = Source.FORM if by_browser else Source.API
        return Response({"results": _with_stored_rows(self.me, record_items(self.me, items, source))})


def record_items(
    by: User, items: Sequence[Any], source: Source, measured_by: User | None = None
) -> list[dict[str, Any]]:
    """Store each item or say why not. ``measurement`` is the id of what is stored now, or None."""
    reader = BatchItem()  # one for all: making its fields takes longer than reading an item
    read = [_submission(reader, item) for item in items]
    recorded = iter(
        record_submissions(
            by=by,
            submissions=[one for one in read if isinstance(one, Submission)],
            source=source,
            taken_day=TakenDay.KEEP_BOTH,
            measured_by=measured_by,
        )
    )
    results = [next(recorded) if isinstance(one, Submission) else one for one in read]
    return [_result(item, result) for item, result in zip(items, results, strict=True)]


def _submission(reader: BatchItem, item: Any) -> Submission | Exception:
    """Return what an item says, or why it cannot be read: a bad one must not keep the others out."""
    try:
        sent: dict[str, Any] = reader.run_validation({} if item is None else item)
    except Exception as error:
        return error
    return Submission(
        id=sent["id"],
        observation=observation_from(sent),
        child_id=sent.get("child"),
        corrects=sent.get("corrects"),
        reason=sent.get("reason", ""),
        confirmed=sent.get("confirmed", False),
        client_time=None if "corrects" in sent else sent.get("client_time"),
    )


def _result(item: Any, result: Recorded | Exception) -> dict[str, Any]:
    sent_id = item.get("id") if isinstance(item, Mapping) else None
    sent_id = sent_id if isinstance(sent_id, str) else None
    if isinstance(result, Exception):
        return _refusal_answer(sent_id, result)
    if result.is_pending_choice:
        sentence = gettext(
            "Anak ini sudah punya nilai lain pada hari itu. Keduanya disimpan; bidan desa memilih."
        )
        return _answer(sent_id, Status.CONFLICT, result.measurement.pk, code="rival", detail=sentence)
    status = Status.STORED if result.created else Status.ALREADY_STORED
    return _answer(sent_id, status, result.measurement.pk)


def _refusal_answer(sent_id: str | None, error: Exception) -> dict[str, Any]:
    answer = refusal(error)
    if answer is None:
        # One entry that we fail at must not keep a morning's others on the phone.
        log.error("an item of a batch could not be stored", exc_info=error)
        sentence = gettext("Server sedang terganggu. Kiriman ini akan dicoba lagi.")
        return _answer(sent_id, Status.TRY_AGAIN, code="server_error", detail=sentence)
    status = Status.CONFLICT if isinstance(error, Conflict) else Status.NEEDS_FIXING
    return _answer(sent_id, status, **answer.data)


def _answer(sent: str | None, status: Status, measurement: UUID | None = None, **why: Any) -> dict[str, Any]:
    return {
        "id": sent,
        "status": str(status),
        "measurement": measurement,
        "code": why.get("code", ""),
        "detail": why.get("detail", ""),
        "errors": why.get("errors", {}),
        "doubts": why.get("doubts", []),
        "current": why.get("current"),
    }


def _with_stored_rows(by: User, results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the results with their measurements as they are now: one query for all."""
    stored = readable_measurements(by).in_bulk([r["measurement"] for r in results if r["measurement"]])
    writer = MeasurementSerializer()
    for result in results:
        found = stored.get(result["measurement"])
        result["measurement"] = writer.to_representation(found) if found else None
    return results
