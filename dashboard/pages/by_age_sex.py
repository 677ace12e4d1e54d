"""Who is affected: by sex and age group, and how the heights are spread beside WHO's standard."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext as _

from dashboard import definitions
from dashboard.charts import Chart, spread_chart
from dashboard.definitions import Definition
from dashboard.formatting import DASH, interval, number, percent, zscore
from dashboard.narrative import note_code, short_note
from dashboard.pages.base import Page, Tables
from dashboard.sections import Section
from dashboard.tables import Cell, Column, Row, Table, shown
from registry.figures import GroupRow, HeightsFound, Prevalence, group_rows, heights_of
from registry.models import Indicator

BELOW_MINUS_TWO = 8
"""Classes of half an SD from -6 that lie below -2."""

EXPECTED_BELOW = 0.0228
"""Share of WHO's standard below -2 SD."""


class GroupsPage(Page):
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
    def tables(self) -> Tables:
        found: Tables = {"groups": self.group_table, "indicators": self.rates_table}
        return found if self.summary.suppressed else found | {"spread": self.spread_table}

    def group_table(self) -> Table:
        """Stunting of each group, with its interval and coverage."""
        heads = (
            Column("group", _("Kelompok"), ("sex", "age_months"), number=False, names_row=True),
            Column("registered", _("Terdaftar"), ("registered",)),
            Column("measured", _("Diukur"), ("measured",)),
            Column("stunted", _("Stunting"), ("stunted",)),
            Column("severe", _("Sangat pendek"), ("severely_stunted",)),
            Column("believed", _("Dari"), ("height_believed",)),
            Column("rate", _("Angka"), ("percent",)),
            Column("interval", _("Rentang 95 %"), ("percent_low", "percent_high")),
            Column("note", _("Catatan"), ("note",), number=False, under_name=True),
        )
        rows = tuple(_group_row(row) for row in self.rows)
        return Table("groups", _("Stunting menurut umur dan jenis kelamin"), heads, rows, _explained())

    def rates_table(self) -> Table:
        """Every indicator of each group side by side."""
        columns = [
            Column(
                indicator.value,
                str(indicator.label).capitalize(),
                (f"{indicator.value}_percent", f"{indicator.value}_children", f"{indicator.value}_of"),
            )
            for indicator in Indicator
        ]
        heads = (
            Column("group", _("Kelompok"), ("sex", "age_months"), number=False, names_row=True),
            *columns,
        )
        rows = tuple(
            Row((_name_cell(row), *(_rate_cell(row.summary.rates[indicator]) for indicator in Indicator)))
            for row in self.rows
        )
        explained = tuple(
            Definition(
                str(indicator.label).capitalize(),
                definitions.rate_definition(self.rows[0].summary.rates[indicator]),
            )
            for indicator in Indicator
        )
        return Table("indicators", _("Semua indikator menurut kelompok"), heads, rows, explained)

    def spread_table(self) -> Table:
        """What the picture of the heights is drawn from."""
        found = self.heights
        heads = (
            Column("from", _("Dari (SD)"), ("from_sd",), number=False, names_row=True),
            Column("to", _("Sampai (SD)"), ("to_sd",)),
            Column("children", _("Anak"), ("children",)),
            Column("share", _("Bagian"), ("percent",)),
        )
        rows = []
        for index, count in enumerate(found.bins):
            low = index / 2 - 6
            share = count / found.count if found.count else None
            rows.append(
                Row(
                    (
                        Cell(zscore(low, 1), (low,)),
                        Cell(zscore(low + 0.5, 1), (low + 0.5,)),
                        Cell(number(count), (count,)),
                        Cell(percent(share), (shown(share),)),
                    )
                )
            )
        return Table(
            "spread", _("Sebaran tinggi badan menurut umur"), heads, tuple(rows), _spread_explained(found)
        )


def _group_row(row: GroupRow) -> Row:
    found, counts = row.summary.stunted, row.summary.counts
    nobody = found.denominator == 0
    severe = None if found.suppressed else counts.severely_stunted
    return Row(
        (
            _name_cell(row),
            Cell(number(counts.registered), (counts.registered,)),
            Cell(number(counts.measured), (counts.measured,)),
            Cell(DASH, (None,)) if nobody else Cell(definitions.part_of(found.numerator), (found.numerator,)),
            Cell(DASH, (None,)) if nobody else Cell(definitions.part_of(severe), (severe,)),
            Cell(number(found.denominator), (found.denominator,)),
            Cell(percent(found.rate), (shown(found.rate),)),
            Cell(interval(found.low, found.high), (shown(found.low), shown(found.high))),
            Cell(short_note(found), (note_code(found),)),
        ),
        pale=found.pale,
        heading=row.sex is None,
    )


def _name_cell(row: GroupRow) -> Cell:
    """ "Semua", "Perempuan", "6-11 bulan" or "6-11 bulan, perempuan"."""
    sex = str(row.sex.label) if row.sex is not None else ""
    age = str(row.age_group.label) if row.age_group is not None else ""
    words = f"{age}, {sex.lower()}" if age and sex else age or sex or _("Semua anak")
    codes = (
        row.sex.name.lower() if row.sex is not None else "all",
        row.age_group.value if row.age_group else "all",
    )
    return Cell(words, codes)


def _rate_cell(found: Prevalence) -> Cell:
    values = (shown(found.rate), found.numerator, found.denominator)
    if found.denominator == 0:
        return Cell(DASH, (None, None, 0))
    if found.suppressed:
        return Cell(definitions.part_of(None), values)
    of = _("%(part)s dari %(whole)s") % {
        "part": definitions.part_of(found.numerator),
        "whole": number(found.denominator),
    }
    return Cell(f"{percent(found.rate)} ({of})", values)


def _explained() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Kelompok"),
            _(
                "Umur dalam bulan genap pada hari diukur; anak yang tidak diukur menurut umurnya pada akhir "
                "bulan."
            ),
        ),
        *definitions.table_definitions(ranked=False),
    )


def _spread_explained(found: HeightsFound) -> tuple[Definition, ...]:
    return (
        Definition(
            _("Sebaran"),
            _(
                "Nilai TB/U terakhir yang dipercaya dari tiap anak bulan ini: %(count)s anak, rata-rata "
                "%(mean)s SD, simpangan baku %(sd)s. Anak yang tumbuh menurut standar WHO punya rata-rata 0 "
                "dan simpangan baku 1, dan 2,3 %% di antaranya di bawah −2 SD."
            )
            % {
                "count": number(found.count),
                "mean": DASH if found.mean is None else zscore(found.mean),
                "sd": DASH if found.sd is None else number(found.sd, 2),
            },
        ),
    )
