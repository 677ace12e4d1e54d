"""Children: who the user may see, and enrolling one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from registry.access.loaders import get_child
from registry.access.reading import note_villages, require_list_reason
from registry.access.withheld import list_withheld
from registry.actions import Enrolled, enrol_child, update_child
from registry.actions.children import list_nik_warnings
from registry.actions.identity import identity_of
from registry.actions.identity_merge import drawn_state
from registry.api.base import NumberedPages, PeopleOnly
from registry.api.child_schema import (
    ChangeBody,
    ChildSerializer,
    EnrolBody,
    EnrolledSerializer,
    SearchBody,
    changed_identity,
    identity_from,
)
from registry.api.filters import ChildFilter
from registry.api.measurement_schema import MeasurementSerializer, readable_measurements
from registry.api.openapi import refusals
from registry.errors import Invalid
from registry.models import Child, Measurement, User
from registry.models.child import ChildQuerySet
from registry.nik import NikWarning
from registry.validation_messages import nik_warning_message

_WITHHELD = _("anak yang tidak disertakan karena persetujuan orang tuanya dicabut")


def enrol_sent(by: User, sent: dict[str, Any], enrolled_by: User | None = None) -> Enrolled:
    """Enrol the child of a body that :class:`EnrolBody` has read. Raises as ``enrol_child``."""
    return enrol_child(
        by=by,
        id=sent["id"],
        village_code=sent["village"],
        identity=identity_from(sent),
        since=sent.get("since"),
        confirmed=sent.get("confirmed", False),
        enrolled_by=enrolled_by,
    )


class ChildRows(PeopleOnly):
    serializer_class: Any = ChildSerializer
    queryset: Any = Child.objects.none()  # tells the schema what this is about; see get_queryset

    def get_queryset(self) -> ChildQuerySet:
        children = Child.objects.visible_to(self.me).select_related("village", "posyandu")
        return children.order_by("sort_name", "birth_date", "pk")


class CountedPaginator(Paginator[Any]):
    """A paginator whose rows were counted before, with others in one query."""

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count


class ChildPages(NumberedPages):
    """Pages of children, which say how many the list leaves out since consent was withdrawn."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        withheld = Q(pk__in=list_withheld(view.me).values("child"))
        counts = queryset.order_by().aggregate(
            shared=Count("pk", filter=~withheld), withheld=Count("pk", filter=withheld)
        )
        self.withheld = counts["withheld"]
        make = partial(CountedPaginator, count=counts["shared"])
        self.django_paginator_class = make  # type: ignore[assignment]  # it is called like the class
        return super().paginate_queryset(queryset.exclude(withheld), request, view)

    def get_paginated_response(self, data: Any) -> Response:
        answer = super().get_paginated_response(data)
        answer.data["withheld"] = self.withheld
        return answer

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        found = super().get_paginated_response_schema(schema)
        found["properties"]["withheld"] = {"type": "integer", "description": str(_WITHHELD)}
        found["required"].append("withheld")
        return found


class ListedChildren(ChildRows, ListAPIView[Any]):
    pagination_class = ChildPages

    def list_for(self, asked: Mapping[str, str]) -> Response:
        """Return a page of the list; whose village it is, and why, is logged. Raises Invalid."""
        reason = require_list_reason(self.me, asked.get("village", ""), asked.get("reason", ""))
        answer = self.list(self.request)
        note_villages({child["village"]["code"] for child in answer.data["results"]}, reason)
        return answer


@extend_schema_view(
    get=extend_schema(operation_id="children_list", summary=_("Anak di wilayah kerja pengguna"))
)
class ChildList(ListedChildren):
    filterset_class = ChildFilter

    def get(self, request: Request) -> Response:
        if "q" in request.query_params:
            raise Invalid.of("search_is_posted", "q")
        return self.list_for(request.query_params)

    @extend_schema(
        operation_id="children_create",
        summary=_("Daftarkan anak"),
        request=EnrolBody,
        responses={201: EnrolledSerializer, 200: EnrolledSerializer, **refusals(409, 422)},
    )
    def post(self, request: Request) -> Response:
        enrolled = enrol_sent(self.me, self.read_body(EnrolBody))
        body = _with_warnings(enrolled.child, enrolled.warnings)
        return Response(EnrolledSerializer(body).data, status=201 if enrolled.created else 200)


class ChildSearch(ListedChildren):
    filter_backends = []
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="children_search",
        summary=_("Cari anak menurut nama; nama tidak tercatat di alamat"),
        request=SearchBody,
        responses={200: ChildSerializer(many=True), **refusals()},
    )
    def post(self, request: Request) -> Response:
        self.asked = self.read_body(SearchBody)
        return self.list_for(self.asked)

    def get_queryset(self) -> ChildQuerySet:
        found = super().get_queryset()
        return ChildFilter(self.asked, found.search_by_name(self.asked["q"])).qs


def _with_warnings(child: Child, warnings: Iterable[NikWarning]) -> dict[str, Any]:
    """Return what :class:`EnrolledSerializer` shows."""
    said = [{"code": str(w), "message": nik_warning_message(w)} for w in warnings]
    return {"child": child, "warnings": said}


@extend_schema_view(get=extend_schema(operation_id="children_retrieve", summary=_("Satu anak")))
class ChildDetail(ChildRows, RetrieveAPIView[Any]):
    filter_backends = []
    lookup_url_kwarg = "id"

    def get_object(self) -> Child:
        return get_child(self.me, self.kwargs["id"])

    @extend_schema(
        operation_id="children_partial_update",
        summary=_("Perbaiki identitas anak; yang tidak dikirim tetap"),
        request=ChangeBody,
        responses={200: EnrolledSerializer, **refusals(409, 422)},
    )
    def patch(self, request: Request, id: UUID) -> Response:
        known = get_child(self.me, id)
        sent = self.read_body(ChangeBody, partial=True)
        child = update_child(
            by=self.me,
            child_id=known.pk,
            identity=changed_identity(identity_of(known), sent),
            reason=sent.get("reason", ""),
            confirmed=sent.get("confirmed", False),
            drawn=drawn_state(known) | sent.get("seen", {}),
        )
        return Response(EnrolledSerializer(_with_warnings(child, list_nik_warnings(child))).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="children_measurements",
        summary=_("Pengukuran satu anak, juga yang dikoreksi atau dibatalkan"),
    )
)
class ChildMeasurements(PeopleOnly, ListAPIView[Measurement]):
    """All measurements of a child, oldest first, also those corrected or voided."""

    serializer_class = MeasurementSerializer
    queryset = Measurement.objects.none()
    filter_backends = []

    def get_queryset(self) -> QuerySet[Measurement]:
        child = get_child(self.me, self.kwargs["id"])
        rows = readable_measurements(self.me).filter(child=child)
        return rows.order_by("measured_on", "received_at", "pk")
