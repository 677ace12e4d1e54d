"""The figures in sentences: where a rate stands against the target, and what to be careful about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.formatting import month_name, number, percent, rate_with_interval, short_percent
from registry.figures import Prevalence, Verdict, holds_target, verdict
from registry.figures.counts import SMALL_COUNT
from registry.figures.prevalence import FEW_CHILDREN, LOW_COVERAGE
from registry.models import Target
from registry.statistics import severity, target_probability


@dataclass(frozen=True, slots=True)
class Statement:
    """A verdict in words. ``kind``: good, watch, act or none, and ``icon`` the picture next to ``word``."""

    kind: str
    icon: str
    word: str
    sentence: str


def verdict_word(found: Prevalence, target: Target | None) -> str:
    """Return the verdict in two words, for a row of a table."""
    return {
        Verdict.BELOW: _("di bawah"),
        Verdict.ABOVE: _("di atas"),
        Verdict.UNCLEAR: _("belum pasti"),
        Verdict.RUNNING: _("belum dinilai"),
        Verdict.THIN: _("belum dinilai"),
        Verdict.NO_DATA: "",
        Verdict.NO_TARGET: _("belum ada target"),
    }[verdict(found, target)]


def count_children_over(found: Prevalence, target: Target | None) -> int | None:
    """Return how many children fewer would bring the place to its target.

    None without a rate or a target, and in a month that is not judged.
    """
    if target is None or found.rate is None or found.numerator is None or not found.is_judged:
        return None
    return target_probability(found.numerator, found.denominator, Decimal(target.percent) / 100).over


# Kind, icon, word and sentence of each answer; None: a place too small to be named on either side.
_TARGET_TEXTS = {
    Verdict.NO_TARGET: (
        "none",
        "none",
        gettext_lazy("Belum ada target"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. Belum ada target untuk "
            "tahun %(year)s; administrator kabupaten dapat menambahkannya."
        ),
    ),
    Verdict.BELOW: (
        "good",
        "check",
        gettext_lazy("Di bawah target"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. Seluruh selang "
            "kepercayaannya tidak melewati %(target)s."
        ),
    ),
    Verdict.ABOVE: (
        "act",
        "act",
        gettext_lazy("Di atas target"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. Seluruh selang "
            "kepercayaannya di atas %(target)s."
        ),
    ),
    None: (
        "watch",
        "watch",
        gettext_lazy("Belum dapat dipastikan"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. "
            "Anaknya terlalu sedikit untuk mengatakan di bawah atau di atas %(target)s."
        ),
    ),
    Verdict.UNCLEAR: (
        "watch",
        "watch",
        gettext_lazy("Belum dapat dipastikan"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. Selang kepercayaan itu "
            "memuat %(target)s, jadi belum dapat dikatakan di bawah atau di atasnya."
        ),
    ),
    Verdict.RUNNING: (
        "none",
        "none",
        gettext_lazy("Bulan masih berjalan"),
        gettext_lazy(
            "%(month)s belum selesai: di %(where)s baru %(believed)s dari %(registered)s anak yang tingginya "
            "dapat dinilai (%(coverage)s). Angkanya berubah tiap hari, jadi belum dibandingkan dengan target."
        ),
    ),
    Verdict.THIN: (
        "none",
        "none",
        gettext_lazy("Terlalu sedikit yang diukur"),
        gettext_lazy(
            "Di %(where)s pada %(month)s hanya %(believed)s dari %(registered)s anak yang tingginya dapat "
            "dinilai (%(coverage)s), jauh lebih sedikit daripada biasanya. Siapa yang datang menentukan "
            "angkanya, jadi bulan ini tidak dibandingkan dengan target."
        ),
    ),
}


def target_statement(found: Prevalence, target: Target | None, where: str) -> Statement:
    """Return one sentence that answers: is ``where`` below its target in this month?"""
    if found.suppressed:
        return _hidden_statement(found, where)
    # Without a number there is nothing to compare, whatever the target.
    if found.rate is None:
        return _no_data_statement(found, where)
    answer = verdict(found, target)
    is_too_small = answer is Verdict.UNCLEAR and not holds_target(found, target)
    kind, icon, word, sentence = _TARGET_TEXTS[None if is_too_small else answer]
    parts = {
        "where": where,
        "month": month_name(found.month),
        "rate": rate_with_interval(found),
        "believed": number(found.denominator),
        "registered": number(found.registered),
        "coverage": percent(found.coverage),
        "year": str(found.month.year),
        "target": "" if target is None else target_words(target, found.month),
    }
    return Statement(kind, icon, str(word), sentence % parts)


def _no_data_statement(found: Prevalence, where: str) -> Statement:
    parts = {"where": where, "month": month_name(found.month), "measured": number(found.measured)}
    if found.measured:
        sentence = ngettext(
            "Di %(where)s pada %(month)s sudah %(measured)s anak diukur, tetapi belum ada tinggi badan "
            "yang valid: tingginya belum diukur, atau nilainya di luar batas wajar. Ukur lagi, dan "
            "periksa tanggal lahirnya.",
            "Di %(where)s pada %(month)s sudah %(measured)s anak diukur, tetapi belum ada tinggi badan "
            "yang valid: tingginya belum diukur, atau nilainya di luar batas wajar. Ukur lagi, dan "
            "periksa tanggal lahirnya.",
            found.measured,
        )
    else:
        sentence = _(
            "Belum ada anak yang diukur di %(where)s pada %(month)s. Ini bukan berarti 0%%: pilih bulan "
            "lain, atau minta KPM mengirim hasil pengukuran."
        )
    return Statement("none", "none", _("Belum ada data"), sentence % parts)


def _hidden_statement(found: Prevalence, where: str) -> Statement:
    sentence = _(
        "Angka %(where)s pada %(month)s disembunyikan karena menyangkut kurang dari %(small)s anak, "
        "sehingga dapat menunjuk orangnya."
    )
    parts = {"where": where, "month": month_name(found.month), "small": str(SMALL_COUNT)}
    return Statement("none", "none", _("Disembunyikan"), sentence % parts)


def target_words(target: Target, month: date) -> str:
    """Return the target with its year; says so when it is an earlier year's that still holds."""
    parts = {"percent": short_percent(target.percent), "year": str(target.year), "now": str(month.year)}
    if target.year == month.year:
        return _("target %(percent)s untuk %(year)s") % parts
    return _("target %(percent)s dari %(year)s (tahun %(now)s belum punya target sendiri)") % parts


def caution_text(found: Prevalence) -> str:
    """Return what makes the rate weak: too many not measured, too few children. Empty when nothing does."""
    if found.rate is None:
        return ""
    said = []
    if found.low_coverage:
        said.append(
            _(
                "Hati-hati: baru %(coverage)s anak terdaftar yang tingginya dapat dinilai (kurang dari "
                "%(limit)s). Anak yang lain bisa berbeda, jadi angka ini dapat berubah."
            )
            % {"coverage": percent(found.coverage), "limit": short_percent(LOW_COVERAGE * 100)}
        )
    if found.few:
        said.append(
            _(
                "Hati-hati: hanya %(count)s anak (kurang dari %(limit)s), satu anak saja sudah mengubah "
                "angkanya."
            )
            % {"count": number(found.denominator), "limit": number(FEW_CHILDREN)}
        )
    return " ".join(said)


def long_note(found: Prevalence) -> str:
    """Return why a row is pale and not ranked, in a few words. Empty for a row to be read as it is."""
    few = _("sedikit anak (%(count)s)") % {"count": number(found.denominator)}
    low_coverage = _("cakupan pengukuran rendah (%(coverage)s)") % {"coverage": percent(found.coverage)}
    return _join_notes(found, few, low_coverage)


def short_note(found: Prevalence) -> str:
    """Return :func:`long_note` for a row whose columns have the numbers."""
    return _join_notes(found, _("sedikit anak"), _("cakupan pengukuran rendah"))


def _join_notes(found: Prevalence, few: str, low_coverage: str) -> str:
    if found.suppressed:
        return _("disembunyikan, kurang dari %(small)s anak") % {"small": str(SMALL_COUNT)}
    if found.rate is None:
        return _("belum ada data")
    cautions = (
        (_("bulan masih berjalan"), found.is_running),
        (_("jauh di bawah cakupan pengukuran biasanya"), found.is_thin and not found.is_running),
        (few, found.few),
        (low_coverage, found.low_coverage),
    )
    return ", ".join(words for words, holds in cautions if holds)


def severity_word(found: Prevalence) -> str:
    """Return WHO's word for how bad the rate is, with its limits. Empty without a rate that is judged."""
    if found.rate is None or not found.is_judged:
        return ""
    return {
        "very_low": _("sangat rendah (di bawah 2,5%)"),
        "low": _("rendah (2,5 sampai di bawah 10%)"),
        "medium": _("sedang (10 sampai di bawah 20%)"),
        "high": _("tinggi (20 sampai di bawah 30%)"),
        "very_high": _("sangat tinggi (30% atau lebih)"),
    }[severity(found.rate * 100)]


def why_surveys_differ() -> str:
    """Return why the register and a survey give two rates and are never drawn as one line."""
    return _(
        "Survei (SSGI, SKI) mengukur contoh rumah tangga yang dipilih acak lalu diberi bobot, termasuk "
        "anak yang tidak datang ke posyandu; register menghitung semua anak yang diukur bulan itu. Anak "
        "dan cara mengukurnya berbeda, jadi keduanya tidak disambung menjadi satu garis. Target resmi "
        "dinilai dengan survei."
    )
