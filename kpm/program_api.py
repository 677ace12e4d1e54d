"""KPM and events over REST: who is appointed where, what was held, how many came and what was decided."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from kpm.figures import attendance_totals
from kpm.models import STEERING, Cadre, Event, EventDecision, EventKind
from registry.api.base import PeopleOnly
from registry.models import FormerVillageCode


class VillageRowsFilter(django_filters.FilterSet):
    """Rows of one village, by its code or one that it had before."""

    village = django_filters.CharFilter(method="by_village", max_length=13, label=_("kode desa"))

    def by_village(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        former = FormerVillageCode.objects.filter(pk=value).values_list("village", flat=True)
        return rows.filter(village__in=[value, *former])


class CadreFilter(VillageRowsFilter):
    in_office = django_filters.BooleanFilter(method="by_office", label=_("bertugas hari ini, atau tidak"))

    class Meta:
        model = Cadre
        fields = ["village", "in_office"]

    def by_office(self, rows: QuerySet[Cadre], name: str, value: bool) -> QuerySet[Cadre]:
        now = Cadre.objects.in_office(timezone.localdate()).values("pk")
        return rows.filter(pk__in=now) if value else rows.exclude(pk__in=now)


class EventFilter(VillageRowsFilter):
    kind = django_filters.ChoiceFilter(choices=EventKind.choices, label=_("jenis kegiatan"))

    class Meta:
        model = Event
        fields = ["village", "kind"]


class CadreSerializer(serializers.Serializer[Cadre]):
    id = serializers.IntegerField()
    village = serializers.CharField(source="village_id")
    full_name = serializers.CharField()
    phone = serializers.SerializerMethodField(help_text=_("null untuk yang bukan petugas kecamatan ke atas"))
    musyawarah_desa_date = serializers.DateField(allow_null=True)
    decree_number = serializers.CharField(allow_blank=True)
    decree_date = serializers.DateField(allow_null=True)
    term_start = serializers.DateField()
    term_end = serializers.DateField(allow_null=True)
    handed_over_on = serializers.DateField(allow_null=True)

    def get_phone(self, cadre: Cadre) -> str | None:
        return cadre.phone if self.context["view"].me.has_role(*STEERING) else None


class EventDecisionSerializer(serializers.Serializer[EventDecision]):
    """Without who does it and what came of it, where people may be named."""

    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    done_on = serializers.DateField(allow_null=True, help_text=_("null selama terbuka"))


class EventSerializer(serializers.Serializer[Event]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    title = serializers.CharField()
    date = serializers.DateField()
    end_date = serializers.DateField(allow_null=True)
    place = serializers.CharField(allow_blank=True)
    village = serializers.CharField(
        source="village_id", allow_null=True, help_text=_("null untuk kegiatan kabupaten")
    )
    called = serializers.IntegerField(help_text=_("KPM di wilayah kerja pengguna yang dipanggil atau hadir"))
    came = serializers.IntegerField(help_text=_("KPM di wilayah kerja pengguna yang hadir"))
    decisions = EventDecisionSerializer(many=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="cadres_list", summary=_("KPM di wilayah kerja pengguna, dengan masa tugasnya")
    )
)
class CadreList(PeopleOnly, ListAPIView[Cadre]):
    serializer_class = CadreSerializer
    filterset_class = CadreFilter
    queryset = Cadre.objects.none()  # tells the schema what this is about; see get_queryset

    def get_queryset(self) -> QuerySet[Cadre]:
        return Cadre.objects.visible_to(self.me).order_by("village", "-term_start")


@extend_schema_view(
    get=extend_schema(
        operation_id="events_list", summary=_("Kegiatan yang dilihat pengguna, yang terbaru dulu")
    )
)
class EventList(PeopleOnly, ListAPIView[Event]):
    serializer_class = EventSerializer
    filterset_class = EventFilter
    queryset = Event.objects.none()  # tells the schema what this is about; see get_queryset

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.visible_to(self.me).prefetch_related("decisions").order_by("-date", "pk")

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Return the events of a page with how many were called and came."""
        events = super().paginate_queryset(queryset)
        for event, (called, came) in attendance_totals(user=self.me, events=events or []).items():
            event.called, event.came = called, came  # type: ignore[attr-defined]
        return events
