"""Who is affected: by sex and age group, and how the heights are spread against WHO's standard."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext as _

from dashboard import definitions
from dashboard.charts import Chart, spread_chart
from dashboard.definitions import Definition
from dashboard.formatting import number, percent, zscore
from dashboard.narrative import short_note
from dashboard.pages.base import FigurePage, FigureTables
from dashboard.sections import Section
from dashboard.tables import (
    FigureTable,
    count_cell,
    interval_cell,
    part_cell,
    percent_cell,
    rounded_percent,
    text_cell,
)
from registry.exports.page_table import DASH, PageCell, PageRow, TableColumn
from registry.figures import GroupRow, HeightsFound, Prevalence, group_rows, heights_of
from registry.models import Indicator


class AgeSexPage(FigurePage):
    """Boys and girls, six age groups, and the whole curve."""

    section = Section.GROUPS

    @cached_property
    def rows(self) -> list[GroupRow]:
        return group_rows(self.place, self.month, self.user)

    @cached_property
    def heights(self) -> HeightsFound:
        return heights_of(self.place, self.month, self.user)

    @cached_property
    def spread_chart(self) -> Chart | None:
        found = self.heights
        # Of a few children a share can be counted back: not for who may not know counts under five.
        if found.mean is None or self.summary.suppressed:
            return None
        return spread_chart(found.bins, found.mean, found.count, self.title)

    @cached_property
    def tables(self) -> FigureTables:
        found: FigureTables = {"groups": self.group_table, "indicators": self.rates_table}
        return found if self.summary.suppressed else found | {"spread": self.spread_table}

    def group_table(self) -> FigureTable:
        """Return stunting of each group, with its interval and coverage."""
        columns = (
            TableColumn("group", _("Kelompok"), ("sex", "months"), is_number=False, names_row=True),
            TableColumn("registered", _("Terdaftar")),
            TableColumn("measured", _("Diukur")),
            TableColumn("stunted", _("Stunting")),
            TableColumn("severe", _("Sangat pendek")),
            TableColumn("believed", _("Dari")),
            TableColumn("rate", _("Prevalensi"), ("percent",)),
            TableColumn("interval", _("Selang kepercayaan 95%"), ("low", "high")),
            TableColumn("note", _("Catatan"), is_number=False, under_name=True),
        )
        rows = tuple(_group_row(row, has_data=self.summary.counts.has_data) for row in self.rows)
        return FigureTable(
            "groups", columns, rows, _("Stunting menurut umur dan jenis kelamin"), _definitions()
        )

    def rates_table(self) -> FigureTable:
        """Return every indicator of each group side by side."""
        rates = [
            TableColumn(
                indicator.value,
                definitions.indicator_name(indicator),
                ("percent", "children", "of"),
            )
            for indicator in Indicator
        ]
        columns = (
            TableColumn("group", _("Kelompok"), ("sex", "months"), is_number=False, names_row=True),
            *rates,
        )
        has_data = self.summary.counts.has_data
        rows = tuple(
            PageRow(
                (
                    _name_cell(row),
                    *(_rate_cell(row.summary.rates[indicator], has_data=has_data) for indicator in Indicator),
                )
            )
            for row in self.rows
        )
        explained = definitions.rate_definitions(self.rows[0].summary.rates)
        return FigureTable("indicators", columns, rows, _("Semua indikator menurut kelompok"), explained)

    def spread_table(self) -> FigureTable:
        """Return what the picture of the heights is drawn from."""
        found = self.heights
        columns = (
            TableColumn("from", _("Dari (SD)"), is_number=False, names_row=True),
            TableColumn("to", _("Sampai (SD)")),
            TableColumn("children", _("Anak")),
            TableColumn("share", _("Bagian"), ("percent",)),
        )
        rows = []
        for index, count in enumerate(found.bins):
            low = index / 2 - 6
            share = count / found.count if found.count else None
            rows.append(
                PageRow(
                    (
                        PageCell(zscore(low, 1), (low,)),
                        PageCell(zscore(low + 0.5, 1), (low + 0.5,)),
                        count_cell(count),
                        percent_cell(share),
                    )
                )
            )
        return FigureTable(
            "spread", columns, rows, _("Sebaran Tinggi Badan menurut Umur"), _spread_definitions(found)
        )


def _group_row(row: GroupRow, *, has_data: bool) -> PageRow:
    """Return the row of a group; where nobody of the place was measured, of no group is anything known."""
    found, counts = row.summary.stunted, row.summary.counts
    severe = None if found.suppressed else counts.severely_stunted
    return PageRow(
        (
            _name_cell(row),
            count_cell(counts.registered),
            count_cell(counts.measured if has_data else None),
            part_cell(found.numerator, of=found.denominator),
            part_cell(severe, of=found.denominator),
            count_cell(found.denominator if has_data else None),
            percent_cell(found.rate),
            interval_cell(found),
            text_cell(short_note(found)),
        ),
        is_pale=found.pale,
        is_heading=row.sex is None,
    )


def _name_cell(row: GroupRow) -> PageCell:
    """Return "Semua", "Perempuan", "6-11 bulan" or "6-11 bulan, perempuan"."""
    sex = str(row.sex.label) if row.sex is not None else ""
    age = str(row.age_group.label) if row.age_group is not None else ""
    text = f"{age}, {sex.lower()}" if age and sex else age or sex or _("Semua anak")
    return PageCell(text, (sex or _("semua"), age or _("semua")))


def _rate_cell(found: Prevalence, *, has_data: bool) -> PageCell:
    values = (rounded_percent(found.rate), found.numerator, found.denominator)
    if found.denominator == 0:
        return PageCell(DASH, (None, None, 0 if has_data else None))
    if found.suppressed:
        return PageCell(definitions.part_of(None), values)
    of = _("%(part)s dari %(whole)s") % {
        "part": definitions.part_of(found.numerator),
        "whole": number(found.denominator),
    }
    return PageCell(f"{percent(found.rate)} ({of})", values)


def _definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Kelompok"),
            _(
                "Umur dalam bulan penuh pada hari diukur; anak yang tidak diukur menurut umurnya pada "
                "akhir bulan."
            ),
        ),
        *definitions.table_definitions(ranked=False),
    )


def _spread_definitions(found: HeightsFound) -> tuple[Definition, ...]:
    return (
        Definition(
            _("Sebaran"),
            _(
                "Nilai TB/U terakhir yang valid dari tiap anak bulan ini: %(count)s anak, rata-rata "
                "%(mean)s SD, simpangan baku %(sd)s. Anak yang tumbuh menurut standar WHO punya "
                "rata-rata 0 dan simpangan baku 1, dan 2,3%% di antaranya di bawah −2 SD."
            )
            % {
                "count": number(found.count),
                "mean": DASH if found.mean is None else zscore(found.mean),
                "sd": DASH if found.sd is None else number(found.sd, 2),
            },
        ),
    )
