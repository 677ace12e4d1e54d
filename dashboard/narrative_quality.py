"""Data quality in words: grades, what they come from, and the training that mends it."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from dashboard.formatting import number
from registry.statistics import CheckName, Level


class Topic(StrEnum):
    """What a training can be about."""

    READING = "reading"
    TECHNIQUE = "technique"
    AGAIN = "again"
    POSITION = "position"
    COMPLETE = "complete"
    DATES = "dates"
    INVITING = "inviting"


TOPICS: dict[Topic, frozenset[CheckName]] = {
    Topic.READING: frozenset({CheckName.WEIGHT_DIGITS, CheckName.HEIGHT_DIGITS, CheckName.MUAC_DIGITS}),
    Topic.TECHNIQUE: frozenset(
        {
            CheckName.WHZ_SD_SMART,
            CheckName.WHZ_SKEWNESS,
            CheckName.WHZ_KURTOSIS,
            CheckName.HAZ_SD,
            CheckName.WAZ_SD,
            CheckName.WHZ_SD,
        }
    ),
    Topic.AGAIN: frozenset(
        {
            CheckName.WHZ_FLAGGED_SMART,
            CheckName.HAZ_FLAGGED,
            CheckName.WAZ_FLAGGED,
            CheckName.WHZ_FLAGGED,
        }
    ),
    Topic.POSITION: frozenset(
        {CheckName.POSITION_AGAINST_AGE, CheckName.STANDING_DISBELIEVED, CheckName.POSITION_UNKNOWN}
    ),
    Topic.COMPLETE: frozenset({CheckName.WEIGHT_MISSING, CheckName.HEIGHT_MISSING}),
    Topic.DATES: frozenset(
        {CheckName.AGE_HEAPING, CheckName.BIRTH_DAY_HEAPING, CheckName.AGE_MISSING, CheckName.SEX_MISSING}
    ),
    Topic.INVITING: frozenset({CheckName.SEX_RATIO, CheckName.AGE_RATIO}),
}


def topic_words(topic: Topic) -> str:
    """A topic as the heading of a training."""
    return {
        Topic.READING: _("Membaca timbangan dan papan ukur sampai satu desimal"),
        Topic.TECHNIQUE: _("Mengukur dengan cara yang sama tiap kali"),
        Topic.AGAIN: _("Mengukur ulang nilai yang tidak masuk akal"),
        Topic.POSITION: _("Berbaring atau berdiri menurut umur"),
        Topic.COMPLETE: _("Menimbang dan mengukur setiap anak yang datang"),
        Topic.DATES: _("Tanggal lahir dari buku KIA atau akta"),
        Topic.INVITING: _("Mengundang semua umur, laki-laki dan perempuan"),
    }[topic]


def help_words(topic: Topic) -> str:
    """What the training teaches, in a sentence."""
    return {
        Topic.READING: _("Tulis angka seperti terlihat, jangan dibulatkan ke 0 atau 5."),
        Topic.TECHNIQUE: _(
            "Alat ditera, anak tanpa sepatu dan pakaian tebal, dua orang mengukur: sebaran nilainya terlalu "
            "lebar atau terlalu sempit untuk anak yang berbeda-beda."
        ),
        Topic.AGAIN: _("Aplikasi menandai nilainya saat itu juga: ukur ulang sebelum anak pulang."),
        Topic.POSITION: _("Di bawah dua tahun berbaring, mulai dua tahun berdiri; catat caranya."),
        Topic.COMPLETE: _("Berat dan panjang atau tinggi diukur keduanya, tiap bulan."),
        Topic.DATES: _("Hari lahir 1 atau 15, dan umur bulat, terlalu sering: tanyakan buku KIA."),
        Topic.INVITING: _("Anak yang tidak datang berbeda dari yang datang; kunjungi rumahnya."),
    }[topic]


def grade_words(grade: Level) -> str:
    """A grade in a word or two."""
    return {
        Level.EXCELLENT: _("sangat baik"),
        Level.GOOD: _("baik"),
        Level.ACCEPTABLE: _("cukup"),
        Level.PROBLEMATIC: _("perlu dibantu"),
        Level.TOO_FEW: _("terlalu sedikit untuk dinilai"),
    }.get(grade, "")


def reason_words(name: CheckName, value: float | None) -> str:
    """A check with the value found."""
    words = {
        CheckName.WHZ_FLAGGED_SMART: _("BB/TB jauh dari kelompoknya %(value)s %%"),
        CheckName.SEX_RATIO: _("laki-laki tiap perempuan %(value)s"),
        CheckName.AGE_RATIO: _("anak 6-29 bulan tiap anak 30-59 bulan %(value)s"),
        CheckName.WEIGHT_DIGITS: _("angka di belakang koma berat (skor %(value)s)"),
        CheckName.HEIGHT_DIGITS: _("angka di belakang koma tinggi (skor %(value)s)"),
        CheckName.MUAC_DIGITS: _("angka di belakang koma LiLA (skor %(value)s)"),
        CheckName.WHZ_SD_SMART: _("simpangan baku BB/TB tanpa nilai yang jauh %(value)s"),
        CheckName.WHZ_SKEWNESS: _("BB/TB condong ke satu sisi (%(value)s)"),
        CheckName.WHZ_KURTOSIS: _("bentuk sebaran BB/TB (%(value)s)"),
        CheckName.HAZ_FLAGGED: _("TB/U tidak dipercaya %(value)s %%"),
        CheckName.WAZ_FLAGGED: _("BB/U tidak dipercaya %(value)s %%"),
        CheckName.WHZ_FLAGGED: _("BB/TB tidak dipercaya %(value)s %%"),
        CheckName.HAZ_SD: _("simpangan baku TB/U %(value)s"),
        CheckName.WAZ_SD: _("simpangan baku BB/U %(value)s"),
        CheckName.WHZ_SD: _("simpangan baku BB/TB %(value)s"),
        CheckName.WEIGHT_MISSING: _("tanpa berat %(value)s %%"),
        CheckName.HEIGHT_MISSING: _("tanpa panjang/tinggi %(value)s %%"),
        CheckName.AGE_MISSING: _("tanpa umur %(value)s %%"),
        CheckName.SEX_MISSING: _("tanpa jenis kelamin %(value)s %%"),
        CheckName.AGE_HEAPING: _("umur bulat terlalu sering (skor %(value)s)"),
        CheckName.BIRTH_DAY_HEAPING: _("lahir tanggal 1 atau 15: %(value)s %%"),
        CheckName.POSITION_AGAINST_AGE: _("cara ukur tidak menurut umur %(value)s %%"),
        CheckName.STANDING_DISBELIEVED: _("bayi dicatat berdiri %(value)s %%"),
        CheckName.POSITION_UNKNOWN: _("cara ukur tidak dicatat %(value)s %%"),
    }[name]
    return words % {"value": "–" if value is None else number(value, 1)}
