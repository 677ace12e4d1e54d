"""The pages that each place has, in the order of the questions an officer asks."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _


class Section(StrEnum):
    """Its name in the address; the overview has none."""

    OVERVIEW = "overview"
    WHERE = "where"
    GROUPS = "groups"
    COVERAGE = "coverage"
    QUALITY = "quality"
    PRIORITY = "priority"
    CASES = "cases"
    CONVERGENCE = "convergence"


def section_words(section: Section) -> str:
    """Return a section as the menu of a place calls it."""
    return {
        Section.OVERVIEW: _("Ringkasan"),
        Section.WHERE: _("Di mana"),
        Section.GROUPS: _("Siapa"),
        Section.COVERAGE: _("Cakupan pengukuran"),
        Section.QUALITY: _("Mutu data"),
        Section.PRIORITY: _("Prioritas"),
        Section.CASES: _("Kasus"),
        Section.CONVERGENCE: _("Konvergensi"),
    }[section]


def heading_words(section: Section, place: str, month: str) -> str:
    """Return the heading of a page: what it tells of which place and month."""
    return {
        Section.OVERVIEW: _("Stunting %(place)s, %(month)s"),
        Section.WHERE: _("Di mana: %(place)s, %(month)s"),
        Section.GROUPS: _("Anak stunting menurut umur dan jenis kelamin: %(place)s, %(month)s"),
        Section.COVERAGE: _("Cakupan pengukuran: %(place)s, %(month)s"),
        Section.QUALITY: _("Mutu data: %(place)s, %(month)s"),
        Section.PRIORITY: _("Anak yang perlu didahulukan: %(place)s, %(month)s"),
        Section.CASES: _("Kasus: %(place)s, %(month)s"),
        Section.CONVERGENCE: _("Konvergensi: %(place)s, %(month)s"),
    }[section] % {"place": place, "month": month}
