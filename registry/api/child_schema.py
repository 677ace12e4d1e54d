"""A child as the API reads and shows it. The NIK goes in whole and comes out masked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.actions import Identity
from registry.api.fields import (
    Body,
    Choice,
    ConfirmedIdentity,
    Day,
    Measure,
    OtherChildren,
    Text,
    Truth,
    Uuid,
    Whole,
)
from registry.api.places import NumberedRefSerializer, PlaceRefSerializer
from registry.models import BirthDateBasis, Child, ChildStatus, Sex
from registry.nik import NikWarning

_SEEN = {"name", "sex", "birth_date", "birth_date_basis", "parent_name", "rt", "rw", "address"}
SEX_LETTERS = [(sex.letter, sex.label) for sex in Sex]


class SexField(serializers.ChoiceField):
    """L or P of the stored code."""

    def to_representation(self, value: Any) -> str:
        return Sex(value).letter


class ChildSerializer(serializers.Serializer[Child]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    sex = SexField(choices=SEX_LETTERS, help_text=_("L laki-laki, P perempuan"))
    birth_date = serializers.DateField()
    birth_date_basis = serializers.ChoiceField(
        choices=BirthDateBasis.choices,
        help_text=_("bagaimana tanggal lahir diketahui; month dan age perkiraan"),
    )
    nik_masked = serializers.CharField(help_text=_("33010***********; kosong kalau tidak ada"))
    has_nik = serializers.BooleanField(help_text=_("NIK utuh 16 angka tercatat"))
    birth_weight_kg = serializers.FloatField(allow_null=True)
    birth_length_cm = serializers.FloatField(allow_null=True)
    gestation_weeks = serializers.IntegerField(
        allow_null=True, help_text=_("usia kehamilan saat lahir, minggu penuh")
    )
    parent_name = serializers.CharField()
    village = PlaceRefSerializer(help_text=_("tempat tinggal sekarang"))
    posyandu = NumberedRefSerializer(allow_null=True)
    rt = serializers.CharField()
    rw = serializers.CharField()
    address = serializers.CharField()
    growth_book = serializers.BooleanField(
        allow_null=True, help_text=_("memiliki buku KIA; null kalau belum ditanya")
    )
    status = serializers.ChoiceField(choices=ChildStatus.choices)
    status_date = serializers.DateField(allow_null=True, help_text=_("hari meninggal atau pindah"))


class NikWarningSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=[str(w) for w in NikWarning])
    message = serializers.CharField()


class EnrolledSerializer(serializers.Serializer[Any]):
    child = ChildSerializer()
    warnings = NikWarningSerializer(
        many=True, help_text=_("yang berbeda antara NIK dan isian; anak tetap terdaftar")
    )


class IdentityBody(Body):
    """Who a child is: what enrolling it and putting it right take alike."""

    name = Text(max_length=120)
    sex = Choice(choices=SEX_LETTERS, help_text=_("L laki-laki, P perempuan"))
    birth_date = Day()
    birth_date_basis = Choice(
        choices=BirthDateBasis.choices,
        required=False,
        help_text=_("month: hanya bulannya diketahui, disimpan tanggal 15; age: dihitung dari umur"),
    )
    birth_weight_kg = Measure(required=False, allow_null=True, help_text=_("kilogram, 0.3 sampai 7"))
    birth_length_cm = Measure(required=False, allow_null=True, help_text=_("sentimeter, 20 sampai 70"))
    gestation_weeks = Whole(
        required=False, allow_null=True, help_text=_("usia kehamilan saat lahir, minggu penuh, 22 sampai 44")
    )
    parent_name = Text(max_length=120, required=False, allow_blank=True)
    posyandu = Whole(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        allow_null=True,
        help_text=_("nomor posyandu desa itu"),
    )
    rt = Text(max_length=5, required=False, allow_blank=True)
    rw = Text(max_length=5, required=False, allow_blank=True)
    address = Text(max_length=200, required=False, allow_blank=True)
    growth_book = Truth(
        required=False, allow_null=True, help_text=_("memiliki buku KIA; null kalau belum ditanya")
    )


class EnrolBody(IdentityBody):
    """A child to enrol. ``id`` is made by the sender: sending again enrols nobody twice."""

    id = Uuid(help_text=_("UUID buatan pengirim; kiriman ulang dengan id sama tidak menggandakan"))
    village = Text(max_length=13, help_text=_("kode desa tempat anak tinggal"))
    nik = Text(
        max_length=32, required=False, allow_blank=True, help_text=_("16 angka; kosong kalau belum ada")
    )
    confirmed = OtherChildren(
        required=False,
        help_text=_(
            "true, atau id dari `children` jawaban 422 yang memang anak lain, dan kode dari `doubts`-nya"
        ),
    )
    since = Day(required=False, help_text=_("tinggal di desa itu sejak; kalau kosong: hari ini"))


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Seen(serializers.Field):
    """What the sender read of a child before: texts by their fields."""

    default_error_messages = {"invalid": _("Harus berupa objek berisi teks isian anak ini.")}

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if (
            not isinstance(data, dict)
            or data.keys() - _SEEN
            or not all(type(v) is str for v in data.values())
        ):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class ChangeBody(IdentityBody):
    """What to put right of a child: only the fields that are sent change."""

    nik = Text(
        max_length=32,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text=_("16 angka; kosong atau null: anak belum punya NIK; kalau tidak dikirim, NIK tetap"),
    )
    reason = Text(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text=_("mengapa; wajib kalau tanggal lahir atau jenis kelamin anak yang diukur berubah"),
    )
    confirmed = ConfirmedIdentity(required=False, help_text=_("true, atau kode dari `doubts` jawaban 422"))
    seen = Seen(
        required=False,
        help_text=_("teks isian seperti dibaca sebelum diubah; yang sejak itu diubah orang lain dijawab 409"),
    )


class SearchBody(serializers.Serializer):
    """What to look for, and where; as the filters of the list."""

    q = Text(max_length=60, allow_blank=True, help_text=_("bagian dari nama anak atau orang tua; bukan NIK"))
    village = Text(max_length=13, required=False, help_text=_("kode desa tempat anak tinggal sekarang"))
    status = serializers.ChoiceField(choices=ChildStatus.choices, required=False, help_text=_("status anak"))
    reason = Text(
        max_length=200,
        required=False,
        help_text=_("untuk apa daftar lebih dari satu desa; wajib tanpa village, dan dicatat"),
    )


def identity_from(sent: dict[str, Any]) -> Identity:
    """Return who the child is, from a body that :class:`EnrolBody` has read."""
    return Identity(
        name=sent["name"],
        sex=Sex.from_letter(sent["sex"]),
        birth_date=sent["birth_date"],
        nik=sent.get("nik", ""),
        birth_weight_kg=sent.get("birth_weight_kg"),
        birth_length_cm=sent.get("birth_length_cm"),
        parent_name=sent.get("parent_name", ""),
        posyandu_id=sent.get("posyandu"),
        rt=sent.get("rt", ""),
        rw=sent.get("rw", ""),
        address=sent.get("address", ""),
        growth_book=sent.get("growth_book"),
        gestation_weeks=sent.get("gestation_weeks"),
        birth_date_basis=BirthDateBasis(sent.get("birth_date_basis", BirthDateBasis.DAY)),
    )


_NO_IDENTITY = ("reason", "confirmed", "seen", "posyandu")


def changed_identity(known: Identity, sent: dict[str, Any]) -> Identity:
    """Return ``known`` with what a body says that :class:`ChangeBody` has read."""
    changes = {name: value for name, value in sent.items() if name not in _NO_IDENTITY}
    if "sex" in sent:
        changes["sex"] = Sex.from_letter(sent["sex"])
    if "nik" in sent:
        changes["nik"] = sent["nik"] or ""
    if "posyandu" in sent:
        changes["posyandu_id"] = sent["posyandu"]
    if sent.get("birth_date", known.birth_date) != known.birth_date:
        changes.setdefault("birth_date_basis", BirthDateBasis.DAY)
    return replace(known, **changes)
