"""The lokus villages of a year, for every table and page that names villages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from kpm.models import LokusVillage


@dataclass(frozen=True, slots=True)
class LokusYear:
    """Which villages, by code, are lokus of ``year``."""

    year: int
    codes: frozenset[str]

    @property
    def version(self) -> tuple[str, ...]:
        """Return another value whenever another village is lokus, for pages that are cached."""
        return tuple(sorted(self.codes))

    def words_of(self, code: str) -> str:
        """Return the words of a chip, empty for a village that is none."""
        return _("lokus %(year)s") % {"year": self.year} if code in self.codes else ""


def load_lokus(year: int) -> LokusYear:
    """Return the lokus villages of ``year``: one query."""
    return LokusYear(
        year, frozenset(LokusVillage.objects.filter(year=year).values_list("village", flat=True))
    )


def is_lokus(year: int) -> Exists:
    """Return whether a village of a query is lokus of ``year``, for a query that is made anyway."""
    return Exists(LokusVillage.objects.filter(year=year, village=OuterRef("pk")))
