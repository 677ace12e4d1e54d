"""Filters of the lists, as they stand in the address."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.models import Child, ChildStatus, FormerVillageCode, Village, VillageKind


class IntegerFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class VillageFilter(django_filters.FilterSet):
    kecamatan = django_filters.CharFilter(
        field_name="kecamatan_id", max_length=8, label=_("kode kecamatan, misalnya 33.01.02")
    )
    kind = django_filters.ChoiceFilter(choices=VillageKind.choices, label=_("desa atau kelurahan"))
    puskesmas = IntegerFilter(
        field_name="puskesmas_id", min_value=1, max_value=2**31 - 1, label=_("nomor puskesmas")
    )
    search = django_filters.CharFilter(
        method="by_name_or_code", max_length=60, label=_("bagian dari nama, atau awal kode")
    )

    class Meta:
        model = Village
        fields = ["kecamatan", "kind", "puskesmas"]

    def by_name_or_code(self, rows: QuerySet[Village], name: str, value: str) -> QuerySet[Village]:
        former = FormerVillageCode.objects.filter(code__startswith=value).values("village")
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value) | Q(pk__in=former))


class ChildFilter(django_filters.FilterSet):
    village = django_filters.CharFilter(
        method="by_village", max_length=13, label=_("kode desa tempat anak tinggal sekarang")
    )
    status = django_filters.ChoiceFilter(choices=ChildStatus.choices, label=_("status anak"))
    reason = django_filters.CharFilter(
        method="by_nothing",
        max_length=200,
        label=_("untuk apa daftar lebih dari satu desa; wajib tanpa village, dan dicatat"),
    )
    q = django_filters.CharFilter(
        method="by_nothing", label=_("nama tidak boleh ada di alamat: kirim dengan POST ke children/search/")
    )

    class Meta:
        model = Child
        fields = ["village", "status"]

    def by_village(self, rows: QuerySet[Child], name: str, value: str) -> QuerySet[Child]:
        # A list, since the database finds children of known villages by its index and not those of a query.
        former = FormerVillageCode.objects.filter(pk=value).values_list("village", flat=True)
        return rows.filter(village__in=[value, *former])

    def by_nothing(self, rows: QuerySet[Child], name: str, value: str) -> QuerySet[Child]:
        return rows
