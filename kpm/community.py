"""What everybody may read of a village: its coverage and stunting in plain words, and its posyandu days.

Indonesian whatever the language of the reader's browser: it is for the people of the village.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.adapter import get_adapter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from kpm.reminders import PosyanduDays, list_posyandu_days
from registry.figures import Prevalence, public_summary
from registry.figures.trend import latest_judged_month
from registry.models import Village


@dataclass(frozen=True, slots=True)
class CommunityPage:
    """``coverage`` and ``stunting``: sentences, each empty where nothing may be said."""

    village: Village
    month: str
    coverage: str
    stunting: str
    days: list[PosyanduDays]


def describe_village(village: Village) -> CommunityPage:
    """Return what the page of ``village`` says, of the last month that is over and covered as usual."""
    days = [one for one in list_posyandu_days(village, timezone.localdate()) if one.next_day]
    month = latest_judged_month(Village.objects.filter(pk=village.pk))
    if month is None:
        return CommunityPage(village, "", "", "", days)
    found = public_summary(village, month).stunted
    with override("id"):
        words = date_format(month, "F Y")
    return CommunityPage(village, words, _coverage_words(found), _stunting_words(found), days)


def _coverage_words(found: Prevalence) -> str:
    if found.coverage is None or found.denominator_hidden:
        return ""
    return f"Kira-kira {_in_ten(found.coverage)} dari 10 balita yang terdaftar diukur tingginya bulan itu."


def _stunting_words(found: Prevalence) -> str:
    """Return the rate in plain words; nothing where it is hidden, from few children, or not judged."""
    if found.rate is None or found.suppressed or found.pale:
        return ""
    return f"Dari 10 balita yang diukur, kira-kira {_in_ten(found.rate)} pendek untuk umurnya (stunting)."


def _in_ten(share: float) -> str:
    count = round(share * 10)
    return "kurang dari 1" if count == 0 else str(count)


def draw_qr_code(address: str) -> SafeString:
    """Return the address as a picture for the poster, drawn as that of a second factor is."""
    return mark_safe(get_adapter().build_totp_svg(address))  # noqa: S308  our own address
