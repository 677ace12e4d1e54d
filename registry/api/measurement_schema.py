"""A measurement as the API takes it, item by item, and as it tells it with what WHO's standards say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.actions import Observation
from registry.actions.assessment import INDICES
from registry.api.fields import Body, Choice, Confirmed, Day, Measure, Moment, Text, Truth, Uuid
from registry.growth import LABEL_OF, Label, completed_months, label_muac, under_five
from registry.models import Gain, Measurement, MeasurementState, Position, Source, User
from registry.remarks import Remark, remark_words, remarks_of


class ObservedBody(Body):
    """What was seen on one day. At least one of weight, length, arm and head must be there."""

    id = Uuid(help_text=_("UUID buatan pengirim; kiriman ulang dengan id sama tidak menggandakan"))
    measured_on = Day(help_text=_("tanggal ukur setempat (Asia/Jakarta)"))
    weight_kg = Measure(
        required=False, allow_null=True, help_text=_("kilogram, 0.5 sampai 40; dibulatkan ke 0.001")
    )
    lenhei_cm = Measure(
        required=False, allow_null=True, help_text=_("sentimeter, 30 sampai 140; dibulatkan ke 0.01")
    )
    position = Choice(
        choices=Position.choices,
        required=False,
        allow_blank=True,
        help_text=_("L telentang, H berdiri, kosong kalau tidak dicatat"),
    )
    muac_cm = Measure(
        required=False,
        allow_null=True,
        help_text=_("LiLA, sentimeter, 5 sampai 35; dibulatkan ke bawah ke 0.1"),
    )
    head_cm = Measure(
        required=False,
        allow_null=True,
        help_text=_("lingkar kepala, sentimeter, 20 sampai 65; dibulatkan ke 0.1"),
    )
    oedema = Truth(required=False, help_text=_("bengkak (edema) di kedua punggung kaki"))
    confirmed = Confirmed(
        required=False, help_text=_("true, atau kode dari `doubts` jawaban 422 yang sudah dipastikan")
    )


class RecordBody(ObservedBody):
    child = Uuid(help_text=_("id anak"))
    client_time = Moment(required=False, allow_null=True, help_text=_("jam perangkat ketika diisi"))


class CorrectBody(ObservedBody):
    """All values of the day as they should be; what is left out becomes empty."""

    reason = Text(max_length=200, help_text=_("mengapa dikoreksi, misalnya salah ketik berat"))


class VoidBody(Body):
    reason = Text(max_length=200, help_text=_("mengapa dibatalkan"))


def observation_from(sent: dict[str, Any]) -> Observation:
    """Return the observation of a body that :class:`ObservedBody` has read."""
    return Observation(
        measured_on=sent["measured_on"],
        weight_kg=sent.get("weight_kg"),
        lenhei_cm=sent.get("lenhei_cm"),
        position=Position(sent.get("position", "")),
        muac_cm=sent.get("muac_cm"),
        head_cm=sent.get("head_cm"),
        oedema=sent.get("oedema", False),
    )


class LabelSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text=_("kode tetap, misalnya severely_stunted"))
    id = serializers.CharField(help_text=_("istilah Permenkes 2/2020, misalnya Sangat pendek"))
    en = serializers.CharField(help_text=_("istilah WHO"))


class ZScoreSerializer(serializers.Serializer[Any]):
    z = serializers.FloatField(allow_null=True, help_text=_("z-score WHO 2006, dua desimal"))
    flag = serializers.BooleanField(help_text=_("di luar batas WHO, tidak dihitung"))
    label = LabelSerializer(  # type: ignore[assignment]
        allow_null=True, help_text=_("kategori Permenkes 2/2020; null tanpa z yang valid")
    )


class ZScoresSerializer(serializers.Serializer[Any]):
    haz = ZScoreSerializer(help_text=_("PB/U atau TB/U"))
    waz = ZScoreSerializer(help_text=_("BB/U"))
    whz = ZScoreSerializer(help_text=_("BB/PB atau BB/TB"))
    baz = ZScoreSerializer(help_text=_("IMT/U"))
    hcz = ZScoreSerializer(help_text=_("LK/U"))
    acz = ZScoreSerializer(help_text=_("LiLA/U"))


class RemarkSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=[str(remark) for remark in Remark])
    message = serializers.CharField()


class MeasurementSerializer(serializers.Serializer[Measurement]):
    id = serializers.UUIDField()
    child = serializers.UUIDField(source="child_id")
    village = serializers.CharField(
        source="village_id", help_text=_("kode desa tempat anak tinggal hari itu")
    )
    measured_on = serializers.DateField()
    weight_kg = serializers.FloatField(allow_null=True)
    lenhei_cm = serializers.FloatField(allow_null=True)
    position = serializers.ChoiceField(choices=Position.choices)
    muac_cm = serializers.FloatField(allow_null=True)
    head_cm = serializers.FloatField(allow_null=True)
    oedema = serializers.BooleanField()
    age_days = serializers.IntegerField(help_text=_("umur dalam hari penuh"))
    age_months = serializers.SerializerMethodField(help_text=_("umur dalam bulan penuh menurut WHO"))
    clenhei_cm = serializers.FloatField(allow_null=True, help_text=_("setelah koreksi cara ukur 0,7 cm"))
    position_disbelieved = serializers.BooleanField(help_text=_("ditulis berdiri sebelum 9 bulan"))
    z = serializers.SerializerMethodField()
    muac_label = serializers.SerializerMethodField(help_text=_("kategori LiLA, umur 6 sampai 59 bulan"))
    gain = serializers.ChoiceField(
        choices=[*Gain.choices, ("", "-")], help_text=_("N, T, O, B; kosong kalau tidak ditimbang")
    )
    gain_words = serializers.CharField(source="get_gain_display")
    confirmed_doubts = serializers.ListField(
        child=serializers.CharField(), help_text=_("keraguan yang dipastikan")
    )
    remarks = serializers.SerializerMethodField(
        help_text=_("yang perlu diketahui: dipastikan, di luar batas WHO, edema, cara ukur yang dianggap")
    )
    counts_in_rates = serializers.SerializerMethodField(help_text=_("berlaku dan belum genap 60 bulan"))
    note = serializers.SerializerMethodField(help_text=_("mengapa di luar angka; kosong kalau dihitung"))
    state = serializers.ChoiceField(choices=MeasurementState.choices)
    reason = serializers.CharField(help_text=_("alasan koreksi atau pembatalan"))
    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)
    superseded_by = serializers.SerializerMethodField(help_text=_("id koreksi yang menggantikannya"))
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    received_at = serializers.DateTimeField()
    client_time = serializers.DateTimeField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True)

    def get_age_months(self, m: Measurement) -> int:
        return completed_months(m.age_days)

    @extend_schema_field(ZScoresSerializer)
    def get_z(self, m: Measurement) -> dict[str, Any]:
        return {index: _z_of(m, index) for index in INDICES}

    @extend_schema_field(LabelSerializer(allow_null=True))
    def get_muac_label(self, m: Measurement) -> dict[str, str] | None:
        return _label(label_muac(None if m.muac_cm is None else float(m.muac_cm), m.age_days))

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, m: Measurement) -> list[dict[str, str]]:
        return [{"code": str(remark), "message": remark_words(remark)} for remark in remarks_of(m)]

    def get_counts_in_rates(self, m: Measurement) -> bool:
        return m.is_in_force and under_five(m.age_days)

    def get_note(self, m: Measurement) -> str:
        if not m.is_in_force:
            return gettext("Sudah dikoreksi atau dibatalkan: tidak dihitung.")
        if not under_five(m.age_days):
            return gettext("Sudah genap 60 bulan: tercatat, tetapi tidak dihitung dalam angka balita.")
        return ""

    @extend_schema_field({"type": "string", "format": "uuid", "nullable": True})
    def get_superseded_by(self, m: Measurement) -> str | None:
        later = getattr(m, "superseded_by", None)
        return str(later.pk) if later else None


class CurrentSerializer(MeasurementSerializer):
    """What stands where a measurement was: its correction, or itself if it is void."""

    by = serializers.SerializerMethodField(help_text=_("yang mencatat atau membatalkannya"))
    at = serializers.SerializerMethodField(help_text=_("diterima atau dibatalkan pada"))

    def get_by(self, m: Measurement) -> str:
        return str(m.voided_by or m.recorded_by)

    def get_at(self, m: Measurement) -> datetime:
        return timezone.localtime(m.voided_at or m.received_at)


def current_json(corrected: Measurement) -> dict[str, Any]:
    """Return the last correction of a measurement, by whom and when: what counts now, unless it is void."""
    rows = Measurement.objects.select_related("superseded_by", "recorded_by", "voided_by")
    found = rows.get(pk=corrected.pk)
    while later := getattr(found, "superseded_by", None):
        found = rows.get(pk=later.pk)
    return dict(CurrentSerializer(found).data)


def _z_of(m: Measurement, index: str) -> dict[str, Any]:
    z, flag = getattr(m, index), getattr(m, f"{index}_flag")
    label = LABEL_OF[index](z) if index in LABEL_OF and not flag else None
    return {"z": z, "flag": flag, "label": _label(label)}


def _label(label: Label | None) -> dict[str, str] | None:
    return {"code": label.code, "id": label.id, "en": label.en} if label else None


def readable_measurements(user: User) -> QuerySet[Measurement]:
    """Return the measurements ``user`` may read, with what the answer needs: one query however many."""
    return Measurement.objects.reachable_by(user).select_related("superseded_by")
