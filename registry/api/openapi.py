"""How the schema is made: the answers that every address can give, written once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from registry.api.fields import Body
from registry.api.measurement_schema import CurrentSerializer
from registry.likeness import DuplicateQuestion
from registry.models import Sex


class DoubtSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text=_("kode tetap, dikirim kembali di `confirmed`"))
    message = serializers.CharField(help_text=_("kalimat untuk orang yang mengukur"))


class TurnedSerializer(serializers.Serializer[Any]):
    measurement = serializers.UUIDField()
    measured_on = serializers.DateField()
    index = serializers.CharField(help_text=_("haz, waz, whz atau muac"))
    old = serializers.CharField(help_text=_("kode kategori sekarang; kosong kalau tidak dinilai"))
    new = serializers.CharField(
        help_text=_("kode kategori setelah itu; `flagged` di luar batas WHO, kosong kalau tidak dinilai")
    )


class ConflictSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    sent = serializers.CharField(help_text=_("yang dikirim"))
    stored = serializers.CharField(help_text=_("yang disimpan orang lain sejak `seen`"))


class AlikeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text=_("dikirim kembali di `confirmed` kalau memang anak lain"))
    name = serializers.CharField()
    sex = serializers.ChoiceField(choices=[(sex.letter, sex.label) for sex in Sex])
    birth_date = serializers.DateField()
    parent_name = serializers.CharField()
    village = serializers.CharField(help_text=_("nama desa"))
    question = serializers.ChoiceField(
        choices=[str(question) for question in DuplicateQuestion],
        required=False,
        help_text=_("yang ditanyakan: anak yang sama, atau kembar; tidak ada pada 409"),
    )


class ErrorSerializer(serializers.Serializer[Any]):
    """Every refusal of the API has this shape."""

    code = serializers.CharField(help_text=_("kode tetap, untuk program"))
    detail = serializers.CharField(help_text=_("kalimat dalam bahasa pembaca (Accept-Language)"))
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("kalimat untuk tiap isian yang salah; `body` untuk isi permintaan seluruhnya"),
    )
    doubts = DoubtSerializer(
        many=True, required=False, help_text=_("hanya pada 422: mengapa nilai ini diragukan")
    )
    children = AlikeSerializer(
        many=True, required=False, help_text=_("hanya pada 422: anak yang mungkin sudah terdaftar")
    )
    turned = TurnedSerializer(
        many=True, required=False, help_text=_("hanya pada 422: kategori pengukuran yang akan berubah")
    )
    conflicts = ConflictSerializer(
        many=True, required=False, help_text=_("hanya pada 409 `changed_meanwhile`: kedua nilai tiap isian")
    )
    current = CurrentSerializer(
        required=False,
        help_text=_("hanya pada 409 `not_in_force`: yang berlaku sekarang, atau pembatalannya"),
    )


_WHY = {
    "400": _("Isian, bulan atau saringan yang tidak bisa dibaca; `errors` menyebut yang mana."),
    "401": _("Belum masuk, atau token tidak berlaku."),
    "403": _("Sesi browser tanpa token CSRF, atau token diminta akun yang hari ini tidak bertugas."),
    "404": _("Tidak ada di wilayah kerja pengguna ini."),
    "406": _("Format jawaban yang diminta tidak ada."),
    "409": _("Sudah ada data yang bertentangan: nomor terpakai, hari terisi, NIK terpakai."),
    "413": _("Isi permintaan terlalu besar."),
    "415": _("Isi permintaan bukan application/json."),
    "422": _("Yang meragukan: periksa lagi, atau kirim lagi dengan `confirmed`."),
    "429": _("Terlalu banyak permintaan."),
}

MONTH = OpenApiParameter(
    "month",
    OpenApiTypes.STR,
    description=_(
        "Bulan pengukuran, ditulis 2024-08. Kalau kosong: bulan terakhir yang sudah selesai dan cakupan "
        "pengukurannya seperti biasa di seluruh register, sama untuk semua tempat."
    ),
    pattern=r"^\d{4}-\d{2}$",
)


def refusals(*codes: int) -> dict[Any, Any]:
    """Return the refusals of an operation beyond those that all have."""
    return {
        (str(code), "application/json"): OpenApiResponse(ErrorSerializer, _WHY[str(code)]) for code in codes
    }


class ApiSchema(AutoSchema):
    """Adds to each operation the refusals that are the same everywhere."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        answers: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self._common():
            if code not in answers:
                response = OpenApiResponse(ErrorSerializer, _WHY[code])
                answers[code] = self._get_response_for_code(response, code, ["application/json"], direction)
        return dict(sorted(answers.items()))

    def get_description(self, *args: Any) -> str:
        """Return what an operation says itself, never a docstring, which is for readers of the code."""
        return ""

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        schema.pop("description", None)
        if isinstance(serializer, Body):
            schema["additionalProperties"] = False
        return schema

    def _common(self) -> list[str]:
        if self.method == "GET":
            return ["400", "401", "404", "406"]
        return ["400", "401", "403", "404", "406", "413", "415"]
