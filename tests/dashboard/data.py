"""Counted months for tests of pages: rows as the actions would store them, with numbers chosen by hand."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from django.http import HttpResponse

from registry.models import (
    AgeGroup,
    CountedMonth,
    District,
    Indicator,
    Sex,
    Survey,
    SurveyEstimate,
    Target,
    Village,
    VillageMonth,
)
from tests.factories import make_village

AUGUST = date(2024, 8, 1)


def counted(
    village: Village,
    *,
    stunted: int,
    believed: int,
    registered: int | None = None,
    month: date = AUGUST,
    **more: int,
) -> VillageMonth:
    """``stunted`` of ``believed`` children of a village in a month; all are measured unless told."""
    CountedMonth.objects.get_or_create(month=month)
    numbers = {
        "registered": believed if registered is None else registered,
        "measured": believed,
        "haz_believed": believed,
        "stunted": stunted,
        **more,
    }
    return VillageMonth.objects.create(
        village=village, month=month, sex=Sex.GIRL, age_group=AgeGroup.M24_35, **numbers
    )


def villages(count: int, kecamatan: str = "33.01.02") -> list[Village]:
    """Desa 01, Desa 02 ... of one kecamatan."""
    return [make_village(f"{kecamatan}.{2001 + n}", f"Contoh {n + 1:02d}") for n in range(count)]


def make_target(district: District, year: int = 2024, percent: str = "14.0") -> Target:
    return Target.objects.create(district=district, year=year, percent=percent, indicator=Indicator.STUNTED)


def make_survey(district: District, year: int, percent: str, survey: Survey = Survey.SKI) -> SurveyEstimate:
    return SurveyEstimate.objects.create(
        district=district, year=year, percent=percent, survey=survey, source="SKI 2023, Kemenkes"
    )


def text_of(response: HttpResponse) -> str:
    """What a reader sees: no tags, one space for any run of spaces."""
    without_tags = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(without_tags).split())
