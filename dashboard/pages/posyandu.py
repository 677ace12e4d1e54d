"""One posyandu in one month: its figures, and its children for whoever works with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard import definitions, narrative
from dashboard.formatting import month_name, percent, place_title, rate_with_interval
from dashboard.links import Crumb, list_crumbs, place_url
from dashboard.pages.base import Figure, coverage_figure
from dashboard.pages.priority import draw_chips, priority_words
from registry.access.visible_places import district_of
from registry.exports.page_table import DataSubjects, ExportTable, PageTables, list_columns
from registry.figures import targets_for
from registry.figures.posyandu import PosyanduChild, posyandu_children
from registry.figures.priority import reasons_of
from registry.models import Posyandu, Target, User


@dataclass(frozen=True, slots=True)
class PosyanduChildLine:
    """A child of the list: its page, whether it was measured, and its reasons as chips."""

    name: str
    url: str
    measured: str
    reasons: tuple[SafeString, ...]


class PosyanduPage:
    """Raises PlaceNotVisible, when first asked for a figure, where the user sees no names."""

    def __init__(self, posyandu: Posyandu, month: date, user: User) -> None:
        self.posyandu, self.month, self.user = posyandu, month, user
        self.title = _("Posyandu %(name)s") % {"name": posyandu.name}
        self.summary, self._children = posyandu_children(posyandu, month, user)

    @property
    def crumbs(self) -> list[Crumb]:
        """Down to the village, and then the posyandu."""
        village = self.posyandu.village
        above = list_crumbs(village, self.month, self.user)[:-1]
        return [*above, (place_title(village), place_url(village, self.month)), (self.title, "")]

    @cached_property
    def target(self) -> Target | None:
        year = self.month.year
        return targets_for(district_of(self.posyandu.village), [year])[year]

    @property
    def caution(self) -> str:
        return narrative.caution_text(self.summary.stunted)

    @property
    def figures(self) -> list[Figure]:
        """Stunting and coverage."""
        found = self.summary.stunted
        rate = _("belum ada data") if found.rate is None else percent(found.rate)
        return [
            Figure(
                _("Angka stunting menurut register"),
                rate,
                "" if found.rate is None else rate_with_interval(found),
                definitions.rate_definition(found),
                "pale" if found.pale else "",
            ),
            coverage_figure(found),
        ]

    @property
    def query(self) -> str:
        """What the address asks for, for the button to the file."""
        return f"month={self.month:%Y-%m}&"

    @property
    def files(self) -> PageTables:
        """Return the children, to take away."""
        return {"posyandu-children": self.children_list}

    def children_list(self) -> ExportTable:
        rows = [
            (
                row.child.name,
                _measured_word(row),
                ", ".join(priority_words(why) for why in reasons_of(row.counts)),
            )
            for row in self._children
        ]
        return ExportTable(
            "posyandu-children",
            list_columns((_("Nama anak"), _("Bulan ini"), _("Alasan"))),
            rows,
            part=str(self.posyandu.pk),
            month=self.month,
            about=[(_("Wilayah"), self.title), (_("Bulan"), month_name(self.month))],
            subjects=DataSubjects(self.posyandu.village, len(rows)),
        )

    @cached_property
    def children(self) -> list[PosyanduChildLine]:
        """By name."""
        chips = draw_chips()
        return [
            PosyanduChildLine(
                row.child.name,
                reverse("kpm:child", args=[row.child.pk]),
                _measured_word(row),
                tuple(chips[reason] for reason in reasons_of(row.counts)),
            )
            for row in self._children
        ]


def _measured_word(row: PosyanduChild) -> str:
    return _("diukur") if row.counts.measured else _("belum diukur")
