"""Published scorecards of a place by package, beside its stunting."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dashboard.definitions import Definition
from dashboard.formatting import month_name, number
from dashboard.links import place_url
from dashboard.pages.base import FigurePage, FigureTables
from dashboard.sections import Section
from dashboard.tables import FigureTable, percent_cell, place_cell, place_column, text_cell
from kpm.models import PACKAGE_WORDS
from kpm.scorecard.indicators import ServicePackage
from kpm.scorecard.periods import Quarter
from kpm.scorecard.score import ScoreShare
from kpm.scorecard_figures import (
    NOT_PUBLISHED,
    PublishedScore,
    published_by_place,
    published_by_quarter,
    quarter_over_by,
    scorecards_version,
)
from registry.access.visible_places import can_see_place, villages_of
from registry.exports.page_table import PageCell, PageRow, TableColumn
from registry.figures import PlaceRows, kecamatan_sums, village_rows
from registry.figures.version import Version
from registry.models import Village

_QUARTERS = 4


class ConvergencePage(FigurePage):
    """The score of each place in the newest quarter that is over, and of this place in the last four."""

    section = Section.CONVERGENCE

    def version(self) -> Version:
        """Return the version of the figures; closing a quarter changes it as well."""
        return (super().version(), scorecards_version())

    @cached_property
    def quarter(self) -> Quarter:
        return quarter_over_by(self.month)

    @cached_property
    def tables(self) -> FigureTables:
        below = {} if isinstance(self.place, Village) else {"scorecards": self.places_table}
        return below | {"scorecard-quarters": self.quarters_table}

    @property
    def scorecard_url(self) -> str:
        """Return the village's own scorecard, for those who work with its people; else empty."""
        place = self.place
        if not isinstance(place, Village) or not can_see_place(place, self.user, people=True):
            return ""
        return f"{reverse('kpm:scorecard')}?village={place.pk}&quarter={self.quarter.code}"

    def places_table(self) -> FigureTable:
        """Return the score of kecamatan (of the district, unless villages are asked for) or villages."""
        rows = village_rows(self.place, self.month, self.user)
        found: PlaceRows = kecamatan_sums(rows) if self.by == "kecamatan" else rows
        scores = published_by_place(self.place, self.quarter, by=self.by)
        villages = Counter(row.place.kecamatan_id if self.by == "kecamatan" else row.place.pk for row in rows)
        label = _("Kecamatan") if self.by == "kecamatan" else _("Desa/kelurahan")
        columns = (
            place_column(label),
            *_score_columns(),
            TableColumn("rate", _("Stunting"), ("percent",)),
            TableColumn("coverage", _("Cakupan pengukuran"), ("percent",)),
        )
        scored = [(row.place, row.summary.stunted, scores.get(row.place.pk, NOT_PUBLISHED)) for row in found]
        scored.sort(key=lambda one: _rank(one[2], one[0].name))
        drawn = tuple(
            PageRow(
                (
                    place_cell(place),
                    *_score_cells(score, villages[place.pk]),
                    percent_cell(stunted.rate),
                    percent_cell(stunted.coverage),
                ),
                place_url(place, self.month, self.section),
                stunted.pale,
            )
            for place, stunted, score in scored
        )
        names = {"quarter": _quarter_words(self.quarter), "month": month_name(self.month)}
        caption = _("Skor konvergensi %(quarter)s dan stunting %(month)s") % names
        table = FigureTable("scorecards", columns, drawn, caption, _definitions())
        return self.with_lokus_of_villages(table)

    def quarters_table(self) -> FigureTable:
        """Return the score of this place in the last four quarters."""
        found = published_by_quarter(self.place, self.quarter, _QUARTERS)
        villages = villages_of(self.place).count()
        columns = (
            TableColumn("quarter", _("Triwulan"), is_number=False, names_row=True),
            *_score_columns(),
        )
        drawn = tuple(
            PageRow((text_cell(capfirst(_quarter_words(quarter))), *_score_cells(score, villages)))
            for quarter, score in found
        )
        caption = _("Skor konvergensi empat triwulan")
        return FigureTable("scorecard-quarters", columns, drawn, caption, _definitions())


def _rank(found: PublishedScore, name: str) -> tuple[bool, float, str]:
    """Order the lowest score first, and those that have none last."""
    share = found.score.village.percent
    return (share is None, share or 0.0, name)


def _score_columns() -> tuple[TableColumn, ...]:
    return (
        TableColumn("villages", _("Desa yang menutup"), ("part", "of_villages")),
        TableColumn("score", _("Skor"), ("percent",)),
        *(
            TableColumn(package.value, str(PACKAGE_WORDS[package]), ("percent",))
            for package in ServicePackage
        ),
    )


def _score_cells(found: PublishedScore, villages: int) -> tuple[PageCell, ...]:
    """Return the cells of :func:`_score_columns`, for a place of so many ``villages``."""
    shares = (found.score.village, *(found.score.by_package[package] for package in ServicePackage))
    said = _("%(part)s dari %(whole)s") % {"part": number(found.villages), "whole": number(villages)}
    return (PageCell(said, (found.villages, villages)), *map(_share_cell, shares))


def _share_cell(share: ScoreShare) -> PageCell:
    return percent_cell(None if share.percent is None else share.percent / 100)


def _quarter_words(quarter: Quarter) -> str:
    return _("triwulan %(number)d %(year)d") % {"number": quarter.number, "year": quarter.year}


def _definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Skor"),
            _(
                "Semua ya dibagi semua yang berlaku di kartu skor desa yang sudah ditutup, bukan rata-rata "
                "persen desanya. Desa yang belum menutup triwulan itu tidak ikut."
            ),
        ),
        Definition(
            _("Paket"),
            _("Bagian skor menurut lima paket layanan. PAUD anak 2–6 tahun ada di paketnya, bukan di skor."),
        ),
    )
