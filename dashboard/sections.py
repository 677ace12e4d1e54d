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


def section_words(section: Section) -> str:
    """A section as the menu of a place calls it."""
    return {
        Section.OVERVIEW: _("Ringkasan"),
        Section.WHERE: _("Di mana"),
        Section.GROUPS: _("Siapa"),
        Section.COVERAGE: _("Cakupan"),
        Section.QUALITY: _("Mutu data"),
        Section.PRIORITY: _("Prioritas"),
    }[section]
