"""The first page of a place: the rate against its target, its trend, and what a survey says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from django.utils.translation import gettext as _

from dashboard import definitions, narrative
from dashboard.charts import target_chart, trend_chart
from dashboard.formatting import interval, number, percent, short_percent
from dashboard.indicator_tables import SKDN, indicator_table, skdn_counts, skdn_table
from dashboard.narrative_projection import projection_text
from dashboard.pages.base import TREND_MONTHS, Figure, FigurePage, FigureTables, coverage_figure
from dashboard.ranked_tables import ranked_table
from dashboard.sections import Section
from dashboard.tables import FigureTable, text_cell, trend_table
from registry.access.visible_places import Place
from registry.calendar_months import months_back
from registry.exports.page_table import PageCell, PageRow, TableColumn
from registry.figures import (
    PlaceRows,
    Prevalence,
    kecamatan_rows,
    last_received,
    surveys_of,
    trend,
    village_rows,
)
from registry.figures.version import Version
from registry.models import District, SurveyEstimate, User, Village
from registry.statistics import TargetProbability, target_probability
from registry.statistics.projection import MonthCount, TargetProjection, project
from registry.validation_messages import spoken_date


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What one survey found, in words."""

    year: str
    survey: str
    percent: str
    source: str


class OverviewPage(FigurePage):
    """Is the place below its target, how sure is that, how has it gone, and what would it take."""

    section = Section.OVERVIEW

    @property
    def months_shown(self) -> list[date]:
        return months_back(self.month, TREND_MONTHS)

    def version(self) -> Version:
        return (super().version(), repr(self.survey_rows), self.data_date)

    @cached_property
    def trend(self) -> list[Prevalence]:
        return trend(self.place, self.month, self.user, months=TREND_MONTHS)

    @cached_property
    def surveys(self) -> list[SurveyEstimate]:
        """Return what surveys found of a district; next to a kecamatan or a village it would mislead."""
        return list(surveys_of(self.place)) if isinstance(self.place, District) else []

    def context(self) -> dict[str, object]:
        found, target = self.stunting, self.target
        return {
            "verdict": narrative.target_statement(found, target, self.title),
            "caution": narrative.caution_text(found),
            "target_chart": target_chart(found, target, self.title),
            "trend_chart": trend_chart(self.trend, self.targets, self.surveys, self.title),
            "rate": self.rate,
            "interval": self.interval_shown,
            "target": _("belum ada") if target is None else narrative.target_words(target, self.month),
            "severity": narrative.severity_word(found),
            "severity_definition": definitions.SEVERITY,
            "data_date_definition": definitions.DATA_DATE,
            "why_surveys_differ": narrative.why_surveys_differ(),
            "coverage": coverage_figure(found),
            "survey": self.latest_survey,
            "distance": distance_figures(self.target_distance),
            "place_tables": [self.tables[key]() for key in ("kecamatan", "villages") if key in self.tables],
        }

    @property
    def rate(self) -> Figure:
        found = self.stunting
        note = ""
        if found.rate is not None:
            note = _("selang kepercayaan 95%%: %(interval)s") % {"interval": self.interval_shown}
        definition = f"{definitions.rate_definition(found)} {definitions.INTERVAL}"
        return Figure(
            _("Prevalensi stunting menurut register"),
            self.rate_shown,
            note,
            definition,
            "pale" if found.pale else "",
        )

    @property
    def rate_shown(self) -> str:
        if self.stunting.suppressed:
            return _("disembunyikan")
        return _("belum ada data") if self.stunting.rate is None else percent(self.stunting.rate)

    @property
    def interval_shown(self) -> str:
        return f"{interval(self.stunting.low, self.stunting.high)}%"

    @cached_property
    def data_date(self) -> str:
        day = last_received(self.place, self.user)
        return _("belum ada") if day is None else spoken_date(day)

    @property
    def survey_rows(self) -> list[SurveyRow]:
        """Return all surveys, oldest first."""
        return [
            SurveyRow(str(s.year), s.get_survey_display(), short_percent(s.percent), s.source)
            for s in self.surveys
        ]

    @property
    def latest_survey(self) -> Figure | None:
        """Return the last survey up to this month's year, as a figure of its own."""
        known = [s for s in self.surveys if s.year <= self.month.year]
        if not known:
            return None
        last = known[-1]
        return Figure(
            _("Survei %(name)s %(year)s") % {"name": last.get_survey_display(), "year": last.year},
            short_percent(last.percent),
            _("seluruh kabupaten, bukan dari register"),
            definitions.survey_definition(last.source),
        )

    @cached_property
    def skdn(self) -> SKDN:
        return skdn_counts(self.summary)

    @cached_property
    def target_distance(self) -> TargetProbability | None:
        """Return how far from the target, and how sure; None without a target or a rate that is judged."""
        found = self.stunting
        if self.target is None or found.rate is None or found.numerator is None or not found.is_judged:
            return None
        return target_probability(found.numerator, found.denominator, self.target.percent / 100)

    @cached_property
    def projection(self) -> TargetProjection | None:
        """Return when the target is met at the trend of twelve months; None without a target to get to."""
        if self.target is None or not 0 < self.target.percent < 100:
            return None
        counts = [
            MonthCount(found.month, found.numerator, found.denominator)
            for found in self.trend
            if found.numerator is not None and found.is_judged
        ]
        return project(counts, float(self.target.percent) / 100, self.month)

    @property
    def projection_text(self) -> str:
        """Return the projection in words; empty without a target."""
        if self.target is None or self.projection is None:
            return ""
        return projection_text(self.projection, self.target.percent)

    @cached_property
    def tables(self) -> FigureTables:
        found: FigureTables = {}
        if isinstance(self.place, District):
            found["kecamatan"] = partial(self.ranked_table, "kecamatan", kecamatan_rows)
        elif not isinstance(self.place, Village):
            found["villages"] = partial(self.ranked_table, "villages", village_rows)
        found |= {
            "trend": lambda: trend_table(self.trend, self.targets),
            "indicators": lambda: indicator_table(self.summary),
            "skdn": lambda: skdn_table(self.summary),
        }
        return found | ({"surveys": self.survey_table} if self.surveys else {})

    def ranked_table(self, name: str, count: Callable[[Place, date, User], PlaceRows]) -> FigureTable:
        rows = count(self.place, self.month, self.user)
        return ranked_table(name, rows, month=self.month, target=self.target, sort=self.options.sort)

    def survey_table(self) -> FigureTable:
        """Return what surveys found, oldest first."""
        columns = (
            TableColumn("year", _("Tahun"), names_row=True),
            TableColumn("survey", _("Survei"), is_number=False),
            TableColumn("percent", _("Prevalensi"), ("percent",)),
            TableColumn("source", _("Sumber"), is_number=False),
        )
        rows = tuple(
            PageRow(
                (
                    PageCell(shown.year, (survey.year,)),
                    text_cell(shown.survey),
                    PageCell(shown.percent, (float(survey.percent),)),
                    text_cell(shown.source),
                )
            )
            for survey, shown in zip(self.surveys, self.survey_rows, strict=True)
        )
        return FigureTable("surveys", columns, rows, _("Menurut survei"))


def distance_figures(aim: TargetProbability | None) -> list[Figure]:
    """Return children over the target and the probability of being below it; empty without a target."""
    if aim is None or aim.probability_below is None:
        return []
    parts = {
        "stunted": number(aim.numerator),
        "of": number(aim.denominator),
        "target": short_percent(round(aim.target * 100, 1)),
        "over": number(aim.over),
    }
    over = Figure(
        _("Kelebihan anak stunting dari target"),
        number(aim.over),
        _("pengurangan anak stunting yang diperlukan untuk mencapai target"),
        _(
            "Target %(target)s tercapai kalau anak stunting berkurang %(over)s, dari %(stunted)s "
            "sekarang (%(of)s anak dinilai)."
        )
        % parts,
        "act" if aim.over else "good",
    )
    sure = Figure(
        _("Peluang sudah di bawah target"),
        chance_words(aim.probability_below),
        _("bahwa angka sebenarnya di bawah target"),
        _(
            "Peluang bahwa prevalensi sebenarnya di bawah %(target)s kalau %(stunted)s dari %(of)s anak "
            "stunting (sebaran Beta, prior Jeffreys). Ini hanya soal kebetulan: anak yang tidak diukur "
            "dan pengukuran yang salah tidak ikut diperhitungkan."
        )
        % parts,
    )
    return [over, sure]


def chance_words(probability: float) -> str:
    """Return a probability in whole per cent; never a certainty that nobody has."""
    if probability < 0.01:
        return _("kurang dari 1%")
    if probability > 0.99:
        return _("lebih dari 99%")
    return f"{number(probability * 100)}%"
