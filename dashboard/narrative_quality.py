"""Data quality in words: grades, what they come from, and the training that mends it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.formatting import number
from registry.statistics import CheckName


@dataclass(frozen=True, slots=True)
class Topic:
    """What a training can be about: its heading, what it teaches, and the checks that ask for it."""

    words: str | Promise
    teaches: str | Promise
    checks: frozenset[CheckName]


TOPICS = (
    Topic(
        gettext_lazy("Membaca timbangan dan papan ukur sampai satu desimal"),
        gettext_lazy("Tulis angka seperti terlihat, jangan dibulatkan ke 0 atau 5."),
        frozenset({CheckName.WEIGHT_DIGITS, CheckName.HEIGHT_DIGITS, CheckName.MUAC_DIGITS}),
    ),
    Topic(
        gettext_lazy("Mengukur dengan cara yang sama tiap kali"),
        gettext_lazy(
            "Pastikan alat sudah ditera (dikalibrasi), anak tanpa sepatu dan pakaian tebal, dan dua "
            "orang mengukur. Sebaran nilainya terlalu lebar atau terlalu sempit untuk anak yang "
            "berbeda-beda."
        ),
        frozenset(
            {
                CheckName.WHZ_SD_SMART,
                CheckName.WHZ_SKEWNESS,
                CheckName.WHZ_KURTOSIS,
                CheckName.HAZ_SD,
                CheckName.WAZ_SD,
                CheckName.WHZ_SD,
            }
        ),
    ),
    Topic(
        gettext_lazy("Mengukur ulang nilai yang di luar batas wajar"),
        gettext_lazy("Aplikasi menandai nilainya saat itu juga: ukur ulang sebelum anak pulang."),
        frozenset(
            {
                CheckName.WHZ_FLAGGED_SMART,
                CheckName.HAZ_FLAGGED,
                CheckName.WAZ_FLAGGED,
                CheckName.WHZ_FLAGGED,
            }
        ),
    ),
    Topic(
        gettext_lazy("Telentang atau berdiri menurut umur"),
        gettext_lazy("Di bawah dua tahun telentang, mulai dua tahun berdiri; catat cara ukurnya."),
        frozenset(
            {CheckName.POSITION_AGAINST_AGE, CheckName.STANDING_DISBELIEVED, CheckName.POSITION_UNKNOWN}
        ),
    ),
    Topic(
        gettext_lazy("Menimbang dan mengukur setiap anak yang datang"),
        gettext_lazy("Ukur berat dan panjang/tinggi setiap bulan, keduanya."),
        frozenset({CheckName.WEIGHT_MISSING, CheckName.HEIGHT_MISSING}),
    ),
    Topic(
        gettext_lazy("Tanggal lahir dari buku KIA atau akta"),
        gettext_lazy(
            "Terlalu banyak tanggal lahir perkiraan, tanggal lahir 1 atau 15, dan umur bulat. Lihat "
            "tanggal lahir di buku KIA."
        ),
        frozenset(
            {
                CheckName.AGE_HEAPING,
                CheckName.BIRTH_DAY_HEAPING,
                CheckName.BIRTH_DATE_ESTIMATED,
                CheckName.AGE_MISSING,
                CheckName.SEX_MISSING,
            }
        ),
    ),
    Topic(
        gettext_lazy("Mengundang semua umur, laki-laki dan perempuan"),
        gettext_lazy("Anak yang tidak datang mungkin lebih berisiko: kunjungi rumahnya."),
        frozenset({CheckName.SEX_RATIO, CheckName.AGE_RATIO}),
    ),
)


def reason_words(name: CheckName, value: float | None) -> str:
    """Return a check with the value found."""
    words = {
        CheckName.WHZ_FLAGGED_SMART: _("outlier BB/TB (SMART) %(value)s%%"),
        CheckName.SEX_RATIO: _("rasio laki-laki : perempuan %(value)s"),
        CheckName.AGE_RATIO: _("rasio 6-29 : 30-59 bulan %(value)s"),
        CheckName.WEIGHT_DIGITS: _("angka di belakang koma berat (skor %(value)s)"),
        CheckName.HEIGHT_DIGITS: _("angka di belakang koma tinggi (skor %(value)s)"),
        CheckName.MUAC_DIGITS: _("angka di belakang koma LiLA (skor %(value)s)"),
        CheckName.WHZ_SD_SMART: _("simpangan baku BB/TB tanpa outlier %(value)s"),
        CheckName.WHZ_SKEWNESS: _("sebaran BB/TB miring (skewness %(value)s)"),
        CheckName.WHZ_KURTOSIS: _("keruncingan sebaran BB/TB (kurtosis %(value)s)"),
        CheckName.HAZ_FLAGGED: _("TB/U tidak valid %(value)s%%"),
        CheckName.WAZ_FLAGGED: _("BB/U tidak valid %(value)s%%"),
        CheckName.WHZ_FLAGGED: _("BB/TB tidak valid %(value)s%%"),
        CheckName.HAZ_SD: _("simpangan baku TB/U %(value)s"),
        CheckName.WAZ_SD: _("simpangan baku BB/U %(value)s"),
        CheckName.WHZ_SD: _("simpangan baku BB/TB %(value)s"),
        CheckName.WEIGHT_MISSING: _("tanpa berat %(value)s%%"),
        CheckName.HEIGHT_MISSING: _("tanpa panjang/tinggi %(value)s%%"),
        CheckName.AGE_MISSING: _("tanpa umur %(value)s%%"),
        CheckName.SEX_MISSING: _("tanpa jenis kelamin %(value)s%%"),
        CheckName.AGE_HEAPING: _("umur bulat terlalu sering (skor %(value)s)"),
        CheckName.BIRTH_DAY_HEAPING: _("lahir tanggal 1 atau 15: %(value)s%%"),
        CheckName.BIRTH_DATE_ESTIMATED: _("tanggal lahir perkiraan %(value)s%%"),
        CheckName.POSITION_AGAINST_AGE: _("cara ukur tidak menurut umur %(value)s%%"),
        CheckName.STANDING_DISBELIEVED: _("bayi dicatat berdiri %(value)s%%"),
        CheckName.POSITION_UNKNOWN: _("cara ukur tidak dicatat %(value)s%%"),
    }[name]
    return words % {"value": "–" if value is None else number(value, 1)}
