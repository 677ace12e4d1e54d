"""Ages, z-scores and grades of data as people write them. Pure."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.growth import completed_months
from registry.statistics import Level

MINUS = "\N{MINUS SIGN}"


def zscore(value: float | None) -> str:
    """Return a z-score with its two decimals and a true minus sign."""
    if value is None:
        return "–"
    return (
        number_format(abs(value), decimal_pos=2)
        if value >= 0
        else MINUS + number_format(-value, decimal_pos=2)
    )


def age(days: int) -> str:
    """Return an age as the field says it: days in the first month, completed months after."""
    months = completed_months(days)
    if months == 0:
        return ngettext("%(count)d hari", "%(count)d hari", days) % {"count": days}
    return ngettext("%(count)d bulan", "%(count)d bulan", months) % {"count": months}


def grade_words(grade: Level | None) -> str:
    """Return a grade of data in a word or two; a dash for none."""
    if grade is None:
        return "–"
    return {
        Level.EXCELLENT: _("sangat baik"),
        Level.GOOD: _("baik"),
        Level.ACCEPTABLE: _("cukup"),
        Level.PROBLEMATIC: _("perlu dibantu"),
        Level.TOO_FEW: _("terlalu sedikit untuk dinilai"),
    }.get(grade, "")
