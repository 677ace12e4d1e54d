"""Who was measured: of those registered, by place and month; who grew; who has been missed."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.definitions import Definition
from dashboard.formatting import month_name, month_short, number, percent
from dashboard.indicator_tables import SKDN, skdn_counts, skdn_table
from dashboard.links import place_url
from dashboard.pages.base import Figure, FigurePage, FigureTables, coverage_figure
from dashboard.sections import Section
from dashboard.tables import (
    FigureTable,
    count_cell,
    place_cell,
    place_column,
    rounded_percent,
    text_cell,
    with_lokus,
)
from registry.calendar_months import months_back
from registry.exports.page_table import DASH, PageCell, PageRow, TableColumn
from registry.figures import Counts, CoverageRow, by_kecamatan, coverage_rows
from registry.figures.count import LATE_DAYS
from registry.figures.prevalence import LOW_COVERAGE
from registry.figures.priority import Priority, children_with
from registry.models import Village

MONTHS = 12
BANDS = (0.5, LOW_COVERAGE, 0.9)
"""Where the shades of the heat table change."""


class CoveragePage(FigurePage):
    """Measured of registered, and what became of those weighed."""

    section = Section.COVERAGE

    @property
    def months_shown(self) -> list[date]:
        return months_back(self.month, MONTHS)

    @cached_property
    def rows(self) -> list[CoverageRow]:
        return coverage_rows(self.place, self.month, self.user, months=MONTHS)

    @cached_property
    def silent(self) -> list[tuple[Village, int]]:
        """Return the villages with no entry this month, with the children registered there."""
        return [
            (row.place, row.months[-1].registered)
            for row in self.rows
            if row.is_silent and isinstance(row.place, Village) and row.months[-1]
        ]

    @property
    def silent_words(self) -> str:
        """Return how many villages have no entry, in a sentence."""
        villages = [row for row in self.rows if row.months[-1] and row.months[-1].registered]
        parts = {
            "silent": number(len(self.silent)),
            "all": number(len(villages)),
            "month": month_name(self.month),
        }
        if not villages:
            return _("Belum ada anak terdaftar di wilayah ini pada %(month)s.") % parts
        if not self.silent:
            return _("Semua %(all)s desa sudah punya pengukuran pada %(month)s.") % parts
        return (
            ngettext(
                "%(silent)s dari %(all)s desa belum punya pengukuran pada %(month)s.",
                "%(silent)s dari %(all)s desa belum punya pengukuran pada %(month)s.",
                len(self.silent),
            )
            % parts
        )

    @cached_property
    def skdn(self) -> SKDN:
        return skdn_counts(self.summary)

    @cached_property
    def figures(self) -> list[Figure]:
        """Return coverage, 2T, missed twice and late entries."""
        counts = self.summary.counts
        missed = children_with(counts, Priority.MISSED_TWICE, is_running=self.stunting.is_running)
        return [
            coverage_figure(self.stunting),
            _twice_not_gained_figure(counts),
            Figure(
                _("Dua bulan tidak diukur"),
                count_cell(missed).text,
                _("dari %(count)s anak terdaftar") % {"count": number(counts.registered)},
                _(
                    "Anak terdaftar yang tidak diukur bulan ini dan bulan lalu, padahal sudah tinggal di "
                    "kabupaten sejak sebelumnya: dua bulan penuh. Bulan yang masih berjalan belum dihitung."
                ),
            ),
            _late_figure(counts),
        ]

    @cached_property
    def tables(self) -> FigureTables:
        return {
            "coverage": self.heat_table,
            "silent": self.silent_table,
            "skdn": lambda: skdn_table(self.summary),
        }

    def heat_table(self) -> FigureTable:
        """Return coverage of each place and month, shaded; the newest month first, where a phone shows it."""
        rows = by_kecamatan(self.rows) if self.by == "kecamatan" else self.rows
        wanted = months_back(self.month, MONTHS)
        label = _("Kecamatan") if self.by == "kecamatan" else _("Desa/kelurahan")
        columns = (
            place_column(label),
            *(
                TableColumn(
                    f"{at:%Y-%m}",
                    month_short(at),
                    ("percent", "measured", "registered"),
                )
                for at in reversed(wanted)
            ),
        )
        drawn = tuple(
            PageRow(
                (
                    place_cell(row.place),
                    *(_heat(at) for at in reversed(row.months)),
                ),
                place_url(row.place, self.month, Section.COVERAGE),
            )
            for row in rows
        )
        caption = _("Cakupan pengukuran %(count)s bulan terakhir") % {"count": str(MONTHS)}
        table = FigureTable("coverage", columns, drawn, caption, _definitions())
        return self.with_lokus_of_villages(table)

    def silent_table(self) -> FigureTable:
        """Return the villages with no entry, to take away."""
        columns = (
            TableColumn("name", _("Desa/kelurahan"), is_number=False, names_row=True),
            TableColumn("kecamatan", _("Kecamatan"), is_number=False),
            TableColumn("registered", _("Terdaftar")),
        )
        rows = tuple(
            PageRow(
                (text_cell(village.name), text_cell(village.kecamatan.name), count_cell(registered)),
                place_url(village, self.month, Section.COVERAGE),
            )
            for village, registered in self.silent
        )
        table = FigureTable("silent", columns, rows, _("Desa tanpa pengukuran bulan ini"))
        return with_lokus(table, self.lokus, [village.pk for village, _registered in self.silent])


def _twice_not_gained_figure(counts: Counts) -> Figure:
    weighed = _("dari %(count)s anak yang ditimbang") % {"count": number(counts.weighed)}
    return Figure(
        _("Berat tidak naik 2 bulan berturut-turut (2T)"),
        number(counts.twice_not_gained) if counts.has_weighing else DASH,
        weighed if counts.has_weighing else _("belum ada penimbangan bulan ini"),
        _(
            "Anak yang berat badannya tidak naik atau kurang dari KBM bulan ini dan bulan lalu, menurut "
            "penimbangan terakhir tiap bulan."
        ),
    )


def _late_figure(counts: Counts) -> Figure:
    parts = {"late": number(counts.late), "measured": number(counts.measured)}
    return Figure(
        _("Diterima terlambat"),
        percent(counts.late / counts.measured if counts.has_data else None),
        _("%(late)s dari %(measured)s anak diukur") % parts
        if counts.has_data
        else _("belum ada pengukuran bulan ini"),
        _("Pengukuran terakhir anak itu sampai di register lebih dari %(days)s hari setelah harinya.")
        % {"days": number(LATE_DAYS)},
    )


def _heat(counts: Counts | None) -> PageCell:
    """Return a cell with its share; the shade is in the cell's ``kind``."""
    if counts is None or not counts.registered:
        return PageCell(DASH, (None, None, None), style="heat-none")
    if not counts.has_data:
        return PageCell(DASH, (None, None, counts.registered), style="heat-none")
    coverage = counts.coverage() or 0.0
    band = sum(coverage >= limit for limit in BANDS)
    return PageCell(
        number(counts.haz_believed * 100 // counts.registered),  # never 80 for what is short of it
        (rounded_percent(coverage), counts.haz_believed, counts.registered),
        style=f"heat-{band}",
    )


def _definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Isi sel"),
            _(
                "Anak yang TB/U-nya valid bulan itu dari 100 anak terdaftar. Makin gelap makin banyak: "
                "di bawah 50, 50 sampai di bawah 80, 80 sampai di bawah 90, 90 ke atas. Tanda – berarti "
                "belum ada anak terdaftar, atau belum ada pengukuran bulan itu."
            ),
        ),
    )
