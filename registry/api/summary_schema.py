"""A summary as the API tells it. Each ``help_text`` is the definition of its number (docs/definitions.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from registry.figures import Prevalence, Summary, Verdict, suppress_small_counts, verdict, visible_denominator
from registry.models import Indicator, Target


def _count(text: Any) -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True, min_value=0, help_text=text)


def _fraction(text: Any) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, min_value=0, max_value=1, help_text=text)


class PlaceSerializer(serializers.Serializer[Any]):
    level = serializers.CharField(help_text=_("district, kecamatan, puskesmas atau village"))
    code = serializers.CharField(help_text=_("kode Kemendagri"))
    name = serializers.CharField()


class RateSerializer(serializers.Serializer[Any]):
    """An indicator: of the children whose index is believed, how many are on the wrong side of the limit."""

    numerator = _count(
        _(
            "anak yang termasuk, menurut nilai terakhirnya yang valid di bulan itu; null kalau tidak ada "
            "nilai yang valid"
        )
    )
    denominator = _count(
        _("anak balita dengan indeks yang valid (bukan tanda WHO) di bulan itu; null kalau no_data")
    )
    rate = _fraction(_("numerator / denominator, 0 sampai 1, empat desimal; null kalau tidak ada data"))
    percent = serializers.FloatField(
        allow_null=True, min_value=0, max_value=100, help_text=_("rate dalam persen, satu desimal")
    )
    low = _fraction(_("batas bawah selang kepercayaan 95% (Wilson 1927), 0 sampai 1"))
    high = _fraction(_("batas atas selang kepercayaan 95% (Wilson 1927), 0 sampai 1"))
    few = serializers.BooleanField(help_text=_("kurang dari 30 anak: angka mudah berubah karena kebetulan"))
    coverage = _fraction(_("denominator / registered, 0 sampai 1, empat desimal; null kalau no_data"))
    low_coverage = serializers.BooleanField(help_text=_("coverage kurang dari 80%"))
    thin = serializers.BooleanField(
        help_text=_(
            "coverage di bawah 80% dari coverage tengah enam bulan sebelumnya, atau di bawah 10%: tidak "
            "dinilai"
        )
    )
    pale = serializers.BooleanField(
        help_text=_("few, low_coverage, thin atau bulan berjalan: baca dengan hati-hati")
    )
    suppressed = serializers.BooleanField(
        help_text=_("disembunyikan karena 1 sampai 4 anak dapat menunjuk kepada seorang anak")
    )


class RatesSerializer(serializers.Serializer[Any]):
    stunted = RateSerializer(help_text=_("TB/U atau PB/U < -2 (pendek dan sangat pendek)"))
    wasted = RateSerializer(
        help_text=_(
            "BB/TB atau BB/PB < -2 (gizi kurang dan gizi buruk), atau bengkak (edema) di kedua punggung kaki"
        )
    )
    underweight = RateSerializer(
        help_text=_("BB/U < -2 (kurang dan sangat kurang), atau bengkak (edema) di kedua punggung kaki")
    )
    overweight = RateSerializer(help_text=_("BB/TB atau BB/PB > 2 (gizi lebih dan obesitas)"))


class SkdnSerializer(serializers.Serializer[Any]):
    """Weighing of the month. K (growth books) is not kept by this register."""

    s = _count(
        _("S: balita terdaftar, di tempat terakhir diukur bulan itu atau tempat tinggal di akhir bulan")
    )
    d = _count(
        _(
            "D: balita yang ditimbang bulan itu; D = N + T + O + B. Kalau tidak seorang pun ditimbang, D "
            "sampai N/D null: tidak diketahui, bukan 0"
        )
    )
    n = _count(_("N: berat naik paling sedikit sebesar kenaikan berat minimum (KBM)"))
    t = _count(_("T: berat tidak naik sebesar itu"))
    o = _count(_("O: ditimbang sekarang, tanpa berat kira-kira sebulan lalu sebagai pembanding"))
    b = _count(_("B: ditimbang untuk pertama kali"))
    d_per_s = _fraction(_("D/S, partisipasi, 0 sampai 1"))
    n_per_d = _fraction(_("N/D, keberhasilan, 0 sampai 1"))


HIDDEN = "hidden"
"""In place of a verdict: there is a rate, and this reader may not see it."""


class TargetSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField(help_text=_("tahun target yang berlaku di bulan itu"))
    percent = serializers.FloatField(help_text=_("stunting paling tinggi sekian persen"))
    verdict = serializers.ChoiceField(
        choices=[*(str(v) for v in Verdict), HIDDEN],
        help_text=_(
            "below atau above hanya kalau seluruh selang kepercayaan di satu sisi target dan anaknya "
            "paling sedikit 30; running: bulan masih berjalan; thin: jauh di bawah cakupan pengukuran "
            "biasanya; hidden kalau angkanya disembunyikan"
        ),
    )


class SummarySerializer(serializers.Serializer[Any]):
    place = PlaceSerializer()
    month = serializers.CharField(help_text=_("bulan kalender tanggal ukur, misalnya 2024-08"))
    month_state = serializers.ChoiceField(
        choices=["running", "over"], help_text=_("running: bulan belum selesai, angkanya tidak dinilai")
    )
    data_date = serializers.DateField(
        allow_null=True, help_text=_("hari pengukuran terakhir di tempat ini, bulan mana pun")
    )
    suppressed = serializers.BooleanField(
        help_text=_("ada angka yang null karena kecil: 1 sampai 4 anak, atau bisa dihitung dari yang lain")
    )
    registered = _count(_("balita terdaftar (S): hidup, tinggal di kabupaten, belum genap 60 bulan"))
    measured = _count(_("balita terdaftar yang diukur paling sedikit sekali di bulan itu"))
    coverage = _fraction(_("cakupan pengukuran stunting, sama dengan indicators.stunted.coverage"))
    indicators = RatesSerializer()
    skdn = SkdnSerializer()
    target = TargetSerializer(allow_null=True, help_text=_("target stunting kabupaten; null kalau tidak ada"))
    no_data = serializers.BooleanField(
        allow_null=True,
        help_text=_(
            "tidak seorang pun diukur di bulan itu: selain registered semua angkanya null, bukan 0; null "
            "kalau disembunyikan"
        ),
    )


class SummariesSerializer(serializers.Serializer[Any]):
    month = serializers.CharField(help_text=_("bulan kalender tanggal ukur, misalnya 2024-08"))
    results = SummarySerializer(many=True)


def summary_body(summary: Summary, *, target: Target | None, data_date: date | None) -> dict[str, Any]:
    """Return ``summary`` as its reader may see it, in the shape of :class:`SummarySerializer`."""
    visible = suppress_small_counts(summary)
    return {
        "place": {"level": summary.place.level, "code": summary.place.code, "name": summary.place.name},
        "month": month_text(summary.month),
        "month_state": "running" if summary.stunted.is_running else "over",
        "data_date": data_date,
        "suppressed": visible.suppressed,
        "registered": visible.registered,
        "measured": visible.measured,
        "coverage": _round(visible.coverage),
        "indicators": {str(indicator): _rate_body(summary.rates[indicator]) for indicator in Indicator},
        "skdn": {
            "s": visible.registered,
            "d": visible.weighed,
            "n": visible.gained,
            "t": visible.not_gained,
            "o": visible.not_before,
            "b": visible.first,
            "d_per_s": _round(visible.participation),
            "n_per_d": _round(visible.success),
        },
        "target": _target_body(summary, target),
        "no_data": visible.no_data,
    }


def _rate_body(rate: Prevalence) -> dict[str, Any]:
    return {
        "numerator": rate.numerator if rate.denominator else None,
        "denominator": visible_denominator(rate),
        "rate": _round(rate.rate),
        "percent": None if rate.rate is None else round(100 * rate.rate, 1),
        "low": _round(rate.low),
        "high": _round(rate.high),
        "few": rate.few,
        "coverage": _round(rate.coverage),
        "low_coverage": rate.low_coverage,
        "thin": rate.is_thin,
        "pale": rate.pale,
        "suppressed": rate.suppressed,
    }


def _target_body(summary: Summary, target: Target | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {
        "year": target.year,
        "percent": float(target.percent),
        "verdict": HIDDEN if summary.stunted.suppressed else str(verdict(summary.stunted, target)),
    }


def month_text(month: date) -> str:
    return f"{month:%Y-%m}"


def _round(fraction: float | None) -> float | None:
    return None if fraction is None else round(fraction, 4)
