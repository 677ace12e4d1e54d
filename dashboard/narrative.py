"""The figures in sentences: where a rate stands against the target, and what to be careful about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.formatting import month_name, number, percent, rate_with_interval, short_percent
from registry.figures import Prevalence, Verdict, verdict
from registry.figures.counts import SMALL_COUNT
from registry.figures.prevalence import FEW_CHILDREN, LOW_COVERAGE
from registry.models import Target
from registry.statistics import severity, target_probability


@dataclass(frozen=True, slots=True)
class Statement:
    """A verdict in words. ``kind``: good, watch, act or none, and ``icon`` the picture beside ``word``."""

    kind: str
    icon: str
    word: str
    sentence: str


def verdict_for_place(found: Prevalence, target: Target | None) -> Verdict:
    """Return on which side of the target a place is: by its interval, but never by too few children.

    What table, map, sentence and file all say. Some of many small places lie wholly on one side by chance
    alone, so one that is too small to be ranked is not named either. Low coverage leaves the side as it is:
    there the note beside it warns.
    """
    if found.rate is None:
        return Verdict.NO_DATA
    said = verdict(found, target)
    return Verdict.UNCLEAR if found.few and said in (Verdict.BELOW, Verdict.ABOVE) else said


def verdict_word(found: Prevalence, target: Target | None) -> str:
    """Return the verdict in two words, for a row of a table."""
    return {
        Verdict.BELOW: _("di bawah"),
        Verdict.ABOVE: _("di atas"),
        Verdict.UNCLEAR: _("belum pasti"),
        Verdict.NO_DATA: "",
        Verdict.NO_TARGET: _("belum ada target"),
    }[verdict_for_place(found, target)]


def verdict_code(found: Prevalence, target: Target | None) -> str:
    """Return the verdict for files: below, above, unclear, no_data, no_target or hidden."""
    return "hidden" if found.suppressed else verdict_for_place(found, target).value


def note_code(found: Prevalence) -> str:
    """Return :func:`long_note` as a code for files: hidden, no_data, or few and low_coverage.

    Both of these stand with a blank between them. Empty for a row to be read as it is.
    """
    if found.suppressed:
        return "hidden"
    if found.rate is None:
        return "no_data"
    return " ".join(
        code for code, holds in (("few", found.few), ("low_coverage", found.low_coverage)) if holds
    )


def count_children_over(found: Prevalence, target: Target | None) -> int | None:
    """Return how many children fewer would bring the place to its target; None without a rate or a target."""
    if target is None or found.rate is None or found.numerator is None:
        return None
    return target_probability(found.numerator, found.denominator, Decimal(target.percent) / 100).over


# Kind, icon, word and sentence of each answer; None: a place too small to be named on its side.
_TARGET_TEXTS = {
    Verdict.NO_TARGET: (
        "none",
        "none",
        gettext_lazy("Belum ada target"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. Belum ada target untuk "
            "tahun %(year)s; administrator dapat menambahkannya."
        ),
    ),
    Verdict.BELOW: (
        "good",
        "check",
        gettext_lazy("Di bawah target"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. "
            "Seluruh rentangnya tidak melewati %(target)s."
        ),
    ),
    Verdict.ABOVE: (
        "act",
        "act",
        gettext_lazy("Di atas target"),
        gettext_lazy(
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. "
            "Seluruh rentangnya di atas %(target)s."
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
            "Menurut register, stunting di %(where)s pada %(month)s %(rate)s. "
            "Rentang itu memuat %(target)s, jadi belum dapat dikatakan di bawah atau di atasnya."
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
    answer = verdict_for_place(found, target)
    is_too_small = verdict(found, target) is not answer
    kind, icon, word, sentence = _TARGET_TEXTS[None if is_too_small else answer]
    parts = {
        "where": where,
        "month": month_name(found.month),
        "rate": rate_with_interval(found),
        "year": str(found.month.year),
        "target": "" if target is None else target_words(target, found.month),
    }
    return Statement(kind, icon, str(word), sentence % parts)


def _no_data_statement(found: Prevalence, where: str) -> Statement:
    parts = {"where": where, "month": month_name(found.month), "measured": number(found.measured)}
    if found.measured:
        sentence = ngettext(
            "Di %(where)s pada %(month)s sudah %(measured)s anak diukur, tetapi belum ada tinggi badan "
            "yang dapat dipercaya. Ukur ulang dan periksa tanggal lahirnya.",
            "Di %(where)s pada %(month)s sudah %(measured)s anak diukur, tetapi belum ada tinggi badan "
            "yang dapat dipercaya. Ukur ulang dan periksa tanggal lahirnya.",
            found.measured,
        )
    else:
        sentence = _(
            "Belum ada anak yang diukur di %(where)s pada %(month)s. Ini bukan berarti 0 %%: pilih bulan "
            "lain, atau minta kader mengirim hasil penimbangan."
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
                "Hati-hati: baru %(coverage)s anak terdaftar yang diukur (kurang dari %(limit)s). Anak "
                "yang belum diukur bisa berbeda, jadi angka ini dapat berubah."
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
    if found.suppressed:
        return _("disembunyikan, kurang dari %(small)s anak") % {"small": str(SMALL_COUNT)}
    if found.rate is None:
        return _("belum ada data")
    few = _("sedikit anak (%(count)s)") % {"count": number(found.denominator)}
    low_coverage = _("cakupan rendah (%(coverage)s)") % {"coverage": percent(found.coverage)}
    return _join_notes(found, few, low_coverage)


def short_note(found: Prevalence) -> str:
    """Return :func:`long_note` for a row whose columns have the numbers."""
    if found.suppressed or found.rate is None:
        return long_note(found)
    return _join_notes(found, _("sedikit anak"), _("cakupan rendah"))


def _join_notes(found: Prevalence, few: str, low_coverage: str) -> str:
    return ", ".join(
        words for words, holds in ((few, found.few), (low_coverage, found.low_coverage)) if holds
    )


def severity_word(found: Prevalence) -> str:
    """Return WHO's word for how bad the rate is, with its limits. Empty when there is no rate."""
    if found.rate is None:
        return ""
    return {
        "very_low": _("sangat rendah (di bawah 2,5 %)"),
        "low": _("rendah (2,5 sampai di bawah 10 %)"),
        "medium": _("sedang (10 sampai di bawah 20 %)"),
        "high": _("tinggi (20 sampai di bawah 30 %)"),
        "very_high": _("sangat tinggi (30 % atau lebih)"),
    }[severity(found.rate * 100)]


def why_surveys_differ() -> str:
    """Return why the register and a survey give two rates and are never drawn as one line."""
    return _(
        "Survei (SSGI, SKI) mengukur contoh rumah tangga yang dipilih acak lalu diberi bobot, termasuk "
        "anak yang tidak datang ke posyandu; register menghitung semua anak yang diukur bulan itu. Anak "
        "dan cara mengukurnya berbeda, jadi keduanya tidak disambung menjadi satu garis. Target resmi "
        "dinilai dengan survei."
    )
