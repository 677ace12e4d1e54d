"""What stands behind "Bagaimana ini dihitung?": each number's definition with its own counts.

The same definitions, once by name and with the function that holds each, are in ``docs/definitions.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.formatting import number, number_or_dash, percent, short_percent
from registry.exports.page_table import DASH
from registry.figures import Counts, Prevalence
from registry.figures.counts import SMALL_COUNT
from registry.figures.prevalence import FEW_CHILDREN, LOW_COVERAGE
from registry.figures.usual_coverage import USUAL_SHARE
from registry.models import Indicator


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and how it is counted, as one sentence or two."""

    term: str | Promise
    text: str | Promise


def part_of(numerator: int | None) -> str:
    """Return a numerator in words: hidden ones are said to be, not left out."""
    if numerator is None:
        return _("kurang dari %(small)s") % {"small": str(SMALL_COUNT)}
    return number(numerator)


WHICH_MEASUREMENT = _(
    "Tiap anak dihitung sekali, dengan nilai terakhir yang valid bulan itu, di desa tempat ia diukur. "
    "Nilai di luar batas WHO tidak dihitung."
)
"""Which measurement of a child counts, for every rate."""

INTERVAL = _(
    "Selang kepercayaan 95% (Wilson): kalau anak yang diukur mewakili semua anak, 95 dari 100 selang "
    "seperti ini memuat prevalensi sebenarnya. Makin sedikit anak diukur, makin lebar."
)

_RATES = {
    Indicator.STUNTED: _(
        "Anak pendek dan sangat pendek (TB/U di bawah −2 SD): %(numerator)s, dibagi anak di bawah lima "
        "tahun yang bulan ini diukur dan TB/U-nya valid: %(denominator)s, sama dengan %(rate)s."
    ),
    Indicator.WASTED: _(
        "Anak gizi kurang dan gizi buruk (BB/TB di bawah −2 SD, atau bengkak di kedua punggung kaki): "
        "%(numerator)s, dibagi anak yang bulan ini BB/TB-nya valid: %(denominator)s, sama dengan "
        "%(rate)s."
    ),
    Indicator.UNDERWEIGHT: _(
        "Anak dengan berat badan kurang dan sangat kurang (BB/U di bawah −2 SD, atau bengkak di kedua "
        "punggung kaki): %(numerator)s, dibagi anak yang bulan ini BB/U-nya valid: %(denominator)s, sama "
        "dengan %(rate)s."
    ),
    Indicator.OVERWEIGHT: _(
        "Anak gizi lebih dan obesitas (BB/TB di atas +2 SD): %(numerator)s, dibagi anak yang bulan ini "
        "BB/TB-nya valid: %(denominator)s, sama dengan %(rate)s."
    ),
}


def rate_definition(found: Prevalence) -> str:
    """Return how the rate of its indicator came about, with this numerator and denominator."""
    counted = _RATES[found.indicator] % {
        "numerator": part_of(found.numerator) if found.denominator else DASH,
        "denominator": number_or_dash(found.known_denominator),
        "rate": percent(found.rate),
    }
    return f"{counted} {WHICH_MEASUREMENT}"


def rate_definitions(rates: Mapping[Indicator, Prevalence]) -> tuple[Definition, ...]:
    """Return how the rate of each indicator came about."""
    return tuple(Definition(indicator_name(i), rate_definition(rates[i])) for i in Indicator)


def indicator_name(indicator: Indicator) -> str:
    return str(indicator.label).capitalize()


def coverage_definition(found: Prevalence) -> str:
    """Return the coverage of stunting with its two counts, and how many were measured in any way."""
    return _(
        "Anak di bawah lima tahun yang bulan ini TB/U-nya valid: %(believed)s, dibagi anak yang "
        "terdaftar: %(registered)s, sama dengan %(coverage)s. Ditimbang atau diukur paling sedikit "
        "sekali: %(measured)s. Yang meninggal, pindah ke luar kabupaten, atau genap 60 bulan tidak "
        "terdaftar lagi."
    ) % {
        "believed": number_or_dash(found.known_denominator),
        "measured": number_or_dash(found.known_measured),
        "registered": number(found.registered),
        "coverage": percent(found.coverage),
    }


def participation_definition(counts: Counts) -> str:
    """Return D/S with its two counts."""
    return _(
        "D/S: anak yang ditimbang bulan ini (D = N + T + O + B): %(weighed)s, dibagi anak terdaftar (S): "
        "%(registered)s, sama dengan %(share)s."
    ) % {
        "weighed": number(counts.weighed) if counts.has_weighing else DASH,
        "registered": number(counts.registered),
        "share": percent(counts.participation),
    }


def success_definition(counts: Counts) -> str:
    """Return N/D with its two counts."""
    return _(
        "N/D: anak yang berat badannya naik cukup menurut KMS (N): %(gained)s, dibagi anak yang ditimbang "
        "(D): %(weighed)s, sama dengan %(share)s."
    ) % {
        "gained": number(counts.gained) if counts.has_weighing else DASH,
        "weighed": number(counts.weighed) if counts.has_weighing else DASH,
        "share": percent(counts.success),
    }


SEVERITY = _("Batas WHO dan UNICEF untuk beratnya masalah stunting di suatu wilayah: 2,5, 10, 20 dan 30%.")

DATA_DATE = _("Tanggal pengukuran terakhir yang berlaku di wilayah ini, bukan tanggal pengirimannya.")


def survey_definition(source: str) -> str:
    """Return where a survey's rate comes from; the register does not count it."""
    text = _("Perkiraan survei rumah tangga untuk seluruh kabupaten; tidak dihitung oleh register.")
    heading = _("Sumber")
    return f"{text} {heading}: {source}." if source else str(text)


_OVER = _(
    "Jumlah anak stunting yang harus berkurang (dicegah atau pulih) supaya target tercapai; 0 kalau "
    "sudah tercapai, kosong kalau tahunnya belum punya target. Jumlah semua tempat dapat lebih besar "
    "daripada angka seluruh wilayah, sebab tempat yang sudah di bawah target tidak menguranginya."
)


def table_definitions(*, ranked: bool) -> list[Definition]:
    """Return the columns of a table of places or months."""
    divided = _("Stunting dibagi Dari.")
    columns = [
        Definition(_("Stunting"), _("Anak pendek dan sangat pendek (TB/U di bawah −2 SD); pembilang angka.")),
        Definition(
            _("Dari"),
            _("Anak di bawah lima tahun yang bulan itu diukur dan TB/U-nya valid; penyebut angka."),
        ),
        Definition(_("Prevalensi"), f"{divided} {WHICH_MEASUREMENT}"),
        Definition(_("Selang kepercayaan 95%"), INTERVAL),
        Definition(
            _("Terdaftar"),
            _("Anak di bawah lima tahun yang tinggal di sana pada akhir bulan, atau diukur di sana."),
        ),
        Definition(
            _("Diukur"), _("Anak terdaftar yang diukur atau ditimbang paling sedikit sekali bulan itu.")
        ),
        Definition(_("Cakupan pengukuran"), _("Dari (anak yang TB/U-nya valid) dibagi Terdaftar.")),
        *_caution_definitions(),
    ]
    if ranked:
        columns.append(Definition(_("Kelebihan anak stunting dari target"), _OVER))
        columns.append(Definition(_("Urutan"), ranking_definition()))
    return columns


def _caution_definitions() -> list[Definition]:
    return [
        Definition(
            _("Terhadap target"),
            _(
                "Di bawah atau di atas hanya kalau seluruh selang kepercayaan ada di satu sisi target "
                "dan anaknya tidak kurang dari %(few)s. Belum dinilai kalau bulan masih berjalan atau "
                "cakupan pengukurannya jauh di bawah biasanya."
            )
            % {"few": number(FEW_CHILDREN)},
        ),
        Definition(
            _("Catatan"),
            _(
                "Di bawah nama: sedikit anak (kurang dari %(few)s), cakupan pengukuran rendah (di bawah "
                "%(coverage)s), bulan masih berjalan, jauh di bawah cakupan pengukuran biasanya (di "
                "bawah %(usual)s dari median cakupan pengukuran enam bulan sebelumnya), belum ada data, "
                "atau disembunyikan."
            )
            % {
                "few": number(FEW_CHILDREN),
                "coverage": short_percent(LOW_COVERAGE * 100),
                "usual": short_percent(USUAL_SHARE * 100),
            },
        ),
    ]


ESTIMATES = (
    Definition(
        _("Perkiraan"),
        _(
            "Bayes empiris: angka tempat itu dan angka rata-rata wilayah, ditimbang menurut banyaknya "
            "anak. Yang anaknya sedikit ditarik ke rata-rata, sebab angkanya sering tinggi atau rendah "
            "karena kebetulan."
        ),
    ),
    Definition(
        _("Berubah 6 bulan"),
        _(
            "Naik atau turun ditulis hanya kalau perbedaannya bukan kebetulan: selang kepercayaan 95% "
            "selisihnya (Newcombe 1998) tidak memuat nol. Selisihnya prevalensi bulan ini dikurangi "
            "prevalensi enam bulan sebelumnya, dalam poin persen. Kosong kalau salah satu bulan cakupan "
            "pengukurannya rendah, anaknya sedikit, atau belum selesai."
        ),
    ),
)
"""The columns of estimate and change."""


def ranking_definition() -> str:
    return _(
        "Urutan dari angka tertinggi. Yang anaknya kurang dari %(few)s, cakupan pengukurannya di bawah "
        "%(coverage)s atau jauh di bawah biasanya, dan bulan yang masih berjalan tidak diurutkan: "
        "angkanya bisa tinggi atau rendah karena kebetulan atau karena siapa yang datang."
    ) % {"few": number(FEW_CHILDREN), "coverage": short_percent(LOW_COVERAGE * 100)}


GAINS = (
    Definition("N", _("berat badan naik sekurangnya kenaikan berat minimum (KBM) untuk umurnya")),
    Definition("T", _("berat badan tidak naik, atau naik kurang dari KBM")),
    Definition("O", _("ditimbang bulan ini, tanpa berat kira-kira sebulan lalu sebagai pembanding")),
    Definition("B", _("ditimbang untuk pertama kali")),
)
"""N, T, O, B of the growth card."""
