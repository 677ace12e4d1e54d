"""What every page of figures has: a place, a month, its figures, its targets, and tables to take away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import ClassVar

from django.utils.translation import gettext as _

from dashboard.definitions import coverage_definition
from dashboard.formatting import month_name, number, percent, place_title
from dashboard.narrative import target_statement
from dashboard.sections import Section, heading_words
from dashboard.tables import FigureTable, with_lokus
from kpm.lokus import LokusYear, load_lokus
from registry.access.visible_places import Place, district_of
from registry.calendar_months import current_month
from registry.exports.page_table import PageTables
from registry.figures import Prevalence, Summary, summary, targets_for
from registry.figures.version import Version, figures_version
from registry.models import District, Target, User

FigureTables = dict[str, Callable[[], FigureTable]]

TREND_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Figure:
    """A big number: what it is called, the number, what stands under it, and its definition."""

    label: str
    value: str
    note: str
    definition: str
    kind: str = ""


def coverage_figure(found: Prevalence) -> Figure:
    """Return the coverage of a rate as a figure."""
    note = (
        _("%(believed)s dengan tinggi yang dapat dinilai, dari %(registered)s terdaftar")
        if found.has_data
        else _("belum ada pengukuran bulan ini, %(registered)s terdaftar")
    )
    return Figure(
        _("Cakupan pengukuran"),
        percent(found.coverage),
        note % {"believed": number(found.denominator), "registered": number(found.registered)},
        coverage_definition(found),
        "watch" if found.low_coverage else "",
    )


@dataclass(frozen=True, slots=True)
class PageQuery:
    """What the address asks for besides place and month. ``by``: of which kind of place the rows are."""

    sort: str = "-rate"
    by: str = ""


class FigurePage:
    """One section of one place in one month for one user. Each part is counted when it is first asked for."""

    section: ClassVar[Section]

    def __init__(self, place: Place, month: date, user: User, options: PageQuery) -> None:
        self.place, self.month, self.user, self.options = place, month, user, options
        self.title = place_title(place)

    @property
    def template(self) -> str:
        return f"dashboard/{self.section.value}.html"

    def context(self) -> dict[str, object]:
        """Return what nothing but the template reads."""
        return {}

    @property
    def heading(self) -> str:
        return heading_words(self.section, self.title, month_name(self.month))

    @property
    def months_shown(self) -> list[date]:
        """Return the months whose figures stand on the page."""
        return [self.month]

    def version(self) -> Version | None:
        """Return another value whenever something on the page is another one; None when that is not known.

        Earlier months are left out: that one of them makes a month thin is seen within ten minutes.
        """
        figures = figures_version(self.place, self.months_shown)
        return (figures, repr(self.targets), current_month(), self.lokus.version)

    @property
    def may_choose(self) -> bool:
        """Return whether the reader may choose the rows: a district's are its kecamatan or its villages."""
        return isinstance(self.place, District)

    @property
    def by(self) -> str:
        """Return which places the rows are: kecamatan of the district unless villages are asked for."""
        return (self.options.by or "kecamatan") if self.may_choose else "villages"

    @property
    def link_fields(self) -> list[tuple[str, str]]:
        """Return what the address asks for and every link of the page keeps, but for the month."""
        asked = (("sort", self.options.sort), ("by", self.options.by))
        return [(name, value) for name, value in asked if value]

    @property
    def link_query(self) -> str:
        """Return the same at the end of a query."""
        return "".join(f"&{name}={value}" for name, value in self.link_fields)

    @property
    def query(self) -> str:
        """Return all that the address asks for, for the links to the files."""
        return f"month={self.month:%Y-%m}{self.link_query}&"

    @property
    def link_query_without_sort(self) -> str:
        return "".join(f"&{name}={value}" for name, value in self.link_fields if name != "sort")

    @property
    def tables(self) -> FigureTables:
        """Return the tables of this page by their name in ``?table=``; each is counted when it is called."""
        raise NotImplementedError

    @property
    def files(self) -> PageTables:
        """Return the tables as files of this place and month; that of no name is called as the page is."""
        files = {name: partial(self._for_file, make, name) for name, make in self.tables.items()}
        first = next(iter(self.tables.values()), None)
        return files if first is None else {"": partial(self._for_file, first, self.section.value)} | files

    def _for_file(self, make: Callable[[], FigureTable], name: str) -> FigureTable:
        table = make()
        about = (
            (_("Tabel"), table.caption),
            (_("Wilayah"), self.title),
            (_("Bulan"), month_name(self.month)),
            *((str(d.term), str(d.text)) for d in table.definitions),
        )
        return replace(table, name=name, part=str(self.place.pk), month=self.month, about=about)

    @property
    def names_shown(self) -> bool:
        """Return whether children are named, whose list may be taken away."""
        return False

    @cached_property
    def lokus(self) -> LokusYear:
        """Return the lokus villages of the year of the month."""
        return load_lokus(self.month.year)

    def with_lokus_of_villages(self, table: FigureTable) -> FigureTable:
        """Return the table of :attr:`by`, with the lokus villages where its rows are villages."""
        return table if self.by == "kecamatan" else with_lokus(table, self.lokus)

    @property
    def lokus_words(self) -> str:
        """Return the chip of the place itself; empty where it is no lokus village."""
        return self.lokus.words_of(str(self.place.pk))

    @cached_property
    def summary(self) -> Summary:
        return summary(self.place, self.month, self.user)

    @property
    def stunting(self) -> Prevalence:
        return self.summary.stunted

    @property
    def not_judged_text(self) -> str:
        """Return why nothing is concluded from this month; empty where something is."""
        if self.stunting.is_judged or self.stunting.suppressed:
            return ""
        return target_statement(self.stunting, self.target, self.title).sentence

    @cached_property
    def targets(self) -> dict[int, Target | None]:
        """Return the target in force in each year of the trend."""
        first = self.month.year - (TREND_MONTHS + 10) // 12
        return targets_for(district_of(self.place), range(first, self.month.year + 1))

    @property
    def target(self) -> Target | None:
        return self.targets[self.month.year]
