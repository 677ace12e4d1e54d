"""One posyandu in one month: its figures, and its children for those who work with them."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from dashboard import definitions, narrative
from dashboard.formatting import percent, place_title, rate_with_interval
from dashboard.links import Crumb, list_crumbs, place_url
from dashboard.pages.base import Figure, coverage_figure
from dashboard.pages.priority import ChildLine, child_lines, child_table
from registry.access.visible_places import district_of
from registry.exports.page_table import ExportTable, PageTables
from registry.figures import targets_for
from registry.figures.posyandu import PosyanduChild, posyandu_children
from registry.figures.priority import reasons_of
from registry.models import Posyandu, Target, User


class PosyanduPage:
    """Raises PlaceNotVisible, when first asked for a figure, where the user sees no names."""

    def __init__(self, posyandu: Posyandu, month: date, user: User) -> None:
        self.posyandu, self.month, self.user = posyandu, month, user
        self.title = _("Posyandu %(name)s") % {"name": posyandu.name}
        self.summary, self._children = posyandu_children(posyandu, month, user)

    @property
    def crumbs(self) -> list[Crumb]:
        """Return the places down to the village, then the posyandu."""
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
        """Return stunting and coverage."""
        found = self.summary.stunted
        rate = _("belum ada data") if found.rate is None else percent(found.rate)
        return [
            Figure(
                _("Prevalensi stunting menurut register"),
                rate,
                "" if found.rate is None else rate_with_interval(found),
                definitions.rate_definition(found),
                "pale" if found.pale else "",
            ),
            coverage_figure(found),
        ]

    @property
    def query(self) -> str:
        """Return what the address asks for, for the button to the file."""
        return f"month={self.month:%Y-%m}&"

    @property
    def files(self) -> PageTables:
        """Return the children, to take away."""
        return {"posyandu-children": self.children_list}

    def children_list(self) -> ExportTable:
        return child_table(
            "posyandu-children",
            _("Bulan ini"),
            self.children,
            user=self.user,
            place=self.posyandu.village,
            part=str(self.posyandu.pk),
            title=self.title,
            month=self.month,
        )

    @cached_property
    def children(self) -> list[ChildLine]:
        """Return the children by name."""
        is_running = self.summary.stunted.is_running
        return child_lines(
            (row.child, _measured_word(row), reasons_of(row.counts, is_running=is_running))
            for row in self._children
        )


def _measured_word(row: PosyanduChild) -> str:
    return _("diukur") if row.counts.measured else _("belum diukur")
