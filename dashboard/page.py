"""What a page of figures shows about one place and month, gathered once for the template and for the CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from dashboard import definitions, verdicts
from dashboard.addresses import district_of
from dashboard.charts import Chart, target_chart, trend_chart
from dashboard.details import SKDN, indicator_table, skdn_of
from dashboard.tables import Table, kecamatan_table, trend_table, village_table
from dashboard.words import day_name, interval, number, percent, place_title, short_percent, with_percent_sign
from registry.figures import (
    Place,
    Prevalence,
    Summary,
    kecamatan_rows,
    last_received,
    summary,
    surveys_of,
    target_for,
    trend,
    village_rows,
)
from registry.models import District, SurveyEstimate, Target, User, Village

TREND_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Figure:
    """A big number: what it is called, the number, what stands under it, and its definition."""

    label: str
    value: str
    note: str
    definition: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What one survey found, in words."""

    year: str
    survey: str
    percent: str
    source: str


class PlacePage:
    """One place in one month for one user. Each part is counted when it is first asked for."""

    def __init__(self, place: Place, month: date, user: User, sort: str = "-rate") -> None:
        self.place, self.month, self.user, self.sort = place, month, user, sort
        self.title = place_title(place)

    @cached_property
    def summary(self) -> Summary:
        return summary(self.place, self.month, self.user)

    @property
    def stunted(self) -> Prevalence:
        return self.summary.stunted

    @cached_property
    def trend(self) -> list[Prevalence]:
        return trend(self.place, self.month, self.user, months=TREND_MONTHS)

    @cached_property
    def targets(self) -> dict[int, Target | None]:
        """The target in force in each year of the trend."""
        district = district_of(self.place)
        years = range(self.month.year - (TREND_MONTHS + 10) // 12, self.month.year + 1)
        return {year: target_for(district, year) for year in years}

    @property
    def target(self) -> Target | None:
        return self.targets[self.month.year]

    @cached_property
    def surveys(self) -> list[SurveyEstimate]:
        """Surveys know the district only; beside a kecamatan or a village theirs would mislead."""
        return list(surveys_of(self.place)) if isinstance(self.place, District) else []

    @property
    def verdict(self) -> verdicts.Said:
        return verdicts.say_verdict(self.stunted, self.target, self.title)

    @property
    def caution(self) -> str:
        return verdicts.say_caution(self.stunted)

    @property
    def target_chart(self) -> Chart | None:
        return target_chart(self.stunted, self.target, self.title)

    @property
    def trend_chart(self) -> Chart | None:
        return trend_chart(self.trend, self.targets, self.surveys, self.title)

    @cached_property
    def rate(self) -> Figure:
        found = self.stunted
        note = ""
        if found.rate is not None:
            note = _("rentang 95 %%: %(interval)s") % {"interval": self.interval_shown}
        definition = f"{definitions.rate_definition(found)} {definitions.interval_definition()}"
        return Figure(
            _("Angka stunting menurut register"),
            self.rate_shown,
            note,
            definition,
            "pale" if found.pale else "",
        )

    @property
    def rate_shown(self) -> str:
        if self.stunted.suppressed:
            return _("disembunyikan")
        return _("belum ada data") if self.stunted.rate is None else percent(self.stunted.rate)

    @property
    def interval_shown(self) -> str:
        return with_percent_sign(interval(self.stunted.low, self.stunted.high))

    @property
    def target_shown(self) -> str:
        return _("belum ada") if self.target is None else verdicts.target_words(self.target, self.month)

    @property
    def severity(self) -> str:
        return verdicts.severity_word(self.stunted)

    severity_definition = staticmethod(definitions.severity_definition)
    data_date_definition = staticmethod(definitions.data_date_definition)

    @cached_property
    def coverage(self) -> Figure:
        found = self.stunted
        note = _("%(measured)s diukur dari %(registered)s terdaftar") % {
            "measured": number(found.measured),
            "registered": number(found.registered),
        }
        definition = definitions.coverage_definition(found.registered, found.measured, found.coverage)
        return Figure(
            _("Cakupan pengukuran"),
            percent(found.coverage),
            note,
            definition,
            "watch" if found.low_coverage else "",
        )

    @cached_property
    def data_date(self) -> str:
        day = last_received(self.place, self.user)
        return _("belum ada") if day is None else day_name(day)

    @property
    def survey_rows(self) -> list[SurveyRow]:
        """All surveys, oldest first."""
        return [
            SurveyRow(str(s.year), s.get_survey_display(), short_percent(s.percent), s.source)
            for s in self.surveys
        ]

    @cached_property
    def latest_survey(self) -> Figure | None:
        """The last survey up to this month's year, as a figure of its own."""
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
        return skdn_of(self.summary)

    @cached_property
    def tables(self) -> dict[str, Callable[[], Table]]:
        """The tables of this page by their name in ``?table=``; each is counted when it is called."""
        found: dict[str, Callable[[], Table]] = {}
        if isinstance(self.place, District):
            found["kecamatan"] = self.kecamatan_table
        if not isinstance(self.place, Village):
            found["villages"] = self.village_table
        found["trend"] = self.trend_table
        found["indicators"] = self.indicator_table
        return found

    def kecamatan_table(self) -> Table:
        rows = kecamatan_rows(self.place, self.month, self.user)
        return kecamatan_table(rows, month=self.month, target=self.target, sort=self.sort)

    def village_table(self) -> Table:
        rows = village_rows(self.place, self.month, self.user)
        several = len({r.village.kecamatan_id for r in rows}) > 1
        return village_table(
            rows, month=self.month, target=self.target, sort=self.sort, with_kecamatan=several
        )

    def trend_table(self) -> Table:
        return trend_table(self.trend, self.targets)

    def indicator_table(self) -> Table:
        return indicator_table(self.summary)
